"""The wire between the processes: what bot and actions send to the backoffice and get back.

The backoffice's endpoints use these very classes as request and response types, so that both
sides cannot drift. Times are aware and in UTC, written as ISO 8601. Unknown fields are refused.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$", description="ISO 639-1 code")]


class Wire(BaseModel):
    """Base of every document on the wire."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# --- Conversations -----------------------------------------------------------------------------


class Channel(StrEnum):
    """Where a conversation takes place."""

    TELEGRAM = "telegram"
    WEB = "web"


class Mode(StrEnum):
    """Who holds the floor."""

    ASSISTANT = "assistant"
    WAITING = "waiting"
    MEDIATOR = "mediator"
    CLOSED = "closed"


class WaitingReason(StrEnum):
    """Why a conversation waits for a person."""

    ASKED = "asked"
    EMERGENCY = "emergency"
    NOT_UNDERSTOOD = "not_understood"
    ASSISTANT_UNAVAILABLE = "assistant_unavailable"
    MEDIATOR_LEFT = "mediator_left"
    STAFF = "staff"


class SystemAnswer(StrEnum):
    """What a person who waits can say by a button. The backoffice itself hears it, never the assistant."""

    WISH_WOMAN = "wish_woman"
    WISH_MAN = "wish_man"
    WISH_NONE = "wish_none"
    CALL_MORNING = "call_morning"
    CALL_AFTERNOON = "call_afternoon"
    CALL_NONE = "call_none"
    TO_ASSISTANT = "to_assistant"

    @property
    def payload(self) -> str:
        """What the button carries: no payload of the assistant's begins so."""
        return f"{SYSTEM_PAYLOAD}{self.value}"


SYSTEM_PAYLOAD = "system:"
"""How the payload of a button begins that the backoffice itself answers."""

CHOICE_PAYLOAD = "choice:"
"""How the payload of a button begins that the backoffice answers whoever holds the floor."""


class Author(StrEnum):
    """Who says a message; the wire name of the field is `from`."""

    CITIZEN = "citizen"
    ASSISTANT = "assistant"
    MEDIATOR = "mediator"
    SYSTEM = "system"


class SessionRequest(Wire):
    """Opens a web conversation."""

    language: LanguageCode | None = None


class OfficeContact(Wire):
    """How to reach the office without this service.

    `phone` is as people dial it; `hours` is a sentence in the language that was asked for; `source`
    and `verified_on` say where it is from.
    """

    name: str
    address: str
    phone: str | None
    hours: str | None
    source: str | None
    verified_on: date | None
    is_demo: bool = False


class SessionCreated(Wire):
    """A new web conversation. `token` is shown once; only its SHA-256 is stored."""

    session: str
    token: str
    conversation_id: str
    language: LanguageCode
    office: OfficeContact | None


class SessionLookup(Wire):
    """Which conversation a bearer token opens; asked for by the token's SHA-256, in hexadecimal."""

    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SessionFound(Wire):
    """The conversation that a session token opens."""

    session: str
    conversation_id: str
    language: LanguageCode


class TelegramSender(Wire):
    """Who wrote on Telegram. `language_hint` is Telegram's language code, already cut to two letters."""

    chat_id: int
    user_id: int
    name: str | None = Field(default=None, max_length=200)
    language_hint: str | None = None


class MessageKind(StrEnum):
    """What arrived."""

    TEXT = "text"
    BUTTON = "button"
    COMMAND = "command"
    CONTACT = "contact"
    ATTACHMENT = "attachment"
    EDIT = "edit"


class Command(StrEnum):
    """The few commands that the channels know; the bot maps `/start` and the like to these."""

    START = "start"
    MENU = "menu"
    LANGUAGE = "language"
    HUMAN = "human"
    STOP = "stop"
    PRIVACY = "privacy"


class AttachmentKind(StrEnum):
    """What an attachment is to a reader."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"


class IncomingRequest(Wire):
    """One thing that a person sent. Exactly one of `conversation_id` (web) and `telegram` is set.

    `external_id` is unique in its channel: `<bot id>:<update id>` on Telegram, `<session>:<uuid>` on
    the web. `second_id` is a further unique key where the channel has one (`<chat>:<message>:<edit
    date>` on Telegram). `language` is what the text's script or the person's own choice says, if anything.
    """

    channel: Channel
    external_id: Annotated[str, Field(min_length=1, max_length=200)]
    second_id: str | None = Field(default=None, max_length=200)
    conversation_id: str | None = None
    telegram: TelegramSender | None = None
    kind: MessageKind
    text: str | None = Field(default=None, max_length=20_000)
    button: str | None = Field(default=None, max_length=100)
    command: Command | None = None
    language: LanguageCode | None = None
    phone: str | None = Field(default=None, max_length=40)
    attachment_id: str | None = None
    edited_external_id: str | None = Field(default=None, max_length=200)
    sent_at: datetime | None = None


class IncomingAccepted(Wire):
    """The message is stored.

    `repeated` is true when it already was: the numbers are the first ones. `throttled` is true when
    the sender wrote more than the budget allows: kept, not answered.
    """

    id: str
    conversation_id: str
    seq: int
    repeated: bool = False
    throttled: bool = False


class AttachmentStored(Wire):
    """An uploaded file, kept in the data folder."""

    id: str
    kind: AttachmentKind
    media_type: str
    size_bytes: int


class Button(Wire):
    """A button as a person sees it; `token` is opaque and belongs to its conversation."""

    label: str
    token: str


class Original(Wire):
    """The words as they were written, when `text` is a translation of them."""

    text: str
    language: LanguageCode


TranslationNote = Literal["machine", "person", "none"]
"""Who translated a mediator's words; `none`: they stand as they were written, in another language."""


