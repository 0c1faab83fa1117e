"""A hospital asks for a woman who speaks Urdu for Thursday: from the request to the report in the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, NoteKind
from backoffice.client.schemas import CaseType
from backoffice.conversation.models import Message
from backoffice.database import Database
from backoffice.jobs import SAYERS
from backoffice.mail.models import Mail
from backoffice.mediation.jobs import look_after_mediation
from backoffice.mediation.reminding import tellers
from backoffice.reminder.jobs import say_reminders
from backoffice.staff.models import Gender, Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_staff, send, sign_in
from tests.backoffice.mediation.mediations import create_asking

THURSDAY = NOW + timedelta(days=1)
BASE = "https://sportello.test.example"


@dataclass
class Scene:
    """The hospital with a person's case, and the people of the front door."""

    case: Case
    asking: Staff
    headers: dict[str, dict[str, str]]
    mediators: dict[str, Staff]


@pytest.fixture
def scene(session: Session) -> Scene:
    asking = create_asking(session)
    coordinator = create_staff(session, name="Carla", roles=frozenset({Role.COORDINATOR}))
    women = {
        name: create_staff(session, name=name, languages=("ur", "it"), gender=Gender.WOMAN)
        for name in ("Aisha", "Bushra")
    }
    man = create_staff(session, name="Dilawar", languages=("ur", "it"), gender=Gender.MAN)
    conversation = create_conversation(session, language="ur")
    send(session, conversation)
    case = create_case(
        session,
        type=CaseType.RECEPTION,
        organisation=session.get_one(Organisation, asking.organisation_id),
        conversation=conversation,
    )
    people = {"hospital": asking, "coordinator": coordinator, "Dilawar": man, **women}
    headers = {name: sign_in(session, each) for name, each in people.items()}
    session.commit()
    return Scene(case, asking, headers, women)


async def test_a_hospital_has_its_mediator_and_the_report_is_in_the_case(
    http: httpx.AsyncClient, session: Session, database: Database, clock: FrozenClock, scene: Scene
) -> None:
    request = await asked_and_approved(http, scene)
    offers = await offered(http, scene, request)
    look_after_mediation(database, BASE, clock)
    assert mails(session) == ["Aisha", "Bushra"]

    accepted = await http.post(
        f"/api/v1/mediation-offers/{offers['Aisha']}/acceptance", headers=scene.headers["Aisha"]
    )
    assert accepted.json()["mediator"]["name"] == "Aisha"
    late = await http.post(
        f"/api/v1/mediation-offers/{offers['Bushra']}/acceptance", headers=scene.headers["Bushra"]
    )
    assert late.status_code == 409
    seen = (await http.get("/api/v1/mediation-offers", headers=scene.headers["Bushra"])).json()["items"]
    assert [each["state"] for each in seen] == ["taken"]
    look_after_mediation(database, BASE, clock)
    assert mails(session) == ["Aisha", "Bushra", "Piera Prova"]

    assert everybody_is_reminded_once(session, database, clock) == (4, 2)

    clock.advance(seconds=3 * 3600)
    for name, who in (("Aisha", scene.mediators["Aisha"]), ("hospital", scene.asking)):
        scene.headers[name] = sign_in(session, who, now=clock())  # a day has gone
    session.commit()
    path = f"/api/v1/mediation-requests/{request}"
    done = {"worked_quarters": 5, "travel_quarters": 2, "words": "Visita spiegata.", "cultural": "Digiuna."}
    reported = await http.post(f"{path}/report", json=done, headers=scene.headers["Aisha"])
    assert (reported.status_code, reported.json()["state"]) == (200, "done")
    confirmed = await http.post(f"{path}/confirmation", headers=scene.headers["hospital"])
    assert confirmed.json()["state"] == "confirmed"
    await the_report_is_in_the_case(http, scene)


