"""The calls of the chat page that belong to a conversation."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeRefused
from backoffice.client.schemas import (
    AttachmentKind,
    Channel,
    IncomingRequest,
    LanguageChange,
    MessageKind,
    SessionFound,
    SessionRequest,
)
from backoffice.client.senders import counted_address
from bot.incoming import record
from bot.language import language_of_text, two_letters
from bot.messages import FileReference, IncomingMessage, storable
from bot.webchat.feed import EventFeed
from bot.webchat.limits import ATTACHMENT_LIMIT_BYTES, RateLimit
from bot.webchat.problems import BodyTooLarge, RequestRefused
from bot.webchat.requests import (
    TEXT_LIMIT,
    LanguageBody,
    MessageBody,
    SessionBody,
    read_body,
    sequence_number,
    supported_language,
)
from bot.webchat.sessions import Sessions
from bot.webchat.stream import HEARTBEAT_SECONDS, EventStream, follow
from translations.languages import direction

_MEDIA_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,60}/[a-z0-9][\w.+-]{0,80}")
_ATTACHMENT_ID = re.compile(r"[\w-]{1,100}")
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Opened as a page, a file runs nothing and stands on an origin of its own (attack 41)."""

_SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


class ConversationCalls:
    """The calls, with what they need."""

    def __init__(
        self,
        client: BackofficeClient,
        feed: EventFeed,
        *,
        openings: RateLimit,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._client = client
        self._feed = feed
        self._openings = openings
        self._heartbeat = heartbeat_seconds
        self._sessions = Sessions(client)

    @property
    def routes(self) -> list[Route]:
        """Every route under `/chat/` that this class answers."""
        return [
            Route("/chat/sessions", self.open_session, methods=["POST"]),
            Route("/chat/messages", self.send_message, methods=["POST"]),
            Route("/chat/messages", self.read_messages, methods=["GET"]),
            Route("/chat/events", self.stream_events, methods=["GET"]),
            Route("/chat/attachments", self.send_attachment, methods=["POST"]),
            Route("/chat/attachments/{attachment_id}", self.read_attachment, methods=["GET"]),
            Route("/chat/language", self.change_language, methods=["PUT"]),
        ]

    async def open_session(self, request: Request) -> Response:
        """`POST /chat/sessions`: 201, and the token that is shown once."""
        wait = self._openings.wait_seconds(counted_address(request.client.host) if request.client else "")
        if wait > 0:
            raise RequestRefused(429, "Too many conversations opened.", retry_after_seconds=wait)
        body = await read_body(request, SessionBody)
        # A browser's own language is no choice: without one, the first words' script decides.
        created = await self._client.open_session(SessionRequest(language=two_letters(body.language)))
        answer = created.model_dump(mode="json")
        return JSONResponse({**answer, "direction": direction(created.language)}, status_code=201)

    async def send_message(self, request: Request) -> Response:
        """`POST /chat/messages`: 202 once the message is stored."""
        session = await self._sessions.of(request)
        body = await read_body(request, MessageBody)
        accepted = await record(self._client, _message(session, body))
        return JSONResponse({"id": str(body.id), "seq": accepted.seq}, status_code=202)

    async def read_messages(self, request: Request) -> Response:
        """`GET /chat/messages?after=`: what came after a number."""
        session = await self._sessions.of(request)
        after = sequence_number(request.query_params.get("after"))
        page = await self._client.read_messages(session.conversation_id, after=after)
        return Response(page.model_dump_json(by_alias=True), media_type="application/json")

    async def stream_events(self, request: Request) -> Response:
        """`GET /chat/events`: the same, pushed; `Last-Event-ID` or `?after=` says where to go on."""
        session = await self._sessions.of(request)
        last = request.headers.get("last-event-id") or request.query_params.get("after")
        content = follow(
            self._client,
            self._feed,
            session.conversation_id,
            after=sequence_number(last),
            heartbeat_seconds=self._heartbeat,
        )
        return EventStream(content)

    async def send_attachment(self, request: Request) -> Response:
        """`POST /chat/attachments`: one file, with `text` as its caption and `id` against repeats."""
        session = await self._sessions.of(request)
        async with request.form(max_files=1, max_fields=4, max_part_size=TEXT_LIMIT * 4) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise RequestRefused(
                    422, "One file is needed.", errors=[{"field": "file", "message": "missing"}]
                )
            content = await file.read(ATTACHMENT_LIMIT_BYTES + 1)
            if len(content) > ATTACHMENT_LIMIT_BYTES:
                raise BodyTooLarge(ATTACHMENT_LIMIT_BYTES)
            if not content:
                raise RequestRefused(
                    422, "The file is empty.", errors=[{"field": "file", "message": "empty"}]
                )
            number = _uuid(form.get("id") or request.headers.get("idempotency-key"))
            message = _attachment_message(session, number, file, _caption(form.get("text")))

        async def uploaded(_file: FileReference) -> bytes:
            return content

        try:
            accepted = await record(self._client, message, fetch=uploaded)
        except BackofficeRefused as refusal:
            if refusal.code == "too_many_files":
                raise RequestRefused(429, "Too many files.", retry_after_seconds=3600) from refusal
            raise
        return JSONResponse({"id": str(number), "seq": accepted.seq}, status_code=202)

    async def read_attachment(self, request: Request) -> Response:
        """`GET /chat/attachments/{id}`: a file of this conversation, never run as a page."""
        session = await self._sessions.of(request)
        attachment_id = request.path_params["attachment_id"]
        if not _ATTACHMENT_ID.fullmatch(attachment_id):
            raise RequestRefused(404, "There is no such file.")
        content, media_type = await self._client.read_attachment(
            attachment_id, conversation_id=session.conversation_id
        )
        shown = media_type in _SHOWN_IN_PLACE
        headers = {
            "Content-Disposition": "inline" if shown else "attachment",
            "Content-Security-Policy": FILE_POLICY,
        }
        return Response(content, media_type=media_type, headers=headers)

    async def change_language(self, request: Request) -> Response:
        """`PUT /chat/language`: the person chose."""
        session = await self._sessions.of(request)
        language = supported_language((await read_body(request, LanguageBody)).language)
        state = await self._client.set_language(session.conversation_id, LanguageChange(language=language))
        return JSONResponse({"language": state.language, "direction": direction(state.language)})


def _message(session: SessionFound, body: MessageBody) -> IncomingMessage:
    return IncomingMessage(
        IncomingRequest(
            channel=Channel.WEB,
            external_id=f"{session.session}:{body.id}",
            conversation_id=session.conversation_id,
            kind=MessageKind.TEXT if body.button is None else MessageKind.BUTTON,
            text=body.text,
            button=body.button,
            language=language_of_text(body.text, hint=session.language),
        )
    )


def _attachment_message(
    session: SessionFound, number: UUID, file: UploadFile, caption: str | None
) -> IncomingMessage:
    claimed = (file.content_type or "").partition(";")[0].strip().lower()
    media_type = claimed if _MEDIA_TYPE.fullmatch(claimed) else "application/octet-stream"
    kinds = {"image": AttachmentKind.PHOTO, "audio": AttachmentKind.VOICE}
    kind = kinds.get(media_type.partition("/")[0], AttachmentKind.DOCUMENT)
    request = IncomingRequest(
        channel=Channel.WEB,
        external_id=f"{session.session}:{number}",
        conversation_id=session.conversation_id,
        kind=MessageKind.ATTACHMENT,
        text=caption,
        language=language_of_text(caption, hint=session.language),
    )
    return IncomingMessage(request, FileReference(kind, "upload", media_type, file.size))


def _caption(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    if len(value) > TEXT_LIMIT:
        raise RequestRefused(422, "The text is too long.", errors=[{"field": "text", "message": "too long"}])
    return storable(value)


def _uuid(value: object) -> UUID:
    if not value:
        return uuid4()
    try:
        return UUID(str(value))
    except ValueError:
        fields = [{"field": "id", "message": "must be a uuid"}]
        raise RequestRefused(422, "The number is not as it should be.", errors=fields) from None
