"""What the page of a person posts, and how it becomes the changes that were meant.

The form carries the values that it was filled with (`before`): only what differs from them is a change, so
that nobody writes an old value over a newer one without having touched it.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from backoffice.conversation.words import clean_name
from backoffice.person.details import Details

_PERMIT = ("type", "issued_on", "expires_on", "renewal_receipt", "allows_work", "work_hours_week")
_CONTACT_WORDS = ("channel", "hours", "safe_word")
_WORDS = (
    "given_name", "family_name", "own_script_name", "born_on", "birth_year", "gender", "birth_country",
    "preferred_language", "email", "municipality", "domicile", "codice_fiscale", "health_card",
)  # fmt: skip


class PersonForm(BaseModel):
    """Every field as it was typed; empty is unknown."""

    version: int = Field(default=0, ge=0)
    before: str = Field(default="", max_length=40_000)
    name: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=20)
    given_name: str = Field(default="", max_length=400)
    family_name: str = Field(default="", max_length=400)
    own_script_name: str = Field(default="", max_length=400)
    born_on: str = Field(default="", max_length=40)
    birth_year: str = Field(default="", max_length=40)
    gender: str = Field(default="", max_length=400)
    citizenships: list[str] = Field(default=[], max_length=12)
    birth_country: str = Field(default="", max_length=40)
    language_code: list[str] = Field(default=[], max_length=20)
    language_level: list[str] = Field(default=[], max_length=20)
    preferred_language: str = Field(default="", max_length=40)
    scripts: list[str] = Field(default=[], max_length=20)
    needs_interpreter: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=400)
    contact_channel: str = Field(default="", max_length=40)
    contact_never_call: bool = False
    contact_no_messages: bool = False
    contact_hours: str = Field(default="", max_length=400)
    contact_safe_word: str = Field(default="", max_length=400)
    municipality: str = Field(default="", max_length=400)
    domicile: str = Field(default="", max_length=400)
    no_fixed_home: bool = False
    codice_fiscale: str = Field(default="", max_length=400)
    health_card: str = Field(default="", max_length=400)
    permit_type: str = Field(default="", max_length=400)
    permit_issued_on: str = Field(default="", max_length=40)
    permit_expires_on: str = Field(default="", max_length=40)
    permit_renewal_receipt: str = Field(default="", max_length=400)
    permit_allows_work: str = Field(default="", max_length=40)
    permit_work_hours_week: str = Field(default="", max_length=40)

    @property
    def spoken(self) -> list[tuple[str, str]]:
        """Language and level of each row that has a language."""
        levels = [*self.language_level, *([""] * len(self.language_code))]
        return [pair for pair in zip(self.language_code, levels, strict=False) if pair[0]]


def filled_form(values: dict[str, Any], version: int) -> PersonForm:
    """Return the form that shows values (`name`, `phone` and those of `Details`, as JSON)."""
    fields: dict[str, Any] = {name: _shown(values[name]) for name in ("name", "phone", *_WORDS)}
    contact, permit = values["contact"], values["permit"]
    fields |= {f"contact_{name}": _shown(contact[name]) for name in _CONTACT_WORDS}
    fields |= {f"permit_{name}": _shown(permit[name]) for name in _PERMIT}
    spoken = values["languages"]
    needs = values["needs_interpreter"]
    return PersonForm(
        version=version,
        before=json.dumps(values, ensure_ascii=False),
        citizenships=values["citizenships"],
        language_code=[each["code"] for each in spoken],
        language_level=[each["level"] or "" for each in spoken],
        scripts=values["scripts"],
        needs_interpreter="" if needs is None else ("yes" if needs else "no"),
        contact_never_call=contact["never_call"],
        contact_no_messages=contact["no_messages"],
        no_fixed_home=values["no_fixed_home"],
        **fields,
    )


def changes_of(form: PersonForm) -> dict[str, Any]:
    """Return what differs from the values that the form was filled with.

    Raises:
        ValidationError: a value does not have its form, or two do not agree (of pydantic).
    """
    wanted = _wanted(form)
    own = {"name": wanted.pop("name"), "phone": wanted.pop("phone")}
    checked = own | Details.model_validate(wanted).model_dump(mode="json")
    before = _before(form)
    return {name: value for name, value in checked.items() if before.get(name, ...) != value}


def faulty_fields(wrong: ValidationError) -> list[str]:
    """Return the names of the form's fields that do not fit, each once; `years` where two contradict."""
    found = []
    for error in wrong.errors():
        place = [str(part) for part in error["loc"] if isinstance(part, str)]
        found.append(_field_of(place))
    return list(dict.fromkeys(found))


def _field_of(place: list[str]) -> str:
    if not place:
        return "years"
    return "_".join(place[:2]) if place[0] in ("contact", "permit") else place[0]


def _wanted(form: PersonForm) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: _typed(getattr(form, name)) for name in _WORDS}
    wanted |= {"name": clean_name(form.name), "phone": _typed(form.phone)}
    wanted["citizenships"] = list(dict.fromkeys(filter(None, form.citizenships)))
    wanted["languages"] = [{"code": code, "level": level or None} for code, level in form.spoken]
    wanted["scripts"] = form.scripts
    wanted["needs_interpreter"] = {"yes": True, "no": False}.get(form.needs_interpreter)
    wanted["no_fixed_home"] = form.no_fixed_home
    wanted["contact"] = {
        "never_call": form.contact_never_call,
        "no_messages": form.contact_no_messages,
        **{name: _typed(getattr(form, f"contact_{name}")) for name in _CONTACT_WORDS},
    }
    wanted["permit"] = {name: _typed(getattr(form, f"permit_{name}")) for name in _PERMIT}
    return wanted


def _before(form: PersonForm) -> dict[str, Any]:
    try:
        before = json.loads(form.before)
    except ValueError:
        return {}
    return before if isinstance(before, dict) else {}


def _typed(words: str) -> str | None:
    return words.strip() or None


def _shown(value: object) -> str:
    return "" if value is None else str(value)
