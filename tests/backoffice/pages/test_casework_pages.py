from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.planning import ActionWords, add_action, add_goal, plan_check
from backoffice.case.service import assign_case
from backoffice.client.schemas import Phase
from backoffice.plan.queries import actions_of, checks_of, coworkers_of, goals_of, linked_to, progress_of
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, move_through
from tests.backoffice.document.documents import create_document
from tests.backoffice.factories import NOW, create_staff
from tests.backoffice.pages.browser import Browser, give_password, reread


@pytest.fixture
def case(session: Session, coordinator: Staff) -> Case:
    made = create_case(session, language="ar")
    session.commit()
    return made


@pytest.fixture
async def signed_in(window: Browser, coordinator: Staff) -> Browser:
    await window.sign_in(coordinator)
    return window


async def test_what_is_missing_is_told_before_a_step_with_where_it_is_mended(
    signed_in: Browser, case: Case
) -> None:
    html = await signed_in.read(f"/cases/{case.id}")
    assert "Per passare a &#34;Presa in carico&#34; manca ancora:" in html
    assert '<a href="#charge">Il consenso della persona' in html
    assert 'id="charge"' in html


async def test_a_whole_case_is_worked_on_from_its_page(
    signed_in: Browser, session: Session, coordinator: Staff, case: Case
) -> None:
    page = f"/cases/{case.id}"
    words = {"ground": "law", "ground_words": "Minore", "interviewed_on": "2026-12-01", "outcome": ""}
    await signed_in.post(f"{page}/charge", page=page, **words)
    await signed_in.post(f"{page}/move", page=page, to="taking_charge")
    await signed_in.post(f"{page}/assign", page=page, assignee=coordinator.id)
    await signed_in.post(f"{page}/plan/goals", page=page, words="Trovare casa", measure="Contratto")
    goal = goals_of(session, case.id)[0].id
    session.commit()
    new = {"words": "Visitare", "organisation": "", "operator": "", "due_on": "2026-12-01"}
    await signed_in.post(f"{page}/plan/goals/{goal}/actions", page=page, **new)
    await signed_in.post(f"{page}/move", page=page, to="planning")
    said = {"on": "2026-12-02", "language": "ar", "how": "oral", "mediator_present": "true"}
    await signed_in.post(f"{page}/plan/agreement", page=page, **said)
    await signed_in.post(f"{page}/move", page=page, to="delivery")
    action = actions_of(session, case.id)[0].id
    session.commit()
    html = await signed_in.read(page)
    assert "In ritardo: 01.12.2026" in html
    assert "Accordo del 02.12.2026, in arabo, a voce." in html
    done = {"state": "done", "outcome": "Vista", "due_on": "", "version": "1"}
    await signed_in.post(f"{page}/plan/actions/{action}", page=page, **done)
    stale = await signed_in.post(f"{page}/plan/actions/{action}", page=page, **{**done, "outcome": "No"})
    assert stale.status_code == 409
    assert "Tu hai scritto: «No». Un&#39;altra persona ha scritto intanto: «Vista»." in stale.text
    await signed_in.post(f"{page}/move", page=page, to="monitoring")
    check = checks_of(session, case.id)[0].id
    session.commit()
    await signed_in.post(f"{page}/plan/checks/{check}", page=page, outcome="Bene")
    await signed_in.post(f"{page}/review", page=page, words="È andata bene")
    await signed_in.post(f"{page}/move", page=page, to="closed", closing_reason="goal_reached")
    reread(session, case)
    assert case.phase is Phase.CLOSED
    assert "È andata bene" in await signed_in.read(page)


async def test_urgency_colleagues_and_links_are_set_from_the_page(
    signed_in: Browser, session: Session, case: Case
) -> None:
    sara = create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))
    other = create_case(session)
    session.commit()
    page = f"/cases/{case.id}"
    await signed_in.post(f"{page}/urgency", page=page, urgent="true")
    await signed_in.post(f"{page}/coworkers", page=page, staff_id=sara.id)
    await signed_in.post(f"{page}/links", page=page, number=other.number.lower().replace("-", " "))
    unknown = await signed_in.post(f"{page}/links", page=page, number="0000-0000-1")
    assert unknown.status_code == 404
    reread(session, case)
    assert (case.urgent, list(coworkers_of(session, case.id))) == (True, [sara.id])
    assert linked_to(session, case.id) == {other.id}
    session.commit()
    html = await signed_in.read(page)
    assert other.number in html
    await signed_in.post(f"{page}/coworkers/remove", page=page, staff_id=sara.id)
    assert list(coworkers_of(session, case.id)) == []
    session.commit()


