"""Who offers, answers and ends shares, and who may open a case in need; the one place where it is decided.

Offering, revoking, "who sees this": who may change the case (`case.permissions`). Answering and finishing:
caseworker and coordinator of the receiver, desks for their types. Opening in need: caseworker, coordinator.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import has_no_conflict, is_of_role, is_own_readable
from backoffice.errors import NotFound
from backoffice.sharing.models import BreakGlass, Share
from backoffice.sharing.queries import WITH_PARTS
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.wall import beyond_the_wall

BREAKS_GLASS = (Role.CASEWORKER, Role.COORDINATOR)
IS_TOLD = (Role.COORDINATOR,)
"""Who of the responsible body is told of an opening in need, and acknowledges it."""


def received_shares(staff: Staff) -> Select[Share]:
    """Return the statement of what other bodies offered or gave to somebody's body."""
    return _with_case(staff).where(_is_receiver(staff))


def sent_shares(staff: Staff) -> Select[Share]:
    """Return the statement of what somebody's body offered or gave, of cases that it is responsible for.

    A transfer that was accepted is only the receiver's.
    """
    return _with_case(staff).where(_is_giver(staff))


def get_receivable_share(session: Session, staff: Staff, share_id: str, *, lock: bool = False) -> Share:
    """Return a share that somebody may answer or finish.

    Raises:
        NotFound: there is none, or it is not theirs to answer.
    """
    return _one(session, received_shares(staff), share_id, lock=lock)


def get_given_share(session: Session, staff: Staff, share_id: str, *, lock: bool = False) -> Share:
    """Return a share that somebody may take back.

    Raises:
        NotFound: there is none, or it is not theirs to take back.
    """
    return _one(session, sent_shares(staff), share_id, lock=lock)


def get_known_share(session: Session, staff: Staff, share_id: str) -> Share:
    """Return a share that somebody gives or receives.

    Raises:
        NotFound: there is none, or it is neither.
    """
    return _one(session, _with_case(staff).where(or_(_is_receiver(staff), _is_giver(staff))), share_id)


def openings_to_acknowledge(staff: Staff) -> Select[BreakGlass]:
    """Return the statement of openings in need that somebody's body has to be told of, with the case."""
    theirs = and_(Case.organisation_id == staff.organisation_id, is_own_readable(staff))
    if not staff.has_role(*IS_TOLD):
        theirs = false()
    of_case = select(BreakGlass).join(Case, Case.id == BreakGlass.case_id)
    return of_case.where(BreakGlass.acknowledged_at.is_(None), theirs)


def get_opening_to_acknowledge(session: Session, staff: Staff, opening_id: str) -> BreakGlass:
    """Return an opening that somebody has to acknowledge.

    Raises:
        NotFound: there is none, or not for them.
    """
    found = session.scalar(openings_to_acknowledge(staff).where(BreakGlass.id == opening_id))
    if found is None:
        raise NotFound
    return found


def _with_case(staff: Staff) -> Select[Share]:
    of_case = select(Share).join(Case, Case.id == Share.case_id)
    return of_case.where(is_of_role(staff), has_no_conflict(staff)).options(*WITH_PARTS)


def _is_receiver(staff: Staff) -> ColumnElement[bool]:
    return Share.organisation_id == staff.organisation_id


def _is_giver(staff: Staff) -> ColumnElement[bool]:
    return and_(Case.organisation_id == staff.organisation_id, Share.organisation_id != staff.organisation_id)


def _one(session: Session, statement: Select[Share], share_id: str, *, lock: bool = False) -> Share:
    statement = statement.where(Share.id == share_id)
    if lock:
        statement = statement.with_for_update(of=Share).execution_options(populate_existing=True)
    with beyond_the_wall(session):  # a share stays known to both sides when it is over, and its case is not
        found = session.scalar(statement)
    if found is None:
        raise NotFound
    return found
