from __future__ import annotations

import stat
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.attachment.files import FOLDER, MOST_BYTES
from backoffice.attachment.service import AttachmentNotFound
from backoffice.client.client import BackofficeClient
from backoffice.client.errors import Conflict, InvalidRequest, NotFound
from backoffice.client.schemas import AttachmentKind, Channel, MessageKind
from tests.backoffice.factories import create_conversation, incoming, send

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100
HTML = b"<html><script>alert(1)</script></html>"


def files(app: FastAPI) -> list[Path]:
    folder: Path = app.state.settings.data_dir / FOLDER
    return [path for path in folder.rglob("*") if path.is_file()]


async def upload(
    client: BackofficeClient, content: bytes = JPEG, *, key: str = "k", conversation_id: str | None = None
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
    assert await client.read_attachment(number, conversation_id=conversation.id) == (JPEG, "image/jpeg")


async def test_the_same_upload_twice_is_one_file(client: BackofficeClient, app: FastAPI) -> None:
    assert await upload(client) == await upload(client)
    assert len(files(app)) == 1


async def test_the_same_key_with_other_bytes_is_refused_and_leaves_no_file(
    client: BackofficeClient, app: FastAPI
) -> None:
    await upload(client)
    with pytest.raises(Conflict):
        await upload(client, HTML)
    assert len(files(app)) == 1


async def test_a_file_of_more_than_twenty_megabytes_is_refused(
    client: BackofficeClient, app: FastAPI
) -> None:
    await upload(client, b"\0" * MOST_BYTES, key="just-right")
    with pytest.raises(InvalidRequest) as refused:
        await upload(client, b"\0" * (MOST_BYTES + 1), key="too-large")
    assert refused.value.status == 413
    assert len(files(app)) == 1


async def test_a_page_is_never_served_as_one(client: BackofficeClient, session: Session) -> None:
    conversation = create_conversation(session)
    session.commit()
    number = await upload(client, HTML, conversation_id=conversation.id)
    content, media_type = await client.read_attachment(number, conversation_id=conversation.id)
    assert (content, media_type) == (HTML, "application/octet-stream")


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
    assert [(each.id, each.kind) for each in message.attachments] == [(number, AttachmentKind.PHOTO)]


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