async def asked_and_approved(http: httpx.AsyncClient, scene: Scene) -> str:
    wanted = {
        "language": "ur",
        "setting": "health",
        "mode": "presence",
        "municipality": "Crema",
        "place": "Ambulatorio 3",
        "starts_at": THURSDAY.isoformat(),
        "minutes": 60,
        "gender_wished": "woman",
        "case": scene.case.id,
    }
    headers = {**scene.headers["hospital"], "Idempotency-Key": "once"}
    first = await http.post("/api/v1/mediation-requests", json=wanted, headers=headers)
    again = await http.post("/api/v1/mediation-requests", json=wanted, headers=headers)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    path = f"/api/v1/mediation-requests/{first.json()['id']}"
    hidden = await http.get(path, headers=scene.headers["Aisha"])
    assert hidden.status_code == 404
    hours = {"organisation": scene.asking.organisation_id, "year": 2026, "quarters": 40}
    kept = await http.put("/api/v1/mediation-hours", json=hours, headers=scene.headers["coordinator"])
    assert kept.json()["left"] == 40
    approved = await http.post(f"{path}/approval", json={}, headers=scene.headers["coordinator"])
    assert (approved.json()["state"], approved.json()["case"]) == ("approved", None)
    return str(first.json()["id"])


async def offered(http: httpx.AsyncClient, scene: Scene, request: str) -> dict[str, str]:
    path, headers = f"/api/v1/mediation-requests/{request}", scene.headers["coordinator"]
    found = (await http.get(f"{path}/candidates", headers=headers)).json()["items"]
    assert [(each["mediator"]["name"], each["hindrances"]) for each in found][2:] == [("Dilawar", ["gender"])]
    fitting = [each["mediator"]["id"] for each in found if each["fits"]]
    made = await http.post(f"{path}/offers", json={"mediators": fitting}, headers=headers)
    return {each["mediator"]["name"]: each["id"] for each in made.json()["items"]}


def mails(session: Session) -> list[str]:
    """Return the names of those who have mail."""
    session.expire_all()
    people = {each.email: each.name for each in session.scalars(select(Staff))}
    found = sorted(people[each.recipient] for each in session.scalars(select(Mail)))
    session.commit()
    return found


def everybody_is_reminded_once(session: Session, database: Database, clock: FrozenClock) -> tuple[int, int]:
    """Return how many mails and messages in the chat came of the two reminders."""
    before = len(mails(session))
    for moment in (THURSDAY - timedelta(hours=16), THURSDAY - timedelta(hours=2)):
        clock.advance(seconds=(moment - clock()).total_seconds())
        for _ in range(2):
            say_reminders(database, SAYERS, clock, tellers(BASE))
    session.expire_all()
    said = session.scalars(select(Message.text).where(Message.author == "system").order_by(Message.seq)).all()
    session.commit()
    assert all("اردو" in each and "Ambulatorio 3" in each for each in said)
    return len(mails(session)) - before, len(said)


async def the_report_is_in_the_case(http: httpx.AsyncClient, scene: Scene) -> None:
    path, headers = f"/api/v1/cases/{scene.case.id}", scene.headers["hospital"]
    notes = (await http.get(f"{path}/notes", headers=headers)).json()["items"]
    assert {(each["kind"], each["text"]) for each in notes} == {
        (NoteKind.SHARED, "Visita spiegata."),
        (NoteKind.CULTURAL, "Digiuna."),
    }
    events = (await http.get(f"{path}/events", headers=headers)).json()["items"]
    told = [(each["kind"], each["after"]) for each in events if each["kind"].startswith("mediation")]
    assert told == [
        ("mediation_changed", "requested"),
        ("mediation_changed", "approved"),
        ("mediation_changed", "assigned"),
        ("mediation_changed", "done"),
        ("mediation_confirmed", "1:45"),
    ]
    left = (await http.get("/api/v1/mediation-hours?year=2026", headers=headers)).json()["items"]
    assert [each["left"] for each in left] == [33]