async def test_the_plan_is_read_in_the_person_s_language_with_the_words_as_written(
    signed_in: Browser, session: Session, coordinator: Staff, case: Case
) -> None:
    goal = add_goal(session, case, "Trovare <b>casa</b>", measure=None, by=coordinator.id, now=NOW)
    add_action(session, case, goal.id, ActionWords("Visita"), by=coordinator.id, now=NOW)
    session.commit()
    html = await signed_in.read(f"/cases/{case.id}/plan")
    assert 'lang="ar" dir="rtl"' in html
    assert "الخطة التي نضعها معًا" in html
    assert "<bdi>Trovare &lt;b&gt;casa&lt;/b&gt;</bdi>" in html


async def test_the_timeline_is_narrowed_by_kind_author_and_day(
    signed_in: Browser, session: Session, coordinator: Staff, case: Case
) -> None:
    assign_case(session, case, coordinator, by=coordinator.id, now=NOW + timedelta(days=1))
    session.commit()
    page = f"/cases/{case.id}/timeline"
    opened, assigned = "Aperta da: ", "Responsabile: da Nessuno a Carlo Bianchi"
    for query, found in (
        ("", (True, True)),
        ("?kind=assigned", (False, True)),
        (f"?author={coordinator.id}", (False, True)),
        ("?since=2026-12-03", (False, True)),
        ("?until=2026-12-02", (True, False)),
        ("?since=never", (True, True)),
    ):
        html = await signed_in.read(page + query)
        assert (opened in html, assigned in html) == found, query


async def test_a_coordinator_sees_who_has_how_much_and_gives_cases_out(
    signed_in: Browser, session: Session, case: Case
) -> None:
    sara = create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))
    session.commit()
    page = "/cases/workload"
    assert case.number in await signed_in.read(page)
    await signed_in.post(f"/cases/{case.id}/workload", page=page, assignee=sara.id)
    reread(session, case)
    assert case.assignee_id == sara.id
    assert progress_of(session, case.id).accepted_at is None
    session.commit()
    html = await signed_in.read(page)
    assert case.number not in html
    assert '<td role="cell" data-label="Da accettare">1</td>' in html


async def test_only_a_coordinator_sees_the_workload(window: Browser, session: Session, case: Case) -> None:
    sara = create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))
    give_password(session, sara)
    session.commit()
    await window.sign_in(sara)
    assert (await window.get("/cases/workload")).status_code == 404


async def test_the_first_page_tells_what_is_late_and_what_expires(
    signed_in: Browser, session: Session, coordinator: Staff, case: Case
) -> None:
    goal = add_goal(session, case, "Casa", measure=None, by=coordinator.id, now=NOW)
    late = ActionWords("Visita", due_on=NOW.date() - timedelta(days=2))
    add_action(session, case, goal.id, late, by=coordinator.id, now=NOW)
    plan_check(session, case, NOW.date() - timedelta(days=1), by=coordinator.id, now=NOW)
    create_document(session, case, coordinator, expires_on=NOW.date() + timedelta(days=9))
    other = create_case(session)
    create_document(session, other, coordinator, expires_on=NOW.date() + timedelta(days=400))
    session.commit()
    html = await signed_in.read("/")
    assert "Azione da fare entro il 30.11.2026" in html
    assert "Verifica prevista il 01.12.2026" in html
    assert "Scade il 11.12.2026" in html
    assert f"/cases/{other.id}/documents" not in html


async def test_a_paper_is_added_and_removed_from_the_page_of_documents(
    signed_in: Browser, session: Session, coordinator: Staff, case: Case
) -> None:
    document = create_document(session, case, coordinator)
    session.commit()
    page = f"/cases/{case.id}/documents"
    assert "Permesso di soggiorno" in await signed_in.read(page)
    missing = await signed_in.post(page, page=page, kind="permit")
    assert (missing.status_code, "Manca il file." in missing.text) == (422, True)
    await signed_in.post(f"{page}/{document.id}/remove", page=page)
    assert "Nessun documento" in await signed_in.read(page)


async def test_a_closed_case_has_no_forms_for_its_plan(
    signed_in: Browser, session: Session, coordinator: Staff, case: Case
) -> None:
    move_through(session, case, coordinator, Phase.DELIVERY)
    session.commit()
    page = f"/cases/{case.id}"
    await signed_in.post(f"{page}/move", page=page, to="closed", closing_reason="refused")
    html = await signed_in.read(page)
    assert "/plan/goals" not in html
    refused = await signed_in.post(f"{page}/plan/goals", page=page, words="x")
    assert refused.status_code == 409
