"""Statements about cases: the list with its filters, one page of it, the history of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from sqlalchemy import ColumnElement, Select, String, Subquery, cast, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from backoffice.case.models import Case, CaseEvent, CaseNote
from backoffice.case.number import parse_number
from backoffice.case.sorting import NEWEST, cursor_after, ordered
from backoffice.case_words.models import CaseWord
from backoffice.client.schemas import Phase
from backoffice.consent.models import Consent
from backoffice.conversation.models import Conversation
from backoffice.encryption.together import load_all
from backoffice.paging import read_cursor
from backoffice.person.models import Person
from backoffice.person.standing import ids_of_person
from backoffice.question.queries import has_answer
from backoffice.search.models import Indexed
from backoffice.search.narrowing import Found, Search, search
from backoffice.search.service import Place
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Organisation, Staff

NOBODY = "none"
"""The value of the filter `assignee` that finds what nobody has taken."""


@dataclass(frozen=True)
class CaseFilters:
    """What a list of cases is narrowed by; None and the empty text narrow nothing."""

    type: str | None = None
    phase: str | None = None
    status: str | None = None
    assignee: str | None = None
    organisation: str | None = None
    municipality: str | None = None
    language: str | None = None
    need: str | None = None
    urgent: bool | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    untouched_since: datetime | None = None
    """Only open cases in which nothing has happened since then."""
    q: str | None = None
    answer: tuple[str, str, str] | None = None
    """Type, question and option: cases of that type that were answered so."""


@dataclass(frozen=True)
class Count:
    """How many cases a list has: counted no further than `COUNTED_TO`, then `is_more` says so."""

    number: int
    is_more: bool


COUNTED_TO = 500
"""Nobody reads on in a longer list, and counting further would look at every case of a body."""


@dataclass(frozen=True)
class CasePage:
    """One page of a list, and the cursor of the next.

    `is_of_many`: it was read along a common word, and how many there are in all was not looked at.
    """

    cases: Sequence[Case]
    next: str | None
    is_of_many: bool = False


WITH_NAMES = (joinedload(Case.person), joinedload(Case.organisation), joinedload(Case.assignee))
"""Loads what a case is shown with."""

Shows = Callable[[CasePart], ColumnElement[bool]]
"""Gives the condition on a readable case that the reader is shown a part: what is hidden finds nothing."""


READ_ALONG = 2_000
"""So many of the newest cases of a common word are looked at, before whoever has all words is gathered."""


@dataclass(frozen=True)
class Filtered:
    """A list as it was narrowed: by its filters at once, by what is searched for when it is asked."""

    narrowed: Select[Case]
    search: Search | None = None

    @cached_property
    def _found(self) -> Found | None:
        return self.search.found() if self.search else None

    @property
    def cases(self) -> Select[Case]:
        """The statement of all its cases."""
        return self.narrowed if self._found is None else self.narrowed.where(self._found.condition)

    @property
    def some(self) -> Select[Case] | None:
        """Where a search finds very many, a part of them, to be counted first."""
        if self._found is None or self._found.some is None:
            return None
        return self.narrowed.where(self._found.some)


def filtered(session: Session, statement: Select[Case], filters: CaseFilters, shows: Shows) -> Select[Case]:
    """Narrow a statement of readable cases. `organisation` is an id or a slug, `assignee` an id or `none`."""
    return filtered_list(session, statement, filters, shows).cases


def filtered_list(session: Session, statement: Select[Case], filters: CaseFilters, shows: Shows) -> Filtered:
    """Do the same for a list whose cases are counted too."""
    exact = {
        Case.type: filters.type,
        Case.phase: filters.phase,
        Case.status: filters.status,
        Case.municipality: filters.municipality,
    }
    for column, value in exact.items():
        if value:
            statement = statement.where(column == value)
    if filters.language:
        statement = statement.where(Case.language == filters.language, shows(CasePart.PERSON))
    if filters.assignee:
        statement = statement.where(
            Case.assignee_id.is_(None) if filters.assignee == NOBODY else Case.assignee_id == filters.assignee
        )
    if filters.organisation:
        named = or_(Organisation.id == filters.organisation, Organisation.slug == filters.organisation)
        statement = statement.where(Case.organisation_id.in_(select(Organisation.id).where(named)))
    if filters.answer:
        case_type, question, option = filters.answer
        statement = statement.where(
            Case.type == case_type, has_answer(Case.id, question, option), shows(CasePart.INTAKE)
        )
    return _searched(session, _narrowed(statement, filters, shows), filters.q or "", shows)


def page_of(
    session: Session, statement: Select[Case], *, limit: int, cursor: str | None, order: str = NEWEST
) -> CasePage:
    """Return one page in an order of `sorting.ORDERS`.

    Raises:
        InvalidCursor: the cursor is not one of ours, or of another order.
    """
    return _page(session, ordered(statement, order, cursor).limit(limit + 1), limit, order)


def page_of_list(
    session: Session, found: Filtered, *, limit: int, cursor: str | None, order: str = NEWEST
) -> CasePage:
    """Do the same for a list that may be searched.

    Raises:
        InvalidCursor: the cursor is not one of ours, or of another order.
    """
    if order == NEWEST and (newest := _newest_along_word(found, limit, cursor)) is not None:
        page = _page(session, newest, limit, order)
        if page.next:
            return replace(page, is_of_many=True)
    return page_of(session, found.cases, limit=limit, cursor=cursor, order=order)


def _newest_along_word(found: Filtered, limit: int, cursor: str | None) -> Select[Case] | None:
    """Return a statement for one case more than a page has, from the newest of a common word.

    Where it gives fewer, there may be more; None: what is searched for is no common word.
    """
    word = found.search.common_word_of(Indexed.PERSON) if found.search else None
    if word is None:
        return None
    along = select(CaseWord.opened_at, CaseWord.case_id).where(CaseWord.token == word.token)
    if cursor:
        along = along.where(tuple_(CaseWord.opened_at, CaseWord.case_id) < tuple_(*read_cursor(cursor)))
    along = along.order_by(CaseWord.opened_at.desc(), CaseWord.case_id.desc()).limit(READ_ALONG)
    newest = along.subquery()
    cases = found.narrowed.join(newest, newest.c.case_id == Case.id)
    cases = cases.where(word.condition(partial(_has_too, newest)))
    return cases.order_by(newest.c.opened_at.desc(), newest.c.case_id.desc()).limit(limit + 1)


def _has_too(newest: Subquery, token: int) -> ColumnElement[bool]:
    """Return the condition that a case of a common word has another: both lie in the same order."""
    same_case = (CaseWord.opened_at == newest.c.opened_at, CaseWord.case_id == newest.c.case_id)
    one = select(literal(1)).where(CaseWord.token == token, *same_case)
    return one.limit(1).scalar_subquery().is_not(None)


def _page(session: Session, found: Select[Case], limit: int, order: str) -> CasePage:
    # Names are fetched for this page alone (a search may have had to put thousands of cases in order), and
    # the cases themselves once: to look them up again by their ids asks the wall for each once more. No more
    # is loaded than a list shows: to read all of people, bodies and staff takes a third longer.
    shown = aliased(Case, found.subquery())
    page = select(shown).options(
        joinedload(shown.person).load_only(Person.name, Person.phone, Person.languages),
        joinedload(shown.organisation).load_only(Organisation.slug, Organisation.name),
        joinedload(shown.assignee).load_only(Staff.name),
    )
    cases = load_all(session, ordered(page, order, None, cases=shown))
    more = len(cases) > limit
    return CasePage(cases[:limit], cursor_after(cases[limit - 1], order) if more else None)


def count(session: Session, statement: Select[Case], *, up_to: int = COUNTED_TO) -> Count:
    """Return how many cases a statement finds, looking at one more than `up_to` at most."""
    some = statement.with_only_columns(Case.id).order_by(None).limit(up_to + 1).subquery()
    found = session.scalar(select(func.count()).select_from(some)) or 0
    return Count(min(found, up_to), is_more=found > up_to)


def count_list(session: Session, found: Filtered, page: CasePage, *, is_first: bool) -> Count:
    """Return how many cases a list has, one page of which is known.

    Of the first page that is the whole list, nothing is counted again. Of a common word the list has more
    than a page, and to count on would take longer than to find: who reads it looks for a second word.
    """
    if is_first and page.next is None:
        return Count(len(page.cases), is_more=False)
    if page.is_of_many:
        return Count(len(page.cases), is_more=True)
    return count_filtered(session, found)


def count_filtered(session: Session, found: Filtered) -> Count:
    """Return how many cases a list has, looking at a part first where that may say enough."""
    if found.some is not None and (of_some := count(session, found.some)).is_more:
        return of_some
    return count(session, found.cases)


def events_of(session: Session, case_id: str) -> Sequence[CaseEvent]:
    """Return the history of a case, oldest first."""
    return session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)).all()


def notes_of(session: Session, case_id: str, readable: ColumnElement[bool]) -> Sequence[CaseNote]:
    """Return the notes of a case that fulfil a condition, newest first."""
    statement = select(CaseNote).where(CaseNote.case_id == case_id, readable)
    return session.scalars(statement.order_by(CaseNote.created_at.desc(), CaseNote.id.desc())).all()


def cases_of_person(session: Session, person_id: str) -> Sequence[Case]:
    """Return all cases of a person, newest first. Rights are the caller's affair."""
    statement = select(Case).where(Case.person_id == person_id).options(*WITH_NAMES)
    return session.scalars(statement.order_by(Case.opened_at.desc(), Case.id.desc())).all()


