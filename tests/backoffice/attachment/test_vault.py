"""Files in and out through HTTP: encrypted, in parts, scanned, erased, and what older versions left."""

from __future__ import annotations

import hashlib
import io
import re
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.app import create_app
from backoffice.attachment import files
from backoffice.attachment.files import FOLDER, MOST_BYTES, path_of
from backoffice.attachment.models import Attachment, ScanState, Storage
from backoffice.attachment.service import erase
from backoffice.attachment.vault import Vault
from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import AttachmentKind, Channel, MessageKind
from backoffice.conversation.models import Conversation, Message
from backoffice.conversation.scanning import scan_waiting
from backoffice.database import Database
from backoffice.settings import Settings
from tests.backoffice.attachment.clamd_server import VIRUS, ClamdServer, clamd_at
from tests.backoffice.attachment.samples import CANARY, JPEG, pdf, photo_with_position, picture, recording
from tests.backoffice.databases import SERVICE_TOKEN, FrozenClock
from tests.backoffice.factories import create_conversation, create_staff, incoming, sign_in
from translations.catalog import text


@pytest.fixture
def conversation(session: Session) -> Conversation:
    made = create_conversation(session)
    session.commit()
    return made


@pytest.fixture
def reader(session: Session, conversation: Conversation) -> dict[str, str]:
    headers = sign_in(session, create_staff(session))
    session.commit()
    return headers


async def store(
    client: BackofficeClient, content: bytes, conversation: Conversation | None, *, kind: str = "document"
) -> str:
    stored = await client.store_attachment(
        content,
        kind=AttachmentKind(kind),
        media_type="application/octet-stream",
        idempotency_key=hashlib.sha256(content).hexdigest(),
        conversation_id=conversation.id if conversation is not None else None,
    )
    return stored.id


async def bring(client: BackofficeClient, conversation: Conversation, number: str, words: str = "") -> None:
    await client.record_message(
        incoming(conversation, words, kind=MessageKind.ATTACHMENT, attachment_id=number)
    )


def address(conversation: Conversation, number: str, *, page: bool = False) -> str:
    return f"{'' if page else '/api/v1'}/conversations/{conversation.id}/attachments/{number}"


def row_of(session: Session, number: str) -> Attachment:
    row = session.get_one(Attachment, number, populate_existing=True)
    session.commit()  # a session that only looked would still be the one that writes
    return row


# --- Downloads ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind", "media_type", "shown", "ending"),
    [
        (photo_with_position(), "photo", "image/jpeg", "inline", "jpg"),
        (picture("PNG"), "photo", "image/png", "inline", "png"),
        (recording(0.1), "voice", "audio/wav", "inline", "wav"),
        (b"OggS\0\x02 OpusHead", "voice", "audio/ogg", "inline", "ogg"),
        (pdf(), "document", "application/pdf", "attachment", "pdf"),
        (b"#!AMR\n", "voice", "audio/amr", "attachment", "amr"),
    ],
    ids=["jpeg", "png", "wav", "ogg", "pdf", "amr"],
)
async def test_every_download_says_what_it_is_and_can_do_nothing(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    content: bytes,
    kind: str,
    media_type: str,
    shown: str,
    ending: str,
) -> None:
    number = await store(client, content, conversation, kind=kind)
    for page in (False, True):
        served = await http.get(address(conversation, number, page=page), headers=reader)
        assert served.status_code == 200
        headers = served.headers
        assert headers["content-type"] == media_type
        assert headers["content-disposition"] == f'{shown}; filename="{kind}-{number}.{ending}"'
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "private, no-store"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert int(headers["content-length"]) == len(served.content)


async def test_a_preview_is_small_and_only_pictures_have_one(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
) -> None:
    photo = await store(client, picture(size=(2000, 1000)), conversation, kind="photo")
    paper = await store(client, pdf(), conversation)
    small = await http.get(address(conversation, photo, page=True) + "/preview", headers=reader)
    assert Image.open(io.BytesIO(small.content)).size == (640, 320)
    assert small.headers["content-type"] == "image/jpeg"
    assert "sandbox" in small.headers["content-security-policy"]
    none = await http.get(address(conversation, paper, page=True) + "/preview", headers=reader)
    assert none.status_code == 404


