"""The intake and the history of a case in words that staff read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseEvent, CaseEventKind
from backoffice.question.queries import filterable_questions
from backoffice.question.questions import Option, text_of
from backoffice.templating import as_day, as_euros
from translations.catalog import has, text

_CODES = {
    "skills": "care_skill",
    "schedules": "care_schedule",
    "languages": "language",
    "employment": "employment",
    "permit_allows_work": "permit_allows_work",
    "contract_types": "contract_type",
    "near": "near",
    "furnishing": "furnishing",
    "permit": "permit_state",
    "present_home": "present_home",
    "leaving_reason": "leaving_reason",
    "problem": "housing_problem",
    "eviction": "eviction_day",
    "work_problem": "work_problem",
    "work_detail": "work_detail",
    "relation": "relation",
    "abilities": "care_ability",
    "tasks": "domestic_task",
    "certificates": "care_certificate",
    "transport": "transport",
    "italian": "italian_level",
    "limits": "care_limit",
    "cares_for": "cares_for",
    "gender_wished": "gender_wished",
    "days": "weekday",
    "days_not_possible": "weekday",
}
"""Fields whose values are codes, and the group of the catalogue that has their words."""

_OWN_WORDS = frozenset({"note"})
_EUROS = frozenset(
    {
        "budget_eur_month",
        "rent_eur_month",
        "expenses_eur_month",
        "net_income_eur_month",
        "deposit_available_eur",
        "pay_expected_eur_month",
    }
)
_DAYS = frozenset(
    {
        "move_in_from",
        "availability_from",
        "available_from",
        "working_since",
        "permit_expires_on",
        "eviction_on",
        "start_from",
    }
)


_OF_STAFF = (CaseEventKind.ASSIGNED, CaseEventKind.COWORKER_ADDED, CaseEventKind.COWORKER_REMOVED)
_OF_DAYS = (
    CaseEventKind.INTERVIEWED,
    CaseEventKind.ACTION_OVERDUE,
    CaseEventKind.CHECK_PLANNED,
    CaseEventKind.CHECK_DONE,
    CaseEventKind.CHECK_OVERDUE,
    CaseEventKind.PERMIT_EXPIRES,
)


@dataclass(frozen=True)
class IntakeRow:
    """One answer of an intake. `own_words`: the person's own words, in the person's language."""

    label: str
    values: tuple[str, ...]
    own_words: bool = False


@dataclass(frozen=True)
class HistoryRow:
    """One event of a case. `who` is a name, or the assistant."""

    sentence: str
    who: str
    at: datetime
    reason: str | None


def intake_rows(intake: Mapping[str, Any], language: str) -> list[IntakeRow]:
    """Return the answers that were given, in the order of the form, in a language of the pages."""
    return [
        IntakeRow(_word("intake", name, language), values, own_words=_is_own(name, answer))
        for name, answer in intake.items()
        if (values := _values(name, answer, language))
    ]


def answer_filters(session: Session, organisation_id: str, ui: str) -> list[tuple[str, str]]:
    """Return the answers by which a list may be narrowed: the value in the address, and its words."""
    offered = []
    for each in filterable_questions(session, organisation_id):
        for option in each.options:
            answer = _answer_word(option, ui)
            words = text(
                "backoffice.question.filter_option",
                ui,
                type=_word("case_type", each.case_type.value, ui),
                question=text_of(each.question.title, ui) or each.question.code,
                answer=answer,
            )
            offered.append((f"{each.case_type.value}:{each.question.code}:{option.code}", words))
    return offered


def _answer_word(option: Option, ui: str) -> str:
    words = text_of(option.label, ui)
    return words or text(f"backoffice.question.{option.code}", ui)


def history_rows(case: Case, events: list[CaseEvent], names: Mapping[str, str], ui: str) -> list[HistoryRow]:
    """Return the history of a case, newest first; `names` has those of staff."""
    return [
        HistoryRow(
            sentence=_sentence(event, names, ui),
            who=names.get(event.actor, text("backoffice.case.by_assistant", ui)),
            at=event.at,
            reason=_reason(event, ui),
        )
        for event in reversed(events)
    ]


def _sentence(event: CaseEvent, names: Mapping[str, str], ui: str) -> str:
    groups = {
        CaseEventKind.OPENED: "source",
        CaseEventKind.NOTED: "note_kind",
        CaseEventKind.MOVED: "phase",
        CaseEventKind.CLOSED: "phase",
        CaseEventKind.REOPENED: "phase",
        CaseEventKind.NEEDS_CHANGED: "need",
        CaseEventKind.URGENCY_CHANGED: "urgency",
        CaseEventKind.OUTCOME_SET: "reception_outcome",
        CaseEventKind.GROUND_SET: "charge_ground",
        CaseEventKind.ACTION_ADDED: "action_state",
        CaseEventKind.ACTION_CHANGED: "action_state",
        CaseEventKind.PLAN_AGREED: "language",
        CaseEventKind.DOCUMENT_ADDED: "document_kind",
        CaseEventKind.DOCUMENT_REMOVED: "document_kind",
        CaseEventKind.INTAKE_CHANGED: "intake",
        CaseEventKind.SEARCH_MOVED: "search_state",
        CaseEventKind.MATCH_CHANGED: "match_state",
        CaseEventKind.VIEWING_CHANGED: "viewing_state",
        CaseEventKind.CHECKLIST_CHANGED: "step",
        CaseEventKind.CHECKLIST_OVERDUE: "step",
        CaseEventKind.TENANCY_CHANGED: "tenancy",
        CaseEventKind.WORKER_MOVED: "worker_state",
        CaseEventKind.WORKER_CHANGED: "worker_part",
        CaseEventKind.REQUEST_MOVED: "request_state",
        CaseEventKind.CARE_MATCH_CHANGED: "care_match_state",
        CaseEventKind.ENGAGEMENT_CHANGED: "engagement_state",
        CaseEventKind.ENGAGEMENT_OVERDUE: "engagement_step",
        CaseEventKind.TRAINING_CHANGED: "enrolment_state",
        CaseEventKind.APPOINTMENT_CHANGED: "appointment_state",
        CaseEventKind.MEDIATION_CHANGED: "mediation_state",
    }
    before, after = event.before or "", event.after or ""
    if event.kind in _OF_STAFF:
        nobody = text("backoffice.case.nobody", ui)
        before, after = names.get(before, nobody), names.get(after, nobody)
    elif event.kind in _OF_DAYS:
        before, after = (as_day(date.fromisoformat(each)) if each else "" for each in (before, after))
    elif group := groups.get(event.kind):
        before, after = (
            ", ".join(_word(group, code, ui) for code in each.split()) for each in (before, after)
        )
    unknown = text("backoffice.case.not_given", ui)
    values = {"before": before or unknown, "after": after or unknown}
    return text(f"backoffice.case_event.{event.kind.value}", ui, **values)


def _reason(event: CaseEvent, ui: str) -> str | None:
    if event.reason is None or event.kind is not CaseEventKind.CLOSED:
        return event.reason
    code, _, words = event.reason.partition("\n")
    return ": ".join(part for part in (_word("closing_reason", code, ui), words) if part)


def _values(name: str, answer: Any, ui: str) -> tuple[str, ...]:
    if answer is None or answer == []:
        return ()
    if isinstance(answer, dict):
        return tuple(_origins(skill, given, ui) for skill, given in answer.items())
    if isinstance(answer, bool):
        return (_word("question", "yes" if answer else "no", ui),)
    if isinstance(answer, list):
        return tuple(value for each in answer for value in _values(name, each, ui))
    if name == "needs" and has(f"backoffice.care_skill.{answer}"):
        return (_word("care_skill", str(answer), ui),)
    if name in _CODES:
        return (_word(_CODES[name], str(answer), ui),)
    if name in _EUROS:
        return (as_euros(int(answer)),)
    if name in _DAYS:
        return (as_day(date.fromisoformat(str(answer))),)
    return (str(answer),)


def _origins(skill: str, origins: list[str], ui: str) -> str:
    """Return where one skill was gained."""
    places = ", ".join(_word("skill_origin", origin, ui) for origin in origins)
    return f"{_word('care_skill', skill, ui)}: {places}"


def _is_own(name: str, answer: Any) -> bool:
    return name in _OWN_WORDS or (name == "needs" and isinstance(answer, str))


def _word(group: str, code: str, ui: str) -> str:
    key = f"backoffice.{group}.{code}"
    return text(key, ui) if has(key) else code
