"""What is known of a person, as rows of words for a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale

from backoffice.person.details import Details
from translations.catalog import has, text


def detail_rows(details: Details, language: str) -> list[tuple[str, str]]:
    """Return field name (a key `persons.field.<name>`) and value of everything that is known."""
    return list(_rows(details, language))


def _rows(details: Details, language: str) -> Iterator[tuple[str, str]]:
    names = Locale(language)
    permit = details.permit
    values: dict[str, object] = {
        "given_name": details.given_name,
        "family_name": details.family_name,
        "own_script_name": details.own_script_name,
        "born_on": details.born_on.strftime("%d.%m.%Y") if details.born_on else None,
        "birth_year": None if details.born_on else details.birth_year,
        "gender": details.gender,
        "citizenships": ", ".join(str(names.territories.get(code, code)) for code in details.citizenships),
        "birth_country": names.territories.get(details.birth_country or ""),
        "languages": ", ".join(str(names.languages.get(each.code, each.code)) for each in details.languages),
        "preferred_language": value_words("preferred_language", details.preferred_language, language),
        "scripts": ", ".join(str(names.scripts.get(each.value, each.value)) for each in details.scripts),
        "needs_interpreter": text("backoffice.persons.yes", language) if details.needs_interpreter else None,
        "email": details.email,
        "municipality": details.municipality,
        "domicile": details.domicile,
        "no_fixed_home": text("backoffice.persons.yes", language) if details.no_fixed_home else None,
        "codice_fiscale": details.codice_fiscale,
        "health_card": details.health_card,
        "permit": permit.type,
        "permit_expires": permit.expires_on.strftime("%d.%m.%Y") if permit.expires_on else None,
        "renewal_receipt": permit.renewal_receipt,
        "permit_issued_on": permit.issued_on.strftime("%d.%m.%Y") if permit.issued_on else None,
        "permit_allows_work": text(f"backoffice.persons.permit.allows_work.{permit.allows_work}", language)
        if permit.allows_work
        else None,
        "permit_work_hours_week": permit.work_hours_week,
    }
    yield from ((name, str(value)) for name, value in values.items() if value)


@dataclass(frozen=True)
class Difference:
    """A field (a key `persons.field.<name>`) with two values, in words."""

    field: str
    now: str
    wanted: str

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.now != self.wanted


def differences(both: dict[str, dict[str, Any]], language: str) -> list[Difference]:
    """Return the fields that `PersonChangedMeanwhile.both` names, with both values in words."""
    found = []
    for field, pair in both.items():
        now, wanted = (value_words(field, pair[which], language) for which in ("now", "wanted"))
        found.append(Difference(field, now, wanted))
    return found


def value_words(field: str, value: Any, language: str) -> str:
    """Return a value of a person's field, as JSON has it, in words; empty where nothing is known."""
    names = Locale(language)
    match field, value:
        case _, None | "" | False | []:
            return ""
        case _, True:
            return text("backoffice.persons.yes", language)
        case "citizenships", list():
            return ", ".join(str(names.territories.get(code, code)) for code in value)
        case "birth_country", str():
            return str(names.territories.get(value, value))
        case "preferred_language", str():
            return str(names.languages.get(value, value))
        case "languages", list():
            return ", ".join(_spoken(each, language) for each in value)
        case "scripts", list():
            return ", ".join(str(names.scripts.get(code, code)) for code in value)
        case "born_on" | "issued_on" | "expires_on", str():
            return date.fromisoformat(value).strftime("%d.%m.%Y")
        case "contact" | "permit", dict():
            return _parts(field, value, language)
        case _:
            return str(value)


def _spoken(spoken: dict[str, Any], language: str) -> str:
    name = str(Locale(language).languages.get(spoken["code"], spoken["code"]))
    level = spoken["level"]
    return f"{name} ({text(f'backoffice.persons.level.{level}', language)})" if level else name


def _parts(field: str, value: dict[str, Any], language: str) -> str:
    parts = []
    for name, part in value.items():
        key = f"backoffice.persons.{field}.{name}.{part}"
        words = text(key, language) if has(key) else value_words(name, part, language)
        if words:
            parts.append(f"{text(f'backoffice.persons.field.{field}_{name}', language)}: {words}")
    return "; ".join(parts)
