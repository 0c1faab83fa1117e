"""The client of the backoffice: one method for each call of the service API.

Calls that may safely happen twice (they read, or carry a key, or are idempotent by their ids) are
tried once more when the first try brought no answer; the others are not. Errors are those of `errors.py`.
"""

from __future__ import annotations

from typing import Any

from backoffice.client.connection import SERVICE_PATH, Connection, parse_answer
from backoffice.client.errors import (
    BackofficeRefused,
    BackofficeUnavailable,
)
from backoffice.client.schemas import (
    AppointmentBegin,
    AppointmentSaid,
    AssistantReturned,
    AssistantStatus,
    AttachmentKind,
    AttachmentStored,
    CareNotice,
    CareNoticeRequest,
    CarePay,
    CarePayRequest,
    CaseRegistered,
    CaseType,
    ChatMessages,
    ConversationState,
    DeliveriesClaimed,
    DeliveryClaim,
    DeliveryReport,
    FurtherQuestions,
    GuideAnswer,
    GuideCopy,
    HandoffRequest,
    HandoffState,
    HousingFigures,
    HousingFiguresRequest,
    IncomingAccepted,
    IncomingRequest,
    IntakeRequest,
    LanguageChange,
    LinkCode,
    Linked,
    LiveEvents,
    MessageGiven,
    MisunderstoodMessage,
    OfficeContact,
    OwnCases,
    PlaceFound,
    PlacesFound,
    ReceptionRequest,
    SessionCreated,
    SessionFound,
    SessionLookup,
    SessionRequest,
    TurnAnswer,
    TurnAnswered,
    TurnClaim,
    TurnClaimed,
    TurnFailure,
    TurnFailureRecorded,
    TypedCode,
)


