"""A thread with files in a real Chromium: shown, played, and nothing that the policy forbids."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from backoffice.settings import Settings
from tests.backoffice.attachment.clamd_server import VIRUS, clamd_at
from tests.backoffice.attachment.samples import pdf, picture, recording
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.pages.office import StaffOffice, Visitor
from tests.backoffice.pages.test_in_chromium import Open
from tests.backoffice.pages.test_in_chromium import _faults as faults
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as

WIDTH = "async (image) => { await image.decode(); return image.naturalWidth; }"
PLAYED_FROM_20 = """async (player) => {
  player.muted = true;
  await player.play();
  player.currentTime = 20;
  return new Promise((heard, failed) => {
    player.addEventListener("error", () => failed(player.error.message));
    player.addEventListener("timeupdate", () => player.currentTime > 20.1 && heard(player.currentTime));
  });
}"""

pytestmark = pytest.mark.browser


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    with clamd_at(tmp_path / "clamd.ctl") as (_server, where):
        yield settings.model_copy(update={"clamd": where})


@pytest.fixture
def visitor(office: StaffOffice, app: FastAPI, session: Session) -> Visitor:
    """Somebody who has sent a photo, a voice message, a paper, and a paper with a virus."""
    visitor = office.somebody_waits()
    send(office, visitor, "photo", picture(size=(2000, 1500)))
    send(office, visitor, "voice", recording(30.0))
    send(office, visitor, "document", pdf())
    send(office, visitor, "document", pdf(VIRUS))
    return visitor


def send(office: StaffOffice, visitor: Visitor, kind: str, content: bytes) -> None:
    stored = httpx.post(
        f"{office.url}/api/v1/service/attachments",
        params={"kind": kind, "conversation_id": visitor.conversation_id},
        content=content,
        headers={"Authorization": f"Bearer {SERVICE_TOKEN}", "Idempotency-Key": secrets.token_hex(8)},
        timeout=60,
    )
    visitor.sent += 1
    message = {
        "channel": "web",
        "external_id": f"{visitor.session}:{visitor.sent}",
        "conversation_id": visitor.conversation_id,
        "kind": "attachment",
        "attachment_id": stored.raise_for_status().json()["id"],
    }
    office.call("/messages", message)


def thread(page: Page, office: StaffOffice, visitor: Visitor) -> None:
    page.goto(f"{office.url}/conversations/{visitor.conversation_id}")
    page.locator(".attachment-picture img").scroll_into_view_if_needed()
    assert page.locator(".attachment-picture img").evaluate(WIDTH) == 640


def test_a_photo_is_shown_and_opened_whole_and_a_voice_is_played_from_its_middle(
    office: StaffOffice, visitor: Visitor, open_as: Open
) -> None:
    page = open_as("mediator.ar")
    thread(page, office, visitor)
    with page.context.expect_page() as opened:
        page.locator(".attachment-picture").click()
    assert opened.value.locator("img").evaluate(WIDTH) == 2000
    assert page.locator("audio").evaluate(PLAYED_FROM_20) > 20
    expect(page.locator(".attachment-blocked")).to_contain_text("ha un virus")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Documento").click()
    assert saved.value.path().read_bytes() == pdf()
    assert saved.value.suggested_filename.endswith(".pdf")


def test_a_thread_with_files_fits_a_phone_and_breaks_no_rule_of_axe(
    office: StaffOffice, visitor: Visitor, open_as: Open
) -> None:
    page = open_as("mediator.ar", viewport={"width": 320, "height": 640}, bypass_csp=True)
    thread(page, office, visitor)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert faults(page) == []