class AttachmentLink(Wire):
    """An attachment of a message as the page may show it."""

    id: str
    kind: AttachmentKind
    media_type: str
    size_bytes: int


class ChatMessage(Wire):
    """One message of a conversation, in the web chat's protocol (contract, "Web chat")."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    seq: int
    author: Author = Field(alias="from")
    text: str
    language: LanguageCode
    direction: Literal["ltr", "rtl"]
    buttons: list[Button] = []
    attachments: list[AttachmentLink] = []
    original: Original | None = None
    at: datetime
    client_id: str | None = None
    """The uuid that the page made for its own message, so that it recognises it."""
    staff_name: str | None = None
    """The first name of the mediator who writes."""
    translated_by: TranslationNote | None = None
    corrects: int | None = None
    """The `seq` of the message that this one corrects."""


class ChatMessages(Wire):
    """The messages after a number.

    `received_up_to`: the highest `seq` of the citizen's messages that the assistant has handled or a
    mediator has opened ("delivered").
    """

    messages: list[ChatMessage]
    last_seq: int
    received_up_to: int
    mode: Mode
    language: LanguageCode


# --- Turns: one message of a citizen, taken to the assistant ------------------------------------


class TurnClaim(Wire):
    """Asks for the next turn; the call waits up to `wait_seconds` for one."""

    worker: Annotated[str, Field(max_length=100)]
    wait_seconds: Annotated[float, Field(ge=0, le=30)] = 20


class Turn(Wire):
    """One citizen's message to be taken to Rasa, under a lease.

    `sender` is Rasa's conversation id, `<conversation>.<session number>`. Exactly one of `text` and
    `payload` is set: `payload` is `/intent{...}` and comes only from a button or command of ours.
    `attempt` is 1 the first time; from 2 on the turn is in doubt and the channel must look it up first.
    """

    turn_id: str
    conversation_id: str
    sender: str
    seq: int
    epoch: int
    lease_token: int
    attempt: int
    language: LanguageCode
    channel: Channel
    text: str | None = None
    payload: str | None = None
    accepted_at: datetime
    memory_key: str = Field(repr=False)
    """What Rasa's memory of the conversation is encrypted with: 32 bytes in URL-safe base 64."""


class TurnClaimed(Wire):
    """The next turn, or none within the waiting time."""

    turn: Turn | None


class ReplyButton(Wire):
    """A button of a reply.

    `payload` stays in the backoffice: the person gets a token for it. `lasting` buttons open a topic
    and stay valid for the conversation; the others answer a question and are valid once, until the
    next answer of the assistant.
    """

    title: Annotated[str, Field(min_length=1, max_length=100)]
    payload: Annotated[str, Field(min_length=1, max_length=1000)]
    lasting: bool = False