class BackofficeClient(Connection):
    """Calls the backoffice. One for a process; `aclose()` at its end.

    Args:
        base_url: such as `http://127.0.0.1:8001`.
        service_token: what our own processes show.
        transport: another way to the backoffice, such as `httpx.ASGITransport` in a test.
        timeout_seconds: how long a call may take; a long poll may take its waiting time more.
    """

    # --- Sessions and messages ------------------------------------------------------------------

    async def open_session(self, request: SessionRequest) -> SessionCreated:
        """Open a web conversation. Not tried twice: each call opens another one."""
        return await self._post("sessions", request, SessionCreated, again=False)

    async def find_session(self, lookup: SessionLookup) -> SessionFound:
        """Return the conversation that a session token opens.

        Raises:
            NotFound: it opens none.
        """
        return await self._post("sessions/lookup", lookup, SessionFound)

    async def record_message(self, request: IncomingRequest) -> IncomingAccepted:
        """Store what a person sent; once it returns, the message is on the disk.

        Raises:
            Conflict: another message came before under this external id.
            TooManyMessages: the web sender's budget is used up.
        """
        return await self._post("messages", request, IncomingAccepted)

    async def store_attachment(
        self,
        content: bytes,
        *,
        kind: AttachmentKind,
        media_type: str,
        idempotency_key: str,
        conversation_id: str | None = None,
    ) -> AttachmentStored:
        """Store a file; without a conversation it belongs to the message that will bring it.

        Raises:
            InvalidRequest: (as its base, status 413) it is over 20 MB; (422) it is a picture that does not
                open (`picture_unreadable`, `picture_too_large`), or one file too many (`too_many_files`).
            BackofficeRefused: (415) its kind is not taken.
        """
        query = {"kind": kind.value}
        if conversation_id is not None:
            query["conversation_id"] = conversation_id
        response = await self._call(
            "POST",
            f"{SERVICE_PATH}/attachments",
            content=content,
            params=query,
            headers={"Content-Type": media_type, "Idempotency-Key": idempotency_key},
            seconds=max(self._timeout, 60.0),  # a picture is drawn anew, and a scanner may be asked
        )
        return parse_answer(response, AttachmentStored)

    async def read_attachment(self, attachment_id: str, *, conversation_id: str) -> tuple[bytes, str]:
        """Return the bytes of a file and their media type.

        Raises:
            NotFound: there is none in this conversation.
        """
        response = await self._call(
            "GET",
            f"{SERVICE_PATH}/attachments/{attachment_id}",
            params={"conversation_id": conversation_id},
            seconds=max(self._timeout, 30.0),
        )
        return response.content, response.headers["Content-Type"]

    async def read_conversation(self, conversation_id: str) -> ConversationState:
        """Return a conversation as the actions need it.

        Raises:
            NotFound: there is none.
        """
        return await self._get(f"conversations/{conversation_id}", ConversationState)

    async def read_messages(self, conversation_id: str, *, after: int = 0) -> ChatMessages:
        """Return what the person may see after a number, at most 200 messages.

        Raises:
            NotFound: there is no such conversation.
        """
        return await self._get(f"conversations/{conversation_id}/messages", ChatMessages, after=after)

    async def set_language(self, conversation_id: str, change: LanguageChange) -> ConversationState:
        """Set the language that the person chose.

        Raises:
            NotFound: there is no such conversation.
        """
        path = f"{SERVICE_PATH}/conversations/{conversation_id}/language"
        return parse_answer(await self._call("PUT", path, body=change), ConversationState)

    # --- Turns ----------------------------------------------------------------------------------

    async def claim_turn(self, request: TurnClaim) -> TurnClaimed:
        """Return the next turn under a lease, waiting for one. Not tried twice: a claim takes."""
        return await self._post("turns/claim", request, TurnClaimed, again=False, wait=request.wait_seconds)

    async def answer_turn(self, turn_id: str, answer: TurnAnswer) -> TurnAnswered:
        """Store the assistant's answer.

        Raises:
            Conflict: the lease is lost.
        """
        return await self._post(f"turns/{turn_id}/answer", answer, TurnAnswered)

    async def fail_turn(self, turn_id: str, failure: TurnFailure) -> TurnFailureRecorded:
        """Record that a turn brought no answer. Not tried twice: the second would find the lease given up.

        Raises:
            Conflict: the lease is lost.
        """
        return await self._post(f"turns/{turn_id}/failure", failure, TurnFailureRecorded, again=False)

    async def report_assistant(self, status: AssistantStatus) -> AssistantReturned:
        """Say whether the assistant answers; when it does, conversations that wait for it go back to it."""
        return await self._post("assistant-status", status, AssistantReturned)

    # --- Deliveries and events ------------------------------------------------------------------

    async def claim_deliveries(self, request: DeliveryClaim) -> DeliveriesClaimed:
        """Return what is to be sent, waiting for something. Not tried twice: a claim takes."""
        return await self._post(
            "deliveries/claim", request, DeliveriesClaimed, again=False, wait=request.wait_seconds
        )

    async def report_delivery(self, delivery_id: str, report: DeliveryReport) -> None:
        """Record what became of a delivery.

        Raises:
            NotFound: there is no such delivery.
        """
        await self._call("POST", f"{SERVICE_PATH}/deliveries/{delivery_id}/report", body=report)

    async def read_events(self, *, after: int = -1, wait_seconds: float = 0) -> LiveEvents:
        """Return the events after a number, waiting for one; after -1 only where the count is."""
        return await self._get("events", LiveEvents, poll=wait_seconds, after=after, wait=wait_seconds)

    # --- What actions do ------------------------------------------------------------------------

    async def request_handoff(
        self, conversation_id: str, request: HandoffRequest, *, idempotency_key: str
    ) -> HandoffState:
        """Put the conversation into the queue for a person.

        Args:
            conversation_id: whose.
            request: why, and what staff should know.
            idempotency_key: `<turn id>:<action>`, so that the turn's own answer is still said.

        Raises:
            NotFound: there is no such conversation.
            Conflict: the key came before with another body.
        """
        path = f"conversations/{conversation_id}/handoff"
        return await self._post(path, request, HandoffState, key=idempotency_key)

    async def read_further_questions(
        self, case_type: CaseType, language: str, *, set_id: str | None = None
    ) -> FurtherQuestions:
        """Return the further questions of a case type: those asked now, or those of an earlier version.

        Raises:
            NotFound: there is no such version.
        """
        query: dict[str, Any] = {"language": language, **({"set_id": set_id} if set_id else {})}
        return await self._get(f"question-sets/{case_type.value}", FurtherQuestions, **query)

    async def submit_intake(self, request: IntakeRequest, *, idempotency_key: str) -> CaseRegistered:
        """Turn a finished form into a case.

        Raises:
            NotFound: there is no such conversation.
            Conflict: the key came before with another body.
        """
        return await self._post("intake", request, CaseRegistered, key=idempotency_key)

    async def submit_reception(self, request: ReceptionRequest, *, idempotency_key: str) -> CaseRegistered:
        """Turn a need without a form into a case of type `reception`.

        Raises:
            NotFound: there is no such conversation.
            Conflict: the key came before with another body.
        """
        return await self._post("reception", request, CaseRegistered, key=idempotency_key)

    async def begin_appointment(self, request: AppointmentBegin) -> AppointmentSaid:
        """Return what is said first of appointments; nothing where no desk can be booked in the chat.

        Raises:
            NotFound: there is no such conversation.
        """
        return await self._post("appointments/begin", request, AppointmentSaid)

    async def work_out_rent(self, request: HousingFiguresRequest) -> HousingFigures:
        """Return what a contract of rent costs at the start; nothing of it is kept.

        Raises:
            InvalidRequest: a sum that no contract has.
        """
        return await self._post("housing-figures", request, HousingFigures)

    async def work_out_care_pay(self, request: CarePayRequest) -> CarePay:
        """Return what is due for domestic work on a day; nothing of it is kept.

        Raises:
            InvalidRequest: terms that no work has.
        """
        return await self._post("care-figures/pay", request, CarePay)

    async def work_out_care_notice(self, request: CareNoticeRequest) -> CareNotice:
        """Return how many days of notice there are; nothing of it is kept.

        Raises:
            InvalidRequest: terms that no work has.
        """
        return await self._post("care-figures/notice", request, CareNotice)

    async def give_message(self, given: MisunderstoodMessage) -> MessageGiven:
        """Put a misunderstood message into the review queue; the same one twice is one item.

        Raises:
            NotFound: there is no such message in this conversation.
        """
        return await self._post("review-items", given, MessageGiven)

    async def read_own_cases(self, conversation_id: str) -> OwnCases:
        """Return the cases of a conversation's person, newest first.

        Raises:
            NotFound: there is no such conversation.
        """
        return await self._get(f"conversations/{conversation_id}/cases", OwnCases)

    async def ask_link_code(self, conversation_id: str) -> LinkCode:
        """Return a new code for the conversation's person; the codes before it end.

        Raises:
            NotFound: there is no such conversation.
        """
        answer = await self._call("POST", f"{SERVICE_PATH}/conversations/{conversation_id}/link-codes")
        return parse_answer(answer, LinkCode)

    async def use_link_code(self, conversation_id: str, typed: TypedCode) -> Linked:
        """Let the conversation go on as the person of a code; typed twice, it answers the same.

        Raises:
            NotFound: there is no such conversation.
        """
        return await self._post(f"conversations/{conversation_id}/link", typed, Linked)

    async def begin_as_somebody_else(self, conversation_id: str) -> None:
        """Let the conversation go on for another person, of whom nothing is known yet.

        Raises:
            NotFound: there is no such conversation.
        """
        await self._call("POST", f"{SERVICE_PATH}/conversations/{conversation_id}/somebody-else")

    async def read_office(self, language: str) -> OfficeContact:
        """Return the office's contact.

        Raises:
            NotFound: there is none.
        """
        return await self._get("office", OfficeContact, language=language)

    async def read_guide(self, topic: str, language: str) -> GuideAnswer:
        """Return an answer of the guide.

        Raises:
            NotFound: there is no such topic.
        """
        response = await self._call("GET", f"/api/v1/guide/{topic}", params={"language": language})
        return parse_answer(response, GuideAnswer)

    async def read_guide_copy(self, language: str) -> GuideCopy:
        """Return the whole guide in a language, to be kept for when the backoffice is away."""
        response = await self._call("GET", "/api/v1/guide", params={"language": language})
        return parse_answer(response, GuideCopy)

    async def find_places(self, *, topic: str, town: str | None, language: str) -> list[PlaceFound]:
        """Return where a topic is dealt with, in a language; the nearest to a town first, at most 200."""
        asked = {"topic": topic, "language": language, "limit": "200", **({"near": town} if town else {})}
        response = await self._call("GET", "/api/v1/services", params=asked)
        return list(parse_answer(response, PlacesFound).items)

    async def is_healthy(self) -> bool:
        """Tell whether the backoffice and its database answer."""
        try:
            await self._call("GET", "/health", again=False)
        except (BackofficeUnavailable, BackofficeRefused):
            return False
        return True
