"""How our tables and those of HSDS 3 correspond: names of files, fields, who belongs to whom.

Written from the specification's text (openreferral/specification, version 3.2); what `required` and `formats`
say is what a consumer may rely on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from backoffice.directory.facts import (
    AccessibilityFacts,
    ContactFacts,
    CostFacts,
    DocumentFacts,
    Facts,
    LocationFacts,
    OrganisationFacts,
    PhoneFacts,
    ScheduleFacts,
    ServiceFacts,
)

VERSION = "3.2"
PROFILE = "https://docs.openreferral.org/en/latest/hsds/"


class Kind(StrEnum):
    """What a field holds: each is a string in JSON but for numbers, and text in CSV."""

    TEXT = "text"
    ID = "id"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    HOUR = "hour"
    MOMENT = "moment"
    URI = "uri"
    EMAIL = "email"


@dataclass(frozen=True)
class Column:
    """A field of HSDS and the attribute of ours that it is; `ours` is None for what no table of ours has."""

    name: str
    ours: str | None = None
    kind: Kind = Kind.TEXT
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A table of HSDS. `owners`: fields of which exactly one says whom a row belongs to."""

    name: str
    file: str
    columns: Sequence[Column]
    facts: type[Facts] | None = None
    owners: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        """Return a field by its name in HSDS."""
        return next((each for each in self.columns if each.name == name), None)


def _id() -> Column:
    return Column("id", "id", Kind.ID, required=True)


def _owned(**tables: str) -> tuple[Column, ...]:
    return tuple(Column(name, _OURS.get(name, name), Kind.ID) for name in tables)


_OURS = {"organization_id": "organisation_id"}
_OF_SERVICE = {"service_id": "service"}
_OF_HOURS = {**_OF_SERVICE, "location_id": "location", "service_at_location_id": "service_at_location"}
_OF_PHONE = {"organization_id": "organization", **_OF_HOURS, "contact_id": "contact"}
_OF_LANGUAGE = {**_OF_SERVICE, "location_id": "location", "phone_id": "phone"}
_OF_CONTACT = {"organization_id": "organization", **_OF_SERVICE}

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "organization",
            "organizations.csv",
            (
                _id(),
                Column("name", "name", required=True),
                Column("alternate_name", "alternate_name"),
                Column("description", "description", required=True),
                Column("email", "email", Kind.EMAIL),
                Column("website", "website", Kind.URI),
            ),
            OrganisationFacts,
        ),
        Table(
            "service",
            "services.csv",
            (
                _id(),
                Column("organization_id", "organisation_id", Kind.ID, required=True),
                Column("name", "name", required=True),
                Column("alternate_name", "alternate_name"),
                Column("description", "description"),
                Column("url", "url", Kind.URI),
                Column("email", "email", Kind.EMAIL),
                Column("status", "status", required=True),
                Column("interpretation_services", "interpretation_services"),
                Column("application_process", "application_process"),
                Column("fees_description", "fees_description"),
                Column("eligibility_description", "eligibility_description"),
                Column("minimum_age", "minimum_age", Kind.WHOLE),
                Column("maximum_age", "maximum_age", Kind.WHOLE),
                Column("assured_date", "verified_on", Kind.DAY),
                Column("alert", "alert"),
                Column("last_modified", "changed_at", Kind.MOMENT),
            ),
            ServiceFacts,
            {"organization_id": "organization"},
        ),
        Table(
            "location",
            "locations.csv",
            (
                _id(),
                Column("location_type", "location_type", required=True),
                Column("url", "url", Kind.URI),
                Column("organization_id", "organisation_id", Kind.ID, required=True),
                Column("name", "name"),
                Column("description", "description"),
                Column("transportation", "transportation"),
                Column("latitude", "latitude", Kind.NUMBER),
                Column("longitude", "longitude", Kind.NUMBER),
            ),
            LocationFacts,
            {"organization_id": "organization"},
        ),
        Table(
            "address",
            "addresses.csv",
            (
                _id(),
                Column("location_id", None, Kind.ID, required=True),
                Column("address_1", "address", required=True),
                Column("city", "town", required=True),
                Column("state_province", "province", required=True),
                Column("postal_code", "postal_code", required=True),
                Column("country", "country", required=True),
                Column("address_type", None, required=True),
            ),
            None,
            {"location_id": "location"},
        ),
        Table(
            "service_at_location",
            "service_at_location.csv",
            (
                _id(),
                Column("service_id", "service_id", Kind.ID, required=True),
                Column("location_id", "location_id", Kind.ID, required=True),
                Column("description", "description"),
            ),
        ),
        Table(
            "contact",
            "contacts.csv",
            (
                _id(),
                *_owned(**_OF_CONTACT),
                Column("department", "department", required=True),
                Column("email", "email", Kind.EMAIL),
            ),
            ContactFacts,
            _OF_CONTACT,
        ),
        Table(
            "phone",
            "phones.csv",
            (
                _id(),
                *_owned(**_OF_PHONE),
                Column("number", "number", required=True),
                Column("type", "kind"),
                Column("description", "description"),
            ),
            PhoneFacts,
            _OF_PHONE,
        ),
        Table(
            "schedule",
            "schedules.csv",
            (
                _id(),
                *_owned(**_OF_HOURS),
                Column("valid_from", "valid_from", Kind.DAY),
                Column("valid_to", "valid_to", Kind.DAY),
                Column("dtstart", "dtstart", Kind.DAY),
                Column("until", "until", Kind.DAY),
                Column("freq", "freq"),
                Column("interval", "every", Kind.WHOLE),
                Column("byday", "byday"),
                Column("bymonthday", "bymonthday"),
                Column("opens_at", "opens_at", Kind.HOUR),
                Column("closes_at", "closes_at", Kind.HOUR),
                Column("description", "description"),
            ),
            ScheduleFacts,
            _OF_HOURS,
        ),
        Table(
            "language",
            "languages.csv",
            (
                _id(),
                *_owned(**_OF_LANGUAGE),
                Column("name"),
                Column("code", "code", required=True),
                Column("note", "note"),
            ),
            None,
            _OF_LANGUAGE,
        ),
        Table(
            "cost_option",
            "cost_options.csv",
            (
                _id(),
                Column("service_id", "service_id", Kind.ID, required=True),
                Column("valid_from", "valid_from", Kind.DAY),
                Column("valid_to", "valid_to", Kind.DAY),
                Column("option", "option"),
                Column("currency", "currency"),
                Column("amount", "amount", Kind.NUMBER),
                Column("amount_description", "amount_description"),
            ),
            CostFacts,
            _OF_SERVICE,
        ),
        Table(
            "required_document",
            "required_documents.csv",
            (
                _id(),
                Column("service_id", "service_id", Kind.ID, required=True),
                Column("document", "document", required=True),
                Column("uri", "uri", Kind.URI),
            ),
            DocumentFacts,
            _OF_SERVICE,
        ),
        Table(
            "accessibility",
            "accessibility.csv",
            (
                _id(),
                Column("location_id", "location_id", Kind.ID, required=True),
                Column("description", "description", required=True),
                Column("details", "details"),
                Column("url", "url", Kind.URI),
            ),
            AccessibilityFacts,
            {"location_id": "location"},
        ),
        Table(
            "attribute",
            "attributes.csv",
            (
                _id(),
                Column("link_id", None, Kind.ID, required=True),
                Column("taxonomy_term_id", None, Kind.ID, required=True),
                Column("link_type"),
                Column("link_entity", None, required=True),
                Column("value"),
                Column("label"),
            ),
        ),
        Table(
            "taxonomy_term",
            "taxonomy_terms.csv",
            (
                _id(),
                Column("code"),
                Column("name", None, required=True),
                Column("description", None, required=True),
                Column("taxonomy"),
                Column("language"),
                Column("taxonomy_id", None, Kind.ID),
            ),
        ),
        Table(
            "taxonomy",
            "taxonomies.csv",
            (
                _id(),
                Column("name", None, required=True),
                Column("description", None, required=True),
                Column("version"),
            ),
        ),
    )
}
"""Every table that is exported and imported, in the order in which rows can be written."""

