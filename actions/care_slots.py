"""Slots of care work: what family assistants and families answer, and how that goes on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from backoffice.client.schemas import (
    CareRequestIntake,
    CareSkill,
    CareWorkIntake,
    PapersAsked,
    PermitState,
    UnlawfulWish,
)

CARE_WORK_SLOTS = (
    "skills",
    "years_experience",
    "schedules",
    "municipalities",
    "spoken_languages",
    "permit_allows_work",
    "availability_from",
    "person_name",
    "person_phone",
)
"""What everybody is asked who wants to work as a family assistant."""

CARE_WORK_MORE_SLOTS = (
    "skill_origins",
    "transport",
    "care_abilities",
    "cares_for",
    "italian_level",
    "care_certificates",
    "eu_citizen",
    "permit",
    "permit_expires_on",
    "months_with_contract",
    "days_not_possible",
    "care_limits",
    "profile_agreed",
)
"""What those are asked who want to tell more; all of it may be skipped."""

CARE_REQUEST_SLOTS = (
    "relation",
    "care_needs",
    "self_sufficient",
    "care_schedules",
    "care_municipality",
    "start_from",
    "person_name",
    "person_phone",
)
"""What every family is asked."""

CARE_REQUEST_MORE_SLOTS = (
    "abilities_needed",
    "gender_wished",
    "tasks_needed",
    "care_days",
    "hours_week",
    "own_room",
    "care_budget_eur_month",
    "home_stairs",
    "home_pets",
    "home_smokers",
    "languages_wished",
)
"""What families are asked who want to tell more; all of it may be skipped."""

CARE_WISHES = "care_wishes"
"""What a family wished that the law forbids: `[{"ground": ...}]`, no words of it; it outlives a pause."""

PAPERS = "papers_asked"
"""Since when pictures in the chat show a paper: `{"certificate": <ISO 8601>, "permit": ...}`."""

INTIMATE = frozenset({"washing", "changing"})
"""Care for which a person may wish for a woman or a man, and a family assistant says whom they wash."""


def care_work_intake(slots: Mapping[str, Any]) -> CareWorkIntake:
    """Return what a person who wants to work as a family assistant was asked.

    Raises:
        pydantic.ValidationError: the form is not finished.
    """
    is_european = slots.get("eu_citizen")
    origins: Mapping[str, list[str]] = slots.get("skill_origins") or {}
    return CareWorkIntake(
        municipalities=slots.get("municipalities") or [],
        years_experience=slots["years_experience"],
        skills=slots.get("skills") or [],
        schedules=slots.get("schedules") or [],
        languages=slots.get("spoken_languages") or [],
        availability_from=_date(slots.get("availability_from")),
        permit_allows_work=slots.get("permit_allows_work"),
        eu_citizen=is_european,
        permit=PermitState.NOT_NEEDED if is_european else slots.get("permit"),
        permit_expires_on=_date(slots.get("permit_expires_on")),
        skill_origins={CareSkill(skill): given for skill, given in origins.items() if given},
        abilities=slots.get("care_abilities") or [],
        certificates=slots.get("care_certificates") or [],
        months_with_contract=slots.get("months_with_contract"),
        transport=slots.get("transport") or [],
        italian=slots.get("italian_level"),
        days_not_possible=_weekdays(slots.get("days_not_possible")),
        limits=slots.get("care_limits") or [],
        cares_for=slots.get("cares_for"),
    )


def care_request_intake(slots: Mapping[str, Any]) -> CareRequestIntake:
    """Return what a family that looks for an assistant was asked.

    Raises:
        pydantic.ValidationError: the form is not finished.
    """
    return CareRequestIntake(
        municipality=slots["care_municipality"],
        needs=slots["care_needs"],
        schedules=slots["care_schedules"],
        relation=slots.get("relation"),
        self_sufficient=slots.get("self_sufficient"),
        start_from=_date(slots.get("start_from")),
        abilities=slots.get("abilities_needed") or [],
        gender_wished=slots.get("gender_wished"),
        tasks=slots.get("tasks_needed") or [],
        days=_weekdays(slots.get("care_days")),
        hours_week=slots.get("hours_week"),
        own_room=slots.get("own_room"),
        budget_eur_month=slots.get("care_budget_eur_month"),
        stairs=slots.get("home_stairs"),
        pets=slots.get("home_pets"),
        smokers=slots.get("home_smokers"),
        languages=slots.get("languages_wished") or [],
    )


def refused_care_wishes(slots: Mapping[str, Any]) -> list[UnlawfulWish]:
    """Return by what a family wished to choose that the law forbids; its words go nowhere."""
    return [UnlawfulWish(ground=wish["ground"], words="") for wish in slots.get(CARE_WISHES) or ()]


def papers_asked(slots: Mapping[str, Any]) -> list[PapersAsked]:
    """Return since when pictures were asked for, and of which papers."""
    asked: Mapping[str, str] = slots.get(PAPERS) or {}
    return [PapersAsked(kind=kind, since=datetime.fromisoformat(since)) for kind, since in asked.items()]


def _weekdays(codes: list[str] | None) -> list[int]:
    return sorted(int(code) for code in codes or ())


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
