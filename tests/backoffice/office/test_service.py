from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import NotFound
from backoffice.office.models import Office, OpeningHours
from backoffice.office.service import contact_sentence, describe_hours, read_opening, say_when
from tests.backoffice.factories import create_front_door


def create_office(
    session: Session, *hours: tuple[int, int, int], phone: str | None = "0373 000000"
) -> Office:
    office = Office(
        organisation_id=create_front_door(session).id,
        name="Comunità Sociale Cremasca",
        address="via Goldaniga 11, Crema",
        phone=phone,
        time_zone="Europe/Rome",
        source="demo",
        verified_on=date(2026, 11, 1),
        is_demo=True,
        opening_hours=[OpeningHours(weekday=d, opens=time(a), closes=time(b)) for d, a, b in hours],
    )
    session.add(office)
    session.flush()
    return office


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (datetime(2026, 12, 2, 10, 0, tzinfo=UTC), None),
        (datetime(2026, 12, 2, 7, 59, tzinfo=UTC), datetime(2026, 12, 2, 8, 0, tzinfo=UTC)),
        (datetime(2026, 12, 2, 16, 0, tzinfo=UTC), datetime(2026, 12, 3, 8, 0, tzinfo=UTC)),
        (datetime(2026, 12, 5, 10, 0, tzinfo=UTC), datetime(2026, 12, 7, 8, 0, tzinfo=UTC)),
        # In summer nine in Rome is seven in UTC; the clocks change on 29 March 2026.
        (datetime(2026, 3, 27, 20, 0, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
    ],
)
def test_the_usual_hours_are_nine_to_five_on_weekdays_in_rome(
    moment: datetime, opens: datetime | None
) -> None:
    opening = read_opening(None, now=moment)
    assert (opening.is_open, opening.opens_at) == (opens is None, opens)


def test_an_office_has_its_own_hours(session: Session) -> None:
    office = create_office(session, (1, 11, 13))
    wednesday = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
    assert read_opening(office, now=wednesday).opens_at == datetime(2026, 12, 8, 10, 0, tzinfo=UTC)


def test_an_office_without_hours_never_opens(session: Session) -> None:
    opening = read_opening(create_office(session), now=datetime(2026, 12, 2, 10, 0, tzinfo=UTC))
    assert (opening.is_open, opening.opens_at) == (False, None)


def test_days_with_the_same_hours_are_told_together() -> None:
    hours = [*((day, time(9), time(12)) for day in range(3)), (4, time(9), time(12)), (4, time(14), time(17))]
    assert (
        describe_hours(hours, "it") == "da lunedì a mercoledì 09:00-12:00; venerdì 09:00-12:00, 14:00-17:00"
    )


@pytest.mark.parametrize(("phone", "told"), [("0373 000000", True), (None, False)])
def test_the_contact_is_one_sentence_with_or_without_telephone(
    session: Session, phone: str | None, told: bool
) -> None:
    office = create_office(session, (0, 9, 12), phone=phone)
    sentence = contact_sentence(session, office.organisation_id, "it")
    assert sentence is not None
    assert ("0373 000000" in sentence) is told
    assert "lunedì 09:00-12:00" in sentence


async def test_the_contact_is_read_by_our_processes(client: BackofficeClient, session: Session) -> None:
    create_front_door(session)
    session.commit()
    with pytest.raises(NotFound):
        await client.read_office("it")
    create_office(session, (0, 9, 12))
    session.commit()
    contact = await client.read_office("it")
    assert (contact.name, contact.hours, contact.is_demo) == (
        "Comunità Sociale Cremasca",
        "lunedì 09:00-12:00",
        True,
    )


@pytest.mark.parametrize(
    ("language", "written"),
    [("it", "lunedì 23 novembre 2026, 09:00"), ("zh", "2026年11月23日星期一, 09:00")],
)
def test_a_moment_is_told_by_the_office_s_clock(session: Session, language: str, written: str) -> None:
    office = create_office(session, (0, 9, 12))
    assert say_when(office, datetime(2026, 11, 23, 8, 0, tzinfo=UTC), language) == written