MANY: Mapping[str, Mapping[str, tuple[str, str | None]]] = {
    "organization": {
        "contacts": ("contact", "organization_id"),
        "phones": ("phone", "organization_id"),
        "locations": ("location", "organization_id"),
        "attributes": ("attribute", None),
    },
    "service": {
        "phones": ("phone", "service_id"),
        "schedules": ("schedule", "service_id"),
        "service_at_locations": ("service_at_location", "service_id"),
        "languages": ("language", "service_id"),
        "cost_options": ("cost_option", "service_id"),
        "required_documents": ("required_document", "service_id"),
        "contacts": ("contact", "service_id"),
        "attributes": ("attribute", None),
    },
    "location": {
        "languages": ("language", "location_id"),
        "addresses": ("address", "location_id"),
        "accessibility": ("accessibility", "location_id"),
        "phones": ("phone", "location_id"),
        "schedules": ("schedule", "location_id"),
        "attributes": ("attribute", None),
    },
    "service_at_location": {
        "phones": ("phone", "service_at_location_id"),
        "schedules": ("schedule", "service_at_location_id"),
        "attributes": ("attribute", None),
    },
    "contact": {"phones": ("phone", "contact_id"), "attributes": ("attribute", None)},
    "phone": {"languages": ("language", "phone_id"), "attributes": ("attribute", None)},
    "schedule": {"attributes": ("attribute", None)},
    "cost_option": {"attributes": ("attribute", None)},
    "required_document": {"attributes": ("attribute", None)},
    "accessibility": {"attributes": ("attribute", None)},
}
"""Which lists an object carries in JSON: the table of their objects, and the field that leads back."""

ONE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "service": {"organization": ("organization", "organization_id")},
    "service_at_location": {"location": ("location", "location_id")},
    "attribute": {"taxonomy_term": ("taxonomy_term", "taxonomy_term_id")},
    "taxonomy_term": {"taxonomy_detail": ("taxonomy", "taxonomy_id")},
}
"""Which single objects an object carries in JSON: their table, and the field that names them."""

NOT_KNOWN = "non noto"
"""What an address says where HSDS wants a word and nobody knows it."""