async def test_nobody_gets_a_preview_who_may_not_read_the_conversation(
    client: BackofficeClient, http: httpx.AsyncClient, conversation: Conversation
) -> None:
    number = await store(client, JPEG, conversation, kind="photo")
    answer = await http.get(address(conversation, number, page=True) + "/preview")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-", slice(0, None)),
        ("bytes=0-0", slice(0, 1)),
        ("bytes=70000-140000", slice(70_000, 140_001)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=150000-999999999", slice(150_000, None)),
    ],
)
async def test_a_player_may_ask_for_a_part(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    asked: str,
    part: slice,
) -> None:
    content = recording(10.0) + bytes(range(256))
    number = await store(client, content, conversation, kind="voice")
    whole = await http.get(address(conversation, number), headers=reader)
    assert (whole.content, whole.headers["accept-ranges"]) == (content, "bytes")
    got = await http.get(address(conversation, number), headers={**reader, "Range": asked})
    assert (got.status_code, got.content) == (206, content[part])
    start = range(len(content))[part][0]
    end = f"bytes {start}-{start + len(got.content) - 1}/{len(content)}"
    assert got.headers["content-range"] == end


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
async def test_a_part_that_is_not_there_is_a_416(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    asked: str,
) -> None:
    number = await store(client, pdf(), conversation)
    got = await http.get(address(conversation, number), headers={**reader, "Range": asked})
    assert (got.status_code, got.headers["content-range"]) == (416, f"bytes */{len(pdf())}")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=-", "bytes=9-2", "lines=1-2", "bytes=x-y"])
async def test_a_range_that_is_none_gets_the_whole_file(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    asked: str,
) -> None:
    number = await store(client, pdf(), conversation)
    got = await http.get(address(conversation, number), headers={**reader, "Range": asked})
    assert (got.status_code, got.content) == (200, pdf())


async def test_a_file_of_twenty_megabytes_goes_out_in_pieces(
    client: BackofficeClient, conversation: Conversation, session: Session, settings: Settings
) -> None:
    number = await store(client, pdf().ljust(MOST_BYTES, b"\0"), conversation)
    row = row_of(session, number)
    tracemalloc.start()
    try:
        count = sum(map(len, Vault.of(settings).read(row, start=0, stop=MOST_BYTES)))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == MOST_BYTES
    assert peak < 1024 * 1024


# --- Keys ---------------------------------------------------------------------------------------


async def test_without_its_key_a_file_is_noise_for_ever(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    session: Session,
    settings: Settings,
) -> None:
    number = await store(client, pdf(), conversation)
    row = row_of(session, number)
    path = path_of(settings.data_dir, row.file_name)
    erase(row)
    session.commit()
    assert (await http.get(address(conversation, number), headers=reader)).status_code == 404
    assert path.is_file()  # until the next sweep
    assert CANARY not in path.read_bytes()
    assert (row_of(session, number).wrapped_key, row.storage, row.sha256) == (None, Storage.ERASED, "")


async def test_a_row_moved_to_another_conversation_opens_nothing(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    session: Session,
) -> None:
    other = create_conversation(session)
    session.commit()
    number = await store(client, pdf(), conversation)
    session.execute(update(Attachment).values(conversation_id=other.id))
    session.commit()
    answer = await http.get(address(other, number), headers=reader)
    assert (answer.status_code, answer.json()["code"]) == (410, "file_unreadable")
    assert CANARY not in answer.content


async def test_a_key_or_file_of_another_attachment_opens_nothing(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    session: Session,
) -> None:
    first = await store(client, pdf(b"first"), conversation)
    second = await store(client, pdf(b"second"), conversation)
    key, file_name = row_of(session, first).wrapped_key, row_of(session, first).file_name
    theirs = update(Attachment).where(Attachment.id == first).values(file_name="1" * 32)
    for change in ({"wrapped_key": key}, {"file_name": file_name}):
        session.execute(theirs)  # names are unique
        session.execute(update(Attachment).where(Attachment.id == second).values(**change))
        session.commit()
        answer = await http.get(address(conversation, second), headers=reader)
        assert (answer.status_code, answer.json()["code"]) == (410, "file_unreadable")


async def test_bytes_that_were_changed_on_the_disk_are_not_given_out(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    session: Session,
    settings: Settings,
) -> None:
    number = await store(client, pdf(), conversation)
    path = path_of(settings.data_dir, row_of(session, number).file_name)
    changed = bytearray(path.read_bytes())
    changed[50] ^= 1
    path.write_bytes(changed)
    assert (await http.get(address(conversation, number), headers=reader)).status_code == 410


