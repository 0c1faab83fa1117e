"""A file that a browser would take for a page is no page of ours (reliability, 41)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from backoffice.attachment.responses import FILE_POLICY as STAFF_POLICY
from bot.webchat.conversation import FILE_POLICY as CHAT_POLICY

pytestmark = pytest.mark.browser

ORIGIN = "http://sportello.test"
EVIL = (
    "<title>still</title><script>document.title = `ran with ${localStorage.getItem('ours')}`</script>"
    f"<img src='{ORIGIN}/tracked'>"
)


def opened(page: Page, policy: str | None) -> tuple[str, list[str]]:
    """Open the file as a page of ours; return its title and what it asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/ours":
            keep = "<script>localStorage.setItem('ours', 'read')</script>"
            route.fulfill(content_type="text/html", body=keep)
        elif path == "/file":
            headers = {"Content-Security-Policy": policy} if policy else {}
            route.fulfill(content_type="text/html", body=EVIL, headers=headers)
        else:
            asked.append(path)
            route.fulfill(status=204)

    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/ours")
    page.goto(f"{ORIGIN}/file", wait_until="load")
    return page.title(), asked


@pytest.mark.parametrize("policy", [STAFF_POLICY, CHAT_POLICY], ids=["staff", "chat"])
def test_attack_41_a_file_opened_as_a_page_runs_nothing_and_has_no_origin(page: Page, policy: str) -> None:
    assert opened(page, policy) == ("still", [])
    assert page.evaluate("window.origin") == "null"


def test_attack_41_without_the_policy_it_would(page: Page) -> None:
    title, asked = opened(page, None)
    assert title == "ran with read"
    assert "/tracked" in asked
