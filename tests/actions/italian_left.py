"""Finds Italian that was left in a text of another language.

Italian may stay where it is a name that people meet on forms and counters: the words of the glossary, what
stands in brackets or quotation marks beside its meaning, names with capitals, pages and addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from translations.glossary import read_glossary
from translations.languages import LANGUAGES

_ADDRESS = re.compile(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:it|org|gov|eu|com)\b")
_BESIDE = re.compile(r"[(（][^()（）]*[)）]|«[^«»]*»|[“„”][^“„”]*[“„”]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_RUN = re.compile(r"[A-Za-zÀ-ÿ]+(?:[ '’-]+[A-Za-zÀ-ÿ]+)*")
_BREAK = re.compile(r"[^\w\s'’-]+|\d+|\n")


def _bag(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ONLY_ITALIAN = _bag(
    "che della delle dello degli nella nelle sono anche perché può puoi gli più oppure alla alle allo dei "
    "quando subito questo questa hai vai chiedi prendi chiama è dell nell ogni deve serve chi"
)
"""Words of nearly every Italian sentence that none of our other languages has."""

_LINKS = _bag("di del della dello dei degli d de e a al per l in via viale piazza san")
"""Small words inside names: "Casa della Carità", "viale De Gasperi"."""

_OFFICE_WORDS = _bag(
    "bollettino comune patente rinnovo richiesta scuola diploma servizi demografici pediatra pagelle mensa "
    "nido legalizzato legalizzati certificato penale iscrizione volontaria temporanea colloquio cure mediche "
    "impronte ministero sms sim cv curriculum eu kit permesso residenza"
)
"""Single words of forms and counters that stand in texts of other scripts without brackets."""

_NAMES = (
    "patrocinio a spese dello Stato",
    "Casa della Carità",
    "Centro di ascolto",
    "Ordine degli avvocati",
    "patto di servizio",
    "unione civile",
    "diploma di scuola media",
    "numero verde",
    "assegno sociale",
    "ufficio scolastico",
    "ARCI",
)
"""Names of several words that stand without brackets."""

_LONGEST_RUN = 3
"""Words in Latin letters in a row, in a text of another script, that are neither names nor office words."""

_SHINGLE, _SHORTEST = 6, 4
"""Words in a row that no two languages share by chance; a whole sentence may be shorter."""


def italian_left(text: str, language: str, *, italian: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the pieces of a text that are still Italian.

    Args:
        text: what a person reads.
        language: the language that it should be in.
        italian: the Italian texts that it may have been left from.
        names: whole names to leave out, such as the titles of pages.
    """
    bare = without_names(text, names)
    if LANGUAGES[language].script != "Latn":
        return [run for run in _LATIN_RUN.findall(bare) if not _is_name(run)]
    left = [word for word in words_in(bare) if word in _ONLY_ITALIAN]
    known = _known(frozenset(italian), frozenset(names))
    return [*left, *(" ".join(words) for words in _sentences(bare) & known)]


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text without what may stay Italian."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " . ")
    text = _BESIDE.sub(" . ", _ADDRESS.sub(" . ", text))
    return _office_names().sub(" . ", text)


def _is_name(run: str) -> bool:
    words = [word for word in re.split(r"[ '’-]+", run) if word]
    plain = [w for w in words if w.islower() and w not in _LINKS and w not in _OFFICE_WORDS]
    return not plain and (len(words) <= _LONGEST_RUN or any(word[0].isupper() for word in words))


@cache
def _office_names() -> re.Pattern[str]:
    terms = {form for term in read_glossary().terms for form in (term.italian, *term.forms)} | set(_NAMES)
    either = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    # Not \b: an Arabic article is joined to the Latin word behind it.
    return re.compile(rf"(?<![A-Za-zÀ-ÿ])(?:{either})(?![A-Za-zÀ-ÿ])", re.IGNORECASE)


@cache
def _known(italian: frozenset[str], names: frozenset[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(words for text in italian for words in _sentences(without_names(text, names)))


def _sentences(text: str) -> set[tuple[str, ...]]:
    """Return short sentences whole, and of longer ones all words in a row that Spanish does not share."""
    found = set()
    for piece in _BREAK.split(text):
        words = words_in(piece)
        if _SHORTEST <= len(words) < _SHINGLE:
            found.add(tuple(words))
        found.update(tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))
    return found


def words_in(text: str) -> list[str]:
    """Return the words of a text, in small letters."""
    return _WORD.findall(text.casefold())