class Reply(Wire):
    """One message that the assistant says."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    buttons: list[ReplyButton] = []


class TurnAnswer(Wire):
    """What the assistant answers to a turn. `intent` and `confidence` describe how it was understood.

    `form` is the one that is open after the turn, as Rasa's domain calls it.
    """

    epoch: int
    lease_token: int
    replies: list[Reply]
    intent: str | None = Field(default=None, max_length=60)
    confidence: float | None = None
    form: str | None = Field(default=None, max_length=60)


class TurnAnswered(Wire):
    """`suppressed` is true when the floor had moved: the text is kept for staff, never sent."""

    suppressed: bool


class TurnFailureReason(StrEnum):
    """Why a turn brought no answer."""

    RASA_UNREACHABLE = "rasa_unreachable"
    RASA_TIMEOUT = "rasa_timeout"
    RASA_FAILED = "rasa_failed"
    ACTION_SERVER_FAILED = "action_server_failed"


class TurnFailure(Wire):
    """A turn brought no answer.

    `give_up` says that the person must be told now (the bot's time is over): the conversation then
    waits for a human. `urgent` when the message was an emergency.
    """

    lease_token: int
    reason: TurnFailureReason
    give_up: bool
    urgent: bool = False


class TurnFailureRecorded(Wire):
    """When the turn will be offered again, if it will."""

    retry_at: datetime | None


class AssistantStatus(Wire):
    """The bot reports that Rasa and the actions answer (again).

    Conversations that wait only because the assistant was unavailable, and that nobody has claimed, go
    back to it.
    """

    available: bool


class AssistantReturned(Wire):
    """How many conversations went back to the assistant."""

    conversations: int


# --- Deliveries --------------------------------------------------------------------------------


class DeliveryClaim(Wire):
    """Asks for messages to deliver on a channel; the call waits up to `wait_seconds` for one."""

    channel: Channel
    worker: Annotated[str, Field(max_length=100)]
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    wait_seconds: Annotated[float, Field(ge=0, le=30)] = 20


class Delivery(Wire):
    """A message to be sent on Telegram.

    It is in state `sending` when it is handed out. At most one delivery of a conversation is out at a
    time, the lowest unsent `seq` first.
    """

    id: str
    conversation_id: str
    seq: int
    chat_id: int
    text: str
    language: LanguageCode
    direction: Literal["ltr", "rtl"]
    buttons: list[Button] = []
    attempt: int
    person_language: LanguageCode | None = None
    """What the person speaks; `language` is that of the text, which may not be translated."""
    translated_by: TranslationNote | None = None
    staff_name: str | None = None
    original: Original | None = None
    corrects: bool = False
    picture_id: str | None = None
    """A file that is sent before the text, which the conversation may read."""
    reply_to: str | None = None
    """The channel's id of the message that this one corrects, where it was sent."""


class DeliveriesClaimed(Wire):
    """The deliveries handed out."""

    deliveries: list[Delivery]


class DeliveryOutcome(StrEnum):
    """What became of a delivery."""

    SENT = "sent"
    RETRY = "retry"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


class DeliveryReport(Wire):
    """What Telegram said.

    `retry_after_seconds` with `retry` (429, 5xx, no network); `unreachable` marks the person as such
    (403); `failed` ends the delivery (400 that plain text did not mend).
    """

    outcome: DeliveryOutcome
    provider_id: str | None = Field(default=None, max_length=100)
    retry_after_seconds: float | None = None
    error: str | None = Field(default=None, max_length=300)


# --- Live events -------------------------------------------------------------------------------


class LiveEvent(Wire):
    """Something changed; the reader fetches what. `id` grows."""

    id: int
    conversation_id: str


class LiveEvents(Wire):
    """Events after a number; `last_id` is where to go on."""

    events: list[LiveEvent]
    last_id: int


# --- What actions do ---------------------------------------------------------------------------


class ConversationState(Wire):
    """A conversation as the actions need it."""

    id: str
    mode: Mode
    epoch: int
    language: LanguageCode
    channel: Channel
    person_name: str | None
    person_phone: str | None


class LanguageChange(Wire):
    """The person chose a language."""

    language: LanguageCode


class LinkCode(Wire):
    """A code that lets its person go on in another chat, shown once; until when it works."""

    code: str
    expires_at: datetime


class TypedCode(Wire):
    """What somebody typed where a code was asked for."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class Linked(Wire):
    """Whether the conversation goes on as the code's person. Why not is never said."""

    linked: bool


class HandoffRequest(Wire):
    """The conversation shall wait for a human.

    `summary` holds facts for staff, a line each, each with its origin in brackets.
    """

    reason: WaitingReason
    urgent: bool = False
    topic: str | None = Field(default=None, max_length=60)
    summary: list[str] = []


class HandoffState(Wire):
    """What the person may be told.

    Place in the queue (from 1), whether the desk is open now, and when it opens next (UTC). `offers` are
    the buttons to show with it, in the conversation's language.
    """

    position: int
    desk_open: bool
    opens_at: datetime | None
    already_waiting: bool = False
    offers: list[ReplyButton] = []


class CaseType(StrEnum):
    """What a case is about (contract, "Backoffice API")."""

    RECEPTION = "reception"
    HOUSING = "housing"
    CARE_WORK = "care_work"
    CARE_REQUEST = "care_request"
    HOUSING_OFFER = "housing_offer"
    MEDIATION = "mediation"


class Phase(StrEnum):
    """Where a case stands (domain, project.md 3)."""

    RECEPTION = "reception"
    TAKING_CHARGE = "taking_charge"
    PLANNING = "planning"
    DELIVERY = "delivery"
    MONITORING = "monitoring"
    CLOSED = "closed"


class CareSchedule(StrEnum):
    """How a family assistant works (contract, intents.md)."""

    LIVE_IN = "live_in"
    HOURLY = "hourly"
    NIGHTS = "nights"
    WEEKEND = "weekend"


class CareSkill(StrEnum):
    """What a family assistant can do (contract, intents.md)."""

    ELDERLY = "elderly"
    DEMENTIA = "dementia"
    DISABILITY = "disability"
    CHILDREN = "children"
    CLEANING = "cleaning"
    COOKING = "cooking"


class CareLevel(StrEnum):
    """Levels of domestic work (CCNL lavoro domestico, art. 9)."""

    A = "A"
    AS = "AS"
    B = "B"
    BS = "BS"
    C = "C"
    CS = "CS"
    D = "D"
    DS = "DS"


class DomesticTask(StrEnum):
    """What somebody really does in a home: the level follows from it (CCNL lavoro domestico, art. 9)."""

    CLEANING = "cleaning"
    LAUNDRY = "laundry"
    KITCHEN_HELP = "kitchen_help"
    PETS = "pets"
    WATERING = "watering"
    COMPANY = "company"
    HOUSE_HELPER = "house_helper"
    KEEPER = "keeper"
    IRONING = "ironing"
    WAITER = "waiter"
    GARDENER = "gardener"
    DRIVER = "driver"
    BABYSITTING = "babysitting"
    CARE_SELF_SUFFICIENT = "care_self_sufficient"
    COOK = "cook"
    CARE_DEPENDENT = "care_dependent"
    HOUSE_ADMINISTRATOR = "house_administrator"
    BUTLER = "butler"
    HEAD_COOK = "head_cook"
    EDUCATOR = "educator"
    HOUSE_DIRECTOR = "house_director"


class CareAbility(StrEnum):
    """What a person who is cared for needs and a family assistant can do; no name of an illness."""

    LIFTING = "lifting"
    HOIST = "hoist"
    WASHING = "washing"
    CHANGING = "changing"
    FEEDING = "feeding"
    MEDICINES_REMINDER = "medicines_reminder"
    CATHETER_STOMA = "catheter_stoma"
    DIABETES = "diabetes"
    NIGHT_WAKING = "night_waking"
    WANDERING = "wandering"
    ITALIAN_COOKING = "italian_cooking"
    DRIVING = "driving"


class SkillOrigin(StrEnum):
    """Where a skill was gained."""

    WORK_ITALY = "work_italy"
    WORK_ABROAD = "work_abroad"
    FAMILY = "family"
    COURSE = "course"
    STUDIES = "studies"


class CareCertificate(StrEnum):
    """Papers that show training (domain, care_work.md 7 and 8)."""

    COURSE_160_HOURS = "course_160_hours"
    SHORTER_COURSE = "shorter_course"
    ASA = "asa"
    OSS = "oss"
    COMPETENCE_CERTIFICATE = "competence_certificate"
    CARE_DIPLOMA_EU = "care_diploma_eu"
    CARE_DIPLOMA_ABROAD = "care_diploma_abroad"
    UNI_11766 = "uni_11766"
    FIRST_AID = "first_aid"


class Transport(StrEnum):
    """How a family assistant gets to work."""

    CAR = "car"
    SCOOTER = "scooter"
    BUS = "bus"
    BICYCLE = "bicycle"
    ON_FOOT = "on_foot"


class ItalianLevel(StrEnum):
    """How well somebody speaks Italian, by their own word or the desk's."""

    NONE = "none"
    LITTLE = "little"
    ENOUGH = "enough"
    WELL = "well"


class CareLimit(StrEnum):
    """What a family assistant cannot or will not do."""

    SMOKERS = "smokers"
    PETS = "pets"
    STAIRS = "stairs"
    HEAVY_LIFTING = "heavy_lifting"


class CaresFor(StrEnum):
    """Whose intimate care a family assistant takes on."""

    WOMEN = "women"
    MEN = "men"
    BOTH = "both"


class GenderWished(StrEnum):
    """Whom the person who is washed and dressed wishes for: asked only where intimate care is needed."""

    WOMAN = "woman"
    MAN = "man"


class Relation(StrEnum):
    """Who asks for a family assistant."""

    SELF = "self"
    CHILD = "child"
    SPOUSE = "spouse"
    PARENT = "parent"
    RELATIVE = "relative"
    GUARDIAN = "guardian"
    OTHER = "other"


class Employment(StrEnum):
    """The household's main income."""

    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"
    SELF_EMPLOYED = "self_employed"
    UNDECLARED = "undeclared"
    UNEMPLOYED = "unemployed"
    OTHER = "other"


class Near(StrEnum):
    """What a home is near to, within a walk of a quarter of an hour."""

    WORK = "work"
    BUS = "bus"
    TRAIN = "train"
    SCHOOL = "school"
    SHOPS = "shops"
    DOCTOR = "doctor"


class Furnishing(StrEnum):
    """What stands in a home."""

    FURNISHED = "furnished"
    KITCHEN_ONLY = "kitchen_only"
    UNFURNISHED = "unfurnished"


class ContractType(StrEnum):
    """How a home is let (domain, housing.md 1)."""

    FREE = "free"
    AGREED = "agreed"
    TRANSITIONAL = "transitional"
    STUDENTS = "students"
    COMPANY = "company"
    LOAN = "loan"
    ROOM = "room"


class PermitState(StrEnum):
    """Whether the household's papers to stay are in order; no home is refused for it."""

    NOT_NEEDED = "not_needed"
    VALID = "valid"
    LONG_TERM = "long_term"
    BEING_RENEWED = "being_renewed"
    NONE = "none"


class PresentHome(StrEnum):
    """Where a household lives now."""

    RENTED = "rented"
    ROOM = "room"
    WITH_OTHERS = "with_others"
    AT_WORK = "at_work"
    RECEPTION_CENTRE = "reception_centre"
    NO_HOME = "no_home"
    OTHER = "other"


class LeavingReason(StrEnum):
    """Why a household looks for another home."""

    EVICTION = "eviction"
    CONTRACT_ENDS = "contract_ends"
    TOO_SMALL = "too_small"
    TOO_DEAR = "too_dear"
    BAD_CONDITION = "bad_condition"
    FAMILY_ARRIVES = "family_arrives"
    WORK = "work"
    OTHER = "other"


class HousingProblem(StrEnum):
    """What is wrong at home (domain, housing.md 11)."""

    THREAT = "threat"
    EVICTION = "eviction"
    UTILITIES = "utilities"
    DAMP = "damp"
    NO_CONTRACT = "no_contract"
    OVERCROWDING = "overcrowding"
    PAPERS = "papers"
    DISCRIMINATION = "discrimination"
    OTHER = "other"


class EvictionDay(StrEnum):
    """When somebody has to leave, as far as the person can tell."""

    WITHIN_30_DAYS = "within_30_days"
    LATER = "later"
    NO_DATE = "no_date"
    UNKNOWN = "unknown"


class WorkProblem(StrEnum):
    """What is wrong with the work in a home (domain, care_work.md 11)."""

    VIOLENCE = "violence"
    LOCKED_IN = "locked_in"
    PASSPORT = "passport"
    THREAT = "threat"
    UNPAID = "unpaid"
    HOURS = "hours"
    NO_CONTRACT = "no_contract"
    DISMISSED = "dismissed"
    CONTRACT = "contract"
    OTHER = "other"


class WorkDetail(StrEnum):
    """How bad a problem at work is, asked only of those for which it changes what happens."""

    UNDER_2_MONTHS = "under_2_months"
    FROM_2_MONTHS = "from_2_months"
    OVER_54_HOURS = "over_54_hours"
    NO_REST = "no_rest"
    OTHER_HOURS = "other_hours"
    LIVES_THERE = "lives_there"
    LIVES_ELSEWHERE = "lives_elsewhere"


class HousingIntake(Wire):
    """What a household that looks for a home was asked. Towns are Italian names; money in euros.

    The budget is for rent and expenses of a month together. `step_free`: somebody cannot climb stairs.
    What is None or empty was not asked, or not answered.
    """

    municipalities: list[str]
    budget_eur_month: Annotated[int, Field(ge=1, le=20_000)]
    people: Annotated[int, Field(ge=1, le=30)]
    minors: Annotated[int, Field(ge=0, le=29)] | None = None
    rooms: Annotated[int, Field(ge=1, le=20)] | None = None
    move_in_from: date | None = None
    employment: Employment | None = None
    needs: str | None = Field(default=None, max_length=2000)
    near: list[Near] = []
    step_free: bool | None = None
    furnished: bool | None = None
    pets: bool | None = None
    net_income_eur_month: Annotated[int, Field(ge=0, le=50_000)] | None = None
    working_since: date | None = None
    guarantor: bool | None = None
    deposit_available_eur: Annotated[int, Field(ge=0, le=50_000)] | None = None
    permit: PermitState | None = None
    permit_expires_on: date | None = None
    present_home: PresentHome | None = None
    leaving_reason: LeavingReason | None = None
    eviction_on: date | None = None


class HousingOfferIntake(Wire):
    """What an owner who offers a home was asked. Rent and expenses in euros a month."""

    municipality: str | None = None
    rent_eur_month: Annotated[int, Field(ge=1, le=20_000)] | None = None
    rooms: Annotated[int, Field(ge=1, le=20)] | None = None
    max_people: Annotated[int, Field(ge=1, le=30)] | None = None
    available_from: date | None = None
    contract_types: list[ContractType] = []
    expenses_eur_month: Annotated[int, Field(ge=0, le=5_000)] | None = None
    size_m2: Annotated[int, Field(ge=8, le=1_000)] | None = None
    floor: Annotated[int, Field(ge=-1, le=30)] | None = None
    lift: bool | None = None
    furnishing: Furnishing | None = None
    note: str | None = Field(default=None, max_length=2000)
    contact_agreed: bool | None = None
    """Whether the desk may write and call about the home."""


class UnlawfulWish(Wire):
    """A wish that discriminates (D.Lgs. 286/1998, art. 43-44). Of a family's the words are left out."""

    ground: Literal["nationality", "origin", "religion", "language", "skin", "age", "family", "other"]
    words: Annotated[str, Field(max_length=500)]


class PapersAsked(Wire):
    """Since when a person was asked for pictures of a paper; a picture belongs to what was asked for last."""

    kind: Literal["certificate", "permit"]
    since: datetime


class CareWorkIntake(Wire):
    """The register of family assistants. Days and hours are those of Italy; sums are gross.

    `skill_origins` says where each skill was gained; `days_not_possible` are weekdays, Monday 0.
    """

    municipalities: list[str]
    years_experience: Annotated[int, Field(ge=0, le=60)]
    skills: list[CareSkill]
    schedules: list[CareSchedule]
    languages: list[LanguageCode] = []
    availability_from: date | None = None
    permit_allows_work: Literal["yes", "no", "unknown"] | None = None
    permit: PermitState | None = None
    permit_expires_on: date | None = None
    eu_citizen: bool | None = None
    skill_origins: dict[CareSkill, list[SkillOrigin]] = {}
    abilities: list[CareAbility] = []
    certificates: list[CareCertificate] = []
    months_with_contract: Annotated[int, Field(ge=0, le=24)] | None = None
    """Months of family care with a regular contract in Italy, in the last two years."""
    transport: list[Transport] = []
    italian: ItalianLevel | None = None
    hours_week_most: Annotated[int, Field(ge=1, le=54)] | None = None
    days_not_possible: list[Annotated[int, Field(ge=0, le=6)]] = []
    limits: list[CareLimit] = []
    cares_for: CaresFor | None = None
    pay_expected_eur_month: Annotated[int, Field(ge=1, le=20_000)] | None = None
    needs_home: bool | None = None


class CareRequestIntake(Wire):
    """What a family asks for. No diagnosis: what the person needs is in `abilities` and `self_sufficient`.

    `months`: for how long; None is without an end. `gender_wished` is kept only with `washing` or `changing`
    among the abilities.
    """

    municipality: str | None = None
    needs: list[CareSkill] = []
    schedules: list[CareSchedule] = []
    hours_week: Annotated[int, Field(ge=1, le=54)] | None = None
    budget_eur_month: Annotated[int, Field(ge=1, le=20_000)] | None = None
    people_cared_for: Annotated[int, Field(ge=1, le=10)] | None = None
    relation: Relation | None = None
    self_sufficient: bool | None = None
    abilities: list[CareAbility] = []
    tasks: list[DomesticTask] = []
    start_from: date | None = None
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    own_room: bool | None = None
    pets: bool | None = None
    smokers: bool | None = None
    stairs: bool | None = None
    languages: list[LanguageCode] = []
    gender_wished: GenderWished | None = None
    days: list[Annotated[int, Field(ge=0, le=6)]] = []
    """On which weekdays, Monday 0; none said: any."""
    note: str | None = Field(default=None, max_length=2000)


class ConsentGiven(Wire):
    """What the person agreed to, and the words in which it was asked."""

    purpose: Annotated[str, Field(max_length=60)]
    text_version: Annotated[str, Field(max_length=60)]
    text: Annotated[str, Field(max_length=5000)]
    language: LanguageCode


FurtherAnswer = (
    bool | int | Annotated[str, Field(max_length=2000)] | Annotated[list[str], Field(max_length=20)]
)
"""An answer to a further question: yes or no, a number, a text, a day, a code, or several codes."""


class FurtherAnswers(Wire):
    """What was answered to the further questions of a case type, by code, and the version that was asked."""

    set_id: Annotated[str, Field(max_length=36)]
    answers: Annotated[dict[str, FurtherAnswer], Field(max_length=30)]


class FurtherKind(StrEnum):
    """What an answer to a further question is."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    ONE_OF = "one_of"
    SEVERAL_OF = "several_of"
    TOWN = "town"


class FurtherOption(Wire):
    """An answer that is offered, in the language that was asked for."""

    code: str
    label: str


class FurtherQuestion(Wire):
    """A further question as the chat asks it, in the language that was asked for.

    `title` names it in a word or two, `why` says why it is asked.
    """

    code: str
    kind: FurtherKind
    title: str
    label: str
    help: str
    why: str
    unit: str
    options: list[FurtherOption]
    required: bool
    minimum: int | None
    maximum: int | None


class FurtherQuestions(Wire):
    """The further questions of a case type for the chat; no version, no questions where there are none."""

    set_id: str | None
    version: int | None
    questions: list[FurtherQuestion]


class IntakeRequest(Wire):
    """A finished form: person, case and intake are written in one transaction.

    Exactly one of `housing`, `care_work`, `housing_offer` and `care_request` is set. `wishes` belong to an
    offer or to a family's request: what may not be asked for. `began_at` belongs to an offer: since when
    pictures in the chat show the home. `papers` and `profile_consent` belong to a family assistant: which
    pictures show papers, and the yes to families seeing the profile without the name.
    `further` are the answers to questions that an administrator added.
    """

    conversation_id: str
    turn_id: str
    person_name: str | None = Field(default=None, max_length=200)
    person_phone: str | None = Field(default=None, max_length=20)
    housing: HousingIntake | None = None
    care_work: CareWorkIntake | None = None
    housing_offer: HousingOfferIntake | None = None
    care_request: CareRequestIntake | None = None
    wishes: Annotated[list[UnlawfulWish], Field(max_length=10)] = []
    began_at: datetime | None = None
    papers: Annotated[list[PapersAsked], Field(max_length=2)] = []
    profile_consent: ConsentGiven | None = None
    further: FurtherAnswers | None = None
    consent: ConsentGiven


class HousingFiguresRequest(Wire):
    """Figures of a contract of rent, in euros. `deposit_eur`: None where none was named yet."""

    rent_eur_month: Annotated[int, Field(ge=1, le=20_000)]
    expenses_eur_month: Annotated[int, Field(ge=0, le=5_000)] = 0
    deposit_eur: Annotated[int, Field(ge=0, le=60_000)] | None = None
    agency_fee_eur: Annotated[int, Field(ge=0, le=50_000)] | None = None


class SigningCost(Wire):
    """One thing to pay when a contract is signed: the whole of it, and the tenant's part."""

    kind: str
    total_eur: Decimal
    tenant_eur: Decimal


class FigureSource(Wire):
    """Where a figure was read; `read_on` is the source's own day, or `undated`."""

    page: str
    read_on: str


class HousingFigures(Wire):
    """What a contract costs at the start, from figures that were found in a source.

    `unknown`: codes of figures that nobody has found and that may change it: the desk is asked.
    """

    deposit_limit_eur: Decimal
    costs: list[SigningCost]
    tenant_eur: Decimal
    registration_days: int
    sources: list[FigureSource]
    unknown: list[str]


class NightKind(StrEnum):
    """What the nights are (CCNL lavoro domestico): none, only being there (21-8), or care (20-8)."""

    NONE = "none"
    PRESENCE = "presence"
    CARE = "care"


class PayPeriod(StrEnum):
    """What a pay is for."""

    HOUR = "hour"
    MONTH = "month"


class PayVerdict(StrEnum):
    """What a pay is against the minimum of its day. `unknown`: the table does not say, ask the desk."""

    ENOUGH = "enough"
    BELOW = "below"
    UNKNOWN = "unknown"


class NoticeBy(StrEnum):
    """Who ends the work."""

    FAMILY = "family"
    WORKER = "worker"


YearsOfService = Annotated[Decimal, Field(ge=0, le=60, max_digits=5, decimal_places=3)]


class CarePayRequest(Wire):
    """Terms of domestic work whose pay is asked about. Sums are gross euros.

    `on` is a day of the month that is asked about. `level` is what the paper says; the tasks really done
    count, and where they ask for more, theirs is used. `rest_cover`: only the rest days of somebody else who
    cares for a dependent person. `months_worked_this_year`: None is the whole year.
    """

    on: date
    level: CareLevel | None = None
    tasks: Annotated[list[DomesticTask], Field(max_length=30)] = []
    trained: bool | None = None
    """A diploma or a course of at least 500 hours with a certificate."""
    dependent: bool | None = None
    """Whether the person cared for is not self-sufficient."""
    live_in: bool
    hours_week: Annotated[int, Field(ge=1, le=168)]
    nights: NightKind = NightKind.NONE
    rest_cover: bool = False
    years_with_employer: YearsOfService = Decimal(0)
    lunch: bool | None = None
    dinner: bool | None = None
    lodging: bool | None = None
    """Whether they are given in kind; None: not asked, for who lives in as given."""
    uni_11766: bool = False
    paid_eur: Annotated[Decimal, Field(ge=0, le=20_000, max_digits=7, decimal_places=2)] | None = None
    paid_per: PayPeriod | None = None
    months_worked_this_year: Annotated[int, Field(ge=0, le=12)] | None = None
    fixed_term: bool = False
    replaces_absent: bool = False
    without_cuaf: bool = False
    """Spouse or relative to the third degree: INPS takes contributions without CUAF."""


class CareStep(Wire):
    """One step of a computation. `inputs` are the numbers that it was made of, by name.

    `amount` is euros to the cent, or days where the code says so (`holidays`, `notice*`).
    """

    code: str
    amount: Decimal
    inputs: dict[str, Decimal] = {}


class CarePay(Wire):
    """What is due for domestic work on a day, step by step, from figures that were found in a source.

    `minimum_eur` is for `minimum_per`, the period of the pay where one was named, with steps of seniority.
    With `minimum_is_least` a part of it is not known: the true minimum is higher. `short_eur` is by how much
    the pay is less, in the same period. `unknown`: codes of what no source gives: the desk is asked.
    """

    level: CareLevel | None
    level_reason: str
    level_task: DomesticTask | None = None
    """The task that decided."""
    table_from: date | None = None
    table_to: date | None = None
    minimum_eur: Decimal | None = None
    minimum_per: PayPeriod | None = None
    minimum_is_least: bool = False
    verdict: PayVerdict | None = None
    """None: no pay was named."""
    short_eur: Decimal | None = None
    hours_limit: int | None = None
    hours_over: int = 0
    thirteenth_eur: Decimal | None = None
    holiday_days: Decimal | None = None
    contribution_eur_hour: Decimal | None = None
    contribution_worker_eur_hour: Decimal | None = None
    contributions_eur_month: Decimal | None = None
    contributions_worker_eur_month: Decimal | None = None
    severance_eur: Decimal | None = None
    """For the months worked; None while its formula is not found in a source."""
    board_eur_day: Decimal | None = None
    """What meals and bed of a day are worth by the table of the day."""
    steps: list[CareStep] = []
    unknown: list[str] = []
    sources: list[FigureSource] = []


class CareNoticeRequest(Wire):
    """Work that ends, and by whom. `near_maternity`: told within 31 days from the end of maternity leave."""

    on: date
    ends_by: NoticeBy
    hours_week: Annotated[int, Field(ge=1, le=168)]
    years_with_employer: YearsOfService
    keeper_with_home: bool = False
    near_maternity: bool = False


class CareNotice(Wire):
    """Days of notice. `days` is None where the source does not decide; `possible_days` then says which."""

    days: int | None
    possible_days: list[int] = []
    doubled: bool = False
    steps: list[CareStep] = []
    unknown: list[str] = []
    sources: list[FigureSource] = []


class CaseRegistered(Wire):
    """The case that the intake became. `number` is what the person is told."""

    id: str
    number: str
    type: CaseType
    phase: Phase


class OwnCase(Wire):
    """A case as its own person may hear of it.

    `care_state`: where the desk for care work is with it, a code of its states.
    A private one is known by its number alone: whoever else holds the telephone learns nothing from it.
    """

    number: str
    type: CaseType | None
    phase: Phase | None
    opened_at: datetime | None
    assignee_name: str | None
    care_state: str | None = None

    @classmethod
    def private(cls, number: str) -> OwnCase:
        """Return a case of which the chat tells nothing more."""
        return cls(number=number, type=None, phase=None, opened_at=None, assignee_name=None)


class OwnCases(Wire):
    """The cases of the person of one conversation, newest first.

    `locked`: the chat was silent for long, and nobody of the staff has spoken with the person since: then
    there are none, whoever holds the telephone now.
    """

    cases: list[OwnCase]
    locked: bool = False


class ReceptionRequest(Wire):
    """A need that becomes a case of type `reception` without a form.

    Such as a wish for an appointment, a complaint, a request to delete data.
    `need` is a need code of the domain, `note` the person's words. `wants_course`: who is in the register of
    family assistants already is put on the list of the next course instead.
    """

    conversation_id: str
    need: Annotated[str, Field(max_length=60)]
    note: str | None = Field(default=None, max_length=4000)
    wants_course: bool = False


class AppointmentBegin(Wire):
    """Somebody speaks of an appointment; `changes`: of one that they have.

    `topic`: the need that they spoke of before.
    """

    conversation_id: str
    changes: bool = False
    topic: str | None = Field(default=None, max_length=40)


class AppointmentSentence(Wire):
    """A sentence in the conversation's language, with buttons that the backoffice answers."""

    text: str
    buttons: list[ReplyButton]


class AppointmentSaid(Wire):
    """What is said of appointments; nothing: no desk can be booked in the chat."""

    said: list[AppointmentSentence]


class MisunderstoodMessage(Wire):
    """A message that was asked back, given by its writer to learn from.

    `turn_id` is the turn of the message, `language` the one that it seems to be written in, `guesses` what it
    was taken for, the likeliest first.
    """

    conversation_id: str
    turn_id: str
    language: LanguageCode
    guesses: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=10)] = []
    consent: ConsentGiven


