"""A backoffice for actions: the client's signatures, answers that a test sets, a record of calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from backoffice.client.errors import BackofficeClientError, Conflict
from backoffice.client.schemas import (
    AppointmentBegin,
    AppointmentSaid,
    CareLevel,
    CareNotice,
    CareNoticeRequest,
    CarePay,
    CarePayRequest,
    CaseRegistered,
    CaseType,
    Channel,
    ConversationState,
    FigureSource,
    FurtherQuestion,
    FurtherQuestions,
    GuideAnswer,
    GuideSource,
    HandoffRequest,
    HandoffState,
    HousingFigures,
    HousingFiguresRequest,
    IntakeRequest,
    LanguageChange,
    LinkCode,
    Linked,
    MessageGiven,
    MisunderstoodMessage,
    Mode,
    OfficeContact,
    OwnCase,
    OwnCases,
    PayPeriod,
    PayVerdict,
    Phase,
    PhoneFound,
    PlaceFound,
    ReceptionRequest,
    SigningCost,
    TypedCode,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def fixed_clock() -> datetime:
    return NOW


class FakeBackoffice:
    """Answers as the backoffice does: the same key and body give the same case once more."""

    def __init__(self) -> None:
        self.failure: BackofficeClientError | None = None
        self.handoff = HandoffState(position=2, desk_open=True, opens_at=None)
        self.guide: GuideAnswer | None = None
        self.office = OfficeContact(
            name="Comunità Sociale Cremasca",
            address="via Goldaniga, Crema",
            phone=None,
            hours=None,
            source=None,
            verified_on=None,
        )
        self.places: list[PlaceFound] = []
        self.places_asked: list[tuple[str | None, str | None]] = []
        self.further: dict[str, list[FurtherQuestion]] = {}
        self.further_reads: list[str | None] = []
        self.cases: list[OwnCase] = []
        self.languages: list[str] = []
        self.handoffs: list[HandoffRequest] = []
        self.intakes: list[IntakeRequest] = []
        self.rents: list[HousingFiguresRequest] = []
        self.appointments: list[AppointmentBegin] = []
        self.appointment_said = AppointmentSaid(said=[])
        self.figures = HousingFigures(
            deposit_limit_eur=Decimal(1800),
            costs=[
                SigningCost(kind="first_month", total_eur=Decimal(680), tenant_eur=Decimal(680)),
                SigningCost(kind="deposit", total_eur=Decimal(2000), tenant_eur=Decimal(2000)),
                SigningCost(kind="registration_tax", total_eur=Decimal(144), tenant_eur=Decimal(72)),
                SigningCost(kind="stamps", total_eur=Decimal(32), tenant_eur=Decimal(16)),
            ],
            tenant_eur=Decimal(2768),
            registration_days=30,
            sources=[
                FigureSource(page="studioavvocatolandi.it", read_on="2025-10"),
                FigureSource(page="lex365.it/tassa-di-registro", read_on="undated"),
            ],
            unknown=["registration_tax_minimum_eur", "high_need_crema"],
        )
        self.pays: list[CarePayRequest] = []
        self.pay = care_pay()
        self.notices: list[CareNoticeRequest] = []
        self.notice = CareNotice(
            days=15,
            sources=[FigureSource(page="contratticcnl.it/lavoro-domestico/preavviso", read_on="undated")],
        )
        self.receptions: list[ReceptionRequest] = []
        self.given: list[MisunderstoodMessage] = []
        self.keys: list[str] = []
        self.link_code = "AB2CD3EF"
        self.typed_codes: list[str] = []
        self.begun_anew: list[str] = []
        self._answers: dict[str, tuple[object, CaseRegistered]] = {}

    async def read_conversation(self, conversation_id: str) -> ConversationState:
        self._fail()
        return ConversationState(
            id=conversation_id,
            mode=Mode.ASSISTANT,
            epoch=1,
            language="it",
            channel=Channel.WEB,
            person_name=None,
            person_phone=None,
        )

    async def set_language(self, conversation_id: str, change: LanguageChange) -> ConversationState:
        self._fail()
        self.languages.append(change.language)
        return await self.read_conversation(conversation_id)

    async def request_handoff(
        self, conversation_id: str, request: HandoffRequest, *, idempotency_key: str
    ) -> HandoffState:
        self._fail()
        if idempotency_key not in self.keys:
            self.handoffs.append(request)
        self.keys.append(idempotency_key)
        return self.handoff

    async def read_further_questions(
        self, case_type: CaseType, language: str, *, set_id: str | None = None
    ) -> FurtherQuestions:
        self._fail()
        self.further_reads.append(set_id)
        asked = self.further.get(language, [])
        return FurtherQuestions(
            set_id=(set_id or "version-1") if asked else None, version=1 if asked else None, questions=asked
        )

    async def submit_intake(self, request: IntakeRequest, *, idempotency_key: str) -> CaseRegistered:
        kind = CaseType.HOUSING if request.housing else CaseType.CARE_WORK
        kind = CaseType.HOUSING_OFFER if request.housing_offer else kind
        return self._register(request, idempotency_key, kind, self.intakes)

    async def submit_reception(self, request: ReceptionRequest, *, idempotency_key: str) -> CaseRegistered:
        return self._register(request, idempotency_key, CaseType.RECEPTION, self.receptions)

    async def begin_appointment(self, request: AppointmentBegin) -> AppointmentSaid:
        self._fail()
        self.appointments.append(request)
        return self.appointment_said

    async def work_out_rent(self, request: HousingFiguresRequest) -> HousingFigures:
        self._fail()
        self.rents.append(request)
        return self.figures

    async def work_out_care_pay(self, request: CarePayRequest) -> CarePay:
        self._fail()
        self.pays.append(request)
        return self.pay

    async def work_out_care_notice(self, request: CareNoticeRequest) -> CareNotice:
        self._fail()
        self.notices.append(request)
        return self.notice

    async def give_message(self, given: MisunderstoodMessage) -> MessageGiven:
        self._fail()
        self.given.append(given)
        return MessageGiven(id="item")

    async def read_own_cases(self, conversation_id: str) -> OwnCases:
        self._fail()
        return OwnCases(cases=self.cases)

    async def ask_link_code(self, conversation_id: str) -> LinkCode:
        self._fail()
        return LinkCode(code=self.link_code, expires_at=NOW)

    async def use_link_code(self, conversation_id: str, typed: TypedCode) -> Linked:
        self._fail()
        self.typed_codes.append(typed.code)
        return Linked(linked=typed.code == self.link_code)

    async def begin_as_somebody_else(self, conversation_id: str) -> None:
        self._fail()
        self.begun_anew.append(conversation_id)

    async def read_office(self, language: str) -> OfficeContact:
        self._fail()
        return self.office

    async def find_places(self, *, topic: str, town: str | None, language: str) -> list[PlaceFound]:
        self._fail()
        self.places_asked.append((topic, town))
        return self.places

    async def read_guide(self, topic: str, language: str) -> GuideAnswer:
        self._fail()
        return self.guide or guide_answer(topic, language)

    async def is_healthy(self) -> bool:
        return self.failure is None

    def _register(self, request: Any, key: str, kind: CaseType, received: list[Any]) -> CaseRegistered:
        self._fail()
        if key in self._answers:
            body, answer = self._answers[key]
            if body != request:
                raise Conflict(409, "Another body under the same key")
            return answer
        received.append(request)
        number = f"2026-{len(self._answers) + 1:04}"
        answer = CaseRegistered(id=f"case-{number}", number=number, type=kind, phase=Phase.RECEPTION)
        self._answers[key] = (request, answer)
        self.keys.append(key)
        own = OwnCase(number=number, type=kind, phase=Phase.RECEPTION, opened_at=NOW, assignee_name=None)
        self.cases.insert(0, own)
        return answer

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


def care_pay(**changes: Any) -> CarePay:
    """Return what is due to a live-in assistant of level CS who gets 1,000 euros a month."""
    told: dict[str, Any] = {
        "level": CareLevel.CS,
        "level_reason": "task",
        "table_from": date(2026, 1, 1),
        "minimum_eur": Decimal("1193.84"),
        "minimum_per": PayPeriod.MONTH,
        "verdict": PayVerdict.BELOW,
        "short_eur": Decimal("193.84"),
        "hours_limit": 54,
        "thirteenth_eur": Decimal("1193.84"),
        "holiday_days": Decimal(26),
        "contribution_eur_hour": Decimal("1.24"),
        "contribution_worker_eur_hour": Decimal("0.31"),
        "contributions_eur_month": Decimal("290.16"),
        "contributions_worker_eur_month": Decimal("72.54"),
        "unknown": ["severance"],
        "sources": [
            FigureSource(page="blogsicilia.it/oltrelostretto", read_on="2026-02-12"),
            FigureSource(page="ratioquotidiano.it/contributi-2026", read_on="2026-02"),
            FigureSource(page="domuscura.it", read_on="undated"),
        ],
    }
    return CarePay(**{**told, **changes})


def guide_answer(
    topic: str = "tax_code",
    language: str = "it",
    *,
    call_first: bool = False,
    sources: Sequence[GuideSource] = (),
) -> GuideAnswer:
    return GuideAnswer(
        topic=topic,
        language=language,
        text=f"Notizie su {topic}.",
        next_step="Vai allo sportello.",
        sources=list(sources) or [GuideSource(title="Agenzia delle Entrate", url=None, dated="2025")],
        verified_on=date(2026, 11, 23),
        valid_to=date(2027, 5, 31),
        call_first=call_first,
        ask=None,
        cases=[],
        is_stale=False,
    )


def place(name: str = "Ambulatorio Inventato", **facts: Any) -> PlaceFound:
    """Make a place of the directory: its hours are not known, it was checked this month."""
    known: dict[str, Any] = {
        "service_id": name,
        "place_id": "place",
        "name": name,
        "body": "Ente Inventato",
        "topics": ["health_care"],
        "description": None,
        "eligibility": None,
        "how_to_apply": None,
        "interpretation": None,
        "alert": None,
        "fees": [],
        "is_free": False,
        "documents": [],
        "place_name": None,
        "address": "Via Inventata 1",
        "town": "Crema",
        "kilometres": 6.4,
        "step_free": None,
        "phones": [PhoneFound(number="0373 000001", description=None, languages=[])],
        "email": None,
        "url": None,
        "languages": [],
        "state": "unknown",
        "closes_at": None,
        "opens_next": None,
        "hours_words": [],
        "source": "https://esempio.it/orari/sede",
        "verified_on": date(2026, 11, 3),
        "call_first": False,
    }
    return PlaceFound(**{**known, **facts})
