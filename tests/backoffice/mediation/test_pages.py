"""The pages of mediation: for who asks, who mediates and who decides; what is refused and what is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.mediation.models import (
    MediationBudget,
    MediationConflict,
    MediationDecline,
    MediationOffer,
    MediationOfferState,
    MediationRefusal,
    MediationRequest,
    MediationState,
    MediatorProfile,
)
from backoffice.mediation.queries import roster_of
from backoffice.mediation.roster import set_budget
from backoffice.mediation.service import accept, approve, offer, refuse, report
from backoffice.staff.models import Gender, Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW, create_front_door, create_organisation, create_staff, sign_in
from tests.backoffice.mediation.mediations import create_asking, create_mediation

S = MediationState
HOUR = timedelta(hours=1)
FORM = {
    "language": "ar",
    "variety": "ar.egyptian",
    "setting": "health",
    "mode": "presence",
    "municipality": "Crema",
    "place": "Reparto, secondo piano",
    "when": "at",
    "day": "2026-12-10",
    "time": "10:00",
    "minutes": "60",
    "gender": "woman",
    "topic": "Esami",
    "contact": "Piera Prova, 0373 000 001",
}


def headers(session: Session, staff: Staff) -> dict[str, str]:
    made = {**sign_in(session, staff), "Accept-Language": "it"}
    session.commit()
    return made


def service(session: Session) -> Staff:
    """Make a person of a service that asks the front door."""
    create_front_door(session)
    return create_asking(session)


def coordinator(session: Session) -> Staff:
    return create_staff(session, name="Carla Prova", roles=frozenset({Role.COORDINATOR}))


def give_hours(session: Session, decides: Staff, asking_id: str, quarters: int) -> None:
    set_budget(
        session,
        organisation_id=decides.organisation_id,
        asking_id=asking_id,
        year=2026,
        quarters=quarters,
        by=decides.id,
        now=NOW,
    )


def mediator(session: Session, name: str = "Nadia Prova") -> Staff:
    return create_staff(session, name=name, languages=("ur", "it"), gender=Gender.WOMAN)


def offered(session: Session, request: MediationRequest, *people: Staff) -> list[MediationOffer]:
    mediators: list[tuple[str, list[str]]] = [(each.id, []) for each in people]
    return offer(session, request, mediators, until=NOW + 8 * HOUR, by=people[0].id, now=NOW)


def assigned(session: Session, request: MediationRequest, who: Staff) -> MediationRequest:
    (made,) = offered(session, request, who)
    return accept(session, made, now=NOW)


def reported(session: Session, request: MediationRequest) -> MediationRequest:
    report(
        session,
        assigned(session, request, mediator(session)),
        worked_quarters=5,
        travel_quarters=2,
        words="Tutto capito",
        follow_up_wanted=False,
        by="m",
        now=NOW,
    )
    return request


def fresh(session: Session, request: MediationRequest) -> MediationRequest:
    session.refresh(request)
    session.commit()
    return request


async def act(
    http: httpx.AsyncClient, made: MediationRequest, what: str, who: Mapping[str, str], **fields: str
) -> httpx.Response:
    data = {"version": str(made.version), **fields}
    return await http.post(f"/mediation/requests/{made.id}/{what}", data=data, headers=dict(who))


async def test_a_service_asks_and_finds_its_request_with_the_hours_left(
    session: Session, http: httpx.AsyncClient
) -> None:
    asking = service(session)
    decides = coordinator(session)
    give_hours(session, decides, asking.organisation_id, 40)
    who = headers(session, asking)
    empty = await http.get("/mediation/requests", headers=who)
    assert "Nessuna richiesta ancora" in empty.text
    assert "Ore rimaste nel 2026: 10:00 di 10:00." in empty.text
    made = await http.post("/mediation/requests/new", data=FORM, headers=who)
    assert made.status_code == 303
    row = session.scalars(select(MediationRequest)).one()
    assert (row.state, row.variety, row.gender_wished) == (S.REQUESTED, "egyptian", Gender.WOMAN)
    assert row.starts_at.isoformat() == "2026-12-10T09:00:00+00:00"
    session.commit()
    page = await http.get(made.headers["location"], headers=who)
    for told in ("Richiesta inviata.", "Egiziano", "10.12.2026, 10:00", "Ancora nessuno", "non costa ore"):
        assert told in page.text
    assert "Arabo (Egiziano)" in (await http.get("/mediation/requests?state=requested", headers=who)).text
    assert "Nessun risultato" in (await http.get("/mediation/requests?state=done", headers=who)).text


async def test_every_fault_of_a_form_is_told_at_its_field_and_what_was_typed_stays(
    session: Session, http: httpx.AsyncClient
) -> None:
    who = headers(session, service(session))
    bad = {**FORM, "language": "it", "day": "2026-11-01", "place": "", "topic": "parole <b>scritte</b>"}
    answer = await http.post("/mediation/requests/new", data=bad, headers=who)
    assert answer.status_code == 422
    for told in ("Scegli la lingua", "sono già passati", "serve il luogo", "parole &lt;b&gt;scritte"):
        assert told in answer.text
    assert answer.text.count('aria-invalid="true"') == 4  # day and time share their fault
    assert session.scalars(select(MediationRequest)).all() == []


async def test_a_draft_is_changed_and_sent_and_an_older_page_is_told_so(
    session: Session, http: httpx.AsyncClient
) -> None:
    who = headers(session, service(session))
    kept = await http.post("/mediation/requests/new", data={**FORM, "act": "draft"}, headers=who)
    path = kept.headers["location"].partition("?")[0]
    form = (await http.get(f"{path}/edit", headers=who)).text
    assert 'value="2026-12-10"' in form
    changed = {**FORM, "act": "draft", "version": "1", "place": "Pronto soccorso"}
    assert (await http.post(f"{path}/edit", data=changed, headers=who)).status_code == 303
    older = await http.post(f"{path}/edit", data={**changed, "place": "Altrove"}, headers=who)
    assert older.status_code == 409
    assert "nel frattempo" in older.text
    sent = await http.post(f"{path}/edit", data={**changed, "version": "2", "act": "send"}, headers=who)
    assert sent.status_code == 303
    row = session.scalars(select(MediationRequest)).one()
    assert (row.state, row.place) == (S.REQUESTED, "Pronto soccorso")
    session.commit()
    assert (await http.get(f"{path}/edit", headers=who)).status_code == 404


async def test_a_case_s_page_leads_to_a_request_for_it(session: Session, http: httpx.AsyncClient) -> None:
    asking = service(session)
    case = create_case(session, organisation=session.get_one(Organisation, asking.organisation_id))
    who = headers(session, asking)
    assert (
        f"/mediation/requests/new?case={case.id}" in (await http.get(f"/cases/{case.id}", headers=who)).text
    )
    form = await http.get(f"/mediation/requests/new?case={case.id}", headers=who)
    assert case.number in form.text
    made = await http.post("/mediation/requests/new", data={**FORM, "case": case.id}, headers=who)
    assert case.number in (await http.get(made.headers["location"], headers=who)).text
    others = headers(session, service(session))
    refused = await http.post("/mediation/requests/new", data={**FORM, "case": case.id}, headers=others)
    assert refused.status_code == 404


async def test_calling_off_late_says_what_it_costs_and_costs_it(
    session: Session, http: httpx.AsyncClient
) -> None:
    asking = service(session)
    made = create_mediation(session, asking=asking, starts_at=NOW + 5 * HOUR, minutes=90)
    assigned(session, made, mediator(session))
    who = headers(session, asking)
    page = await http.get(f"/mediation/requests/{made.id}", headers=who)
    assert "1:30 ore saranno contate lo stesso" in page.text
    calendar = await http.get(f"/mediation/requests/{made.id}/calendar.ics", headers=who)
    assert "STATUS:CONFIRMED" in calendar.text
    assert (await act(http, made, "call-off", who)).status_code == 303
    row = fresh(session, made)
    assert (row.state, row.worked_quarters) == (S.CANCELLED_LATE, 6)
    calendar = await http.get(f"/mediation/requests/{made.id}/calendar.ics", headers=who)
    assert "STATUS:CANCELLED" in calendar.text


async def test_hours_are_disputed_with_words_and_settled(session: Session, http: httpx.AsyncClient) -> None:
    asking = service(session)
    made = reported(session, create_mediation(session, asking=asking, starts_at=NOW))
    who, decides = headers(session, asking), headers(session, coordinator(session))
    assert "Conferma 1:45 ore" in (await http.get(f"/mediation/requests/{made.id}", headers=who)).text
    silent = await act(http, made, "dispute", who, words=" ")
    assert silent.status_code == 422
    assert "Scrivi che cosa non è giusto" in silent.text
    assert (await act(http, made, "dispute", who, words="Era un'ora")).status_code == 303
    row = fresh(session, made)
    assert row.state is S.DISPUTED
    assert "Era un&#39;ora" in (await http.get(f"/mediation/requests/{made.id}", headers=decides)).text
    assert (await act(http, row, "settle", decides, worked="4")).status_code == 303
    row = fresh(session, made)
    assert (row.state, row.worked_quarters) == (S.CONFIRMED, 4)


async def test_a_coordinator_approves_beside_the_hours_left_and_beyond_only_when_ticked(
    session: Session, http: httpx.AsyncClient
) -> None:
    decides = coordinator(session)
    made = create_mediation(session, state=S.REQUESTED)
    give_hours(session, decides, made.asking_id, 2)
    who = headers(session, decides)
    waiting = (await http.get("/mediation/waiting", headers=who)).text
    assert "ore rimaste: 0:30 – non bastano" in waiting
    refused = await act(http, made, "approve", who)
    assert refused.status_code == 409
    assert "ne restano 0:30" in refused.text
    assert (await act(http, made, "approve", who, beyond="yes")).status_code == 303
    assert fresh(session, made).state is S.APPROVED
    older = await act(http, made, "refuse", who, version="1", reason="other")
    assert older.status_code == 409


async def test_a_refusal_needs_its_reason_and_the_service_reads_it(
    session: Session, http: httpx.AsyncClient
) -> None:
    asking, decides = service(session), coordinator(session)
    made = create_mediation(session, asking=asking, state=S.REQUESTED)
    who, reads = headers(session, decides), headers(session, asking)
    assert (await act(http, made, "refuse", who)).status_code == 422
    assert (await act(http, made, "refuse", who, reason="no_mediator")).status_code == 303
    page = await http.get(f"/mediation/requests/{made.id}", headers=reads)
    assert "Nessuna mediatrice o mediatore" in page.text


async def test_who_can_is_offered_it_with_reasons_and_who_cannot_is_shown_with_why(
    session: Session, http: httpx.AsyncClient
) -> None:
    made = create_mediation(session, gender_wished=Gender.WOMAN)
    nadia = mediator(session)
    omar = create_staff(session, name="Omar Prova", languages=("ur",), gender=Gender.MAN)
    who = headers(session, coordinator(session))
    page = (await http.get(f"/mediation/requests/{made.id}", headers=who)).text
    assert "Donna o uomo come desiderato" in page
    assert re.search(r"Omar Prova</bdi></strong>: Non è la persona desiderata", page)
    for nobody in ({}, {"mediator": omar.id}):
        answer = await act(http, made, "offer", who, **nobody)
        assert answer.status_code == 422
        assert "Scegli almeno una persona" in answer.text
    assert (await act(http, made, "offer", who, mediator=nadia.id, within="8")).status_code == 303
    (row,) = session.scalars(select(MediationOffer))
    assert (row.staff_id, row.until, row.reasons) == (nadia.id, NOW + 8 * HOUR, ["gender"])
    session.commit()
    assert "Può rispondere fino a" in (await http.get(f"/mediation/requests/{made.id}", headers=who)).text


async def test_a_request_until_a_day_is_offered_only_with_its_moment(
    session: Session, http: httpx.AsyncClient
) -> None:
    made = create_mediation(session, is_latest=True, starts_at=NOW + 5 * 24 * HOUR)
    nadia = mediator(session)
    who = headers(session, coordinator(session))
    answer = await act(http, made, "offer", who, mediator=nadia.id)
    assert answer.status_code == 409
    assert "Fissa prima giorno e ora" in answer.text
    assert (await act(http, made, "moment", who, day="x", time="10:00")).status_code == 422
    assert (await act(http, made, "moment", who, day="2026-12-04", time="10:00")).status_code == 303
    assert (await act(http, fresh(session, made), "offer", who, mediator=nadia.id)).status_code == 303


async def test_nobody_speaks_the_language_and_the_page_says_what_to_do(
    session: Session, http: httpx.AsyncClient
) -> None:
    made = create_mediation(session, language="zh")
    who = headers(session, coordinator(session))
    page = await http.get(f"/mediation/requests/{made.id}", headers=who)
    assert "Nessuno parla questa lingua: cinese" in page.text


async def test_one_accepts_and_the_other_sees_that_it_is_taken(
    session: Session, http: httpx.AsyncClient
) -> None:
    made = create_mediation(session, topic="Parole sulla visita")
    nadia, saima = mediator(session), mediator(session, "Saima Prova")
    first, second = offered(session, made, nadia, saima)
    one, other = headers(session, nadia), headers(session, saima)
    assert "Parole sulla visita" in (await http.get("/mediation/offers", headers=other)).text
    assert (await http.post(f"/mediation/offers/{first.id}/accept", headers=one)).status_code == 303
    late = await http.post(f"/mediation/offers/{second.id}/accept", headers=other)
    assert late.status_code == 409
    for told in ("Questa offerta non vale più.", "Presa da altri", "Nessuna offerta aspetta"):
        assert told in late.text
    strange = await http.post(f"/mediation/offers/{first.id}/accept", headers=other)
    assert strange.status_code == 404
    assert (await http.get(f"/mediation/requests/{made.id}", headers=other)).status_code == 404
    assert "In arrivo" in (await http.get("/mediation/mine", headers=one)).text


async def test_the_topic_of_a_confidential_request_is_not_in_its_offer(
    session: Session, http: httpx.AsyncClient
) -> None:
    made = create_mediation(session, topic="Parole riservate", place="Stanza 4", confidential=True)
    nadia = mediator(session)
    (offer_of_it,) = offered(session, made, nadia)
    who = headers(session, nadia)
    page = (await http.get("/mediation/offers", headers=who)).text
    assert "Parole riservate" not in page
    assert "richiesta è riservata" in page
    await http.post(f"/mediation/offers/{offer_of_it.id}/accept", headers=who)
    assert "Parole riservate" in (await http.get(f"/mediation/requests/{made.id}", headers=who)).text
    calendar = await http.get(f"/mediation/requests/{made.id}/calendar.ics", headers=who)
    assert "Stanza 4" not in calendar.text


async def test_who_declines_says_why_and_who_knows_the_person_is_asked_no_more(
    session: Session, http: httpx.AsyncClient
) -> None:
    asking = service(session)
    case = create_case(session, organisation=session.get_one(Organisation, asking.organisation_id))
    made = create_mediation(session, asking=asking, case_id=case.id)
    nadia = mediator(session)
    (row,) = offered(session, made, nadia)
    who, decides = headers(session, nadia), headers(session, coordinator(session))
    path = f"/mediation/offers/{row.id}/decline"
    assert (await http.post(path, headers=who)).status_code == 422
    assert (await http.post(path, data={"reason": "conflict"}, headers=who)).status_code == 303
    session.refresh(row)
    assert (row.state, row.because) == (MediationOfferState.DECLINED, MediationDecline.CONFLICT)
    assert session.get(MediationConflict, (case.id, nadia.id)) is not None
    session.commit()
    page = await http.get(f"/mediation/requests/{made.id}", headers=decides)
    assert "Conosco la persona o la sua famiglia" in page.text


async def test_a_mediator_reports_quarters_and_gives_back_what_they_cannot_do(
    session: Session, http: httpx.AsyncClient
) -> None:
    nadia = mediator(session)
    begun = assigned(session, create_mediation(session, starts_at=NOW), nadia)
    coming = assigned(session, create_mediation(session, starts_at=NOW + 30 * HOUR), nadia)
    who = headers(session, nadia)
    mine = (await http.get("/mediation/mine", headers=who)).text
    assert "Scrivi la relazione (1)" in mine
    assert (await act(http, begun, "report", who, worked="0", travel="1")).status_code == 422
    told = {"worked": "5", "travel": "2", "report": "Capito tutto", "follow_up": "yes"}
    assert (await act(http, begun, "report", who, **told)).status_code == 303
    row = fresh(session, begun)
    assert (row.state, row.worked_quarters, row.travel_quarters) == (S.DONE, 5, 2)
    back = await act(http, coming, "give-back", who)
    assert back.headers["location"].startswith("/mediation/mine")
    assert fresh(session, coming).state is S.APPROVED


async def test_either_side_says_who_did_not_come(session: Session, http: httpx.AsyncClient) -> None:
    asking = service(session)
    made = assigned(session, create_mediation(session, asking=asking, starts_at=NOW), mediator(session))
    who = headers(session, asking)
    assert (await act(http, made, "missing", who)).status_code == 422
    assert (await act(http, made, "missing", who, missing="mediator")).status_code == 303
    row = fresh(session, made)
    assert (row.state, row.worked_quarters) == (S.NO_SHOW, 0)


async def test_a_mediator_keeps_the_week_absences_and_profile(
    session: Session, http: httpx.AsyncClient
) -> None:
    nadia = create_staff(session, languages=("ar", "it"))
    who, base = headers(session, nadia), f"/mediation/mediators/{nadia.id}"
    assert (await http.get("/mediation/me", headers=who)).headers["location"] == base
    assert "Nessun turno scritto" in (await http.get(base, headers=who)).text
    overlapping = {"from_0": ["09:00", "11:00"], "to_0": ["12:00", "13:00"]}
    refused = await http.post(f"{base}/week", data=overlapping, headers=who)
    assert refused.status_code == 422
    assert refused.text.count('value="11:00"') == 1
    good = {"from_0": ["09:00", "14:00"], "to_0": ["12:00", "18:00"]}
    assert (await http.post(f"{base}/week", data=good, headers=who)).status_code == 303
    week = [(each.weekday, each.begins, each.ends) for each in roster_of(session, nadia.id)]
    assert week == [(0, time(9), time(12)), (0, time(14), time(18))]
    session.commit()
    wrong = {"from_on": "2026-12-20", "until_on": "2026-12-10"}
    assert (await http.post(f"{base}/absences", data=wrong, headers=who)).status_code == 422
    await http.post(f"{base}/absences", data={"from_on": "2026-12-20"}, headers=who)
    page = (await http.get(base, headers=who)).text
    assert "20.12.2026 – 20.12.2026" in page
    removal = re.search(rf"{base}/absences/\d+/remove", page)
    assert removal is not None
    assert (await http.post(removal.group(), headers=who)).status_code == 303
    facts = {
        "level_ar": "mother_tongue",
        "variety_ar": ["moroccan", "x"],
        "mode": "phone",
        "most_hours": "20",
    }
    assert (
        await http.post(f"{base}/profile", data={**facts, "version": "0"}, headers=who)
    ).status_code == 303
    older = await http.post(f"{base}/profile", data={**facts, "version": "0"}, headers=who)
    assert older.status_code == 409
    row = session.get_one(MediatorProfile, nadia.id)
    kept = (row.levels, row.varieties, row.modes, row.most_hours_month)
    assert kept == ({"ar": "mother_tongue"}, {"ar": ["moroccan"]}, ["phone"], 20)


async def test_a_coordinator_sets_hours_and_two_at_once_do_not_overwrite_each_other(
    session: Session, http: httpx.AsyncClient
) -> None:
    body = create_organisation(session, name="Scuola di prova")
    who = headers(session, coordinator(session))
    assert "Nessun servizio ha ore" in (await http.get("/mediation/hours", headers=who)).text
    form = {"body": body.id, "year": "2026", "version": "0", "hours": "30"}
    assert (await http.post("/mediation/hours", data=form, headers=who)).status_code == 303
    assert session.scalars(select(MediationBudget.quarters)).one() == 120
    session.commit()
    older = await http.post("/mediation/hours", data={**form, "hours": "10"}, headers=who)
    assert older.status_code == 409
    for bad in ({"hours": "dieci"}, {"body": "x"}):
        assert (await http.post("/mediation/hours", data={**form, **bad}, headers=who)).status_code == 422


async def test_the_list_of_mediators_is_narrowed_by_language(
    session: Session, http: httpx.AsyncClient
) -> None:
    who = headers(session, coordinator(session))
    assert "Nessuna mediatrice o mediatore" in (await http.get("/mediation/mediators", headers=who)).text
    mediator(session)
    create_staff(session, name="Amina Araba", languages=("ar",))
    session.commit()
    page = (await http.get("/mediation/mediators?language=ur", headers=who)).text
    assert "Nadia Prova" in page
    assert "Amina Araba" not in page


async def test_figures_of_a_quarter_hide_what_is_small(session: Session, http: httpx.AsyncClient) -> None:
    decides = coordinator(session)
    for number in range(11):
        language = "ur" if number < 6 else "ar"
        starts_at = NOW + number * HOUR
        town = "Crema" if number < 8 else "Pandino"
        made = create_mediation(
            session, state=S.REQUESTED, starts_at=starts_at, language=language, municipality=town
        )
        if number in (0, 6):
            refuse(session, made, MediationRefusal.NO_MEDIATOR, by=decides.id, now=NOW)
        else:
            approve(session, made, by=decides.id, now=NOW)
    who = headers(session, decides)
    page = (await http.get("/mediation/report?quarter=2026-4", headers=who)).text
    by_language = page[page.index('id="language-title"') : page.index('id="body-title"')]
    assert re.findall(r'data-label="Richieste">(\d+)', by_language) == ["6", "5"]
    towns = page[page.index('id="municipality-title"') : page.index('id="setting-title"')]
    assert "Pandino" in towns  # three, and so the eight of Crema are hidden too
    assert not re.findall(r'data-label="Richieste">\d+', towns)
    lack = page[page.index('id="lack-title"') : page.index('id="waiting-title"')]
    assert not re.findall(r'data-label="Richieste">\d+', lack)
    empty = (await http.get("/mediation/report?quarter=2026-1", headers=who)).text
    assert empty.count("Niente in questo trimestre.") == 6


@pytest.mark.parametrize(
    ("roles", "is_front_door", "leads_to"),
    [
        ({Role.COORDINATOR}, True, "/mediation/waiting"),
        ({Role.MEDIATOR}, True, "/mediation/offers"),
        ({Role.CASEWORKER}, True, "/mediation/requests"),
        ({Role.COORDINATOR}, False, "/mediation/requests"),
        ({Role.MEDIATOR}, False, None),
        ({Role.PLANNER}, True, None),
    ],
)
async def test_each_role_is_led_to_its_part(
    session: Session, http: httpx.AsyncClient, roles: set[Role], is_front_door: bool, leads_to: str | None
) -> None:
    body = None if is_front_door else create_organisation(session)
    who = headers(session, create_staff(session, roles=frozenset(roles), organisation=body))
    home = (await http.get("/", headers={**who, "Accept": "text/html"})).text
    assert ('href="/mediation"' in home) is (leads_to is not None)
    answer = await http.get("/mediation", headers=who)
    assert answer.headers.get("location") == leads_to
    assert answer.status_code == (303 if leads_to else 404)


async def test_long_lists_go_on(session: Session, http: httpx.AsyncClient) -> None:
    asking = service(session)
    for number in range(32):
        create_mediation(session, asking=asking, state=S.REQUESTED, starts_at=NOW + (number + 1) * HOUR)
    for who, path in ((asking, "/mediation/requests"), (coordinator(session), "/mediation/all")):
        signed = headers(session, who)
        page = (await http.get(path, headers=signed)).text
        following = re.search(rf'href="({path}\?cursor=[^"]+)"', page)
        assert page.count("row-link") == 30
        assert following is not None
        assert (await http.get(following.group(1), headers=signed)).text.count("row-link") == 2
        assert (await http.get(f"{path}?cursor=x", headers=signed)).status_code == 422