def cases_of_conversation(
    session: Session, conversation_id: str, readable: ColumnElement[bool]
) -> Sequence[Case]:
    """Return the cases of a conversation's person that fulfil a condition, newest first."""
    conversation = select(Conversation.person_id).where(Conversation.id == conversation_id)
    theirs = or_(Case.conversation_id == conversation_id, Case.person_id.in_(conversation))
    statement = select(Case).where(theirs, readable).options(*WITH_NAMES)
    return session.scalars(statement.order_by(Case.opened_at.desc(), Case.id.desc())).all()


def consents_of(session: Session, person_id: str) -> Sequence[Consent]:
    """Return the ledger of a person and of those merged into it, newest row first."""
    statement = select(Consent).where(Consent.person_id.in_(ids_of_person(session, person_id)))
    return session.scalars(statement.order_by(Consent.recorded_at.desc(), Consent.id.desc())).all()


def assignable_staff(session: Session, organisation_id: str) -> Sequence[Staff]:
    """Return who of an organisation can be made responsible for a case, by name."""
    statement = (
        select(Staff).where(Staff.organisation_id == organisation_id, Staff.active).order_by(Staff.name)
    )
    return [staff for staff in session.scalars(statement) if staff.is_assignable]


def organisations(session: Session) -> Sequence[Organisation]:
    """Return every body that works here, by name."""
    return session.scalars(select(Organisation).order_by(Organisation.name)).all()


