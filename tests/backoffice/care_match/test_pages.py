"""The pages and the API of requests and matches, and the page that a family opens from a mail."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_match.candidates import fitting_requests
from backoffice.care_match.models import CareMatch, CareMatchState, CareSide
from backoffice.care_match.offers import note_answer, offer, show_family
from backoffice.care_request.models import CareRequest, RefusedCareWish, RequestState
from backoffice.care_request.wishes import clear_wishes
from backoffice.case.models import Case
from backoffice.case.permissions import is_own_readable
from backoffice.family_link.service import LASTS, send_link
from backoffice.mail.models import Mail
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_staff, sign_in
from tests.backoffice.pages.browser import Browser, give_password
from translations.languages import SUPPORTED

API = "/api/v1"
BASE = "http://backoffice"


@pytest.fixture
def desk(session: Session) -> Staff:
    return create_staff(session, roles=frozenset({Role.CARE_DESK, Role.COORDINATOR}))


async def signed_in(session: Session, http: httpx.AsyncClient, staff: Staff) -> Browser:
    give_password(session, staff)
    session.commit()
    browser = Browser(http)
    await browser.sign_in(staff)
    return browser


async def test_the_api_proposes_whom_it_says_fits_and_takes_the_match_to_a_trial(
    http: httpx.AsyncClient, session: Session, desk: Staff
) -> None:
    family, worker = create_request(session), create_worker(session)
    create_worker(session, schedules=["hourly"])
    headers = sign_in(session, desk)
    session.commit()
    [listed] = (await http.get(f"{API}/care-requests", headers=headers)).json()["items"]
    assert listed["case"]["id"] == family.id
    path = f"{API}/care-requests/{family.id}/workers"
    [fit] = (await http.get(path, headers=headers)).json()["items"]
    assert (fit["worker"]["id"], fit["fits"], fit["obstacles"]) == (worker.id, True, [])
    body = {"request": family.id, "worker": worker.id}
    key = {**headers, "Idempotency-Key": "once"}
    made = [(await http.post(f"{API}/care-matches", json=body, headers=key)).json() for _ in range(2)]
    assert made[0] == made[1]
    moves = f"{API}/care-matches/{made[0]['id']}/moves"
    acts = (
        {"act": "offer", "pay_eur": "1200.50"},
        {"act": "answer", "side": "worker", "says": "yes"},
        {"act": "show"},
        {"act": "answer", "side": "family", "says": "yes"},
        {"act": "interview", "at": (NOW + timedelta(days=2)).isoformat(), "place": "Sportello"},
        {"act": "trial", "from_on": "2026-12-10", "until_on": "2026-12-20"},
    )
    states = []
    for act in acts:
        answer = await http.post(moves, json=act, headers=headers)
        assert answer.status_code == 200, answer.text
        states.append(answer.json()["state"])
    assert states == [
        "worker_informed", "worker_informed", "family_informed", "both_interested", "interview", "trial",
    ]  # fmt: skip
    request = await http.get(f"{API}/care-requests/{family.id}", headers=headers)
    assert request.json()["state"] == "trial"
    late = await http.post(moves, json={"act": "interview", "at": NOW.isoformat()}, headers=headers)
    assert late.status_code == 409


async def test_the_api_says_what_fits_a_worker_and_names_nobody(
    http: httpx.AsyncClient, session: Session, desk: Staff
) -> None:
    create_request(session, schedules=["nights"])
    family, worker = create_request(session), create_worker(session)
    headers = sign_in(session, desk)
    session.commit()
    answer = await http.get(f"{API}/care-workers/{worker.id}/requests", headers=headers)
    assert [each["request"]["id"] for each in answer.json()["items"]] == [family.id]
    assert "Олена" not in answer.text
    [pair] = fitting_requests(session, worker, is_own_readable(desk), now=NOW)
    assert pair.request.id == family.id


async def test_weights_are_a_coordinator_s_and_change_the_order(
    http: httpx.AsyncClient, session: Session, desk: Staff
) -> None:
    family = create_request(session, languages=["ar"])
    old = create_worker(session, years_experience=20)
    arabic = create_worker(session, years_experience=0, languages=["ar"])
    other = create_staff(session, roles=frozenset({Role.CARE_DESK}))
    headers, of_other = sign_in(session, desk), sign_in(session, other)
    session.commit()
    path, nothing = f"{API}/care-requests/{family.id}/workers", dict.fromkeys(("skill", "experience"), 0)

    async def order() -> list[str]:
        fits = (await http.get(path, headers=headers)).json()["items"]
        return [fit["worker"]["id"] for fit in fits]

    before = await order()
    wanted = {"weights": {**nothing, "language": 10}, "version": 0}
    assert (await http.put(f"{API}/care-weights", json=wanted, headers=of_other)).status_code == 404
    assert (await http.put(f"{API}/care-weights", json=wanted, headers=headers)).json()["version"] == 1
    assert (await http.put(f"{API}/care-weights", json=wanted, headers=headers)).status_code == 409
    wrong = {"weights": {"religion": 5}, "version": 1}
    assert (await http.put(f"{API}/care-weights", json=wrong, headers=headers)).status_code == 422
    assert (before, await order()) == ([old.id, arabic.id], [arabic.id, old.id])


async def test_the_page_of_a_request_shows_who_fits_and_who_does_not_and_why(
    http: httpx.AsyncClient, session: Session, desk: Staff
) -> None:
    family = create_request(session)
    create_worker(session)
    create_worker(session, schedules=["hourly"])
    browser = await signed_in(session, http, desk)
    shown = (await browser.get(f"/care/requests/{family.id}")).text
    assert "Non lavora così" in shown
    assert "parla bene italiano" in shown
    listed = (await browser.get("/care/requests?town=Crema")).text
    assert f"/care/requests/{family.id}" in listed
    assert "Nessuna richiesta" in (await browser.get("/care/requests?town=Pandino")).text


async def test_a_wish_that_the_law_forbids_is_refused_and_counted_and_its_words_are_not_kept(
    http: httpx.AsyncClient, session: Session, desk: Staff
) -> None:
    family = create_request(session)
    browser = await signed_in(session, http, desk)
    words = "Preferiamo la sera. No stranieri, per favore."
    answer = await browser.post(f"/care/requests/{family.id}", note=words, municipality="Crema")
    assert answer.status_code == 422
    assert "Preferiamo la sera" not in answer.text
    session.expire_all()
    [wish] = session.scalars(select(RefusedCareWish)).all()
    assert (wish.case_id, session.get_one(Case, family.id).intake["note"]) == (family.id, None)


def test_a_wish_in_the_words_of_the_chat_is_taken_out_when_the_request_begins(session: Session) -> None:
    family = create_request(session, note="Non stranieri, grazie")
    assert clear_wishes(session, family, by="service", now=NOW)
    assert family.intake["note"] is None
    assert not clear_wishes(session, create_request(session, note="La sera."), by="service", now=NOW)


async def test_a_form_has_no_field_for_what_the_law_forbids(
    http: httpx.AsyncClient, session: Session, desk: Staff
) -> None:
    family = create_request(session)
    browser = await signed_in(session, http, desk)
    page = (await browser.get(f"/care/requests/{family.id}")).text
    fields = set(re.findall(r'name="(\w+)"', page))
    assert "note" in fields
    assert not fields & {"nationality", "religion", "age", "skin", "origin", "citizenship"}


def shown_to_family(session: Session, *, language: str = "it") -> CareMatch:
    """Bring a match of a family without a chat to where its profile is shown."""
    family = create_request(session)
    family.language = language
    session.get_one(CareRequest, family.id).email = "family@example.org"
    match = create_care_match(session, request=family)
    yes = {"is_yes": True, "reason": None, "words": None, "by": "service", "now": NOW}
    offer(session, match, None, by="service", now=NOW)
    note_answer(session, match, CareSide.WORKER, **yes)  # type: ignore[arg-type]
    show_family(session, match, by="service", now=NOW)
    return match


def link_of(session: Session, match: CareMatch) -> str:
    known = set(session.scalars(select(Mail.id)))
    request = session.get_one(CareRequest, match.request_id)
    send_link(session, request, base_url=BASE, by="service", now=NOW)
    session.flush()
    mail = next(each for each in session.scalars(select(Mail)) if each.id not in known)
    found = re.search(r"/family/(\S+)", mail.body)
    assert found is not None
    session.commit()
    return f"/family/{found.group(1)}"


async def answer_link(http: httpx.AsyncClient, path: str, match: CareMatch, says: str) -> httpx.Response:
    page = (await http.get(path)).text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return await http.post(f"{path}/answer", data={"csrf": found.group(1), "match": match.id, "says": says})


@pytest.mark.parametrize("language", SUPPORTED)
async def test_the_family_reads_profiles_without_a_name_in_its_language(
    session: Session, http: httpx.AsyncClient, language: str
) -> None:
    match = shown_to_family(session, language=language)
    page = await http.get(link_of(session, match))
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert "Олена" not in page.text
    assert "{" not in re.sub(r"<[^>]+>", "", page.text)


async def test_a_yes_by_the_link_makes_both_interested_once(
    session: Session, http: httpx.AsyncClient
) -> None:
    match = shown_to_family(session)
    path = link_of(session, match)
    assert (await answer_link(http, path, match, "meet")).status_code == 303
    session.expire_all()
    assert session.get_one(CareMatch, match.id).state is CareMatchState.BOTH_INTERESTED
    page = (await http.get(path)).text
    assert "Hai detto sì" in page
    assert 'name="says"' not in page


async def test_a_no_by_the_link_has_its_reason_and_others_are_not_offered(
    session: Session, http: httpx.AsyncClient
) -> None:
    match = shown_to_family(session)
    path = link_of(session, match)
    assert (await answer_link(http, path, match, "unlawful_wish")).status_code == 409
    assert (await answer_link(http, path, match, "experience")).status_code == 303
    session.expire_all()
    assert session.get_one(CareMatch, match.id).refusal == "experience"
    assert "niente a cui rispondere" in (await http.get(path)).text


async def test_a_link_ends_after_two_weeks_and_with_the_next_one_and_opens_no_other_request(
    session: Session, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    match, other = shown_to_family(session), shown_to_family(session)
    first, second = link_of(session, match), link_of(session, match)
    assert (await http.get(first)).status_code == 404
    assert (await answer_link(http, second, other, "meet")).status_code == 404
    forged = {"csrf": "x", "match": match.id, "says": "meet"}
    assert (await http.post(f"{second}/answer", data=forged)).status_code in (400, 403)
    clock.advance(days=LASTS.days)
    assert (await http.get(second)).status_code == 404


async def test_an_answer_waits_three_days_and_the_desk_finds_it(
    http: httpx.AsyncClient, session: Session, desk: Staff, clock: FrozenClock
) -> None:
    match = create_care_match(
        session, worker=create_worker(session, conversation=create_conversation(session))
    )
    offer(session, match, None, by="service", now=NOW)
    headers = sign_in(session, desk)
    session.commit()
    path = f"{API}/care-requests"
    assert (await http.get(path, params={"waits": True}, headers=headers)).json()["items"] == []
    headers = sign_in(session, desk, now=clock.advance(days=3))
    session.commit()
    [waits] = (await http.get(path, params={"waits": True}, headers=headers)).json()["items"]
    assert (waits["case"]["id"], waits["state"]) == (match.request_id, RequestState.MATCHING)
