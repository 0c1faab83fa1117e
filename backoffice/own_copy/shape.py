"""The copy as JSON: what the file of `format` "sportello.own-copy/1" holds, and its schema.

Moments are ISO 8601 in UTC, days ISO 8601, languages ISO 639-1, countries ISO 3166, codes those of the API.
A change that a reader of the file would notice gives `format` another number. `docs/own-copy.schema.json`
is this schema, for who reads the file.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from backoffice.own_copy.care_shape import (
    ContractEntry,
    CourseEntry,
    ProposalEntry,
    RegisterEntry,
    RequestEntry,
)
from backoffice.own_copy.part import Part
from backoffice.person.details import Details, Restricted

FORMAT = "sportello.own-copy/1"


class Record(Part):
    """What is known of the person; several where records were found to be of one person."""

    name: str | None
    phone: str | None
    languages: list[str]
    since: datetime
    details: Details
    restricted: Restricted


class Address(Part):
    """Where the person is written to."""

    channel: str
    address: str
    unreachable_since: datetime | None


class HouseholdMember(Part):
    """Who lives with the person, as the person told it. Without a name: who has a record of their own."""

    relation: str
    name: str | None
    minor: bool
    dependant: bool


class Household(Part):
    """The person's household. `members` and `facts` are there where it is the person who told of it."""

    relation: str
    size: int
    members: list[HouseholdMember]
    facts: dict[str, Any] | None


class PhaseStep(Part):
    """A case came into a phase."""

    at: datetime
    phase: str


class Answer(Part):
    """An answer to a further question: `value` as it is kept, `question` and `words` in Italian."""

    question: str
    code: str
    value: Any
    words: str
    at: datetime


class PlanAction(Part):
    """What somebody does for a goal."""

    words: str
    organisation: str
    due_on: date | None
    state: str
    outcome: str | None


class PlanGoal(Part):
    """What shall be reached."""

    words: str
    measure: str | None
    outcome: str | None
    actions: list[PlanAction]


class PlanCheck(Part):
    """A day on which somebody looks how the person is."""

    due_on: date
    done_on: date | None
    outcome: str | None


class Plan(Part):
    """What was agreed; `agreed_on` None: not agreed."""

    goals: list[PlanGoal]
    checks: list[PlanCheck]
    agreed_on: date | None
    agreed_language: str | None
    agreed_how: str | None
    mediator_present: bool | None
    review: str | None


class Note(Part):
    """What staff wrote: `kind` shared, internal, cultural, thread or reason."""

    at: datetime
    kind: str
    words: str


class Document(Part):
    """A paper in a case; the file itself is not in the copy."""

    kind: str
    title: str | None
    expires_on: date | None
    seen_in_original: bool
    media_type: str
    size_bytes: int
    added_at: datetime


class ShareEntry(Part):
    """Another body was offered parts of a case."""

    organisation: str
    kind: str
    state: str
    parts: list[str]
    restricted: bool
    purpose: str
    request: str | None
    ground: str
    ground_words: str | None
    starts_at: datetime
    until: datetime
    outcome: str | None


class NeedOpening(Part):
    """Another body opened a case in an emergency."""

    organisation: str
    reason: str
    at: datetime
    until: datetime


class Visit(Part):
    """A viewing of a home; `seen` is what was written down there."""

    state: str
    starts_at: datetime | None
    meeting_place: str | None
    seen: dict[str, Any]


class Contract(Part):
    """What was agreed for a home; euros, a month where the name says so."""

    contract_type: str | None
    rent_eur_month: int | None
    expenses_eur_month: int | None
    deposit_eur: int | None
    signed_on: date | None
    starts_on: date | None
    registered_on: date | None
    keys_on: date | None
    ended_on: date | None
    note: str | None


class AppointmentEntry(Part):
    """An appointment at a desk; `topic` is the code of a need."""

    desk: str
    address: str
    starts_at: datetime
    state: str
    topic: str
    interpreter: str | None
    note: str | None
    cancelled_reason: str | None


class HomeEntry(Part):
    """A home that was matched with the person's household, by its code; nothing of its owner."""

    code: str
    municipality: str
    state: str
    since: datetime
    refused_by: str | None
    reason: str | None
    words: str | None
    visits: list[Visit]
    contract: Contract | None


class MediationEntry(Part):
    """A mediator whom a service asked for, to speak with the person."""

    language: str
    setting: str
    mode: str
    starts_at: datetime
    municipality: str | None
    place: str | None
    topic: str | None
    gender_wished: str | None
    state: str
    since: datetime


class CaseEntry(Part):
    """One case."""

    number: str
    type: str
    phase: str
    urgent: bool
    opened_at: datetime
    closed_at: datetime | None
    closing_reason: str | None
    source: str
    language: str
    municipality: str | None
    responsible: str | None
    needs: list[str]
    intake: dict[str, Any]
    outcome: str | None
    ground: str | None
    ground_words: str | None
    interviewed_on: date | None
    phases: list[PhaseStep]
    answers: list[Answer]
    plan: Plan
    notes: list[Note]
    documents: list[Document]
    shares: list[ShareEntry]
    opened_in_need: list[NeedOpening]
    search: str | None
    request: RequestEntry | None
    proposals: list[ProposalEntry]
    contracts: list[ContractEntry]
    homes: list[HomeEntry]
    register_entry: RegisterEntry | None
    courses: list[CourseEntry]
    mediations: list[MediationEntry]


class MessageEntry(Part):
    """A message that the person wrote or was sent. `original`: the words that it was translated from."""

    at: datetime
    author: str
    text: str
    language: str
    original: str | None
    files: int


class Talk(Part):
    """A conversation on one channel."""

    channel: str
    language: str
    since: datetime
    topic: str | None
    summary: list[str]
    messages: list[MessageEntry]


class ConsentEntry(Part):
    """A line of the ledger of consents, with the words as they were shown."""

    purpose: str
    answer: str
    organisation: str | None
    categories: list[str]
    text: str
    text_version: str
    language: str
    how: str
    given_on: date | None
    recorded_at: datetime
    expires_at: datetime | None


class Looked(Part):
    """Somebody of a body looked at something; members of staff are not named."""

    at: datetime
    organisation: str
    what: str


class OwnCopyFile(Part):
    """Everything that a body holds about a person. `left_out`: how many internal writings are not in it."""

    format: Literal["sportello.own-copy/1"]
    made_at: datetime
    organisation: str
    language: str
    records: list[Record]
    addresses: list[Address]
    household: Household | None
    cases: list[CaseEntry]
    appointments: list[AppointmentEntry]
    talks: list[Talk]
    consents: list[ConsentEntry]
    looked: list[Looked]
    notes_without_case: list[Note]
    left_out: int


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the file."""
    found = OwnCopyFile.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
