"""The worker's own choice whether families see the profile, and what the worker was asked to bring.

Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.care_worker.errors import PartRefused
from backoffice.care_worker.models import WantedDocument
from backoffice.care_worker.parts import part_changed
from backoffice.care_worker.service import worker_of
from backoffice.case.models import Case
from backoffice.italy import day_in_italy


def show_profile(
    session: Session, case: Case, shown: bool, *, on: date | None = None, by: str, now: datetime
) -> None:
    """Note that the worker wants families to see the profile, without name, or not; with the day it was said.

    Raises:
        PartRefused: a day that is still to come.
        CaseIsClosed: the case has to be reopened first.
    """
    today = day_in_italy(now)
    if on is not None and on > today:
        raise PartRefused({"on": "care_workers.wrong.future"})
    worker = worker_of(session, case, now=now)
    worker.shows_profile, worker.shows_profile_on = shown, on or today
    part_changed(session, case, "profile_shown" if shown else "profile_hidden", by=by, now=now)


def want_documents(
    session: Session, case: Case, wanted: Sequence[WantedDocument], *, by: str, now: datetime
) -> None:
    """Note what a worker still has to bring; the same list changes nothing.

    Raises:
        CaseIsClosed: the case has to be reopened first.
    """
    worker, codes = worker_of(session, case, now=now), [each.value for each in dict.fromkeys(wanted)]
    if codes == (worker.documents_wanted or []):
        return
    worker.documents_wanted = codes or None
    part_changed(session, case, "documents_wanted", by=by, now=now)
