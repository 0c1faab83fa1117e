"""The steps of a share, and what opens and closes with them."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.case.parts import sees_restricted, visible_parts
from backoffice.consent.service import record_withdrawn
from backoffice.database import Database
from backoffice.referral.access import who_sees
from backoffice.referral.break_glass import open_in_need
from backoffice.referral.home import read_news
from backoffice.referral.jobs import settle_shares
from backoffice.referral.service import offer_case
from backoffice.sharing.errors import ConsentMissing, PeriodInvalid, ReceiverUnknown, ShareIncomplete
from backoffice.sharing.models import BreakGlassReason, Share, ShareGround, ShareKind, ShareState
from backoffice.sharing.parts import CasePart
from backoffice.sharing.service import accept_share, revoke_for_consent
from backoffice.sharing.working_days import working_days_after
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW, create_staff, sign_in
from tests.backoffice.sharing.conftest import INNER, NAME, OPEN, Bodies
from tests.backoffice.sharing.shares import an_offer, create_share, give_consent


def path(bodies: Bodies, tail: str = "") -> str:
    return f"/api/v1/cases/{bodies.case.id}{tail}"


async def status(http: httpx.AsyncClient, bodies: Bodies) -> int:
    return (await http.get(path(bodies), headers=bodies.by_worker)).status_code


async def test_a_share_is_offered_accepted_and_revoked_over_the_api(
    http: httpx.AsyncClient, bodies: Bodies
) -> None:
    offer = {
        "organisation": bodies.partner.id,
        "parts": ["person", "notes"],
        "purpose": "trovare casa",
        "ground": "law",
        "ground_words": "art. 403 del codice civile",
        "until": "2027-01-31T00:00:00Z",
    }
    headers = {**bodies.by_owner, "Idempotency-Key": "k"}
    made = await http.post(path(bodies, "/shares"), json=offer, headers=headers)
    again = await http.post(path(bodies, "/shares"), json=offer, headers=headers)
    assert (made.status_code, made.json()) == (201, again.json())
    share = f"/api/v1/shares/{made.json()['id']}"
    assert await status(http, bodies) == 404
    offered = (await http.get(share, headers=bodies.by_worker)).json()
    assert offered["case"] == {"id": None, "number": None, "type": "housing"}
    assert (offered["state"], offered["parts"]) == ("offered", ["summary", "person", "notes"])
    assert (await http.post(f"{share}/accept", headers=bodies.by_outsider)).status_code == 404
    assert (await http.post(f"{share}/accept", headers=bodies.by_owner)).status_code == 404
    assert (await http.post(f"{share}/accept", headers=bodies.by_worker)).json()["state"] == "accepted"
    assert await status(http, bodies) == 200
    assert (await http.post(f"{share}/accept", headers=bodies.by_worker)).status_code == 409
    assert (await http.post(f"{share}/revoke", json={}, headers=bodies.by_worker)).status_code == 404
    revoked = await http.post(f"{share}/revoke", json={"words": "non serve più"}, headers=bodies.by_owner)
    assert revoked.json()["state"] == "revoked"
    assert await status(http, bodies) == 404
    seen = (await http.get(share, headers=bodies.by_worker)).json()
    assert (seen["purpose"], seen["outcome"]) == (None, "non serve più")


async def test_a_partner_sees_what_was_given_and_the_same_keys(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    own = (await http.get(path(bodies), headers=bodies.by_owner)).json()
    create_share(
        session,
        bodies.case,
        an_offer(bodies.partner, CasePart.NOTES),
        by=bodies.owner,
        accepted_by=bodies.worker,
    )
    seen = (await http.get(path(bodies), headers=bodies.by_worker)).json()
    assert seen.keys() == own.keys()
    assert seen["person"] == {**dict.fromkeys(own["person"]), "id": "", "languages": []}
    hidden: dict[str, object] = {"language": "", "needs": [], "intake": {}, "conversation": None}
    assert {name: seen[name] for name in hidden} == hidden
    assert (seen["number"], seen["municipality"]) == (bodies.case.number, "Crema")
    assert (await http.get("/api/v1/persons", headers=bodies.by_worker)).json()["items"] == []
    assert (await http.get(path(bodies, "/events"), headers=bodies.by_worker)).json()["items"] == []
    assert (await http.get("/api/v1/consents", headers=bodies.by_worker)).json()["items"] == []
    person = f"/api/v1/persons/{bodies.case.person_id}"
    assert (await http.get(person, headers=bodies.by_worker)).status_code == 404
    create_share(
        session,
        bodies.case,
        an_offer(bodies.partner, CasePart.PERSON),
        by=bodies.owner,
        accepted_by=bodies.worker,
    )
    assert (await http.get(path(bodies), headers=bodies.by_worker)).json()["person"]["name"] == NAME
    assert (await http.get(person, headers=bodies.by_worker)).status_code == 200


async def test_notes_of_two_bodies_stay_apart_and_stay_with_their_writers(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    share = create_share(
        session,
        bodies.case,
        an_offer(bodies.partner, CasePart.NOTES),
        by=bodies.owner,
        accepted_by=bodies.worker,
    )
    for kind in ("internal", "shared"):
        note = {"kind": kind, "text": f"ponte {kind}"}
        added = await http.post(path(bodies, "/notes"), json=note, headers=bodies.by_worker)
        assert added.status_code == 201

    async def texts(headers: dict[str, str]) -> set[str]:
        items = (await http.get(path(bodies, "/notes"), headers=headers)).json()["items"]
        return {item["text"] for item in items}

    assert await texts(bodies.by_worker) == {OPEN, "ponte internal", "ponte shared"}
    assert await texts(bodies.by_owner) == {INNER, OPEN, "ponte shared"}
    await http.post(f"/api/v1/shares/{share.id}/revoke", json={}, headers=bodies.by_owner)
    assert (await http.get(path(bodies, "/notes"), headers=bodies.by_worker)).status_code == 404
    kept = (await http.get("/api/v1/contributions", headers=bodies.by_worker)).json()["items"]
    assert {(item["number"], item["text"]) for item in kept} == {
        (bodies.case.number, "ponte internal"),
        (bodies.case.number, "ponte shared"),
    }
    for others in (bodies.by_owner, bodies.by_outsider):
        assert (await http.get("/api/v1/contributions", headers=others)).json()["items"] == []


@pytest.mark.parametrize("roles", [{Role.MEDIATOR}, {Role.CARE_DESK}, {Role.PLANNER}, {Role.AUDITOR}])
def test_within_the_partner_only_those_who_work_on_such_cases_see_it(
    session: Session, bodies: Bodies, roles: set[Role]
) -> None:
    create_share(session, bodies.case, an_offer(bodies.partner), by=bodies.owner, accepted_by=bodies.worker)
    other = create_staff(session, roles=frozenset(roles), organisation=bodies.partner)
    desk = create_staff(session, roles=frozenset({Role.HOUSING_DESK}), organisation=bodies.partner)
    seen = {access.staff.id for access in who_sees(session, bodies.case, now=NOW)}
    assert {bodies.worker.id, desk.id} <= seen
    assert other.id not in seen


async def test_a_share_ends_at_its_minute_without_any_job(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, clock: FrozenClock, database: Database
) -> None:
    share = create_share(
        session,
        bodies.case,
        an_offer(bodies.partner, days=1 / 48),
        by=bodies.owner,
        accepted_by=bodies.worker,
    )
    clock.advance(minutes=29)
    assert await status(http, bodies) == 200
    clock.advance(minutes=1)
    assert await status(http, bodies) == 404
    seen = await http.get(f"/api/v1/shares/{share.id}", headers=bodies.by_owner)
    assert seen.json()["state"] == "expired"
    assert settle_shares(database, clock) == 1
    assert settle_shares(database, clock) == 0
    session.expire_all()
    assert session.get_one(Share, share.id).state is ShareState.EXPIRED


def test_an_offer_that_nobody_answers_is_an_alarm_told_once(
    session: Session, bodies: Bodies, clock: FrozenClock, database: Database
) -> None:
    coordinator = create_staff(session, roles=frozenset({Role.COORDINATOR}), organisation=bodies.partner)
    share = create_share(session, bodies.case, an_offer(bodies.partner), by=bodies.owner)
    assert settle_shares(database, clock) == 0
    late = clock.advance(days=7)
    assert settle_shares(database, clock) == 1
    assert settle_shares(database, clock) == 0
    told = select(AuditEntry).where(AuditEntry.action == "share.unanswered")
    assert [entry.subject_id for entry in session.scalars(told)] == [bodies.case.id]
    assert [each.id for each in read_news(session, bodies.owner, now=late).unanswered.shares] == [share.id]
    here = read_news(session, coordinator, now=late).unanswered_here
    assert here is not None
    assert [each.id for each in here.shares] == [share.id]
    assert read_news(session, bodies.worker, now=late).unanswered_here is None
    assert [each.id for each in read_news(session, bodies.worker, now=late).offers.shares] == [share.id]


@pytest.mark.parametrize(("day", "days"), [(2, 7), (4, 7), (5, 6), (6, 5)])  # Wednesday, Friday, the weekend
def test_five_working_days_leave_the_weekend_out(day: int, days: int) -> None:
    moment = datetime(2026, 12, day, 10, 0, tzinfo=NOW.tzinfo)
    assert working_days_after(moment, 5) == moment + timedelta(days=days)


def test_consent_has_to_be_given_for_that_body_and_its_withdrawal_ends_the_share_at_once(
    session: Session, bodies: Bodies
) -> None:
    offer = an_offer(bodies.partner, CasePart.PERSON, ground=ShareGround.CONSENT)
    give_consent(session, bodies.case, bodies.stranger)
    with pytest.raises(ConsentMissing):
        offer_case(session, bodies.case, offer, by=bodies.owner.id, now=NOW)
    given = give_consent(session, bodies.case, bodies.partner)
    share = create_share(session, bodies.case, offer, by=bodies.owner, accepted_by=bodies.worker)
    waiting = create_share(session, bodies.case, offer, by=bodies.owner)
    assert share.consent_id == given.id
    later = NOW + timedelta(minutes=1)
    record_withdrawn(session, given, by="service", now=later)
    with pytest.raises(ConsentMissing):
        accept_share(session, waiting, person_id=bodies.case.person_id, by=bodies.worker.id, now=later)
    assert revoke_for_consent(session, given.id, by="service", now=later) == 2
    assert (share.state, waiting.state) == (ShareState.REVOKED, ShareState.REVOKED)
    assert bodies.worker.id not in {each.staff.id for each in who_sees(session, bodies.case, now=later)}
    with pytest.raises(ConsentMissing):
        offer_case(session, bodies.case, offer, by=bodies.owner.id, now=later)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"purpose": "  "}, ShareIncomplete),
        ({"parts": frozenset()}, ShareIncomplete),
        ({"ground_words": "legge"}, ShareIncomplete),
        ({"kind": ShareKind.REFERRAL}, ShareIncomplete),
        ({"until": NOW}, PeriodInvalid),
        ({"until": NOW + timedelta(days=800)}, PeriodInvalid),
        ({"organisation_id": "nobody"}, ReceiverUnknown),
    ],
)
def test_an_offer_that_lacks_something_is_refused(
    session: Session, bodies: Bodies, changes: dict[str, object], error: type[Exception]
) -> None:
    offer = an_offer(bodies.partner)
    for name, value in changes.items():
        object.__setattr__(offer, name, value)
    with pytest.raises(error):
        offer_case(session, bodies.case, offer, by=bodies.owner.id, now=NOW)


async def test_a_referral_ends_with_its_outcome_and_a_rejection_with_its_reason(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    offer = an_offer(bodies.partner, kind=ShareKind.REFERRAL)
    first = create_share(session, bodies.case, offer, by=bodies.owner, accepted_by=bodies.worker)
    second = create_share(session, bodies.case, offer, by=bodies.owner)
    for share, step in ((first, "done"), (second, "reject")):
        url = f"/api/v1/shares/{share.id}/{step}"
        assert (await http.post(url, json={"words": " "}, headers=bodies.by_worker)).status_code == 422
        assert (await http.post(url, json={"words": "fatto"}, headers=bodies.by_worker)).status_code == 200
    assert await status(http, bodies) == 404
    sent = (await http.get("/api/v1/shares?box=sent", headers=bodies.by_owner)).json()["items"]
    assert [(each["state"], each["outcome"], each["answer_words"]) for each in sent] == [
        ("rejected", None, "fatto"),
        ("done", "fatto", None),
    ]


async def test_who_sees_a_case_is_exactly_who_can_read_it(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    create_share(session, bodies.case, an_offer(bodies.partner), by=bodies.owner, accepted_by=bodies.worker)
    people = [
        create_staff(session, name=role.value, roles=frozenset({role}), organisation=organisation)
        for role in Role
        for organisation in (None, bodies.partner, bodies.stranger)
    ]
    listed = {access.staff.id for access in who_sees(session, bodies.case, now=NOW)}
    headers = {staff.id: sign_in(session, staff) for staff in people}
    session.commit()
    for staff in people:
        answer = await http.get(path(bodies), headers=headers[staff.id])
        assert (answer.status_code == 200) == (staff.id in listed), (staff.name, answer.status_code)
    shown = (await http.get(path(bodies, "/access"), headers=bodies.by_owner)).json()
    assert {each["staff"]["id"] for each in shown["access"]} == listed
    assert all(each["reasons"] for each in shown["access"])
    assert len(shown["looks"]) == len(listed & set(headers))


async def test_another_case_of_the_same_person_is_not_shared_along(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    person = bodies.case.person
    other = create_case(session, person=person)
    create_share(session, bodies.case, an_offer(bodies.partner), by=bodies.owner, accepted_by=bodies.worker)
    listed = (await http.get("/api/v1/cases", headers=bodies.by_worker)).json()["items"]
    assert [item["id"] for item in listed] == [bodies.case.id]
    assert (await http.get(f"/api/v1/cases/{other.id}", headers=bodies.by_worker)).status_code == 404
    assert session.scalar(select(Case.id).where(Case.id == other.id))


def test_what_is_restricted_is_given_apart_and_never_by_an_opening_in_need(
    session: Session, bodies: Bodies
) -> None:
    case, worker = bodies.case, bodies.worker
    create_share(session, case, an_offer(bodies.partner), by=bodies.owner, accepted_by=worker)
    opened = open_in_need(
        session,
        bodies.outsider,
        case.number,
        reason=BreakGlassReason.VIOLENCE,
        words="La signora è stata cacciata di casa questa notte",
        now=NOW,
    )
    assert opened is case
    assert visible_parts(session, bodies.outsider, case, now=NOW) == frozenset(CasePart)
    for staff, sees in ((bodies.owner, True), (worker, False), (bodies.outsider, False)):
        assert sees_restricted(session, staff, case, now=NOW) is sees
    offer = an_offer(bodies.partner)
    object.__setattr__(offer, "restricted", True)
    create_share(session, case, offer, by=bodies.owner, accepted_by=worker)
    assert sees_restricted(session, worker, case, now=NOW)