class MessageGiven(Wire):
    """The message's place in the review queue."""

    id: str


class GuideSource(Wire):
    """Where a fact of the guide comes from."""

    title: str
    url: str | None
    dated: str | None
    """The page's own date as it gives it (a year, a month or a day), or none."""

    @property
    def written(self) -> str:
        """The source as people read it: its title, and its date where it bears one."""
        return f"{self.title} ({self.dated})" if self.dated else self.title


class GuideAspect(StrEnum):
    """What a part of the guide speaks of."""

    WHO = "who"
    BRING = "bring"
    STEPS = "steps"
    COST = "cost"
    DEADLINE = "deadline"
    WHERE = "where"
    PERSON = "person"
    """What only a person can judge: no fact, the way to somebody."""


class GuideDate(Wire):
    """How a day that the person names becomes the last day to act, counted in days from theirs.

    `name` is the key of its sentences, `guide_steps.date.<name>`. `late_days`: until when it can still be
    done though late; none where nothing is known of that.
    """

    name: str
    due_days: int
    late_days: int | None


class GuidePart(Wire):
    """One thing that is known of a case, in one language. `is_stale`: the Italian changed since."""

    aspect: GuideAspect
    text: str
    sources: list[GuideSource]
    is_stale: bool
    date: GuideDate | None = None


