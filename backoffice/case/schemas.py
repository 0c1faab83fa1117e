"""Cases as JSON (contract, "Backoffice API"). Times are ISO 8601 UTC; unknown fields are refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backoffice.case.models import (
    Case,
    CaseEvent,
    CaseEventKind,
    CaseNote,
    CaseSource,
    CaseStatus,
    NoteContact,
    NoteKind,
)
from backoffice.case.needs import Need
from backoffice.case.parts import is_own
from backoffice.case.phases import ClosingReason, MoveKind
from backoffice.client.schemas import (
    CareSchedule,
    CareSkill,
    CareWorkIntake,
    CaseType,
    EvictionDay,
    HousingIntake,
    HousingOfferIntake,
    HousingProblem,
    LanguageCode,
    Phase,
    WorkDetail,
    WorkProblem,
)
from backoffice.person.models import Person
from backoffice.plan.models import ChargeGround, ReceptionOutcome
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Staff


class Document(BaseModel):
    """Base of what this API reads and writes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CareRequestIntake(Document):
    """What a family that looks for a family assistant was asked."""

    municipality: str | None = None
    needs: list[CareSkill] = []
    schedules: list[CareSchedule] = []
    hours_week: Annotated[int, Field(ge=1, le=168)] | None = None
    budget_eur_month: Annotated[int, Field(ge=1, le=20_000)] | None = None
    people_cared_for: Annotated[int, Field(ge=1, le=10)] | None = None


class FreeIntake(Document):
    """The intake of the types that have no form: the person's words, and what a problem is."""

    note: str | None = Field(default=None, max_length=4000)
    problem: HousingProblem | None = None
    eviction: EvictionDay | None = None
    work_problem: WorkProblem | None = None
    work_detail: WorkDetail | None = None


INTAKES: dict[CaseType, type[BaseModel]] = {
    CaseType.HOUSING: HousingIntake,
    CaseType.CARE_WORK: CareWorkIntake,
    CaseType.CARE_REQUEST: CareRequestIntake,
    CaseType.HOUSING_OFFER: HousingOfferIntake,
    CaseType.RECEPTION: FreeIntake,
    CaseType.MEDIATION: FreeIntake,
}
"""The shape of the intake of each type."""


class OrganisationOut(Document):
    """The body that is responsible."""

    id: str
    slug: str
    name: str


class StaffOut(Document):
    """A member of staff, as others see one."""

    id: str
    name: str


class PersonOut(Document):
    """The person of a case."""

    id: str
    name: str | None
    phone: str | None
    languages: list[str]


class CaseOut(Document):
    """One case."""

    id: str
    number: str
    type: CaseType
    phase: Phase
    status: CaseStatus
    urgent: bool
    organisation: OrganisationOut
    assignee: StaffOut | None
    person: PersonOut
    conversation: str | None
    language: str
    municipality: str | None
    needs: list[Need]
    intake: dict[str, Any]
    source: CaseSource
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    closing_reason: ClosingReason | None
    version: int


class CaseList(Document):
    """One page of cases, newest first; `next` is the cursor of the following page."""

    items: list[CaseOut]
    next: str | None


