"""Looks at a translation and says what is wrong with it.

Pure functions. A translation with a flag is not used: the reader gets the original, marked "not
translated". They are alarms, not a grade: a fluent sentence that means something else passes them,
which is why the original always stands beside a translation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from translations.languages import LANGUAGES
from translations.masking import Kind, Span, ascii_digits, find_spans, has_words, words_of


class Flag(StrEnum):
    """One fault of a translation."""

    EMPTY = "empty"
    SAME_AS_INPUT = "same_as_input"
    WRONG_SCRIPT = "wrong_script"
    WRONG_LANGUAGE = "wrong_language"
    REPETITION = "repetition"
    LENGTH = "length"
    NUMBERS = "numbers"
    DATES = "dates"
    SUMS = "sums"
    LINKS = "links"
    PHONES = "phones"
    NAMES = "names"
    CODES = "codes"
    TERMS = "terms"


_FLAG_OF_KIND = {
    Kind.LITERAL: Flag.CODES,
    Kind.TAG: Flag.CODES,
    Kind.CODE: Flag.CODES,
    Kind.EMAIL: Flag.LINKS,
    Kind.LINK: Flag.LINKS,
    Kind.NAME: Flag.NAMES,
    Kind.TERM: Flag.TERMS,
    Kind.DATE: Flag.DATES,
    Kind.SUM: Flag.SUMS,
    Kind.PHONE: Flag.PHONES,
    Kind.NUMBER: Flag.NUMBERS,
}
_INVENTED_KINDS = (Kind.EMAIL, Kind.LINK, Kind.DATE, Kind.SUM, Kind.PHONE)
"""What a translation may not hold unless its source does; for names and terms this can't be told."""

_SCRIPTS = {
    "Latn": "LATIN",
    "Cyrl": "CYRILLIC",
    "Arab": "ARABIC",
    "Guru": "GURMUKHI",
    "Beng": "BENGALI",
    "Hans": "CJK",
}
_OWN_SCRIPT_SHARE = 0.5

_WORDS = {
    "it": "il lo la gli le di che non è per un una sono ho ha con del della dei nel come anche si ma più"
    " questo mi ti ci lei alla al da dal nella sul tuo tua puoi può deve chi quando dove senza oppure",
    "en": "the of and to is are you that it for have has not with this be was on your at we my from will can",
    "fr": "le les des du de et est une pour que qui dans vous je nous pas avec sur ce il elle sont au aux mon"
    " votre la un si",
    "es": "el los las y es que en una por para con no se su lo como pero usted mi al está son muy hay del de"
    " la o un si le puede este",
    "ro": "și este nu pe cu care să pentru mai din sunt am ai la în o un de ce dumneavoastră lui că fi vă",
    "sq": "dhe është në për një nuk me që të e së i kam ka do jam ju ky kjo nga si po mund duhet",
}
"""The commonest words of the languages in Latin letters."""

_OWN_WORDS = {
    language: {word for word in words.split() if sum(word in other.split() for other in _WORDS.values()) == 1}
    for language, words in _WORDS.items()
}
"""Of these, what stands in one list alone."""

_MIN_WORDS = 6
_RUSSIAN_ONLY, _UKRAINIAN_ONLY = set("ыэъё"), set("іїєґ")
_URDU_ONLY, _ARABIC_ONLY = set("ٹڈڑںےہھگچپکی"), set("ةىيكإأؤ")
_KANA = re.compile(r"[\u3040-\u30ff]")

_SAME_EVERYWHERE = frozenset(
    {"ok", "okay", "no", "email", "e-mail", "internet", "web", "online", "link", "app", "chat", "wifi", "sms"}
    | {"whatsapp", "telegram", "facebook", "google", "zoom", "skype", "pin", "pdf", "computer", "smartphone"}
    | {"tv", "video", "radio", "taxi", "bus", "hotel", "bar", "pizza", "covid", "privacy"}
)

_LETTERS_OF_ITALIAN = {"zh": 0.4, "ar": 0.85, "ur": 0.95}
"""How many letters a language needs where Italian needs one; the others come close to one."""

_SHORT = 25


def check(
    text: str, output: str, *, source: str, target: str, spans: Sequence[Span] = (), names: Sequence[str] = ()
) -> tuple[Flag, ...]:
    """Return the faults of `output` as a translation of `text`, in the order of `Flag`.

    `spans` are those that `masking.find_spans` finds in `text` for this pair. `names` protects
    nothing here; it keeps a name in the output from being read as a wrong script.
    """
    if not has_words(text, spans):
        return () if output.strip() or not text.strip() else (Flag.EMPTY,)
    if not output.strip():
        return (Flag.EMPTY,)
    words = _words_of_output(output, spans, source, target, names)
    found = {
        Flag.EMPTY: not has_words(words),
        Flag.SAME_AS_INPUT: is_same(words_of(text, spans), words),
        Flag.WRONG_SCRIPT: is_wrong_script(words, target),
        Flag.WRONG_LANGUAGE: is_wrong_language(words, target),
        Flag.REPETITION: is_repetitive(words, source=words_of(text, spans)),
        Flag.LENGTH: is_absurdly_long_or_short(words_of(text, spans), words, source=source, target=target),
        **dict.fromkeys(_changed(output, spans, target), True),
    }
    return tuple(flag for flag in Flag if found.get(flag))


