from __future__ import annotations

import stat
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.attachment.files import FOLDER, MOST_BYTES
from backoffice.attachment.models import Attachment
from backoffice.attachment.service import AttachmentNotFound
from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeRefused, Conflict, InvalidRequest, NotFound
from backoffice.client.schemas import AttachmentKind, Channel, MessageKind
from tests.backoffice.attachment.samples import CANARY, archive, pdf, photo_with_position, picture_that_claims
from tests.backoffice.factories import create_conversation, incoming, send

HTML = b"<html><script>alert(1)</script></html>"
PDF = pdf()


def files(app: FastAPI) -> list[Path]:
    folder: Path = app.state.settings.data_dir / FOLDER
    return [path for path in folder.rglob("*") if path.is_file()]


async def upload(
    client: BackofficeClient, content: bytes = PDF, *, key: str = "k", conversation_id: str | None = None
) -> str:
    stored = await client.store_attachment(
        content,
        kind=AttachmentKind.PHOTO,
        media_type="image/jpeg",
        idempotency_key=key,
        conversation_id=conversation_id,
    )
    return stored.id


async def test_a_file_is_kept_for_nobody_else_and_comes_back_as_it_was(
    client: BackofficeClient, app: FastAPI, session: Session
) -> None:
    conversation = create_conversation(session)
    session.commit()
    number = await upload(client, conversation_id=conversation.id)
    [path] = files(app)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert await client.read_attachment(number, conversation_id=conversation.id) == (PDF, "application/pdf")


async def test_the_same_upload_twice_is_one_file(client: BackofficeClient, app: FastAPI) -> None:
    assert await upload(client) == await upload(client)
    assert len(files(app)) == 1


async def test_the_same_key_with_other_bytes_is_refused_and_leaves_no_file(
    client: BackofficeClient, app: FastAPI
) -> None:
    await upload(client)
    with pytest.raises(Conflict):
        await upload(client, pdf(b"another"))
    assert len(files(app)) == 1


async def test_a_file_of_more_than_twenty_megabytes_is_refused(
    client: BackofficeClient, app: FastAPI
) -> None:
    await upload(client, PDF.ljust(MOST_BYTES, b"\0"), key="just-right")
    with pytest.raises(InvalidRequest) as refused:
        await upload(client, PDF.ljust(MOST_BYTES + 1, b"\0"), key="too-large")
    assert refused.value.status == 413
    assert len(files(app)) == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (HTML, 415, "file_kind_refused"),
        (archive({"word/document.xml": b"x"}), 415, "file_kind_refused"),
        (b"\xff\xd8\xff\xe0broken", 422, "picture_unreadable"),
        (picture_that_claims(50_000, 50_000), 422, "picture_too_large"),
    ],
)
async def test_what_is_not_taken_is_refused_with_a_reason_and_leaves_nothing(
    client: BackofficeClient, app: FastAPI, content: bytes, status: int, code: str
) -> None:
    with pytest.raises(BackofficeRefused) as refused:
        await upload(client, content)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert files(app) == []


async def test_a_photo_is_kept_without_its_position(client: BackofficeClient, session: Session) -> None:
    conversation = create_conversation(session)
    session.commit()
    number = await upload(client, photo_with_position(), conversation_id=conversation.id)
    content, media_type = await client.read_attachment(number, conversation_id=conversation.id)
    assert (content.count(CANARY), media_type) == (0, "image/jpeg")
    row = session.get_one(Attachment, number)
    assert (row.width, row.height, row.size_bytes) == (40, 60, len(content))
    assert row.preview_bytes


async def test_a_file_of_another_conversation_is_not_there(
    client: BackofficeClient, session: Session
) -> None:
    owner, stranger = create_conversation(session), create_conversation(session)
    session.commit()
    number = await upload(client, conversation_id=owner.id)
    for conversation_id in (stranger.id, "no such"):
        with pytest.raises(NotFound):
            await client.read_attachment(number, conversation_id=conversation_id)
    with pytest.raises(NotFound):
        await upload(client, key="other", conversation_id="no such")


async def test_a_message_brings_its_file_and_shows_it(client: BackofficeClient, session: Session) -> None:
    conversation = create_conversation(session)
    session.commit()
    number = await upload(client, conversation_id=conversation.id)
    await client.record_message(
        incoming(conversation, "la mia carta", kind=MessageKind.ATTACHMENT, attachment_id=number)
    )
    [message] = (await client.read_messages(conversation.id)).messages
    assert [(each.id, each.kind) for each in message.attachments] == [(number, AttachmentKind.DOCUMENT)]


async def test_a_file_without_words_is_confirmed_and_makes_no_turn(
    client: BackofficeClient, session: Session
) -> None:
    conversation = create_conversation(session)
    session.commit()
    number = await upload(client)
    await client.record_message(incoming(conversation, "", kind=MessageKind.ATTACHMENT, attachment_id=number))
    chat = await client.read_messages(conversation.id)
    assert [each.author for each in chat.messages] == ["citizen", "system"]
    assert chat.received_up_to == 1


async def test_a_file_belongs_to_one_message(client: BackofficeClient, session: Session) -> None:
    owner = create_conversation(session, channel=Channel.TELEGRAM)
    stranger = create_conversation(session)
    session.commit()
    number = await upload(client)
    send(session, owner, kind=MessageKind.ATTACHMENT, attachment_id=number)
    with pytest.raises(AttachmentNotFound):
        send(session, stranger, kind=MessageKind.ATTACHMENT, attachment_id=number)
