"""Files: attacks 41, 42, 43 and the part of 56 that is theirs."""

from __future__ import annotations

import io
import itertools
import os
import shutil
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment import files, service
from backoffice.attachment.kinds import PICTURES, PLAYED, UNKNOWN, media_type_of
from backoffice.attachment.models import Attachment
from backoffice.attachment.service import erase
from backoffice.attachment.sweeping import discard_unknown, forget_unattached
from backoffice.database import Database
from backoffice.settings import Settings
from tests.backoffice.attachment.samples import (
    CANARY,
    JPEG,
    SCRIPT,
    archive,
    film,
    pdf,
    photo_with_position,
    picture,
    picture_that_claims,
)
from tests.backoffice.factories import NOW

TAKEN_AS_PICTURE = {
    "JPEG and page": JPEG + b"<html>" + SCRIPT,
    "JPEG and archive": JPEG + archive({"evil": SCRIPT}),
    "GIF and script": picture("GIF") + b"/*" + SCRIPT + b"*/=1",
    "PNG and page": picture("PNG") + SCRIPT,
}
TAKEN_FOR_DOWNLOAD = {
    "PDF and script": b"%PDF-1.7\n/JS (app.alert(1))" + SCRIPT,
    "sound and page": b"ID3\x04\0\0\0\0\0\0" + SCRIPT,
    "film and page": film(b"vide", b"soun") + SCRIPT,
}
REFUSED = {
    "page": (b"<!doctype html><html>" + SCRIPT, 415),
    "page after spaces": (b"   \n<html>" + SCRIPT, 415),
    "page after a mark": (b"\xef\xbb\xbf<html>" + SCRIPT, 415),
    "SVG": (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415),
    "Word with a template elsewhere": (
        archive({"word/document.xml": b"x", "word/_rels/settings.xml.rels": b"http://evil.example"}),
        415,
    ),
    "archive that lies": (archive({})[:10] + b"\xff" * 12, 415),
    "deep archive": (archive({"bomb": b"\0" * 10_000_000}, zipfile.ZIP_DEFLATED), 415),
    "many members": (archive({f"member{number}": b"" for number in range(3000)}), 415),
    "PDF and archive": (b"%PDF-1.7\n" + archive({"evil": SCRIPT}), 415),
    "program": (b"MZ\x90\x00", 415),
    "huge picture": (picture_that_claims(50_000, 50_000), 422),
    "picture that unpacks to nothing": (picture_that_claims(6_000, 6_000), 422),
    "no picture": (b"GIF89a/*" + SCRIPT + b"*/=1", 422),
}


async def upload(
    chat: httpx.AsyncClient, content: bytes, name: str = "x", kind: str = "image/jpeg"
) -> httpx.Response:
    return await chat.post("/chat/attachments", files={"file": (name, content, kind)})


async def links(chat: httpx.AsyncClient) -> list[dict[str, Any]]:
    messages = (await chat.get("/chat/messages")).json()["messages"]
    return [link for message in messages for link in message["attachments"]]


def kept(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / files.FOLDER).rglob("*") if path.is_file()]


def assert_harmless(served: httpx.Response) -> None:
    headers = served.headers
    assert headers["x-content-type-options"] == "nosniff"
    assert {"sandbox", "default-src 'none'"} <= set(headers["content-security-policy"].split("; "))
    assert headers["cache-control"] == "no-store"
    shown = headers["content-type"]
    assert shown in PICTURES | PLAYED or headers["content-disposition"].startswith("attachment")
    assert shown.partition(";")[0] not in {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"}


@pytest.mark.parametrize("name", list(TAKEN_AS_PICTURE))
async def test_attack_41_of_a_picture_of_two_faces_only_the_picture_is_kept(
    citizen: httpx.AsyncClient, name: str
) -> None:
    assert (await upload(citizen, TAKEN_AS_PICTURE[name])).status_code == 202
    [link] = await links(citizen)
    served = await citizen.get(f"/chat/attachments/{link['id']}")
    assert served.status_code == 200
    assert SCRIPT not in served.content
    assert b"PK\x05\x06" not in served.content
    Image.open(io.BytesIO(served.content)).load()
    assert_harmless(served)


@pytest.mark.parametrize("name", list(TAKEN_FOR_DOWNLOAD))
async def test_attack_41_what_is_kept_as_it_came_is_never_run(citizen: httpx.AsyncClient, name: str) -> None:
    content = TAKEN_FOR_DOWNLOAD[name]
    assert (await upload(citizen, content)).status_code == 202
    [link] = await links(citizen)
    served = await citizen.get(f"/chat/attachments/{link['id']}")
    assert (served.status_code, served.content) == (200, content)
    assert_harmless(served)
    assert served.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("name", list(REFUSED))
async def test_attacks_41_and_42_what_is_not_on_the_list_is_refused_and_not_kept(
    citizen: httpx.AsyncClient, settings: Settings, name: str
) -> None:
    content, status = REFUSED[name]
    assert (await upload(citizen, content)).status_code == status
    assert kept(settings) == []
    assert await links(citizen) == []


async def test_attack_41_a_photo_keeps_neither_position_nor_camera(
    citizen: httpx.AsyncClient, settings: Settings
) -> None:
    assert (await upload(citizen, photo_with_position())).status_code == 202
    [link] = await links(citizen)
    served = await citizen.get(f"/chat/attachments/{link['id']}")
    assert not Image.open(io.BytesIO(served.content)).getexif()
    assert CANARY not in served.content


async def test_attack_54_no_byte_of_a_file_lies_readable_on_the_disk(
    citizen: httpx.AsyncClient, settings: Settings, database: Database
) -> None:
    assert (await upload(citizen, pdf(CANARY * 10_000))).status_code == 202
    assert (await upload(citizen, b"ID3\x04" + CANARY)).status_code == 202
    assert (await upload(citizen, JPEG)).status_code == 202
    everything = [path for path in settings.data_dir.parent.rglob("*") if path.is_file()]
    assert len(kept(settings)) == 4  # the picture has a preview
    assert any(path.suffix == ".db" for path in everything)
    for path in everything:
        content = path.read_bytes()
        assert CANARY not in content, path
        assert b"JFIF" not in content, path


def test_attack_42_twenty_megabytes_are_looked_at_in_no_time() -> None:
    for content in (b"PK\x03\x04" + bytes(files.MOST_BYTES), b"\0\0\0\x10ftypisom" + bytes(files.MOST_BYTES)):
        started = time.process_time()
        assert media_type_of(content) == UNKNOWN
        assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "a\r\nSet-Cookie: x=1", "\u202egnp.exe", "x" * 5000, "..", "a\0b"],
)
async def test_attack_43_the_sender_s_name_of_a_file_is_used_for_nothing(
    citizen: httpx.AsyncClient, settings: Settings, name: str
) -> None:
    answer = await upload(citizen, JPEG, name)
    assert answer.status_code in (202, 400)
    if answer.status_code == 202:
        assert {len(files.name_of(path)) for path in kept(settings)} == {32}
        [link] = await links(citizen)
        served = await citizen.get(f"/chat/attachments/{link['id']}")
        assert "set-cookie" not in served.headers
        assert set(served.headers["content-disposition"]) <= set(
            'inlineattachment;= -fphotdcum0123456789abcdef".jpg'
        )
    for escape in ("../../../etc/passwd", "..%2f..%2fsecret_key", "%00", "..\\..\\x"):
        assert (await citizen.get(f"/chat/attachments/{escape}")).status_code == 404