def is_same(text: str, output: str) -> bool:
    """Tell whether nothing was translated, but for words that are the same in many languages."""
    before, after = _plain(text), _plain(output)
    return before == after and not set(before.split()) <= _SAME_EVERYWHERE


def is_wrong_script(output: str, target: str) -> bool:
    """Tell whether less than half of the letters are of the target's script."""
    letters = [letter for letter in output if letter.isalpha()]
    if target not in LANGUAGES or not letters:
        return False
    own = sum(_is_of_script(letter, LANGUAGES[target].script) for letter in letters)
    return own < _OWN_SCRIPT_SHARE * len(letters)


def is_wrong_language(output: str, target: str) -> bool:
    """Tell whether the text is plainly in another language of the same script.

    Known by letters between Ukrainian and Russian, Urdu and Arabic, Chinese and Japanese; by the
    commonest words, from six words on, between the six in Latin letters.
    """
    letters = Counter(output.casefold())

    def count(of: set[str]) -> int:
        return sum(letters[letter] for letter in of)

    if target == "uk":
        return count(_RUSSIAN_ONLY) > count(_UKRAINIAN_ONLY)
    if target == "ar":
        return count(_URDU_ONLY) > count(_ARABIC_ONLY) + 1
    if target == "ur":
        return count(_ARABIC_ONLY) > count(_URDU_ONLY) + 1
    if target == "zh":
        return len(_KANA.findall(output)) > 1
    return target in _WORDS and _is_other_latin_language(output, target)


def is_repetitive(output: str, *, source: str = "") -> bool:
    """Tell whether a model got stuck: the same piece three times running, or few different words."""
    plain, said = _plain(output), _plain(source)
    if _longest_run(plain) > max(2, _longest_run(said)):
        return True
    words = plain.split()
    if len(words) < 12:
        return False
    triples = list(zip(words, words[1:], words[2:], strict=False))
    return len(set(triples)) < 0.6 * len(triples) and not _has_few_different_words(said)


def is_absurdly_long_or_short(text: str, output: str, *, source: str, target: str) -> bool:
    """Tell whether the length can't be that of a translation, each language measured by its own habit."""
    expected = len(_plain(text)) * _LETTERS_OF_ITALIAN.get(target, 1.0) / _LETTERS_OF_ITALIAN.get(source, 1.0)
    length = len(_plain(output))
    if expected < _SHORT:
        return length > 4 * expected + _SHORT
    return not expected / 3 <= length <= expected * 3


def _changed(output: str, spans: Sequence[Span], target: str) -> set[Flag]:
    """Return the flags of spans that are missing in the output, and of such that it has invented."""
    flags = set()
    for rendering, kind, count in _wanted(spans):
        if kind in _FLAG_OF_KIND and output.count(rendering) < count:
            flags.add(_FLAG_OF_KIND[kind])
    rest = _without(output, spans)
    flags |= {
        _FLAG_OF_KIND[span.kind]
        for span in find_spans(rest, source=target, target=target)
        if span.kind in _INVENTED_KINDS
    }
    numbers = Counter(number for span in spans for number in digits_of(span.rendering))
    if Counter(digits_of(output)) != numbers:
        flags.add(Flag.NUMBERS)
    return flags


def digits_of(text: str) -> list[str]:
    """Return the runs of digits of a text, in digits that compare."""
    return re.findall(r"\d+", ascii_digits(text))


def _wanted(spans: Sequence[Span]) -> list[tuple[str, Kind, int]]:
    counts = Counter((span.rendering, span.kind) for span in spans)
    return [(rendering, kind, count) for (rendering, kind), count in counts.items()]


def _words_of_output(
    output: str, spans: Sequence[Span], source: str, target: str, names: Sequence[str]
) -> str:
    rest = _without(output, spans)
    return words_of(rest, find_spans(rest, source=target, target=source, names=names))


def _without(output: str, spans: Sequence[Span]) -> str:
    for rendering in sorted({span.rendering for span in spans}, key=len, reverse=True):
        output = output.replace(rendering, " ")
    return output


def _plain(text: str) -> str:
    letters = (letter if letter.isalnum() or letter == "-" else " " for letter in text.casefold())
    # Vowel signs of Bengali and Gurmukhi are marks, not letters: they stay.
    kept = [
        original if unicodedata.category(original) in ("Mn", "Mc") else letter
        for original, letter in zip(text.casefold(), letters, strict=True)
    ]
    return " ".join("".join(kept).split())


def _is_of_script(letter: str, script: str) -> bool:
    return unicodedata.name(letter, "").startswith(_SCRIPTS[script])


def _is_other_latin_language(output: str, target: str) -> bool:
    words = _plain(output).split()
    if len(words) < _MIN_WORDS:
        return False
    hits = {language: sum(word in own for word in words) for language, own in _OWN_WORDS.items()}
    best = max(hits.values())
    return best >= 3 and hits[target] * 3 < best


def _longest_run(plain: str) -> int:
    """Return how often a piece of a text (2 to 60 letters, or one word) stands one behind the other."""
    runs = [
        len(match.group()) // len(match.group(1))
        for match in re.finditer(r"(?=\S)(\S[^\n]{1,59}?)\1{2,}", plain + " ")
        if any(letter.isalpha() for letter in match.group(1))
    ]
    return max(runs, default=1)


def _has_few_different_words(plain: str) -> bool:
    words = plain.split()
    triples = list(zip(words, words[1:], words[2:], strict=False))
    return bool(triples) and len(set(triples)) < 0.6 * len(triples)
