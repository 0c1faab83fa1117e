"""What matching has to know of contracts: the hours that they take, and who worked well for whom.

Contracts are built on matches (`backoffice.engagement`), so that they are read here by their columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Boolean, Date, Integer, String, and_, column, or_, select, table
from sqlalchemy.orm import Session

from backoffice.case.models import Case

TAKES_HOURS = ("signed", "running", "notice")
ENDED_WELL = ("agreed", "term_reached", "person_died")

_engagement = table(
    "engagement",
    column("organisation_id", String),
    column("request_id", String),
    column("worker_id", String),
    column("state", String),
    column("hours_week", Integer),
    column("live_in", Boolean),
    column("ends_on", Date),
    column("end_reason", String),
)


def hours_taken(
    session: Session, organisation_id: str, *, on: date, workers: Iterable[str] | None = None
) -> dict[str, tuple[int | None, bool]]:
    """Return how many hours a week contracts take on a day, None where one does not say, and living in.

    `workers`: the cases asked about; None: all of the body.
    """
    e = _engagement.c
    statement = select(e.worker_id, e.hours_week, e.live_in).where(
        e.organisation_id == organisation_id,
        e.state.in_(TAKES_HOURS),
        or_(e.ends_on.is_(None), e.ends_on >= on),
    )
    if workers is not None:
        statement = statement.where(e.worker_id.in_(list(workers)))
    found: dict[str, tuple[int | None, bool]] = defaultdict(lambda: (0, False))
    for worker_id, hours, live_in in session.execute(statement):
        before, lives_in = found[worker_id]
        together = None if hours is None or before is None else before + hours
        found[worker_id] = (together, lives_in or bool(live_in))
    return dict(found)


def known_to(session: Session, requests: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    """Return, by the case of a request, the cases of family assistants who worked well for its family."""
    e = _engagement.c
    ended_well = and_(e.state == "ended", e.end_reason.in_(ENDED_WELL))
    statement = (
        select(Case.person_id, e.worker_id)
        .join(Case, Case.id == e.request_id)
        .where(or_(e.state == "running", ended_well))
    )
    if len(requests) == 1:
        statement = statement.where(Case.person_id == requests[0].person_id)
    of_family: dict[str, set[str]] = defaultdict(set)
    for person_id, worker_id in session.execute(statement):
        of_family[person_id].add(worker_id)
    return {case.id: tuple(sorted(of_family.get(case.person_id, ()))) for case in requests}
