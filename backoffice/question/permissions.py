"""Who writes further questions: administrators, those of their own organisation."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.question.errors import QuestionSetNotFound
from backoffice.question.models import QuestionSet, SetState
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


def may_edit(staff: Staff) -> bool:
    """Tell whether somebody writes the further questions of their organisation."""
    return staff.has_role(Role.ADMINISTRATOR)


def editable_sets(staff: Staff) -> Select[QuestionSet]:
    """Return the statement of the versions that somebody may open.

    Raises:
        QuestionSetNotFound: none at all.
    """
    if not may_edit(staff):
        raise QuestionSetNotFound
    return select(QuestionSet).where(QuestionSet.organisation_id == staff.organisation_id)


def get_editable_set(session: Session, staff: Staff, set_id: str) -> QuestionSet:
    """Return one version.

    Raises:
        QuestionSetNotFound: there is none, or this person may not know of it.
    """
    found = session.scalar(editable_sets(staff).where(QuestionSet.id == set_id))
    if found is None:
        raise QuestionSetNotFound
    return found


def get_changeable_set(session: Session, staff: Staff, set_id: str) -> QuestionSet:
    """Return one version, and keep others from changing it in this moment.

    Raises:
        QuestionSetNotFound: there is none, or this person may not know of it.
    """
    found = session.scalar(editable_sets(staff).where(QuestionSet.id == set_id).with_for_update())
    if found is None:
        raise QuestionSetNotFound
    return found


def is_draft(found: QuestionSet) -> bool:
    """Tell whether a version may still be changed."""
    return found.state is SetState.DRAFT
