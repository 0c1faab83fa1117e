"""What a name sounds like, whatever its script and spelling.

The rule, in order:
1. Each word of a name is written in Latin letters: a table for what people of the district are often called
   and whose own script leaves the vowels out or is read otherwise in Latin letters (`_KNOWN`), else anyascii.
2. Folded: lower case, letters a to z only.
3. Letters that spellings of one name differ in become one (`_ALIKE`): `ph` f, `kh q ck` k, `gh` g,
   `sh ch sch` s, `dj zh` j, `w` v, `z` s, `simgh` singh, ...
4. The first letter stays when it is a consonant; a vowel at the beginning is `a`. All other vowels and
   `h` go; a doubled letter counts once.
5. The words are sorted and repeated ones dropped: order of given and family name does not count.
   Titles and particles that are left out at will (`al`, `bin`, `md`, ...) do not count unless nothing else
   is left.

`Mohammed`, `Muhammad`, `محمد` and `মোহাম্মদ` are all `mmd`. It proposes too much rather than too little
(`Maria` and `Mira` sound alike): a person decides, nothing is ever merged by it. `Olena` and `Elena` both
are `aln`; whether they are one woman, people know.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

_KNOWN = {
    "محمد": "mohammad",
    "أحمد": "ahmad",
    "احمد": "ahmad",
    "علي": "ali",
    "علی": "ali",
    "عائشة": "aisha",
    "مريم": "mariam",
    "يوسف": "yusuf",
    "یوسف": "yusuf",
    "خديجة": "khadija",
    "خدیجہ": "khadija",
    "فاطمة": "fatima",
    "فاطمہ": "fatima",
    "إبراهيم": "ibrahim",
    "ابراہیم": "ibrahim",
    "حسين": "hussein",
    "حسین": "hussein",
    "عمر": "omar",
    "عثمان": "osman",
    "عبد": "abd",
    "الله": "allah",
    "সিং": "singh",
    "ਸਿੰਘ": "singh",
    "সৈয়দ": "syed",
}
_PARTICLES = frozenset({"al", "el", "bin", "ben", "ibn", "bint", "de", "da", "di", "la", "mr", "mrs", "md"})
_ALIKE = (
    ("simgh", "singh"),
    ("tch", "s"),
    ("sch", "s"),
    ("sce", "se"),
    ("sci", "si"),
    ("ph", "f"),
    ("kh", "k"),
    ("gh", "g"),
    ("sh", "s"),
    ("ch", "s"),
    ("zh", "j"),
    ("dj", "j"),
    ("dh", "d"),
    ("th", "t"),
    ("bh", "b"),
    ("ou", "u"),
    ("ck", "k"),
    ("ce", "se"),
    ("ci", "si"),
    ("c", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("w", "v"),
    ("z", "s"),
)
_HAN = re.compile("([\u4e00-\u9fff])")


def name_sound(name: str) -> str | None:
    """Return the sounds of a name's words, sorted; None where nothing of a name is left."""
    words = re.findall(r"[^\s,.;/()\-]+", unicodedata.normalize("NFC", _HAN.sub(r"\1 ", name)))
    latin = [word for each in words for word in _latin(each).split()]
    bare = [word for word in latin if word not in _PARTICLES] or latin
    sounds = sorted({sound for sound in map(_sound, bare) if sound})
    return " ".join(sounds) or None


def _latin(word: str) -> str:
    bare = word.removeprefix("ال") if len(word) > 4 else word
    written = _KNOWN.get(word) or _KNOWN.get(bare) or anyascii(bare)
    return re.sub(r"[^a-z ]", "", written.lower())


def _sound(word: str) -> str:
    for letters, one in _ALIKE:
        word = word.replace(letters, one)
    if not word:
        return ""
    word = re.sub(r"(.)\1+", r"\1", word)
    head = "a" if word[0] in "aeiouy" else word[0]
    return head + re.sub(r"[aeiouyh]", "", word[1:])
