"""Which cases a member of staff may see and change; the one place where that is decided.

caseworker, coordinator: all of their organisation. housing_desk, care_desk: those of their types, there.
mediator: those of conversations that they hold or held. administrator, planner, auditor: none.
Another body: those that it has accepted a share of, caseworker and coordinator all, desks of their types;
what they see of one, `case.parts` says. Who opened one in need: that one, for some hours.
Nobody: those of a conversation in which a conflict of theirs is stated.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.parts import may_contribute
from backoffice.case.queries import WITH_NAMES
from backoffice.client.schemas import CaseType
from backoffice.conversation.models import Conflict
from backoffice.errors import NotFound
from backoffice.handoff.models import Assignment
from backoffice.sharing.errors import AccessEnded
from backoffice.sharing.parts import CasePart
from backoffice.sharing.queries import (
    broken_open_case_ids,
    ended_share_case_ids,
    opened_case_ids,
    shared_case_ids,
    was_opened_last,
)
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.wall import beyond_the_wall

_WHOLE_ORGANISATION = (Role.CASEWORKER, Role.COORDINATOR)

_TYPES_OF_DESK = {
    Role.HOUSING_DESK: (CaseType.HOUSING, CaseType.HOUSING_OFFER),
    Role.CARE_DESK: (CaseType.CARE_WORK, CaseType.CARE_REQUEST),
}


def readable_cases(staff: Staff) -> Select[Case]:
    """Return the statement of every case that a person may read."""
    return select(Case).where(is_readable(staff))


def get_readable_case(session: Session, staff: Staff, case_id: str) -> Case:
    """Return one case.

    Raises:
        AccessEnded: it was shared with their body, or they opened it in need, and that is over.
        NotFound: there is none, or this person may not know of it.
    """
    case = session.scalars(readable_cases(staff).where(Case.id == case_id).options(*WITH_NAMES)).one_or_none()
    if case is None:
        raise _why_absent(session, staff, case_id)
    return case


def _why_absent(session: Session, staff: Staff, case_id: str) -> NotFound:
    """Return what somebody is told who may not read a case: of one that they have read, that it is over."""
    over = ended_share_case_ids(staff.organisation_id, now=staff.asks_at)
    grounds = [and_(is_of_role(staff), Case.id.in_(over))]
    if staff.has_role(*_WHOLE_ORGANISATION):
        grounds.append(Case.id.in_(opened_case_ids(staff.id)))
    known = select(Case.id).where(Case.id == case_id, or_(*grounds), has_no_conflict(staff))
    with beyond_the_wall(session):  # of what is over they are told that much
        was_theirs = session.scalar(known) is not None
    if not was_theirs:
        return NotFound()
    in_need = was_opened_last(session, case_id, staff_id=staff.id, organisation_id=staff.organisation_id)
    return AccessEnded("need" if in_need else "share")


def get_changeable_case(session: Session, staff: Staff, case_id: str) -> Case:
    """Return one case that the person may move, assign and edit; a mediator reads and takes notes only.

    Raises:
        NotFound: there is none, or this person may not change it.
    """
    case = get_readable_case(session, staff, case_id)
    if not can_change(staff, case):
        raise NotFound
    return case


def get_contributable_case(session: Session, staff: Staff, case_id: str) -> Case:
    """Return one case that the person may add notes to: of the own body, or shared with it.

    Raises:
        NotFound: there is none, or this person may at most read it (opened in need).
    """
    case = get_readable_case(session, staff, case_id)
    if not may_contribute(session, staff, case, now=staff.asks_at):
        raise NotFound
    return case


def can_change(staff: Staff, case: Case) -> bool:
    """Tell whether a person who reads a case may also change it."""
    return case.organisation_id == staff.organisation_id and can_open(staff, case.type)


def can_open(staff: Staff, type: CaseType) -> bool:
    """Tell whether a person may open a case of a type, in their own organisation."""
    return staff.has_role(*_WHOLE_ORGANISATION) or any(
        type in types for role, types in _TYPES_OF_DESK.items() if staff.has_role(role)
    )


def can_assign(staff: Staff) -> bool:
    """Tell whether a person is responsible for any type of case, and so for those that nobody has taken."""
    return any(can_open(staff, type) for type in CaseType)


def is_readable(staff: Staff) -> ColumnElement[bool]:
    """Return the condition on `Case` under which a person may read it."""
    return and_(or_(_is_own(staff), _is_given(staff, None)), has_no_conflict(staff))


def is_own_readable(staff: Staff) -> ColumnElement[bool]:
    """Return the condition on `Case` that it is one of the person's own body, and readable to them."""
    return and_(_is_own(staff), has_no_conflict(staff))


def sees(staff: Staff, part: CasePart) -> ColumnElement[bool]:
    """Return the condition on `Case` under which a person reads it and sees a part of it.

    Whatever is found, counted or sorted by something of a part is asked for with this, or of readable cases
    with `shows`: a hidden name must not be found either.
    """
    return and_(or_(_is_own(staff), _is_given(staff, part)), has_no_conflict(staff))


def shows(staff: Staff, part: CasePart) -> ColumnElement[bool]:
    """Return the condition on a case that the person may read that they see a part of it: `sees` of those.

    It says only what `is_readable` has left open, and lets nobody read anything by itself: PostgreSQL plans
    each condition of a statement anew, with the wall's around it.
    """
    return or_(Case.organisation_id == staff.organisation_id, *_grounds_of_others(staff, part))


def _is_own(staff: Staff) -> ColumnElement[bool]:
    """Return the condition that a case is of the person's own body, and their roles reach it."""
    grounds = [is_of_role(staff)]
    if staff.has_role(Role.MEDIATOR):
        held = select(Assignment.conversation_id).where(Assignment.staff_id == staff.id)
        grounds.append(Case.conversation_id.in_(held))
    return and_(Case.organisation_id == staff.organisation_id, or_(*grounds))


def is_of_role(staff: Staff) -> ColumnElement[bool]:
    """Return the condition on `Case` that it is of a kind that the person's roles work on."""
    if staff.has_role(*_WHOLE_ORGANISATION):
        return true()
    types = [type for role, types in _TYPES_OF_DESK.items() if staff.has_role(role) for type in types]
    return Case.type.in_(types) if types else false()


def _is_given(staff: Staff, part: CasePart | None) -> ColumnElement[bool]:
    """Return the condition that another body gives the case, or a part of it, now."""
    return and_(Case.organisation_id != staff.organisation_id, or_(*_grounds_of_others(staff, part)))


def _grounds_of_others(staff: Staff, part: CasePart | None) -> list[ColumnElement[bool]]:
    """Return the conditions under which a case of another body is given, or a part of it, now."""
    now = staff.asks_at
    given = Case.id.in_(shared_case_ids(staff.organisation_id, now=now, part=part))
    grounds = [and_(is_of_role(staff), given)]
    if staff.has_role(*_WHOLE_ORGANISATION):
        grounds.append(Case.id.in_(broken_open_case_ids(staff.id, now=now)))
    return grounds


def has_no_conflict(staff: Staff) -> ColumnElement[bool]:
    """Return the condition that nobody stated a conflict of this person in the case's conversation."""
    stated = exists().where(Conflict.conversation_id == Case.conversation_id, Conflict.staff_id == staff.id)
    return ~stated