class NewPerson(Document):
    """A person who comes to the desk for the first time."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    phone: str | None = Field(default=None, max_length=20)
    languages: list[LanguageCode] = []


class CaseOpening(Document):
    """A case that staff open. Exactly one of `person` and `person_id` is set."""

    type: CaseType
    person: NewPerson | None = None
    person_id: str | None = None
    language: LanguageCode
    municipality: str | None = Field(default=None, max_length=80)
    needs: list[Need] = []
    intake: dict[str, Any] = {}
    source: CaseSource = CaseSource.DESK
    urgent: bool = False


class CaseChange(Document):
    """What shall be different; a field that is left out stays. `assignee` null means nobody.

    `reason` goes with a step back or a reopening, `closing_reason` with `phase: closed`, `ground_words` with
    `ground`. `accept` is the responsible operator's yes. `version` is the one that was read: with it, what
    somebody else has changed since is not overwritten.
    """

    phase: Phase | None = None
    reason: str | None = Field(default=None, max_length=2000)
    closing_reason: ClosingReason | None = None
    assignee: str | None = None
    municipality: str | None = Field(default=None, max_length=80)
    needs: list[Need] | None = None
    urgent: bool | None = None
    outcome: ReceptionOutcome | None = None
    ground: ChargeGround | None = None
    ground_words: str = Field(default="", max_length=2000)
    accept: Literal[True] | None = None
    interviewed_on: date | None = None
    review: str | None = Field(default=None, max_length=10_000)
    version: int | None = None


class MissingOut(Document):
    """One thing that a step needs, and where on the pages it is mended."""

    code: str
    link: str


class StepOut(Document):
    """One step that leads on from where a case is; it is refused while anything is missing."""

    kind: MoveKind
    to: Phase
    needs_reason: bool
    missing: list[MissingOut]


class StepList(Document):
    """Every step that is open to a case, the one forward first."""

    items: list[StepOut]
    next: None = None


class NoteIn(Document):
    """A note to be added."""

    kind: NoteKind = NoteKind.INTERNAL
    contact: NoteContact | None = None
    language: LanguageCode | None = None
    text: Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"\S")]


class NoteOut(Document):
    """A note."""

    id: str
    kind: NoteKind
    contact: NoteContact | None
    language: str | None
    text: str
    author: StaffOut
    created_at: datetime


class NoteList(Document):
    """The notes of a case, newest first; never more than one page."""

    items: list[NoteOut]
    next: None = None


class EventOut(Document):
    """One thing that happened. `by` is null for what the assistant did on the person's behalf."""

    id: int
    kind: CaseEventKind
    by: StaffOut | None
    at: datetime
    before: str | None
    after: str | None
    reason: str | None


class EventList(Document):
    """The history of a case, oldest first; never more than one page."""

    items: list[EventOut]
    next: None = None


def case_out(case: Case, staff: Staff, parts: frozenset[CasePart]) -> CaseOut:
    """Return a case as JSON, as somebody sees it; its person, organisation and assignee are loaded.

    The keys are always the same: what the reader does not see is null or empty. The conversation stays
    with the body that answers the chat.
    """
    organisation, assignee = case.organisation, case.assignee
    knows_person = CasePart.PERSON in parts
    return CaseOut(
        id=case.id,
        number=case.number,
        type=case.type,
        phase=case.phase,
        status=case.status,
        urgent=case.urgent,
        organisation=OrganisationOut(id=organisation.id, slug=organisation.slug, name=organisation.name),
        assignee=StaffOut(id=assignee.id, name=assignee.name) if assignee else None,
        person=person_out(case.person, shown=knows_person),
        conversation=case.conversation_id if is_own(staff, case) else None,
        language=case.language if knows_person else "",
        municipality=case.municipality,
        needs=[Need(need) for need in case.needs] if CasePart.NEEDS in parts else [],
        intake=case.intake if CasePart.INTAKE in parts else {},
        source=case.source,
        opened_at=case.opened_at,
        updated_at=case.updated_at,
        closed_at=case.closed_at,
        closing_reason=case.closing_reason,
        version=case.version,
    )


def person_out(person: Person, *, shown: bool = True) -> PersonOut:
    """Return a person as JSON; all keys are empty where the reader does not see who it is."""
    if not shown:
        return PersonOut(id="", name=None, phone=None, languages=[])
    return PersonOut(id=person.id, name=person.name, phone=person.phone, languages=list(person.languages))


def note_out(note: CaseNote, names: dict[str, str]) -> NoteOut:
    """Return a note as JSON; `names` has the author's."""
    author = StaffOut(id=note.author_id, name=names.get(note.author_id, ""))
    return NoteOut(
        id=note.id,
        kind=note.kind,
        contact=note.contact,
        language=note.language,
        text=note.text,
        author=author,
        created_at=note.created_at,
    )


def event_out(event: CaseEvent, names: dict[str, str]) -> EventOut:
    """Return an event as JSON; `names` has those of staff."""
    by = StaffOut(id=event.actor, name=names[event.actor]) if event.actor in names else None
    return EventOut(
        id=event.id,
        kind=event.kind,
        by=by,
        at=event.at,
        before=event.before,
        after=event.after,
        reason=event.reason,
    )