class GuideCase(Wire):
    """What applies to some of those who ask. `option` is the words that pick it; none where it is alone.

    `asked_first`: whether it applies is asked before anything is told.
    """

    name: str
    option: str | None
    parts: list[GuidePart]
    asked_first: bool = False


class GuideAnswer(Wire):
    """An answer of the services guide, in one language. `call_first` when it is past its date.

    `ask` is the question that the options of the cases answer; none where there is one case only.
    `valid_to` is the last day, in Italy, on which it may be trusted. `copied_at` is set where the
    backoffice was away and the answer is of the last copy.
    """

    topic: str
    language: LanguageCode
    text: str
    next_step: str
    ask: str | None
    cases: list[GuideCase]
    sources: list[GuideSource]
    verified_on: date
    valid_to: date
    call_first: bool
    is_stale: bool
    copied_at: datetime | None = None


class GuideCopy(Wire):
    """The whole guide in one language, as it was at `made_at`."""

    language: LanguageCode
    made_at: datetime
    topics: list[GuideAnswer]


class OpenNow(StrEnum):
    """Whether a place is open; what nobody knows is `unknown`, and never `closed`."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class PhoneFound(Wire):
    """A number as people dial it, with the languages that are spoken there (ISO 639)."""

    number: str
    description: str | None
    languages: list[str]


class PlaceFound(Wire):
    """A service of the directory in one place, or a line without one, as it is now, in one language.

    `kilometres`: as the crow flies from the town that was asked for. `hours_words`: hours that are known in
    words alone. `languages`: those spoken at the desk or on the phone. `fees` are sentences. `call_first`:
    nobody has checked it, or its date is past.
    """

    service_id: str
    place_id: str | None
    name: str
    body: str
    topics: list[str]
    description: str | None
    eligibility: str | None
    how_to_apply: str | None
    interpretation: str | None
    alert: str | None
    fees: list[str]
    is_free: bool
    documents: list[str]
    place_name: str | None
    address: str | None
    town: str | None
    kilometres: float | None
    step_free: bool | None
    phones: list[PhoneFound]
    email: str | None
    url: str | None
    languages: list[str]
    state: OpenNow
    closes_at: datetime | None
    opens_next: datetime | None
    hours_words: list[str]
    source: str
    verified_on: date | None
    call_first: bool


class PlacesFound(Wire):
    """A page of what was found in the directory; `next` goes on after it."""

    items: list[PlaceFound]
    next: str | None
