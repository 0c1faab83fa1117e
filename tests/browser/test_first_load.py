"""What the first visit costs somebody who pays for every megabyte, and whom the page talks to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat_service import ChatService
from tests.browser.conftest import PHONE
from tests.browser.first_load import LARGEST_BYTES, first_load

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("locale", ["it-IT", "ar-EG"])
def test_the_first_load_is_small_and_comes_from_one_place(
    service: ChatService,
    new_context: Callable[..., BrowserContext],
    capsys: pytest.CaptureFixture[str],
    locale: str,
) -> None:
    context = new_context(viewport=PHONE, locale=locale)
    loaded = first_load(context.new_page(), service.url)
    with capsys.disabled():
        print(f"\nfirst load, {locale}: {loaded.total} bytes compressed in {len(loaded.sizes)} answers")  # noqa: T201
    assert loaded.wrong == []
    assert loaded.total <= LARGEST_BYTES
    assert context.cookies() == []


@pytest.fixture
def municipality(service: ChatService) -> Iterator[str]:
    """The address of another site, in Ukrainian, that embeds the chat."""
    page = f"<html lang=uk><body><h1>Comune</h1><script src='{service.url}/widget.js'></script>"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_another_site_can_embed_the_chat(
    service: ChatService, municipality: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": 1280, "height": 800}, locale="it-IT").new_page()
    page.goto(municipality)
    page.get_by_role("button", name="Chat").click()
    chat = page.frame_locator("iframe[title=Chat]")
    expect(chat.locator("html")).to_have_attribute("lang", "uk")
    chat.locator("#language-dialog button[lang=uk]").click()
    chat.locator("#text").fill("Добрий день")
    chat.locator("#text").press("Enter")
    expect(chat.locator(".tick.sent")).to_be_visible()
    assert service.conversation.from_the_person == ["Добрий день"]
