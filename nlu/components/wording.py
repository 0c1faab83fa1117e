"""A message as words: split, folded and compared without minding case, accents, scripts or typing habits.

Offsets always count characters of the message as it was written, as Rasa's entities do.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex
from anyascii import anyascii

_GLUED_UNITS: Final = (
    "e eu eur euro euros euri pers persone p bed beds bedroom bedrooms br room rooms camere stanze locali k "
    "yrs yr years y anni a mq m km h ore pm am st nd rd th x d "
    "jon jn joner ta ti khana rum bochor bochorer sho hajar saal log bande kamre"
).replace(" ", "|")
_WORD = regex.compile(
    r"\p{Han}"  # Chinese puts no spaces: each character is a word of its own
    r"|[\p{Cyrillic}\p{M}]+(?:['’ʼ][\p{Cyrillic}\p{M}]+)+"  # п'ятсот
    r"|\p{Nd}{1,3}(?:[. ]\p{Nd}{3})+(?:,\p{Nd}{1,2})?(?![\p{Nd}\p{L}])"  # 1.200 and 1 200
    r"|\p{Nd}{1,3}(?:,\p{Nd}{3})+(?![\p{Nd}\p{L},.])"  # 1,100 in English
    r"|[a-zA-Z]+\p{Nd}[a-zA-Z\p{Nd}]*"  # Arabizi: ma3andi, rb3a, kh5
    rf"|(?<!\p{{Nd}})[2-9](?!(?i:{_GLUED_UNITS})(?!\p{{L}}))[a-zA-Z][a-zA-Z\p{{Nd}}]*"  # 3andi, but not 4pers
    r"|\p{Nd}+(?:[.,]\p{Nd}{1,2}(?!\p{Nd}))?"
    r"|(?:(?!\p{Han})[\p{L}\p{M}])+"
    r"|[€$£%]"
)
_FOLDS: Final = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ء": None,
        "ـ": None,
        "ک": "ك",
        "ی": "ي",
        "ہ": "ه",
        "ھ": "ه",
        "ґ": "г",
        "ё": "е",
        "ъ": None,
        "ы": "и",
        "э": "е",
        "ß": "ss",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ı": "i",
        "œ": "oe",
        "æ": "ae",
        "'": None,
        "’": None,
        "ʼ": None,
    }
)
_LOOSE: Final = (
    ("sch", "sk"),
    ("ch", "k"),
    ("ck", "k"),
    ("gh", "g"),
    ("ph", "f"),
    ("kh", "k"),
    ("zh", "j"),
    ("gn", "n"),
    ("q", "k"),
    ("c", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("h", ""),
    ("'", ""),
)
_DOUBLED = regex.compile(r"(.)\1+")
_ARABIC_PREFIXES: Final = ("وبال", "وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف", "ع", "ه")


@dataclass(frozen=True)
class Token:
    """One word, number or currency sign; `text` is folded, `start` and `end` are offsets in the message.

    `forms` are the word and, in Arabic, what remains of it without the particles written on to it.
    """

    text: str
    start: int
    end: int
    forms: tuple[str, ...]

    @property
    def is_number(self) -> bool:
        """Tell whether it is written in digits."""
        return self.text[0].isdigit() and self.text[-1].isdigit()


@lru_cache(maxsize=64)
def tokens(message: str, *, is_arabic: bool = True) -> tuple[Token, ...]:
    """Split a message into words; digits are ASCII digits afterwards, whatever script they were in.

    `is_arabic`: whether words in Arabic letters may be Arabic: Urdu writes its particles apart. Kept for the
    last messages, since every reader of a message asks for its words.
    """
    found = ((fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(message))
    return tuple(
        Token(text, start, end, stripped(text) if is_arabic else (text,))
        for text, start, end in found
        if text
    )


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Take away case, accents, Arabic vowel signs and the spelling differences that people don't keep."""
    if word.isascii():
        return word.lower().replace("'", "")
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    # The marks of Indic scripts are vowels, not accents: those stay.
    bare = "".join(c for c in decomposed if not unicodedata.combining(c) or _is_indic(c))
    bare = unicodedata.normalize("NFC", bare).translate(_FOLDS)
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, -1) >= 0 else c for c in bare
    )


@lru_cache(maxsize=20_000)
def loose(word: str) -> str:
    """Write a word in Latin letters as it sounds, so that misspelt and romanised words meet the right one.

    Arabic stays as it is: without its vowels, too many words would meet. How people romanise it is in
    `terms/`.
    """
    if "\u0600" <= word[:1] <= "\u06ff":
        return _DOUBLED.sub(r"\1", word)
    latin = (word if word.isascii() else anyascii(word)).lower()
    for sound, letter in _LOOSE:
        latin = latin.replace(sound, letter)
    return _DOUBLED.sub(r"\1", latin)


@lru_cache(maxsize=20_000)
def stripped(word: str) -> tuple[str, ...]:
    """Return the word and what remains of it when Arabic's written-on particles are taken away."""
    if not ("\u0600" <= word[0] <= "\u06ff"):
        return (word,)
    rests = [word]
    for prefix in _ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            rests.append(word[len(prefix) :])
    return tuple(dict.fromkeys(rests))


def script(message: str) -> str:
    """Return the ISO 15924 code of most letters' script: Latn, Cyrl, Arab, Guru, Beng or Hans."""
    if message.isascii():
        return "Latn"
    counts: dict[str, int] = {}
    for character in message:
        if character.isalpha():
            code = _script_of(ord(character))
            counts[code] = counts.get(code, 0) + 1
    return max(counts, key=lambda code: counts[code], default="Latn")


def _is_indic(mark: str) -> bool:
    return 0x0900 <= ord(mark) <= 0x0DFF


def _script_of(point: int) -> str:
    if 0x0400 <= point <= 0x052F:
        return "Cyrl"
    if 0x0600 <= point <= 0x06FF or 0x0750 <= point <= 0x077F or 0xFB50 <= point <= 0xFEFF:
        return "Arab"
    if 0x0A00 <= point <= 0x0A7F:
        return "Guru"
    if 0x0980 <= point <= 0x09FF:
        return "Beng"
    if 0x3400 <= point <= 0x9FFF:
        return "Hans"
    return "Latn"