async def test_the_first_file_of_a_telegram_chat_is_bound_when_its_message_comes(
    client: BackofficeClient, session: Session, settings: Settings
) -> None:
    chat = create_conversation(session, channel=Channel.TELEGRAM)
    other = create_conversation(session)
    session.commit()
    number = await store(client, pdf(), None)
    free = row_of(session, number).wrapped_key
    await bring(client, chat, number, "la mia carta")
    assert row_of(session, number).wrapped_key != free
    assert (await client.read_attachment(number, conversation_id=chat.id))[0] == pdf()
    session.execute(update(Attachment).values(conversation_id=other.id))
    session.commit()
    with pytest.raises(Exception, match="410"):
        await client.read_attachment(number, conversation_id=other.id)


async def test_files_of_earlier_versions_are_read_but_pictures_of_theirs_are_only_downloads(
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
    session: Session,
    settings: Settings,
    clock: FrozenClock,
) -> None:
    path = path_of(settings.data_dir, "ab" * 16)
    files.write(path, [JPEG], size_bytes=len(JPEG))
    session.add(
        Attachment(
            id="old",
            conversation_id=conversation.id,
            kind=AttachmentKind.PHOTO,
            media_type="image/jpeg",
            size_bytes=len(JPEG),
            sha256="0" * 64,
            file_name="ab" * 16,
            storage=Storage.PLAIN,
            scan_state=ScanState.NOT_SCANNED,
            created_at=clock(),
        )
    )
    session.commit()
    served = await http.get(address(conversation, "old"), headers=reader)
    assert served.content == JPEG
    assert served.headers["content-disposition"] == 'attachment; filename="photo-old.jpg"'
    part = await http.get(address(conversation, "old"), headers={**reader, "Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, JPEG[2:6])


# --- The scanner --------------------------------------------------------------------------------

Scanned = tuple[ClamdServer, BackofficeClient, httpx.AsyncClient]


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[tuple[ClamdServer, str]]:
    with clamd_at(tmp_path / "clamd.ctl") as running:
        yield running


@asynccontextmanager
async def backoffice_with(settings: Settings, clock: FrozenClock, clamd: str) -> AsyncIterator[FastAPI]:
    application = create_app(settings.model_copy(update={"clamd": clamd}), clock=clock, jobs=False)
    try:
        yield application
    finally:
        application.state.broker.close()
        application.state.database.close()


@pytest.fixture
async def scanned(
    settings: Settings, clock: FrozenClock, clamd: tuple[ClamdServer, str]
) -> AsyncIterator[Scanned]:
    server, where = clamd
    async with backoffice_with(settings, clock, where) as application:
        transport = httpx.ASGITransport(application)
        client = BackofficeClient("http://backoffice", SERVICE_TOKEN, transport=transport)
        async with httpx.AsyncClient(transport=transport, base_url="http://backoffice") as http:
            yield server, client, http
        await client.aclose()


def said(session: Session, conversation: Conversation) -> list[str]:
    statement = select(Message.text).where(
        Message.conversation_id == conversation.id, Message.author != "citizen"
    )
    return list(session.scalars(statement.order_by(Message.seq)))


async def test_without_a_scanner_staff_see_that_nothing_was_checked(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
) -> None:
    await bring(client, conversation, await store(client, pdf(), conversation))
    page = await http.get(f"/conversations/{conversation.id}", headers=reader)
    assert text("backoffice.scan.not_scanned", "it") in page.text
    listed = (await http.get(f"/api/v1/conversations/{conversation.id}/messages", headers=reader)).json()
    assert listed["items"][0]["attachments"][0]["scan_state"] == "not_scanned"


async def test_what_the_scanner_finds_clean_is_shown_so(
    scanned: Scanned, conversation: Conversation, reader: dict[str, str], session: Session
) -> None:
    server, client, http = scanned
    number = await store(client, photo_with_position(), conversation, kind="photo")
    await bring(client, conversation, number)
    assert server.seen == [photo_with_position()]
    assert row_of(session, number).scan_state is ScanState.CLEAN
    page = await http.get(f"/conversations/{conversation.id}", headers=reader)
    assert text("backoffice.scan.clean", "it") in page.text


@pytest.mark.parametrize("content", [pdf(VIRUS), JPEG + VIRUS], ids=["pdf", "jpeg"])
@pytest.mark.parametrize("words", ["", "la mia carta"])
async def test_a_virus_is_kept_from_everybody_and_the_person_is_told_kindly(
    scanned: Scanned,
    conversation: Conversation,
    reader: dict[str, str],
    session: Session,
    settings: Settings,
    content: bytes,
    words: str,
) -> None:
    _server, client, http = scanned
    number = await store(client, content, conversation, kind="photo")
    await bring(client, conversation, number, words)
    for page in (False, True):
        got = await http.get(address(conversation, number, page=page), headers=reader)
        assert got.status_code == 410
        assert VIRUS not in got.content
    small = await http.get(address(conversation, number, page=True) + "/preview", headers=reader)
    assert small.status_code == 410
    with pytest.raises(Exception, match="410"):
        await client.read_attachment(number, conversation_id=conversation.id)
    thread = (await http.get(f"/conversations/{conversation.id}", headers=reader)).text
    assert text("backoffice.thread.file_infected", "it") in thread
    assert f"/attachments/{number}" not in thread
    assert said(session, conversation) == [text("system.attachment_infected", "it")]
    [path] = [each for each in (settings.data_dir / FOLDER).rglob("*") if each.is_file()]
    assert VIRUS not in path.read_bytes()


async def test_a_scanner_that_is_away_loses_no_file_and_is_asked_again(
    settings: Settings,
    clock: FrozenClock,
    conversation: Conversation,
    reader: dict[str, str],
    session: Session,
    database: Database,
    tmp_path: Path,
) -> None:
    async with backoffice_with(settings, clock, f"unix:{tmp_path / 'none'}") as application:
        transport = httpx.ASGITransport(application)
        client = BackofficeClient("http://backoffice", SERVICE_TOKEN, transport=transport)
        good = await store(client, JPEG, conversation, kind="photo")
        bad = await store(client, pdf(VIRUS), conversation)
        await bring(client, conversation, good)
        await bring(client, conversation, bad)
        async with httpx.AsyncClient(transport=transport, base_url="http://backoffice") as http:
            page = await http.get(f"/conversations/{conversation.id}", headers=reader)
            assert text("backoffice.scan.scan_failed", "it") in page.text
            assert (await http.get(address(conversation, good), headers=reader)).status_code == 200
        await client.aclose()
        away = Vault.of(application.state.settings)
        assert scan_waiting(database, away, clock) == 0
    with clamd_at() as (server, where):
        back = Vault.of(settings.model_copy(update={"clamd": where}))
        assert scan_waiting(database, back, clock) == 2
        assert scan_waiting(database, back, clock) == 0
    assert pdf(VIRUS) in server.seen
    states = {row_of(session, good).scan_state, row_of(session, bad).scan_state}
    assert states == {ScanState.CLEAN, ScanState.INFECTED}
    assert said(session, conversation)[-1] == text("system.attachment_infected", "it")


async def test_a_thread_shows_pictures_plays_sounds_and_offers_the_rest(
    client: BackofficeClient,
    http: httpx.AsyncClient,
    conversation: Conversation,
    reader: dict[str, str],
) -> None:
    sent: dict[str, Any] = {
        "photo": picture(size=(2000, 1000)), "voice": recording(0.1), "document": pdf()
    }  # fmt: skip
    numbers = {kind: await store(client, content, conversation, kind=kind) for kind, content in sent.items()}
    for number in numbers.values():
        await bring(client, conversation, number)
    answer = await http.get(f"/conversations/{conversation.id}", headers=reader)
    images = re.findall(r"<img [^>]*>", answer.text)
    assert len(images) == 1
    assert f'src="{address(conversation, numbers["photo"], page=True)}/preview"' in images[0]
    assert 'width="320" height="160" loading="lazy"' in images[0]
    assert 'alt="Foto della persona, 2000 × 1000 pixel. Apri intera."' in images[0]
    [player] = re.findall(r"<audio [^>]*>", answer.text)
    assert f'controls preload="none" src="{address(conversation, numbers["voice"], page=True)}"' in player
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"img-src 'self' data:", "media-src 'self'", "default-src 'self'"} <= set(policy)
