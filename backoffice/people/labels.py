"""What is known of a person, as rows of words for a page."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale

from backoffice.person.details import Details
from translations.catalog import text


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
    }
    yield from ((name, str(value)) for name, value in values.items() if value)
