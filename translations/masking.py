"""What must come out of a translation as it went in: links, numbers, dates, sums, names, office words.

`find_spans` finds them. `translate_around` gives a model the text with placeholders in their place
and counts these after every hop. Where one is lost, doubled or invented, the words between the spans
are translated instead, and the result says that it was made in parts. So a span comes out right
whatever the model does; measured on small models, raw numbers and links survive never.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from translations.glossary import Glossary
from translations.sentences import split_segments

Hop = Callable[[str], str]
"""One model: a text in one language -> the text in another. A pivot through English is two hops."""

SEGMENT_LETTERS = 300
"""Longest piece that a model gets at once; those of Argos were trained on sentences."""

EURO = {
    "it": "euro",
    "en": "euros",
    "fr": "euros",
    "es": "euros",
    "ro": "euro",
    "sq": "euro",
    "uk": "євро",
    "ar": "يورو",
    "pa": "ਯੂਰੋ",
    "ur": "یورو",
    "bn": "ইউরো",
    "zh": "欧元",
}
"""The euro after a sum: models are known to turn it into dollars (argos-translate issue 276)."""


class Kind(StrEnum):
    """What a protected span is."""

    LITERAL = "literal"
    TAG = "tag"
    EMAIL = "email"
    LINK = "link"
    CODE = "code"
    NAME = "name"
    TERM = "term"
    DATE = "date"
    SUM = "sum"
    PHONE = "phone"
    NUMBER = "number"
    EMOJI = "emoji"


@dataclass(frozen=True)
class Span:
    """A stretch of a text, `text[start:end]`, and what stands for it in the translation."""

    start: int
    end: int
    kind: Kind
    text: str
    rendering: str


@dataclass(frozen=True)
class Rendered:
    """A translation with its spans back in place, and whether it was put together from parts."""

    text: str
    in_parts: bool


_MARK = "\ue000"  # one letter for a span while the text is cut into sentences
_PLACEHOLDER = re.compile(r"⟦\s*(\d{1,4})\s*⟧")
_INVENTED = re.compile(r"⟦\s*\d*\s*⟧|[⟦⟧\ue000]")
_KEPT_FORMAT_CHARACTERS = "\u200c\u200d"  # joiners are spelling in Urdu, Bengali and Punjabi, and join emoji

_EURO_WORD = "|".join(sorted({*EURO.values(), "euro"}, key=len, reverse=True))
# Repetitions have a limit, so that no text makes the search slow.
_AMOUNT = r"\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,5}(?:[.,٫]\d{1,9})?|\d{1,15}(?:[.,'’٫٬]\d{1,9}){0,5}"
_END_OF_LINK = ".,;:!?…)]}'\"»”،؛؟。，；！？、）"

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    # Whoever types placeholder letters (or those that the tokenizer eats) gets them back.
    (Kind.LITERAL, re.compile(r"⟦\s*\d*\s*⟧|[⟦⟧▁\ue000]+")),
    (Kind.TAG, re.compile(r"</?[A-Za-z][^<>\n]{0,300}>|<!--[^\n]{0,300}?-->|&(?:[A-Za-z]{2,8}|#\w{1,6});")),
    (Kind.EMAIL, re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,24}")),
    (Kind.LINK, re.compile(r"(?:https?://|www\.)[^\s<>«»“”،؛؟。，；！？、（）⟦⟧]+", re.IGNORECASE)),
    (
        Kind.LINK,
        re.compile(
            r"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}"
            r"(?:it|com|org|net|eu|gov|edu|info|io|me|app|ua|ro|al|fr|es|uk|cn|pk|bd|ma|eg|tn)"
            r"(?:/[^\s<>«»“”،؛؟。，；！？、（）⟦⟧]*)?(?![\w-])",
            re.IGNORECASE,
        ),
    ),
    (Kind.LINK, re.compile(r"(?<![\w@])[@#][A-Za-z][A-Za-z0-9_]{2,}")),
    # Argos gives every "_" back as a space.
    (Kind.CODE, re.compile(r"[^\s_]{0,80}_[^\s]{0,80}")),
    # A codice fiscale; a case number, which may be all letters (backoffice/case/number.py).
    (Kind.CODE, re.compile(r"\b[A-Z]{6}\d\w[A-EHLMPRST]\d\w[A-Z]\w{3}[A-Z]\b", re.IGNORECASE)),
    (Kind.CODE, re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")),
)

_LATER_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.EMOJI, re.compile(r"[0-9#*]\ufe0f?\u20e3")),
    (
        Kind.DATE,
        re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2})(?!\d)"),
    ),
    (
        Kind.SUM,
        re.compile(
            rf"(?:[€$£]|\bEUR)\s?(?:{_AMOUNT})|(?<!\d)(?:{_AMOUNT})\s?(?:[€$£]|EUR\b|(?:{_EURO_WORD})(?![a-z]))",
            re.IGNORECASE,
        ),
    ),
    (Kind.PHONE, re.compile(r"(?<![\w+])(?:\+|00)?\d(?:[ ./()\u00a0-]{0,2}\d){7,14}(?!\w)")),
    (
        Kind.CODE,
        re.compile(
            r"(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*(?![A-Za-z0-9])"
        ),
    ),
    (Kind.NUMBER, re.compile(r"\d+(?:[.,:/'’+٫٬-]\d+)*(?:\s?%|°)?")),
    (
        Kind.EMOJI,
        re.compile(
            r"(?:[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u203c\u2049\u2122"
            r"\u2139\u00a9\u00ae\u3030\u303d\u3297\u3299][\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]*)+"
        ),
    ),
)


def find_spans(
    text: str,
    *,
    source: str,
    target: str,
    names: Sequence[str] = (),
    glossary: Glossary | None = None,
) -> list[Span]:
    """Return the protected spans of a text in their order; they do not overlap.

    `names` are people's names as the caller knows them; each word of a name counts, where it begins
    with a capital or in a script without capitals.
    """
    taken = bytearray(len(text))
    spans: list[Span] = []

    def take(start: int, end: int, kind: Kind, rendering: str | None = None) -> None:
        if start < end and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found = text[start:end]
            spans.append(Span(start, end, kind, found, rendering or _rendering(found, kind, target)))

    def take_all(patterns: Iterable[tuple[Kind, re.Pattern[str]]]) -> None:
        for kind, pattern in patterns:
            for match in pattern.finditer(text):
                end = match.start() + len(_without_end(match.group(), kind))
                take(match.start(), end, kind)

    take_all(_PATTERNS)
    if pattern := _name_pattern(names):
        for match in pattern.finditer(text):
            if not match.group()[0].islower():
                take(*match.span(), Kind.NAME)
    if glossary is not None:
        for found in glossary.find(text, source):
            take(found.start, found.end, Kind.TERM, found.term.rendering(target))
    take_all(_LATER_PATTERNS)
    return sorted(spans, key=lambda span: span.start)


def without_controls(text: str) -> str:
    """Return the text without control and format characters: a model knows none, a reader sees none.

    Among them are the overrides that turn the direction of a text around.
    """
    return "".join(
        letter
        for letter in text
        if letter in "\n\t"
        or letter in _KEPT_FORMAT_CHARACTERS
        or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
        or "\U000e0020" <= letter <= "\U000e007f"  # flags of regions
    )


def has_words(text: str, spans: Sequence[Span] = ()) -> bool:
    """Tell whether there is a letter outside of the spans, that is, something to translate."""
    return any(letter.isalpha() for letter in words_of(text, spans))


def words_of(text: str, spans: Sequence[Span]) -> str:
    """Return the text with a blank in the place of each span."""
    return _skeleton(text, spans).replace(_MARK, " ")


def translate_around(text: str, hops: Sequence[Hop], *, spans: Sequence[Span], target: str) -> Rendered:
    """Translate a text hop by hop; its spans come out as their renderings, whatever the hops do.

    A sentence whose placeholders a hop loses, doubles or invents is translated between its spans.
    """
    outputs: list[str] = []
    in_parts = False
    waiting = list(spans)
    for segment in split_segments(_skeleton(text, spans), longest=SEGMENT_LETTERS):
        count = segment.count(_MARK)
        inside, waiting = waiting[:count], waiting[count:]
        output = _translate_segment(segment, hops, inside)
        outputs.append(output.text)
        in_parts = in_parts or output.in_parts
    return Rendered(_joined(outputs, target), in_parts)


def _translate_segment(segment: str, hops: Sequence[Hop], spans: Sequence[Span]) -> Rendered:
    before, core, after = _edges(segment, spans)
    inside = spans[before.count(_MARK) : len(spans) - after.count(_MARK)]
    if not has_words(core):
        return Rendered(_filled(segment, spans), in_parts=False)
    whole = _translate_whole(core, hops, inside)
    middle = whole if whole is not None else _translate_between(core, hops, inside)
    around = (
        _filled(before, spans[: before.count(_MARK)]),
        _filled(after, spans[len(spans) - after.count(_MARK) :]),
    )
    return Rendered(around[0] + middle + around[1], in_parts=whole is None)


def _translate_whole(core: str, hops: Sequence[Hop], spans: Sequence[Span]) -> str | None:
    """Return the sentence with its spans, or None when a hop did not return every placeholder once."""
    parts = core.split(_MARK)
    wanted = Counter(range(len(spans)))
    text = "".join(f"{part}⟦{number}⟧" for number, part in enumerate(parts[:-1])) + parts[-1]
    for hop in hops:
        text = hop(text)
        if Counter(int(number) for number in _PLACEHOLDER.findall(text)) != wanted:
            return None
        if _INVENTED.search(_PLACEHOLDER.sub("", text)):
            return None
        text = _PLACEHOLDER.sub(lambda match: f"⟦{int(match.group(1))}⟧", text)
    return _PLACEHOLDER.sub(lambda match: spans[int(match.group(1))].rendering, text)


def _translate_between(core: str, hops: Sequence[Hop], spans: Sequence[Span]) -> str:
    renderings = [*(span.rendering for span in spans), ""]
    parts = [_translate_part(part, hops) for part in core.split(_MARK)]
    return "".join(part + rendering for part, rendering in zip(parts, renderings, strict=True))


def _translate_part(part: str, hops: Sequence[Hop]) -> str:
    core = part.strip()
    if not has_words(core):
        return part
    start = part.index(core)
    text = core
    for hop in hops:
        text = _INVENTED.sub("", hop(text)).strip()
    return part[:start] + text + part[start + len(core) :]


def _skeleton(text: str, spans: Sequence[Span]) -> str:
    """Return the text with one mark in the place of each span."""
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    return _MARK.join(text[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2))


def _filled(skeleton: str, spans: Sequence[Span]) -> str:
    renderings = [*(span.rendering for span in spans), ""]
    return "".join(
        part + rendering for part, rendering in zip(skeleton.split(_MARK), renderings, strict=True)
    )


def _edges(segment: str, spans: Sequence[Span]) -> tuple[str, str, str]:
    """Cut blanks and emoji off both ends: a model would change or lose them."""
    start, end = 0, len(segment)
    first, last = 0, len(spans)
    while start < end:
        if segment[start] == _MARK and spans[first].kind is Kind.EMOJI:
            first += 1
        elif not segment[start].isspace():
            break
        start += 1
    while end > start:
        if segment[end - 1] == _MARK and last > first and spans[last - 1].kind is Kind.EMOJI:
            last -= 1
        elif not segment[end - 1].isspace():
            break
        end -= 1
    return segment[:start], segment[start:end], segment[end:]


def _joined(outputs: Sequence[str], target: str) -> str:
    """Join sentences; Chinese ones stand without blanks, the other languages need them."""
    if target == "zh" or not outputs:
        return "".join(outputs)
    glued = [
        left + (" " if left and right and not left[-1].isspace() and not right[0].isspace() else "")
        for left, right in pairwise(outputs)
    ]
    return "".join([*glued, outputs[-1]])


def _rendering(found: str, kind: Kind, target: str) -> str:
    if kind not in (Kind.DATE, Kind.SUM, Kind.PHONE, Kind.NUMBER):
        return found
    plain = ascii_digits(found)
    word = re.search(rf"(?:{_EURO_WORD})$", plain, re.IGNORECASE) if kind is Kind.SUM else None
    if word is None or target not in EURO:
        return plain
    return f"{plain[: word.start()].strip()} {EURO[target]}"


def ascii_digits(text: str) -> str:
    """Return the text with Arabic, Bengali and other digits as those that everybody reads in Italy."""
    return "".join(
        str(unicodedata.digit(letter))
        if letter.isdigit() and unicodedata.category(letter) == "Nd"
        else letter
        for letter in text
    ).translate(str.maketrans("٫٬", ",."))


def _without_end(found: str, kind: Kind) -> str:
    if kind not in (Kind.LINK, Kind.EMAIL, Kind.CODE):
        return found
    return found.rstrip(_END_OF_LINK)


def _name_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    words = {word for name in names for word in (name.strip(), *name.split()) if len(word) > 1}
    words = {word for word in words if len(word) > 2 or word in names}
    if not words:
        return None
    longest_first = sorted(words, key=len, reverse=True)
    # Chinese has no blanks between words.
    edged = [
        re.escape(word) if "\u4e00" <= word[0] <= "\u9fff" else rf"(?<!\w){re.escape(word)}(?!\w)"
        for word in longest_first
    ]
    return re.compile("|".join(edged), re.IGNORECASE)
