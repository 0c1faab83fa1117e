"""Keep ready answers and filters."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import parse_qsl

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.case.forms import read_search
from backoffice.conversation.models import Conversation
from backoffice.conversation.search import ConversationSearch
from backoffice.conversation.words import clean, clean_name
from backoffice.office.service import find_office
from backoffice.staff.models import Staff
from backoffice.workplace.errors import (
    BadCode,
    CodeTaken,
    EmptyCannedReply,
    FilterRefused,
    UnknownVariable,
)
from backoffice.workplace.models import CannedReply, FilterKind, SavedFilter
from backoffice.workplace.variables import Values, unknown_variable

LONGEST_FILTER_NAME = 60
LONGEST_QUERY = 500
MOST_FILTERS = 30

_CODE = re.compile(r"[a-z]{2,30}")


def keep_reply(
    session: Session,
    reply: CannedReply | None,
    *,
    code: str,
    language: str,
    text: str,
    staff: Staff,
    now: datetime,
) -> CannedReply:
    """Write a new ready answer, or change one.

    Raises:
        BadCode, EmptyCannedReply, UnknownVariable: it cannot be kept so.
        CodeTaken: another answer has this code in this language.
    """
    code, words = code.strip().removeprefix("/").lower(), clean(text).strip()
    if not _CODE.fullmatch(code):
        raise BadCode
    if not words:
        raise EmptyCannedReply
    unknown = unknown_variable(words)
    if unknown is not None:
        raise UnknownVariable(unknown)
    same = session.scalar(
        select(CannedReply).where(
            CannedReply.organisation_id == staff.organisation_id,
            CannedReply.code == code,
            CannedReply.language == language,
        )
    )
    if same is not None and (reply is None or same.id != reply.id):
        raise CodeTaken(code)
    kept = reply or CannedReply(organisation_id=staff.organisation_id)
    kept.code, kept.language, kept.text = code, language, words
    kept.changed_by, kept.changed_at = staff.id, now
    session.add(kept)
    session.flush()
    return kept


def values_for(session: Session, staff: Staff, conversation: Conversation | None) -> Values:
    """Return what the variables stand for, in a conversation whose person is loaded.

    Without one, in a preview, the person stays a variable.
    """
    office = find_office(session, staff.organisation_id)
    person = "{person}" if conversation is None else conversation.person and conversation.person.name
    return Values(
        person=person or "",
        mediator=staff.first_name,
        office=office.name if office else "",
        phone=(office.phone or "") if office else "",
    )


def keep_filter(session: Session, *, staff: Staff, name: str, query: str, now: datetime) -> SavedFilter:
    """Keep a list of conversations under a name; a second one of that name replaces the first.

    Raises:
        FilterRefused: no name, nothing narrowed, too long, or too many kept already.
    """
    shown, search = clean_name(name), read_query(query)
    address = search.address("", cursor="").removeprefix("?")
    if shown is None or len(shown) > LONGEST_FILTER_NAME or not search.is_narrowed:
        raise FilterRefused
    return _keep(session, FilterKind.CONVERSATION, shown, address, staff=staff, now=now)


def keep_case_filter(session: Session, *, staff: Staff, name: str, query: str, now: datetime) -> SavedFilter:
    """Keep a list of cases under a name; a second one of that name replaces the first.

    Raises:
        FilterRefused: no name, nothing narrowed, too long, or too many kept already.
    """
    shown, search = clean_name(name), read_search(query)
    address = search.address("", cursor="").removeprefix("?")
    if shown is None or len(shown) > LONGEST_FILTER_NAME or not search.is_narrowed:
        raise FilterRefused
    return _keep(session, FilterKind.CASE, shown, address, staff=staff, now=now)


def _keep(
    session: Session, kind: FilterKind, shown: str, address: str, *, staff: Staff, now: datetime
) -> SavedFilter:
    if len(address) > LONGEST_QUERY:
        raise FilterRefused
    mine = select(SavedFilter).where(SavedFilter.staff_id == staff.id)
    kept = session.scalar(mine.where(SavedFilter.name == shown))
    if kept is None:
        if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST_FILTERS:
            raise FilterRefused
        kept = SavedFilter(staff_id=staff.id, name=shown, created_at=now)
    kept.kind, kept.query = kind, address
    session.add(kept)
    session.flush()
    return kept


def read_query(query: str) -> ConversationSearch:
    """Return the filters of an address; what no list knows is left out."""
    known = ConversationSearch.model_fields
    parts = dict(parse_qsl(query.removeprefix("?")[:2000]))
    return ConversationSearch(**{name: value for name, value in parts.items() if name in known})
