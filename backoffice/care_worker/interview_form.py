"""The form of the interview, in the order in which a person is asked (domain, care_work.md 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from backoffice.case.municipalities import municipality_names
from backoffice.client.schemas import (
    CareAbility,
    CareCertificate,
    CareLimit,
    CareSchedule,
    CaresFor,
    CareSkill,
    CareWorkIntake,
    ItalianLevel,
    PermitState,
    Transport,
)
from translations.languages import LANGUAGES


class FieldKind(StrEnum):
    """How a field of the form looks and is read."""

    SEVERAL = "several"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True)
class Field:
    """One question: the answer of the intake that it changes, the codes and the group with their words."""

    name: str
    kind: FieldKind
    group: str = ""
    codes: tuple[str, ...] = ()


def _several(name: str, group: str, codes: tuple[str, ...]) -> Field:
    return Field(name, FieldKind.SEVERAL, group, codes)


SECTIONS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    (
        "place",
        (
            _several("municipalities", "", municipality_names()),
            _several("transport", "transport", tuple(Transport)),
        ),
    ),
    (
        "languages",
        (
            _several("languages", "language", tuple(LANGUAGES)),
            Field("italian", FieldKind.CHOICE, "italian_level", tuple(ItalianLevel)),
        ),
    ),
    (
        "permit",
        (
            Field("eu_citizen", FieldKind.YES_NO),
            Field("permit", FieldKind.CHOICE, "permit_state", tuple(PermitState)),
            Field("permit_expires_on", FieldKind.DAY),
            Field("permit_allows_work", FieldKind.CHOICE, "permit_allows_work", ("yes", "no", "unknown")),
        ),
    ),
    (
        "hours",
        (
            _several("schedules", "care_schedule", tuple(CareSchedule)),
            Field("availability_from", FieldKind.DAY),
            Field("hours_week_most", FieldKind.NUMBER),
            _several("days_not_possible", "care_workers.weekday", tuple(str(day) for day in range(7))),
        ),
    ),
    (
        "experience",
        (
            _several("skills", "care_skill", tuple(CareSkill)),
            Field("years_experience", FieldKind.NUMBER),
            Field("months_with_contract", FieldKind.NUMBER),
        ),
    ),
    ("abilities", (_several("abilities", "care_ability", tuple(CareAbility)),)),
    ("certificates", (_several("certificates", "care_certificate", tuple(CareCertificate)),)),
    (
        "limits",
        (
            _several("limits", "care_limit", tuple(CareLimit)),
            Field("cares_for", FieldKind.CHOICE, "cares_for", tuple(CaresFor)),
        ),
    ),
    ("wishes", (Field("pay_expected_eur_month", FieldKind.NUMBER), Field("needs_home", FieldKind.YES_NO))),
)
"""The sections after name and telephone; references and declarations have places of their own."""

FIELDS = {field.name: field for _, fields in SECTIONS for field in fields}


def typed_answers(posted: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what was typed into the form, as it was typed where it is no number or code."""
    return {name: _typed(field, posted.get(name, [])) for name, field in FIELDS.items()}


def faults_of(intake: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that do not fit, each with the key of its sentence."""
    wrong: dict[str, str] = {}
    try:
        read = CareWorkIntake.model_validate({**intake, **answers})
    except ValidationError as error:
        names = {str(each["loc"][0]) if each["loc"] else "other" for each in error.errors()}
        return {name: _sentence(name) for name in sorted(names)}
    if not read.municipalities or any(town not in municipality_names() for town in read.municipalities):
        wrong["municipalities"] = "care_workers.wrong.towns"
    if not read.skills and "skills" in answers:
        wrong["skills"] = "care_workers.wrong.skills"
    if not read.schedules and "schedules" in answers:
        wrong["schedules"] = "care_workers.wrong.schedules"
    return wrong


def _typed(field: Field, values: list[str]) -> Any:
    if field.kind is FieldKind.SEVERAL:
        kept = list(dict.fromkeys(each for each in values if each))
        numbers = field.name == "days_not_possible"
        return [int(each) if numbers and each in field.codes else each for each in kept]
    value = (values or [""])[0].strip()
    if field.kind is FieldKind.YES_NO:
        return {"yes": True, "no": False}.get(value)
    if field.kind is FieldKind.NUMBER and value.isascii() and value.isdecimal() and len(value) < 8:
        return int(value)
    return value or None


def _sentence(name: str) -> str:
    field = FIELDS.get(name)
    if field is None:
        return "care_workers.wrong.choice"
    kinds = {FieldKind.NUMBER: f"{name}", FieldKind.DAY: "day"}
    return f"care_workers.wrong.{kinds.get(field.kind, 'choice')}"
