"""What stands on the card, in the person's language and in Italian.

Citizens' words only: the catalogue areas `card`, `plan` and `bot`, and the plan as it was written with the
person. No notes of staff, no needs, no telephone of the person: the paper may be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.parts import CasePart
from backoffice.case.work_view import PlanView, view_plan
from backoffice.case_card.sheet import without_isolates
from backoffice.italy import ROME
from backoffice.office.service import describe_contact, find_office
from backoffice.templating import as_day
from translations.catalog import text
from translations.languages import SOURCE, supported_or_source

OWN_WORDS = 600
"""How many characters of what was asked stand on the card."""


@dataclass(frozen=True)
class CardLine:
    """One line: a label and what follows it."""

    label: str
    words: str


@dataclass(frozen=True)
class CardSide:
    """The card in one language."""

    language: str
    title: str
    lines: tuple[CardLine, ...]
    plan_title: str
    plan: tuple[CardLine, ...]
    hints: tuple[str, ...]
    scan: str


@dataclass(frozen=True)
class Card:
    """A card: one side where the person's language is Italian, else two, the person's first."""

    number: str
    name: str
    sides: tuple[CardSide, ...]
    link: str | None


def make_card(
    session: Session, case: Case, parts: frozenset[CasePart], *, link: str | None, now: datetime
) -> Card:
    """Return the card of a case whose person, organisation and assignee are loaded, with the parts seen."""
    spoken = supported_or_source(case.language)
    languages = dict.fromkeys((spoken, SOURCE))
    plan = view_plan(session, case, today=now.astimezone(ROME).date()) if CasePart.PLAN in parts else None
    return Card(
        number=case.number,
        name=case.person.name or "",
        sides=tuple(_side(session, case, parts, plan, language, now) for language in languages),
        link=link,
    )


def _side(
    session: Session,
    case: Case,
    parts: frozenset[CasePart],
    plan: PlanView | None,
    language: str,
    now: datetime,
) -> CardSide:
    def say(key: str, **values: str) -> str:
        return without_isolates(text(key, language, **values))

    lines = [
        ("number", case.number),
        ("name", case.person.name or "–"),
        ("asked", _asked(case, parts, say(f"bot.case_type_{case.type.value}"))),
        ("opened", as_day(case.opened_at)),
        ("phase", say(f"bot.phase_{case.phase.value}")),
        ("responsible", _responsible(case, say("card.nobody"))),
        ("office", _office(session, case, language)),
    ]
    return CardSide(
        language=language,
        title=say("card.title"),
        lines=tuple(CardLine(say(f"card.{name}"), words) for name, words in lines if words),
        plan_title=say("plan.title"),
        plan=tuple(plan_lines(plan, language)) if plan is not None else (),
        hints=(say("card.bring"), say("card.keep"), say("card.printed", day=as_day(now))),
        scan=say("card.scan"),
    )


def plan_lines(plan: PlanView, language: str) -> Iterator[CardLine]:
    """Give the goals of a plan with their actions, and how the person agreed; nothing where there is no goal.

    The words are those that were written with the person; only what is beside them is in the language.
    """

    def say(key: str) -> str:
        return text(f"plan.{key}", language)

    for goal in plan.goals:
        yield CardLine(say("goal"), goal.words)
        if goal.measure:
            yield CardLine(say("measure"), goal.measure)
        for action in plan.actions.get(goal.id, ()):
            until = f"{say('until')} {as_day(action.due_on)}" if action.due_on else ""
            who = plan.names.get(action.operator_id or "", "")
            body = plan.organisations.get(action.organisation_id, "")
            doing = f"{say('who')}: {', '.join(each for each in (who, body) if each)}"
            facts = (action.words, doing, until, say(action.state.value))
            yield CardLine(say("action"), "\n".join(each for each in facts if each))
    if plan.goals:
        agreed = plan.progress.agreed_on
        yield CardLine(say("agreed"), as_day(agreed)) if agreed else CardLine(say("not_agreed"), "–")


def _asked(case: Case, parts: frozenset[CasePart], subject: str) -> str:
    own = str(case.intake.get("note") or "").strip() if CasePart.INTAKE in parts else ""
    shown = own if len(own) <= OWN_WORDS else f"{own[:OWN_WORDS].rstrip()}…"
    return "\n".join(part for part in (subject, case.municipality, shown) if part)


def _responsible(case: Case, nobody: str) -> str:
    who = case.assignee.name if case.assignee else nobody
    return f"{who}\n{case.organisation.name}"


def _office(session: Session, case: Case, language: str) -> str:
    office = find_office(session, case.organisation_id)
    if office is None:
        return ""
    contact = describe_contact(office, language)
    parts = (contact.name, contact.address, contact.phone, contact.hours)
    return "\n".join(without_isolates(part) for part in parts if part)