def names_of_staff(session: Session, ids: set[str]) -> dict[str, str]:
    """Return the names of members of staff by id."""
    if not ids:
        return {}
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _searched(session: Session, statement: Select[Case], words: str, shows: Shows) -> Filtered:
    number = parse_number(words)
    if number is not None:
        return Filtered(statement.where(Case.number == number))
    if not words.strip():
        return Filtered(statement)
    places = (
        Place(Indexed.PERSON, Case.person_id, partial(shows, CasePart.PERSON)),
        Place(Indexed.CASE, Case.id, partial(shows, CasePart.INTAKE)),
        Place(Indexed.CASE_NOTE, Case.id, partial(shows, CasePart.NOTES)),
    )
    return Filtered(statement, search(session, words, Case.id, *places))


def _narrowed(statement: Select[Case], filters: CaseFilters, shows: Shows) -> Select[Case]:
    if filters.need:
        named = cast(Case.needs, String).contains(f'"{filters.need}"', autoescape=True)
        statement = statement.where(named, shows(CasePart.NEEDS))
    if filters.urgent is not None:
        statement = statement.where(Case.urgent.is_(filters.urgent))
    if filters.opened_from:
        statement = statement.where(Case.opened_at >= filters.opened_from)
    if filters.opened_before:
        statement = statement.where(Case.opened_at < filters.opened_before)
    if filters.untouched_since:
        is_open = Case.phase != Phase.CLOSED
        # As a plain comparison it would lead SQLite to the order of changes, past better indexes.
        touched = func.coalesce(Case.updated_at, Case.opened_at)
        statement = statement.where(is_open, touched < filters.untouched_since)
    return statement
