"""Takes the pictures of the README from a running demo: `make pictures`. Not a test."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from backoffice.seed_district import PASSWORD
from backoffice.staff.accounts import DEMO_DOMAIN
from deploy.settings import prepare_data_dir
from tests.browser.person import Person
from tests.stack.processes import ROOT, Stack, new_stack, wait_for
from translations.catalog import text

PICTURES = ROOT / "docs" / "pictures"
_PHONE = {"width": 360, "height": 740}
_CASES = 4_000
_DESK = {"width": 1180, "height": 740}
_SIDE_BY_SIDE = """
<body style="margin:0;display:flex;gap:24px;padding:24px;background:#e8edf2;width:max-content">
<img src="{phone}" style="border-radius:18px;box-shadow:0 2px 12px #0003">
<img src="{desk}" style="border-radius:10px;box-shadow:0 2px 12px #0003">
"""


def main() -> int:
    """Start the demo, act out a short scene, and write `docs/pictures/`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sportello-pictures-") as folder:
        stack = new_stack(Path(folder))
        stack.lend_model()
        _fill(stack)
        stack.start()
        try:
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium") or shutil.which("chromium-browser")
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                _take(browser, stack, Path(folder))
                browser.close()
        finally:
            stack.stop()
    return 0


def _fill(stack: Stack) -> None:
    """Load the demo, and cases of two years besides: planning tells of months that are over."""
    prepare_data_dir(stack.data_dir)
    for command in (["backoffice.migrations.upgrade"], ["backoffice.seed", "--cases", str(_CASES)]):
        subprocess.run([sys.executable, "-m", *command], cwd=stack.root, env=stack.environment, check=True)


def _take(browser: Browser, stack: Stack, folder: Path) -> None:
    person = Person(browser.new_context(viewport=_PHONE).new_page(), stack.bot_url)  # type: ignore[arg-type]
    person.page.goto(stack.bot_url)
    person.choose_language("ar")
    person.write("عايزة شقة في كريما، احنا ٤، أقصى حاجة ٦٠٠ يورو")
    person.page.locator(".message.assistant .answers").last.wait_for()
    person.page.screenshot(path=folder / "phone.png")
    desk = _mediator(browser, stack)
    desk.screenshot(path=folder / "desk.png")
    page = browser.new_page(viewport={"width": 1636, "height": 788})
    page.goto(folder.as_uri())
    page.set_content(
        _SIDE_BY_SIDE.format(phone=(folder / "phone.png").as_uri(), desk=(folder / "desk.png").as_uri())
    )
    page.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth)")
    _keep(page, "chat-and-workplace.png")
    _take_workplace(desk, stack)
    _take_case(browser, stack)
    _take_planning(browser, stack)


def _take_workplace(desk: Page, stack: Stack) -> None:
    desk.set_viewport_size({"width": 1440, "height": 900})
    desk.goto(f"{stack.backoffice_url}/conversations?holder=me")
    desk.locator(".row-card a").first.click()
    desk.locator(".workplace-list .row-open").wait_for()
    desk.locator(".mini-case").first.wait_for()
    _keep(desk, "workplace.png")


def _take_case(browser: Browser, stack: Stack) -> None:
    """Take the first case of the list, as a coordinator sees it."""
    page = _sign_in(browser, stack, "coordinator")
    page.goto(f"{stack.backoffice_url}/cases")
    page.locator("#case-list a[href^='/cases/']").first.click()
    page.wait_for_url("**/cases/*")
    _keep(page, "case.png")


def _take_planning(browser: Browser, stack: Stack) -> None:
    """Take the figures of the district, as a planner sees them."""
    page = _sign_in(browser, stack, "planner")

    def is_told() -> bool:
        page.goto(f"{stack.backoffice_url}/planning/figures/asked")
        return page.locator("main figure").count() > 0

    wait_for("the figures of two years are told", is_told, seconds=600, pause=5)
    page.set_viewport_size({"width": 1180, "height": 1500})
    _keep(page, "planning.png")


def _mediator(browser: Browser, stack: Stack) -> Page:
    page = _sign_in(browser, stack, "mediator.ar")
    page.goto(f"{stack.backoffice_url}/conversations")
    page.locator(".row-card a").first.click()
    page.locator("#messages .words").first.wait_for()
    return page


def _sign_in(browser: Browser, stack: Stack, account: str) -> Page:
    page = browser.new_context(viewport=_DESK, locale="it-IT").new_page()  # type: ignore[arg-type]
    page.goto(f"{stack.backoffice_url}/sign-in")
    page.get_by_label(text("backoffice.sign_in.email", "it")).fill(account + DEMO_DOMAIN)
    page.get_by_label(text("backoffice.sign_in.password", "it")).fill(PASSWORD)
    page.get_by_role("button", name=text("backoffice.sign_in.submit", "it"), exact=True).click()
    page.wait_for_url(f"{stack.backoffice_url}/")
    return page


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / name)
    print(f"Written: {PICTURES / name}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
