"""What the web chat's page loads at the first visit of somebody who pays for every megabyte."""

from __future__ import annotations

import shutil
from typing import Final

from playwright.sync_api import sync_playwright

from benchmarks.installation import Installation
from benchmarks.lines import Line, Outcome, at_most
from benchmarks.run import Run
from benchmarks.samples import OURS
from tests.browser.first_load import LARGEST_BYTES, first_load

TITLE: Final = "Web chat: the first load"
LOCALES: Final = ("it-IT", "ar-EG")


def measure(run: Run, installation: Installation) -> Outcome:
    """Load the page on an empty cache, left to right and right to left."""
    outcome = Outcome()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for locale in LOCALES:
            page = browser.new_context(viewport={"width": 360, "height": 740}, locale=locale).new_page()
            loaded = first_load(page, installation.stack.bot_url)
            run.samples.add(locale, OURS, loaded.total / 1000)
            outcome.wrong += [f"{locale}: {each}" for each in loaded.wrong]
            what = f"compressed, {locale}, {len(loaded.sizes)} answers"
            outcome.lines.append(Line(what, "kB", loaded.total / 1000, target=at_most(LARGEST_BYTES / 1000)))
        browser.close()
    outcome.checked = ["every answer came from one place, once, and none failed"]
    return outcome


def _chromium() -> str | None:
    """Return the system's browser; None is the one that Playwright installed."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
