"""Signing in, the floor, and answers that were stored: attacks 9, 13, 19, 22, 23 and 48."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.number import ALPHABET, new_number, parse_number
from backoffice.client.schemas import HandoffRequest, WaitingReason
from backoffice.conversation.models import Conversation
from backoffice.database import Database
from backoffice.handoff.queue import request_handoff
from backoffice.handoff.service import expire_holders
from backoffice.staff import passwords
from backoffice.staff.models import SignInFailure, Staff
from backoffice.staff.roles import Role
from backoffice.staff.service import check_credentials, record_failure
from tests.backoffice.databases import POSTGRES, FrozenClock
from tests.backoffice.factories import NOW, create_conversation, create_staff, send, sign_in
from tests.backoffice.pages.browser import PASSWORD, give_password


async def try_to_sign_in(http: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await http.post("/api/v1/auth/token", data={"username": email, "password": password})


@pytest.fixture
def amina(session: Session) -> Staff:
    staff = create_staff(session)
    give_password(session, staff)
    session.commit()
    return staff


async def test_attack_9_guessing_slows_down_and_never_locks_for_good(
    http: httpx.AsyncClient, amina: Staff, clock: FrozenClock
) -> None:
    for guess in range(12):
        assert (await try_to_sign_in(http, amina.email, f"guess number {guess}")).status_code == 401
    assert (await try_to_sign_in(http, amina.email, PASSWORD)).status_code == 401
    clock.advance(minutes=16)
    assert (await try_to_sign_in(http, amina.email, PASSWORD)).status_code == 200


@pytest.mark.parametrize("backend", ["sqlite", POSTGRES])
def test_attack_9_failures_at_the_same_moment_all_count(database: Database) -> None:
    together = threading.Barrier(6)

    def fail() -> None:
        with database.read() as reading:
            attempt = check_credentials(
                reading, email="nobody@test.example", password="x", address="a", now=NOW
            )
        together.wait(timeout=20)
        with database.transaction() as session:
            record_failure(session, attempt, now=NOW)

    threads = [threading.Thread(target=fail) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.scalars(select(SignInFailure.failures)).all() == [6]


async def test_attack_9_a_burst_of_sign_ins_is_sent_away_and_takes_no_thread_of_the_chat(
    http: httpx.AsyncClient, amina: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        """Hashes only when the test lets it."""

        def __init__(self) -> None:
            self.go_on = threading.Event()

        def verify(self, _hash: str, _password: str) -> bool:
            return self.go_on.wait(timeout=20)

    slow = Slow()
    monkeypatch.setattr(passwords, "_HASHER", slow)
    burst = [asyncio.create_task(try_to_sign_in(http, f"{n}@test.example", "x")) for n in range(60)]
    answered: Counter[int] = Counter()
    async with asyncio.timeout(20):
        for done in asyncio.as_completed(burst):
            answer = await done
            answered[answer.status_code] += 1
            if answered[429] == 52 and not slow.go_on.is_set():
                assert answer.headers["retry-after"] == "2"
                assert (await http.get("/health")).status_code == 200
                slow.go_on.set()
    assert answered == {429: 52, 401: 8}


def test_attack_19_a_case_number_tells_nothing_of_others_and_cannot_be_counted_up() -> None:
    numbers = {new_number() for _ in range(2000)}
    assert len(numbers) == 2000
    assert len(ALPHABET) ** 8 > 10**12
    starts = Counter(number[0] for number in numbers)
    assert max(starts.values()) < 150  # of 2000 over 32 letters: about 62 each
    neighbours = [number[:-1] + letter for number in list(numbers)[:20] for letter in ALPHABET]
    assert sum(parse_number(each) is not None for each in neighbours) == 20


async def test_attack_22_of_two_who_claim_one_wins_and_a_stale_tab_cannot_send(
    http: httpx.AsyncClient, session: Session
) -> None:
    first, second = create_staff(session, name="Amina Rossi"), create_staff(session, name="Olena Petrenko")
    conversation = create_conversation(session)
    headers = [sign_in(session, staff) for staff in (first, second)]
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}"
    answers = await asyncio.gather(
        *(http.post(f"{path}/claim", json={"epoch": 1}, headers=each) for each in headers)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = headers[[answer.status_code for answer in answers].index(200)]
    loser = headers[[answer.status_code for answer in answers].index(409)]
    for who, epoch in ((winner, 1), (loser, 2), (winner, 99)):
        stale = await http.post(f"{path}/reply", json={"epoch": epoch, "text": "x"}, headers=who)
        assert stale.status_code == 409
    sent = await http.post(f"{path}/reply", json={"epoch": 2, "text": "eccomi"}, headers=winner)
    assert sent.status_code == 201


async def test_attack_23_who_is_disabled_loses_session_stream_and_floor(
    http: httpx.AsyncClient, database: Database, session: Session, clock: FrozenClock, amina: Staff
) -> None:
    conversation = create_conversation(session)
    session.commit()
    token = (await try_to_sign_in(http, amina.email, PASSWORD)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/conversations/{conversation.id}"
    assert (await http.post(f"{path}/claim", json={"epoch": 1}, headers=headers)).status_code == 200
    amina.active = False
    session.commit()
    for call in ("reply", "heartbeat", "release"):
        body = {"epoch": 2, **({"text": "x"} if call == "reply" else {})}
        assert (await http.post(f"{path}/{call}", json=body, headers=headers)).status_code == 401
    assert (await http.get("/live/events", headers=headers)).status_code == 401
    assert (await try_to_sign_in(http, amina.email, PASSWORD)).status_code == 401
    with database.transaction() as job:
        assert expire_holders(job, now=clock.advance(seconds=76)) == 1
    with database.read() as reading:
        assert reading.scalars(select(Conversation.mode)).one() == "waiting"


async def test_attack_48_a_stored_answer_is_for_its_own_caller_and_body_only(
    http: httpx.AsyncClient, session: Session
) -> None:
    amina, olena = create_staff(session), create_staff(session)
    conversation = create_conversation(session)
    mine, theirs = ({**sign_in(session, staff), "Idempotency-Key": "k"} for staff in (amina, olena))
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}"
    await http.post(f"{path}/claim", json={"epoch": 1}, headers={**mine, "Idempotency-Key": "c"})
    said = await http.post(f"{path}/reply", json={"epoch": 2, "text": "uno"}, headers=mine)
    again = await http.post(f"{path}/reply", json={"epoch": 2, "text": "uno"}, headers=mine)
    assert (said.status_code, again.json()) == (201, said.json())
    other_body = await http.post(f"{path}/reply", json={"epoch": 2, "text": "due"}, headers=mine)
    assert other_body.status_code == 409
    other_caller = await http.post(f"{path}/reply", json={"epoch": 2, "text": "uno"}, headers=theirs)
    assert other_caller.status_code == 409
    assert "uno" not in other_caller.text


async def test_attack_48_a_stored_answer_is_not_given_to_who_may_no_longer_see_it(
    http: httpx.AsyncClient, session: Session
) -> None:
    staff = create_staff(session)
    conversation = create_conversation(session)
    headers = {**sign_in(session, staff), "Idempotency-Key": "k"}
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}/claim"
    assert (await http.post(path, json={"epoch": 1}, headers=headers)).status_code == 200
    staff.roles = frozenset({Role.PLANNER})
    session.commit()
    assert (await http.post(path, json={"epoch": 1}, headers=headers)).status_code == 404


@pytest.mark.parametrize("backend", ["sqlite", POSTGRES])
async def test_attack_48_twins_at_the_same_moment_say_it_once(
    http: httpx.AsyncClient, session: Session
) -> None:
    staff = create_staff(session)
    conversation = create_conversation(session)
    headers = {**sign_in(session, staff), "Idempotency-Key": "k"}
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}"
    await http.post(f"{path}/claim", json={"epoch": 1}, headers={**headers, "Idempotency-Key": "c"})
    twins = await asyncio.gather(
        *(http.post(f"{path}/reply", json={"epoch": 2, "text": "uno"}, headers=headers) for _ in range(8))
    )
    assert {answer.status_code for answer in twins} == {201}
    assert len({answer.json()["id"] for answer in twins}) == 1


async def test_attack_17_what_the_person_reads_holds_nothing_that_is_for_staff(
    http: httpx.AsyncClient, session: Session
) -> None:
    staff = create_staff(session)
    conversation = create_conversation(session)
    headers = sign_in(session, staff)
    send(session, conversation)
    asked = HandoffRequest(reason=WaitingReason.ASKED, summary=["RISERVATO-1"])
    request_handoff(session, conversation.id, asked, turn_id=None, now=NOW)
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}"
    await http.post(f"{path}/claim", json={"epoch": 2}, headers=headers)
    released = {"epoch": 3, "summary": "RISERVATO-2"}
    assert (await http.post(f"{path}/release", json=released, headers=headers)).status_code == 200
    service = {"Authorization": "Bearer service-token-of-the-tests"}
    for what in ("", "/messages"):
        seen = await http.get(f"/api/v1/service/conversations/{conversation.id}{what}", headers=service)
        assert seen.status_code == 200
        assert "RISERVATO" not in seen.text
    assert "RISERVATO-2" in (await http.get(f"{path}/messages", headers=headers)).text
