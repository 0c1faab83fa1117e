"""Files: attacks 41, 42, 43 and the part of 56 that is theirs."""

from __future__ import annotations

import io
import os
import shutil
import struct
import time
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.attachment import files, service
from backoffice.attachment.kinds import SHOWN_INLINE, UNKNOWN, media_type_of
from backoffice.attachment.sweeping import discard_unknown, forget_unattached
from backoffice.database import Database
from backoffice.settings import Settings
from tests.backoffice.factories import NOW

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 50
SCRIPT = b"<script>alert(document.domain)</script>"


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return written.getvalue()


def huge_picture() -> bytes:
    """A PNG that says it is 50,000 x 50,000."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 6, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def broken_archive() -> bytes:
    whole = bytearray(
        archive({"mimetype": b"application/vnd.oasis.opendocument.text" * 2}, zipfile.ZIP_DEFLATED)
    )
    whole[40:50] = b"\xff" * 10
    return bytes(whole)


POLYGLOTS = {
    "GIF and script": b"GIF89a/*" + SCRIPT + b"*/=1",
    "JPEG and page": JPEG + b"<html>" + SCRIPT,
    "PDF and script": b"%PDF-1.7\n/JS (app.alert(1))" + SCRIPT,
    "page": b"<!doctype html><html>" + SCRIPT,
    "page after spaces": b"   \n<html>" + SCRIPT,
    "page after a mark": b"\xef\xbb\xbf<html>" + SCRIPT,
    "SVG": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "Word with a template elsewhere": archive(
        {"word/document.xml": b"x", "word/_rels/settings.xml.rels": b"http://evil.example"}
    ),
    "archive and picture": JPEG + archive({"evil": SCRIPT}),
    "broken archive": broken_archive(),
    "archive that lies": archive({})[:10] + b"\xff" * 12,
    "deep archive": archive({"bomb": b"\0" * 10_000_000}, zipfile.ZIP_DEFLATED),
    "many members": archive({f"member{number}": b"" for number in range(3000)}),
    "huge picture": huge_picture(),
    "program": b"MZ\x90\x00",
}


async def upload(
    chat: httpx.AsyncClient, content: bytes, name: str = "x", kind: str = "image/jpeg"
) -> httpx.Response:
    return await chat.post("/chat/attachments", files={"file": (name, content, kind)})


async def links(chat: httpx.AsyncClient) -> list[dict[str, Any]]:
    messages = (await chat.get("/chat/messages")).json()["messages"]
    return [link for message in messages for link in message["attachments"]]


@pytest.mark.parametrize("name", list(POLYGLOTS))
async def test_attacks_41_and_42_a_file_of_two_faces_is_taken_quickly_and_never_run(
    citizen: httpx.AsyncClient, name: str
) -> None:
    content = POLYGLOTS[name]
    started = time.perf_counter()
    assert (await upload(citizen, content)).status_code == 202
    assert time.perf_counter() - started < 3
    [link] = await links(citizen)
    served = await citizen.get(f"/chat/attachments/{link['id']}")
    assert served.status_code == 200
    assert served.content == content
    headers = served.headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    shown = headers["content-type"]
    assert shown in SHOWN_INLINE or headers["content-disposition"].startswith("attachment")
    assert shown.partition(";")[0] not in {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"}


@pytest.mark.parametrize(
    "content",
    [b"<html>" + SCRIPT, b"<svg/>", b"MZ", b"#!/bin/sh", b"", archive({"x": b"y"}), broken_archive()],
)
def test_attack_41_what_is_not_on_the_list_is_only_bytes(content: bytes) -> None:
    assert media_type_of(content) == UNKNOWN


def test_attack_42_an_archive_of_twenty_megabytes_is_looked_at_in_no_time() -> None:
    content = b"PK\x03\x04" + b"\0" * (20 * 1024 * 1024)
    started = time.perf_counter()
    assert media_type_of(content) == UNKNOWN
    assert time.perf_counter() - started < 0.5


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
        [path] = [each for each in (settings.data_dir / files.FOLDER).rglob("*") if each.is_file()]
        assert len(path.name) == 32
        [link] = await links(citizen)
        served = await citizen.get(f"/chat/attachments/{link['id']}")
        assert "set-cookie" not in served.headers
        assert set(served.headers["content-disposition"]) <= set(
            'inlineattachment;= -fphotdcum0123456789abcdef"'
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
    assert [each for each in (settings.data_dir / files.FOLDER).rglob("*") if each.is_file()] == []


async def test_attack_56_a_file_that_broke_off_leaves_nothing_behind(
    citizen: httpx.AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert (await upload(citizen, JPEG)).status_code == 503
    monkeypatch.undo()
    assert [each for each in (settings.data_dir / files.FOLDER).rglob("*") if each.is_file()] == []
    assert await links(citizen) == []


async def test_attack_31_files_have_a_bound_for_each_conversation_and_day(
    citizen: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_FILES_A_DAY", 3)
    answers = [await upload(citizen, JPEG + bytes([number])) for number in range(5)]
    assert [each.status_code for each in answers] == [202, 202, 202, 422, 422]
    monkeypatch.setattr(service, "MOST_FILES_A_DAY", 100)
    monkeypatch.setattr(service, "MOST_BYTES_A_DAY", 200)
    answers = [await upload(citizen, JPEG + bytes([9, number])) for number in range(2)]
    assert answers[-1].status_code == 422


async def test_files_that_belong_to_nothing_are_swept_after_a_day(
    http: httpx.AsyncClient, app: FastAPI, database: Database, session: Session, citizen: httpx.AsyncClient
) -> None:
    data_dir: Path = app.state.settings.data_dir
    assert (await upload(citizen, JPEG)).status_code == 202
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
    left = [each for each in (data_dir / files.FOLDER).rglob("*") if each.is_file()]
    assert [path.read_bytes() for path in left] == [JPEG]
