"""What is known of a person, as the sealed documents hold it. Everything is optional; unknown is left out."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from babel import Locale
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from backoffice.person.codice_fiscale import parse_codice_fiscale

_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})
COUNTRIES = (
    frozenset(code for code in map(str, Locale("it").territories) if len(code) == 2 and code.isalpha())
    - _NOT_COUNTRIES
)
"""The codes of ISO 3166."""


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError("not a country of ISO 3166")
    return code


Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$"), AfterValidator(_country)]
Words = Annotated[str, Field(max_length=200)]
LongWords = Annotated[str, Field(max_length=4000)]
Year = Annotated[int, Field(ge=1900, le=2100)]


class Part(BaseModel):
    """Base of the parts."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Level(StrEnum):
    """How well somebody speaks a language."""

    LITTLE = "little"
    FAIR = "fair"
    GOOD = "good"
    NATIVE = "native"


class SpokenLanguage(Part):
    """A language and how well it is spoken."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    level: Level | None = None


class Script(StrEnum):
    """A script that somebody may read, by ISO 15924."""

    LATIN = "Latn"
    CYRILLIC = "Cyrl"
    ARABIC = "Arab"
    GURMUKHI = "Guru"
    BENGALI = "Beng"
    HAN = "Hans"
    DEVANAGARI = "Deva"


class SafeContact(Part):
    """How somebody can be reached without danger."""

    channel: Literal["phone", "telegram", "web", "email", "in_person"] | None = None
    never_call: bool = False
    no_messages: bool = False
    """Leave no message: not on an answering machine, not with others."""
    hours: Words | None = None
    safe_word: Annotated[str, Field(max_length=60)] | None = None

    @property
    def warns(self) -> bool:
        """Whether who wants to contact the person must know something first."""
        return bool(self.never_call or self.no_messages or self.hours or self.safe_word or self.channel)


class Permit(Part):
    """The residence permit."""

    type: Words | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    renewal_receipt: Words | None = None
    allows_work: Literal["yes", "no", "hours"] | None = None
    work_hours_week: Annotated[int, Field(ge=1, le=60)] | None = None


class Details(Part):
    """What every caseworker of the organisation may know."""

    given_name: Words | None = None
    family_name: Words | None = None
    own_script_name: Words | None = None
    born_on: date | None = None
    birth_year: Year | None = None
    gender: Annotated[str, Field(max_length=60)] | None = None
    """As the person states it."""
    citizenships: Annotated[list[Country], Field(max_length=6)] = []
    birth_country: Country | None = None
    languages: Annotated[list[SpokenLanguage], Field(max_length=12)] = []
    preferred_language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    scripts: Annotated[list[Script], Field(max_length=7)] = []
    needs_interpreter: bool | None = None
    email: Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    contact: SafeContact = SafeContact()
    municipality: Annotated[str, Field(max_length=80)] | None = None
    domicile: Words | None = None
    no_fixed_home: bool = False
    codice_fiscale: Annotated[str, Field(max_length=40), AfterValidator(parse_codice_fiscale)] | None = None
    health_card: Annotated[str, Field(max_length=40)] | None = None
    permit: Permit = Permit()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Details:
        if self.born_on and self.birth_year and self.born_on.year != self.birth_year:
            raise ValueError("birth date and birth year differ")
        return self

    @property
    def year(self) -> int | None:
        """The year of birth, from the date or alone."""
        return self.born_on.year if self.born_on else self.birth_year


class Restricted(Part):
    """What nobody reads by the way: it is opened for a reason."""

    vulnerability: LongWords | None = None
    violence: LongWords | None = None
    status_details: LongWords | None = None
    health: LongWords | None = None
