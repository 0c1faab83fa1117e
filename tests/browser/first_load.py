"""What the first visit of the web chat loads: for the test and for the benchmark, measured once."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, expect

LARGEST_BYTES = 60_000


@dataclass
class FirstLoad:
    """Compressed bytes of each answer, and what was not as it should be."""

    sizes: dict[str, int]
    wrong: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.sizes.values())


def first_load(page: Page, address: str) -> FirstLoad:
    """Open a page on an empty cache and wait until it can be used."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    expect(page.locator("#language-dialog")).to_be_visible()
    loaded = FirstLoad({answer.url: len(gzip.compress(answer.body())) for answer in answers})
    ours = urlsplit(address).netloc
    loaded.wrong += [f"from elsewhere: {url}" for url in loaded.sizes if urlsplit(url).netloc != ours]
    loaded.wrong += [f"failed: {answer.url}" for answer in answers if not answer.ok]
    if len(answers) != len(loaded.sizes):
        loaded.wrong.append("something is asked for twice")
    return loaded
