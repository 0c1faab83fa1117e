"""The copy as JSON: what the file of `format` "sportello.own-copy/1" holds, and its schema.

Moments are ISO 8601 in UTC, days ISO 8601, languages ISO 639-1, countries ISO 3166, codes those of the API.
A change that a reader of the file would notice gives `format` another number. `docs/own-copy.schema.json`
is this schema, for who reads the file.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from backoffice.person.details import Details, Restricted

FORMAT = "sportello.own-copy/1"


class Part(BaseModel):
    """Base of the parts."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class GainedSkill(Part):
    """A skill of a family assistant, and how the desk recognised it."""

    skill: str
    origin: str
    years: int | None
    recognition: str | None
    recognised_on: date | None
    note: str | None


class WorkedTime(Part):
    """A time of work in a home; hours are those of a week."""

    started_on: date
    ended_on: date | None
    is_regular: bool
    is_in_italy: bool
    hours_week: int | None
    note: str | None


class ToldOf(Part):
    """A family that the person named as a reference; what it said is not in the copy."""

    name: str
    phone: str | None
    may_be_called: bool
    called_on: date | None


class ProvedRule(Part):
    """What the desk noted of a condition of the register."""

    rule: str
    is_met: bool | None
    shown_on: date | None
    note: str | None


class AbsentDays(Part):
    """Days on which the person cannot work."""

    from_on: date
    until_on: date
    note: str | None


class RegisterEntry(Part):
    """The person's entry in the register of family assistants. `week`: weekday (Monday 0) and times."""

    state: str
    since: datetime
    reason: str | None
    reason_words: str | None
    registered_on: date | None
    permit_expires_on: date | None
    shows_profile: bool
    shows_profile_on: date | None
    documents_wanted: list[str]
    interview_at: datetime | None
    interviewed_on: date | None
    interview_words: str | None
    skills: list[GainedSkill]
    work: list[WorkedTime]
    references: list[ToldOf]
    proofs: list[ProvedRule]
    week: list[str]
    absences: list[AbsentDays]


class RequestEntry(Part):
    """How far a family's request for care is; what it needs is the intake."""

    state: str
    since: datetime
    ended_why: str | None
    visited_on: date | None
    visit_words: str | None
    email: str | None


class PaidMonth(Part):
    """A month of pay that was looked at: what was paid, what was due; euros, `month` is its first day."""

    month: date
    hours: Decimal | None
    paid_eur: Decimal
    due_eur: Decimal | None


class ToldCheck(Part):
    """How the worker said that it goes, some weeks after the start; only in the worker's copy."""

    weeks: int
    asked_at: datetime | None
    answer: str | None
    outcome: str | None


class ContractEntry(Part):
    """A contract of work in a home. Sums are gross euros."""

    state: str
    since: datetime
    level: str | None
    tasks: list[str]
    live_in: bool | None
    hours_week: int | None
    hours_words: str | None
    pay_eur: Decimal | None
    pay_per: str | None
    place: str | None
    holidays: str | None
    starts_on: date | None
    ends_on: date | None
    signed_on: date | None
    inps_told_at: datetime | None
    notice_on: date | None
    ended_on: date | None
    end_reason: str | None
    severance_eur: Decimal | None
    paid: list[PaidMonth]
    checks: list[ToldCheck]


class ProposalEntry(Part):
    """A family assistant who was proposed to a family: by number and town, nothing of the other side."""

    number: int | None
    town: str | None
    state: str
    since: datetime
    said: bool | None
    refused_by: str | None
    reason: str | None
    words: str | None
    interview_at: datetime | None
    interview_place: str | None
    trial_from: date | None
    trial_until: date | None


class DayThere(Part):
    """Hours of attendance on a day."""

    day: date
    hours: float


class CourseEntry(Part):
    """A course that the person waited for or was in; without a title: the next one of the kind."""

    kind: str
    title: str | None
    provider: str | None
    starts_on: date | None
    state: str
    since: datetime
    waiting_since: datetime
    certificate_on: date | None
    note: str | None
    days: list[DayThere]


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
