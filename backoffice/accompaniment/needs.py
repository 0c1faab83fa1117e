"""What a household needs, changed at the desk: read from a form, checked, each fault with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from backoffice.accompaniment.errors import NeedsRefused
from backoffice.case.models import Case
from backoffice.case.municipalities import municipality_names
from backoffice.client.schemas import Employment, HousingIntake, LeavingReason, Near, PermitState, PresentHome
from backoffice.housing_need.service import change_needs
from backoffice.italy import day_in_italy

NUMBERS = (
    "budget_eur_month",
    "people",
    "minors",
    "rooms",
    "net_income_eur_month",
    "deposit_available_eur",
)
YES_OR_NO = ("step_free", "furnished", "pets", "guarantor")
DAYS = ("move_in_from", "working_since", "permit_expires_on", "eviction_on")
CHOICES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "employment": ("employment", tuple(Employment)),
    "permit": ("permit_state", tuple(PermitState)),
    "present_home": ("present_home", tuple(PresentHome)),
    "leaving_reason": ("leaving_reason", tuple(LeavingReason)),
}
"""Fields with one of some codes: the group of the catalogue with their words, and the codes."""

SEVERAL: Mapping[str, tuple[str, tuple[str, ...]]] = {"near": ("near", tuple(Near))}
FIELDS = (
    "municipalities", "budget_eur_month", "people", "minors", "rooms", "move_in_from", "near", "step_free",
    "furnished", "pets", "employment", "net_income_eur_month", "working_since", "guarantor",
    "deposit_available_eur", "permit", "permit_expires_on", "present_home", "leaving_reason", "eviction_on",
    "needs",
)  # fmt: skip
"""The answers in the order of the form."""


def typed_needs(fields: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what was typed into the form, as it was typed where it is no number or day."""
    typed: dict[str, Any] = {"municipalities": _several(fields, "municipalities")}
    for name in SEVERAL:
        typed[name] = _several(fields, name)
    for name in FIELDS:
        if name not in typed:
            typed[name] = _one(fields, name)
    for name in NUMBERS:
        digits = typed[name]
        typed[name] = int(digits) if digits and digits.isdecimal() and len(digits) < 10 else digits
    for name in YES_OR_NO:
        typed[name] = {"yes": True, "no": False}.get(typed[name])
    return typed


def save_needs(session: Session, case: Case, typed: Mapping[str, Any], *, by: str, now: datetime) -> None:
    """Change the answers of a household.

    Raises:
        NeedsRefused: some do not fit; each is named with its sentence.
        CaseIsClosed: the case has to be reopened first.
    """
    faults = _faults(case, typed, day_in_italy(now))
    if faults:
        raise NeedsRefused(faults)
    change_needs(session, case, dict(typed), by=by, now=now)


def _faults(case: Case, typed: Mapping[str, Any], today: date) -> dict[str, str]:
    merged = {**case.intake, **typed}
    found: dict[str, str] = {}
    try:
        intake = HousingIntake.model_validate(merged)
    except ValidationError as error:
        names = [str(each["loc"][0]) if each["loc"] else "other" for each in error.errors()]
        return {name: _sentence(name) for name in names}
    known = municipality_names()
    if not intake.municipalities or any(town not in known for town in intake.municipalities):
        found["municipalities"] = _sentence("municipalities")
    if intake.minors is not None and intake.minors >= intake.people:
        found["minors"] = "needs_error.minors"
    day = intake.move_in_from
    if day is not None and day < today and day.isoformat() != case.intake.get("move_in_from"):
        found["move_in_from"] = "needs_error.past"
    return found


def _sentence(name: str) -> str:
    if name in DAYS:
        return "needs_error.day"
    plain = ("municipalities", *NUMBERS, "needs")
    return f"needs_error.{name}" if name in plain else "needs_error.choice"


def _one(fields: Mapping[str, list[str]], name: str) -> str | None:
    return (fields.get(name) or [""])[0].strip() or None


def _several(fields: Mapping[str, list[str]], name: str) -> list[str]:
    return list(dict.fromkeys(each for each in fields.get(name, []) if each))
