"""Keeps and asks the blind index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, delete, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from backoffice.encryption.cipher import derived_key
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.sealing import find_installation_key_id, installation_key_id
from backoffice.idempotency.service import insert_unless_there
from backoffice.search.models import Indexed, SearchToken
from backoffice.search.tokens import asked_words, token, tokens, words_of

_PURPOSE = "search 1"


def add_words(session: Session, kind: Indexed, subject_id: str, texts: Iterable[str | None]) -> None:
    """Let a subject be found by the words of these texts too."""
    found = {word for text in texts if text for word in words_of(text)}
    if not found:
        return
    key = search_key(session)
    rows = [{"token": each, "subject_id": subject_id} for each in sorted(tokens(found, kind, key))]
    # One statement for all rows: with the values inside, it is composed anew for each message.
    session.execute(insert_unless_there(session, SearchToken.__table__), rows)


def search_key(session: Session) -> bytes:
    """Return the key of the tokens; where the installation has no key of its own yet, it is made."""
    return derived_key(ring_in(session).key(installation_key_id(session)), _PURPOSE)


def find_search_key(session: Session) -> bytes | None:
    """Return the key of the tokens; None where nothing can have been indexed yet."""
    key_id = find_installation_key_id(session)
    return None if key_id is None else derived_key(ring_in(session).key(key_id), _PURPOSE)


def forget_words(session: Session, subject_id: str) -> None:
    """Let a subject be found by nothing any more."""
    session.execute(delete(SearchToken).where(SearchToken.subject_id == subject_id))


def replace_words(session: Session, kind: Indexed, subject_id: str, texts: Iterable[str | None]) -> None:
    """Let a subject be found by these texts alone. Its subject has words of this one kind only."""
    forget_words(session, subject_id)
    add_words(session, kind, subject_id, texts)


@dataclass(frozen=True)
class Place:
    """Where words are looked for: what kind, by the subject's column, and where the reader may look.

    `allowed` gives the condition for that, and is asked only where somebody has a word here.
    """

    kind: Indexed
    subject: InstrumentedAttribute[str] | ColumnElement[str]
    allowed: Callable[[], ColumnElement[bool]] | None = None


def finds(session: Session, words: str, *places: Place) -> ColumnElement[bool]:
    """Return the condition that every word is found in one of these places."""
    asked, key = asked_words(words), find_search_key(session)
    if not asked or key is None:
        return false()
    return and_(*(or_(*(_holds(word, place, key) for place in places)) for word in asked))


def _holds(word: str, place: Place, key: bytes) -> ColumnElement[bool]:
    found = place.subject.in_(_subjects(word, place.kind, key))
    return found if place.allowed is None else and_(found, place.allowed())


def _subjects(word: str, kind: Indexed, key: bytes) -> Select[str]:
    return select(SearchToken.subject_id).where(SearchToken.token == token(word, kind, key))
