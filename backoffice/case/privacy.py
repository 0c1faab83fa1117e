"""Which cases a chat tells nothing of but their number: somebody else may hold the telephone (attack 4)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.needs import PRIVATE, parse_need
from backoffice.person.models import PersonRestricted
from backoffice.person.standing import ids_of_person


def private_ids(session: Session, cases: Sequence[Case]) -> set[str]:
    """Return the ids of those of a person's cases of which a chat tells the number alone.

    These are cases with a need of violence, health or the right to stay; all, where something of it is kept
    about the person among what is restricted.
    """
    people = {each for case in cases for each in ids_of_person(session, case.person_id)}
    kept = select(PersonRestricted.person_id).where(PersonRestricted.person_id.in_(people)).limit(1)
    if session.scalar(kept) is not None:
        return {case.id for case in cases}
    return {case.id for case in cases if PRIVATE & {parse_need(code) for code in case.needs}}
