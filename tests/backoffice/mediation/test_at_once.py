"""Mediators accept at the same moment: one has the request, and nobody has two at one time."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.mediation.errors import MediatorBusy, OfferGone
from backoffice.mediation.models import MediationOffer, MediationOfferState
from backoffice.mediation.service import accept, offer
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff
from tests.backoffice.mediation.mediations import create_mediation

MEDIATORS = 12
UNTIL = NOW + timedelta(hours=8)


def try_to_accept(database: Database, offer_id: str) -> str:
    with database.transaction() as session:
        try:
            accept(session, session.get_one(MediationOffer, offer_id), now=NOW)
        except (OfferGone, MediatorBusy) as error:
            return type(error).__name__
        return "accepted"


@pytest.mark.timeout(60)
def test_twelve_accept_and_one_has_it(session: Session, database: Database) -> None:
    request = create_mediation(session)
    staff = [create_staff(session, languages=("ur",)).id for _ in range(MEDIATORS)]
    made = offer(session, request, [(each, []) for each in staff], until=UNTIL, by="s", now=NOW)
    offers = [each.id for each in made]
    session.commit()
    with ThreadPoolExecutor(MEDIATORS) as crowd:
        said = Counter(crowd.map(lambda each: try_to_accept(database, each), offers))
    assert said == {"accepted": 1, "OfferGone": MEDIATORS - 1}
    with database.read() as reading:
        accepted = reading.scalars(
            select(MediationOffer.id).where(MediationOffer.state == MediationOfferState.ACCEPTED)
        ).all()
    assert len(accepted) == 1


@pytest.mark.timeout(60)
def test_one_mediator_accepts_six_at_one_time_and_has_one(session: Session, database: Database) -> None:
    who = create_staff(session, languages=("ur",)).id
    offers = []
    for _ in range(6):
        request = create_mediation(session)
        offers += [each.id for each in offer(session, request, [(who, [])], until=UNTIL, by="s", now=NOW)]
    session.commit()
    with ThreadPoolExecutor(6) as fingers:
        said = Counter(fingers.map(lambda each: try_to_accept(database, each), offers))
    assert said == {"accepted": 1, "MediatorBusy": 5}
