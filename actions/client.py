"""The action server's way to the backoffice: what it needs of the client, and how one is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from actions.guide_copy import CopyingClient
from backoffice.client.client import BackofficeClient
from backoffice.client.guide_copy import GuideCopies
from backoffice.client.schemas import (
    AppointmentBegin,
    AppointmentSaid,
    CareNotice,
    CareNoticeRequest,
    CarePay,
    CarePayRequest,
    CaseRegistered,
    CaseType,
    ConversationState,
    FurtherQuestions,
    GuideAnswer,
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
    OfficeContact,
    OwnCases,
    PlaceFound,
    ReceptionRequest,
    TypedCode,
)

TIMEOUT_SECONDS = 2.5
"""An action may take 5 s in all (reliability.md 1.2, row 2), and some call twice."""


class Backoffice(Protocol):
    """The calls that actions make; `BackofficeClient` has them, and so has the tests' fake."""

    async def set_language(self, conversation_id: str, change: LanguageChange) -> ConversationState:
        """Change the language of a conversation."""

    async def request_handoff(
        self, conversation_id: str, request: HandoffRequest, *, idempotency_key: str
    ) -> HandoffState:
        """Put the conversation into the queue of those who wait for a person."""

    async def read_further_questions(
        self, case_type: CaseType, language: str, *, set_id: str | None = None
    ) -> FurtherQuestions:
        """Return the further questions of a case type, those asked now or those of an earlier version."""

    async def submit_intake(self, request: IntakeRequest, *, idempotency_key: str) -> CaseRegistered:
        """Register a finished form as a case."""

    async def submit_reception(self, request: ReceptionRequest, *, idempotency_key: str) -> CaseRegistered:
        """Register a need without a form as a case of type `reception`."""

    async def begin_appointment(self, request: AppointmentBegin) -> AppointmentSaid:
        """Return what is said first of appointments; nothing where no desk can be booked."""

    async def work_out_rent(self, request: HousingFiguresRequest) -> HousingFigures:
        """Return what a contract of rent costs at the start."""

    async def work_out_care_pay(self, request: CarePayRequest) -> CarePay:
        """Return what is due for domestic work on a day."""

    async def work_out_care_notice(self, request: CareNoticeRequest) -> CareNotice:
        """Return how many days of notice there are."""

    async def give_message(self, given: MisunderstoodMessage) -> MessageGiven:
        """Put a misunderstood message into the queue of those to learn from."""

    async def read_own_cases(self, conversation_id: str) -> OwnCases:
        """Return the cases of the conversation's person, newest first."""

    async def ask_link_code(self, conversation_id: str) -> LinkCode:
        """Return a new code with which the conversation's person goes on elsewhere."""

    async def use_link_code(self, conversation_id: str, typed: TypedCode) -> Linked:
        """Let the conversation go on as the person of a code."""

    async def begin_as_somebody_else(self, conversation_id: str) -> None:
        """Let the conversation go on for another person."""

    async def read_office(self, language: str) -> OfficeContact:
        """Return how to reach the office."""

    async def read_guide(self, topic: str, language: str) -> GuideAnswer:
        """Return the guide's answer on a topic."""

    async def find_places(self, *, topic: str, town: str | None, language: str) -> list[PlaceFound]:
        """Return where a topic is dealt with, the nearest to a town first."""

    async def is_healthy(self) -> bool:
        """Tell whether the backoffice answers and is well."""


def make_client(
    url: str, service_token: str, *, copies: GuideCopies, clock: Callable[[], datetime]
) -> BackofficeClient:
    """Return the process's one client; nothing is opened before the first call."""
    return CopyingClient(url, service_token, timeout_seconds=TIMEOUT_SECONDS, copies=copies, clock=clock)
