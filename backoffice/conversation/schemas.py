"""Conversations as staff's programs see them (contract, "Backoffice API"). Times are ISO 8601 UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backoffice.attachment.kinds import EXTENSIONS, PLAYED
from backoffice.attachment.models import Attachment, ScanState
from backoffice.client.schemas import (
    AttachmentLink,
    Author,
    Channel,
    MessageKind,
    Mode,
    Original,
    WaitingReason,
)
from backoffice.conversation.models import (
    Audience,
    ClosingReason,
    Conversation,
    DeliveryState,
    Message,
    NoteKind,
    RenderingState,
    TranslatedBy,
)
from backoffice.conversation.models import Rendering as RenderingRow
from backoffice.conversation.reading import original_of
from backoffice.staff.models import Gender
from translations.languages import direction

PREVIEW_SIDE = 320
"""Pixels of the longer side of a picture in a thread; the preview has twice as many, for fine screens."""


class Document(BaseModel):
    """Base of what this API writes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class StaffName(Document):
    """A member of staff, as others see one."""

    id: str
    name: str


class PersonName(Document):
    """The person of a conversation, as far as known."""

    id: str
    name: str | None
    phone: str | None
    languages: list[str]


class ConversationOut(Document):
    """One conversation, without its messages."""

    id: str
    mode: Mode
    epoch: int
    language: str
    channel: Channel
    urgent: bool
    topic: str | None
    summary: list[str]
    waiting_reason: WaitingReason | None
    waiting_since: datetime | None
    wishes_gender: Gender | None
    paged_at: datetime | None
    closed_because: ClosingReason | None
    holder: StaffName | None
    holder_until: datetime | None
    person: PersonName | None
    last_seq: int
    created_at: datetime
    last_message_at: datetime


class ConversationList(Document):
    """One page of conversations, the youngest first; `next` is the cursor of the following page."""

    items: list[ConversationOut]
    next: str | None


class Rendering(Document):
    """A message in another language, and who made it so; of several the last counts.

    `text` is empty while it is `pending`, and where it was `refused`: `flags` then say why. `author` is who
    of the staff wrote or corrected it; without one it is the `engine`'s.
    """

    language: str
    direction: Literal["ltr", "rtl"]
    state: RenderingState
    text: str | None
    engine: str | None
    version: str | None
    flags: list[str]
    in_parts: bool
    author: StaffName | None


class AttachmentOut(AttachmentLink):
    """A file as staff see it. Only a picture that was drawn anew has width, height and a preview."""

    scan_state: ScanState
    width: int | None
    height: int | None
    has_preview: bool

    @property
    def is_played(self) -> bool:
        """Whether a browser plays it on the page."""
        return self.media_type in PLAYED

    @property
    def type_name(self) -> str:
        """What people call the type, such as PDF."""
        return EXTENSIONS.get(self.media_type, self.media_type).upper()

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of the preview on the page, so that nothing moves when it arrives."""
        width, height = self.width or PREVIEW_SIDE, self.height or PREVIEW_SIDE
        scale = min(1.0, PREVIEW_SIDE / max(width, height))
        return max(round(width * scale), 1), max(round(height * scale), 1)


class MessageOut(Document):
    """One message as staff see it. `suppressed`: the assistant said it too late, it was never sent."""

    id: str
    seq: int
    author: Author = Field(alias="from")
    staff: StaffName | None
    kind: MessageKind
    text: str
    language: str
    direction: Literal["ltr", "rtl"]
    original: Original | None
    translated_by: TranslatedBy | None = None
    renderings: list[Rendering] = []
    audience: Audience
    note_kind: NoteKind | None = None
    suppressed: bool
    edits: str | None
    buttons: list[str] = []
    attachments: list[AttachmentOut] = []
    delivery: DeliveryState | None
    at: datetime


class MessageList(Document):
    """One page of messages, oldest first; `next` is the cursor of the following page."""

    items: list[MessageOut]
    next: str | None


def conversation_out(conversation: Conversation) -> ConversationOut:
    """Return a conversation whose person and holder are loaded."""
    person, holder = conversation.person, conversation.holder
    return ConversationOut(
        id=conversation.id,
        mode=conversation.mode,
        epoch=conversation.epoch,
        language=conversation.language,
        channel=conversation.channel,
        urgent=conversation.urgent,
        topic=conversation.topic,
        summary=conversation.summary,
        waiting_reason=conversation.waiting_reason,
        waiting_since=conversation.waiting_since,
        wishes_gender=conversation.wishes_gender,
        paged_at=conversation.paged_at,
        closed_because=conversation.closed_because,
        holder=StaffName(id=holder.id, name=holder.name) if holder else None,
        holder_until=conversation.holder_until,
        person=PersonName(id=person.id, name=person.name, phone=person.phone, languages=person.languages)
        if person
        else None,
        last_seq=conversation.last_seq,
        created_at=conversation.created_at,
        last_message_at=conversation.last_message_at,
    )


def attachment_out(row: Attachment) -> AttachmentOut:
    """Return a file as staff see it."""
    return AttachmentOut(
        id=row.id,
        kind=row.kind,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        scan_state=row.scan_state,
        width=row.width,
        height=row.height,
        has_preview=row.preview_bytes is not None and row.scan_state is not ScanState.INFECTED,
    )


def message_out(
    message: Message,
    *,
    buttons: list[str],
    attachments: Sequence[Attachment],
    delivery: DeliveryState | None,
    renderings: Sequence[RenderingRow] = (),
) -> MessageOut:
    """Return a message whose staff is loaded, with what belongs to it."""
    return MessageOut(
        id=message.id,
        seq=message.seq,
        author=message.author,
        staff=StaffName(id=message.staff.id, name=message.staff.name) if message.staff else None,
        kind=message.kind,
        text=message.text,
        language=message.language,
        direction=direction(message.language),
        original=original_of(message),
        translated_by=message.translated_by,
        renderings=[rendering_out(each) for each in renderings],
        audience=message.audience,
        note_kind=message.note_kind,
        suppressed=message.suppressed,
        edits=message.edited_message_id,
        buttons=buttons,
        attachments=[attachment_out(each) for each in attachments],
        delivery=delivery,
        at=message.created_at,
    )


def rendering_out(rendering: RenderingRow) -> Rendering:
    """Return a rendering whose staff is loaded."""
    author = rendering.staff
    return Rendering(
        language=rendering.language,
        direction=direction(rendering.language),
        state=rendering.state,
        text=rendering.text,
        engine=rendering.engine,
        version=rendering.version,
        flags=rendering.flags,
        in_parts=rendering.in_parts,
        author=StaffName(id=author.id, name=author.name) if author else None,
    )
