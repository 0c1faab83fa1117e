"""The terms that say in HSDS what it has no field for: topics, sources, exceptions, translations.

Every id is made from what it stands for, so that it is the same in each export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from babel import Locale, UnknownLocaleError

from backoffice.directory.topics import TOPICS
from translations.catalog import text
from translations.languages import SOURCE

Flat = dict[str, object]
"""One row of a table of HSDS, without what is empty."""


@dataclass(frozen=True)
class Taxonomy:
    """A list of terms of ours."""

    code: str
    name: str
    description: str

    @property
    def id(self) -> str:
        """The identifier of the list."""
        return made_id("taxonomy", self.code)

    def row(self) -> Flat:
        """Return it as HSDS has it."""
        return {"id": self.id, "name": self.name, "description": self.description, "version": "1"}

    def term_id(self, code: str) -> str:
        """Return the identifier of one of its terms."""
        return made_id("taxonomy", self.code, code)


TOPIC = Taxonomy("topic", "Sportello: topics", "The sixteen topics of Sportello's guide to services.")
FACT = Taxonomy("fact", "Sportello: facts", "Facts that HSDS has no field for.")
TRANSLATION = Taxonomy("translation", "Sportello: translations", "Languages (ISO 639) of translated texts.")

FACTS: Mapping[str, str] = {
    "source": "The page or the paper that an entry stands on.",
    "valid_to": "The last day on which an entry may be trusted without asking.",
    "step_free": "Whether a wheelchair comes in: yes or no.",
    "schedule_kind": "special: these hours take the place of the usual ones; closed: these days are closed.",
    "on_holidays": "What hours mean on a public holiday of Italy: closed, open or unknown.",
    "time_zone": "The IANA time zone of the hours.",
}
"""The terms of `FACT` with what they mean."""


def made_id(*of: str) -> str:
    """Return the identifier of something that has none of its own."""
    return str(uuid5(NAMESPACE_URL, "sportello:hsds:" + ":".join(of)))


def term(taxonomy: Taxonomy, code: str, language: str) -> Flat:
    """Return a term as HSDS has it, named in a language where it has a name in it."""
    name = description = code
    if taxonomy is TOPIC and code in TOPICS:
        name = description = text(f"bot.button.intent_ask_{code}", language)
    elif taxonomy is FACT:
        description = FACTS[code]
    elif taxonomy is TRANSLATION:
        name = description = language_name(code, language)
    named = {"code": code, "name": name, "description": description, "taxonomy": taxonomy.name}
    spoken = language if taxonomy is TOPIC else "en" if taxonomy is FACT else language
    return {"id": taxonomy.term_id(code), **named, "language": spoken, "taxonomy_id": taxonomy.id}


def attribute(
    taxonomy: Taxonomy, code: str, entity: str, link_id: str, value: str | None = None, label: str = ""
) -> Flat:
    """Return what links an entry with a term, and says a value."""
    row: Flat = {
        "id": made_id("attribute", link_id, taxonomy.code, code, label),
        "link_id": link_id,
        "taxonomy_term_id": taxonomy.term_id(code),
        "link_type": taxonomy.code,
        "link_entity": entity,
    }
    if value is not None:
        row["value"] = value
    if label:
        row["label"] = label
    return row


def language_name(code: str, language: str = SOURCE) -> str:
    """Return what a language is called in another one; its code where nobody knows."""
    try:
        return str(Locale(language).languages.get(code, code))
    except UnknownLocaleError:
        return code
