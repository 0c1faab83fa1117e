"""Who asked: what stands sealed with a case and its person, as a few coarse codes.

It is opened once, for the month that is over, by what makes the release: only counts are written down, and
of these none under five is told (Regulation (EU) 2016/679 art. 89).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.encryption.keyring import ring_in
from backoffice.italy import day_in_italy
from backoffice.person.models import Person, PersonDetails
from backoffice.planning.raw import UNKNOWN

AGE_BANDS = {"under_18": 18, "18_29": 30, "30_44": 45, "45_64": 65}
"""By the first age that is not of the band any more."""
OLDEST = "65_over"
ALONE, ADULTS, WITH_MINORS = "alone", "adults", "with_minors"


def who_asked(session: Session, case_ids: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    """Return age band, household and state of the permit of some cases, by case; each may be `UNKNOWN`."""
    keys = select(Person.data_key_id).join(Case, Case.person_id == Person.id).where(Case.id.in_(case_ids))
    ring_in(session).hold(key for key in session.scalars(keys) if key)
    rows = session.execute(
        select(Case.id, Case.opened_at, Case.intake, PersonDetails.document)
        .outerjoin(PersonDetails, PersonDetails.person_id == Case.person_id)
        .where(Case.id.in_(case_ids))
    )
    return {
        row.id: (
            age_band(row.document or {}, row.opened_at),
            household_of(row.intake),
            str(row.intake.get("permit") or UNKNOWN),
        )
        for row in rows
    }


def age_band(document: Mapping[str, Any], at: datetime) -> str:
    """Return how old somebody was or became in the year of a moment, as a band."""
    born = document.get("born_on") or document.get("birth_year")
    if not born:
        return UNKNOWN
    age = day_in_italy(at).year - int(str(born)[:4])
    return next((band for band, end in AGE_BANDS.items() if age < end), OLDEST)


def household_of(intake: Mapping[str, Any]) -> str:
    """Return with whom somebody lives who looks for a home. Of others it is not asked."""
    people, minors = intake.get("people"), intake.get("minors")
    if minors:
        return WITH_MINORS
    if people is None:
        return UNKNOWN
    if people == 1:
        return ALONE
    return ADULTS if minors == 0 else UNKNOWN
