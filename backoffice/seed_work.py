"""The demo's cases: opened at the desk, worked on, shared with a partner, asked further questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseSource, NoteKind
from backoffice.case.needs import Need
from backoffice.case.phases import ClosingReason
from backoffice.case.planning import (
    ActionWords,
    Agreement,
    add_action,
    add_goal,
    agree_plan,
    change_action,
)
from backoffice.case.progress import set_ground, set_interviewed, write_review
from backoffice.case.requirements import has_consent
from backoffice.case.service import (
    NewCase,
    add_note,
    assign_case,
    change_municipality,
    move_case,
    open_case,
)
from backoffice.client.schemas import (
    CaseType,
    Phase,
)
from backoffice.person.models import Person
from backoffice.plan.models import ActionState, AgreementForm, ChargeGround
from backoffice.plan.queries import actions_of
from backoffice.question.answers import keep_answers
from backoffice.question.service import keep_question, open_draft, parse_question, publish
from backoffice.referral.service import accept_offer, offer_case
from backoffice.seed_district import District, Story
from backoffice.sharing.models import ShareGround, ShareKind
from backoffice.sharing.parts import CasePart
from backoffice.sharing.service import Offer
from backoffice.staff.models import Staff


def open_at_desk(session: Session, district: District, story: Story) -> None:
    """Open a case as a caseworker does who has the person before them, and work on it."""
    staff, now = district.staff[story["by"]], district.now - timedelta(minutes=story["ago"])
    person = Person(
        organisation_id=staff.organisation_id,
        name=story["person"],
        phone=story["phone"],
        languages=[story["language"]],
        created_at=now,
    )
    session.add(person)
    session.flush()
    new = NewCase(
        type=CaseType(story["type"]),
        person=person,
        organisation_id=staff.organisation_id,
        language=story["language"],
        source=CaseSource.DESK,
        intake=dict(story["intake"]),
        needs=tuple(Need(need) for need in story["needs"]),
        municipality=story["municipality"],
        urgent=story.get("urgent", False),
    )
    work_on(session, district, open_case(session, new, by=staff.id, now=now), story, now)


def work_on(session: Session, district: District, case: Case, story: Story, now: datetime) -> None:
    """Take a case from `now` through the phases of its story, in even steps up to the present."""
    step = (district.now - now) / (len(story["phases"]) + len(story.get("notes", ())) + 3)
    assignee = district.staff[story["assignee"]] if "assignee" in story else None
    who = assignee.id if assignee else district.staff["coordinator"].id
    if assignee is not None:
        now += step
        assign_case(session, case, assignee, by=who, now=now)
    for phase in story["phases"]:
        now += step
        _make_ready(session, case, Phase(phase), assignee or district.staff["coordinator"], now)
        move_case(session, case, Phase(phase), by=who, now=now)
    for author, kind, text in story.get("notes", ()):
        now += step
        add_note(session, case, author_id=district.staff[author].id, kind=NoteKind(kind), text=text, now=now)
    if "close" in story:
        words = "Obiettivo raggiunto: la famiglia vive nella nuova casa."
        write_review(session, case, words, by=who, now=now)
        reason = ClosingReason(story["close"])
        move_case(session, case, Phase.CLOSED, by=who, now=now + step, closing_reason=reason)


def _make_ready(session: Session, case: Case, phase: Phase, staff: Staff, now: datetime) -> None:
    """Write down what a phase needs, as its caseworker would have done."""
    by = staff.id
    if phase is Phase.TAKING_CHARGE:
        if not has_consent(session, case.person_id):
            words = "Mandato del servizio sociale del Comune."
            set_ground(session, case, ChargeGround.PUBLIC_TASK, words, by=by, now=now)
        if not case.municipality:
            change_municipality(session, case, "Crema", by=by, now=now)
    elif phase is Phase.PLANNING:
        set_interviewed(session, case, now.date(), by=by, now=now)
        words, measure = "Trovare una sistemazione stabile", "Contratto firmato entro sei mesi"
        goal = add_goal(session, case, words, measure=measure, by=by, now=now)
        due = (now + timedelta(days=21)).date()
        visit = ActionWords("Incontrare gli uffici e i proprietari", operator_id=by, due_on=due)
        add_action(session, case, goal.id, visit, by=by, now=now)
    elif phase is Phase.DELIVERY:
        said = Agreement(now.date(), case.language, AgreementForm.ORAL, mediator_present=True)
        agree_plan(session, case, said, by=by, now=now)
    else:
        for action in actions_of(session, case.id):
            change_action(
                session,
                case,
                action.id,
                state=ActionState.DONE,
                outcome="Fatto.",
                due_on=action.due_on,
                by=by,
                now=now,
            )


def share_two(session: Session, district: District) -> None:
    """Share one case of the front door with a partner, and ask it to take care of another."""
    partner, giver = district.staff["partner"], district.staff["coordinator"]
    searches = select(Case).where(
        Case.organisation_id == district.front_door.id,
        Case.type == CaseType.HOUSING,
        Case.phase != Phase.CLOSED,
    )
    cases = session.scalars(searches.order_by(Case.opened_at.desc(), Case.id).limit(2)).all()
    for case, kind in zip(cases, (ShareKind.SHARE, ShareKind.REFERRAL), strict=False):
        offer = Offer(
            kind=kind,
            organisation_id=partner.organisation_id,
            parts=frozenset({CasePart.PERSON, CasePart.NEEDS, CasePart.NOTES}),
            purpose="Trovare un alloggio temporaneo",
            request="Avete un posto letto libero?" if kind is ShareKind.REFERRAL else None,
            ground=ShareGround.LAW,
            ground_words="Legge 328/2000, art. 22: misure per chi non ha un alloggio (esempio)",
            until=district.now + timedelta(days=90),
        )
        share = offer_case(session, case, offer, by=giver.id, now=district.now)
        if kind is ShareKind.SHARE:
            accept_offer(session, share, by=partner.id, now=district.now)


def ask_further(session: Session, district: District) -> None:
    """Publish two further questions about a home, asked at the desk, and prepare the chat's as a draft."""
    by, now = district.staff["admin"].id, district.now
    path = Path(__file__).parent / "demo_questions.yml"
    questions = [parse_question(each) for each in yaml.safe_load(path.read_text(encoding="utf-8"))]
    first = open_draft(session, district.front_door.id, CaseType.HOUSING, by=by, now=now)
    for question in questions:
        keep_question(session, first, question, is_new=True, by=by, now=now)
    publish(session, first, by=by, now=now)
    second = open_draft(session, district.front_door.id, CaseType.HOUSING, by=by, now=now)
    for question in questions:
        asked = question.model_copy(update={"in_chat": True})
        keep_question(session, second, asked, is_new=False, by=by, now=now)
    cases = session.scalars(
        select(Case)
        .where(Case.organisation_id == district.front_door.id, Case.type == CaseType.HOUSING)
        .where(Case.phase != Phase.CLOSED)
        .order_by(Case.opened_at)
    )
    for case, pets in zip(cases, (True, False), strict=False):
        who, answers = district.staff["housing"].id, {"pets": pets, "lift": not pets}
        keep_answers(session, case_id=case.id, found=first, answers=answers, by=who, now=now)
