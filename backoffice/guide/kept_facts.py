"""Which facts of an Italian sentence a translation must bring as they are, and which it has lost.

Telephone numbers, sums, dates, years, web and mail addresses, and placeholders. How a number is
written may change with the language (126,46 or 126.46, ٢٠ or 20), its digits may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from translations.catalog import placeholders
from translations.masking import Kind, ascii_digits, find_spans

_WITH_DIGITS = frozenset({Kind.SUM, Kind.PHONE, Kind.DATE})
_AS_IT_STANDS = frozenset({Kind.LINK, Kind.EMAIL})

_MONTHS = "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
_DAY = re.compile(rf"\b(\d{{1,2}})°?\s(?:{_MONTHS})\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SHORT_NUMBER = re.compile(r"\b(?:11[2-8]|1522|1500|116\s?\d{3})\b")
"""Emergency and helpline numbers, too short to be taken for telephone numbers elsewhere."""

_WRITTEN_DAY = re.compile(r"\d+([./-])\d+\1\d+")
"""A date in figures; `8.30-11` looks like one to who only protects it, and is opening hours."""

_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.,:'’/()\u2010-\u2013-](?=\d)")
_RUN = re.compile(r"\d+")


def lost_facts(italian: str, translated: str, language: str) -> list[str]:
    """Return the facts that a translation lacks, as the Italian writes them, each once."""
    said = ascii_digits(translated)
    numbers = {*_RUN.findall(said), *_RUN.findall(_BETWEEN_DIGITS.sub("", said))}
    lost = [fact for fact, digits in _numbers(italian, language) if digits not in numbers]
    folded = translated.casefold()
    lost += [fact for fact in _addresses(italian, language) if fact.casefold() not in folded]
    lost += sorted(f"{{{name}}}" for name in placeholders(italian) ^ placeholders(translated))
    return list(dict.fromkeys(lost))


def _numbers(italian: str, language: str) -> Iterator[tuple[str, str]]:
    for span in find_spans(italian, source="it", target=language):
        if span.kind is Kind.DATE and not _WRITTEN_DAY.fullmatch(span.text):
            continue
        if span.kind in _WITH_DIGITS:
            yield span.text, "".join(_RUN.findall(ascii_digits(span.text)))
    for match in _DAY.finditer(italian):
        yield match.group(), match.group(1)
    for pattern in (_YEAR, _SHORT_NUMBER):
        for match in pattern.finditer(italian):
            yield match.group(), "".join(_RUN.findall(match.group()))


def _addresses(italian: str, language: str) -> Iterator[str]:
    for span in find_spans(italian, source="it", target=language):
        if span.kind in _AS_IT_STANDS:
            yield span.text.rstrip("/")