async def test_attack_56_a_disk_that_is_nearly_full_takes_messages_and_no_files(
    citizen: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(total=10**9, used=10**9 - 1000, free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    refused = await upload(citizen, JPEG)
    assert refused.status_code == 503
    body = {"id": "00000000-0000-4000-8000-000000000001", "text": "ciao"}
    assert (await citizen.post("/chat/messages", json=body)).status_code == 202
    assert kept(settings) == []


async def test_attack_56_a_file_that_broke_off_leaves_nothing_behind(
    citizen: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert (await upload(citizen, JPEG)).status_code == 503
    monkeypatch.undo()
    assert kept(settings) == []
    assert await links(citizen) == []


async def test_attack_31_files_have_a_bound_for_each_conversation_hour_day_and_in_all(
    citizen: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = itertools.count()

    async def send() -> int:
        return (await upload(citizen, pdf(str(next(numbers)).encode() * 100))).status_code

    monkeypatch.setattr(service, "MOST_FILES_AN_HOUR", 2)
    assert [await send() for _ in range(3)] == [202, 202, 429]
    monkeypatch.setattr(service, "MOST_FILES_AN_HOUR", 100)
    monkeypatch.setattr(service, "MOST_FILES_A_DAY", 3)
    assert [await send() for _ in range(2)] == [202, 429]
    monkeypatch.setattr(service, "MOST_FILES_A_DAY", 100)
    monkeypatch.setattr(service, "MOST_BYTES_A_DAY", 200)
    assert await send() == 429
    monkeypatch.setattr(service, "MOST_BYTES_A_DAY", 10**9)
    assert await send() == 202
    monkeypatch.setattr(service, "MOST_BYTES", 200)
    assert await send() == 429


async def test_files_that_belong_to_nothing_are_swept_after_a_day(
    http: httpx.AsyncClient, app: FastAPI, database: Database, session: Session, citizen: httpx.AsyncClient
) -> None:
    data_dir: Path = app.state.settings.data_dir
    assert (await upload(citizen, JPEG)).status_code == 202
    mine = {path.name for path in (data_dir / files.FOLDER).rglob("*") if path.is_file()}
    headers = {"Authorization": "Bearer service-token-of-the-tests", "Idempotency-Key": "k"}
    lost = await http.post("/api/v1/service/attachments?kind=photo", content=JPEG, headers=headers)
    assert lost.status_code == 201
    (data_dir / files.FOLDER / "ff").mkdir(exist_ok=True)
    (data_dir / files.FOLDER / "ff" / ("f" * 32)).write_bytes(b"no row")

    def sweep(now_days: int) -> int:
        now = NOW + timedelta(days=now_days)
        for path in (data_dir / files.FOLDER).rglob("*"):
            os.utime(path, (NOW.timestamp(), NOW.timestamp()))
        with database.transaction() as writing:
            forget_unattached(writing, now=now)
        with database.read() as reading:
            return discard_unknown(reading, data_dir, now=now)

    assert sweep(0) == 0
    assert sweep(2) == 2
    assert len(await links(citizen)) == 1
    assert {path.name for path in (data_dir / files.FOLDER).rglob("*") if path.is_file()} == mine
    [row] = session.scalars(select(Attachment))
    erase(row)
    session.commit()
    assert sweep(2) == 1
    assert list((data_dir / files.FOLDER).glob("*/*")) == []
