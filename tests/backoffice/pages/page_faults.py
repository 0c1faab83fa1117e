"""What keeps somebody from using a page: axe-core's rules, 320 px, and a walk with the Tab key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).parents[2] / "browser" / "vendor" / "axe-core" / "axe.min.js"
WALK = Path(__file__).parent / "page_walk.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""They hold `target-size` (24 px, WCAG 2.2), which axe-core runs only where it is asked to."""

SKIP_LINK = "a.skip-link"
MAIN = "main"

MOST_ROUNDS = 12
"""Fields of dates have several stops, so that a walk needs more presses than there are elements to reach."""

OF_PLACE = ["color-contrast", "target-size", "scrollable-region-focusable"]
"""The rules that answer otherwise where the same elements stand elsewhere."""

_RUN = """async ([rules, tags, without]) => {
  const found = await axe.run(document, {
    runOnly: rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags },
    rules: rules ? {} : Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    resultTypes: ['violations'], preload: false });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
}"""


def equip(context: BrowserContext) -> None:
    """Let every page of a window be asked."""
    for script in (AXE, WALK):
        context.add_init_script(path=script)


def axe_faults(page: Page, *, rules: list[str] | None = None, without: tuple[str, ...] = ()) -> list[str]:
    """Return what axe-core finds by all rules, or by some of them."""
    found: list[str] = page.evaluate(_RUN, [rules, TAGS, without])
    return found


def layout_faults(page: Page) -> list[str]:
    """Return what is too wide, cut, or without its one heading."""
    size = page.viewport_size
    assert size is not None
    found: list[str] = page.evaluate("(width) => pageWalk.faults(width)", size["width"])
    return found


def keyboard_faults(page: Page, *, whole: bool = False) -> list[str]:
    """Walk through a page with Tab: from its skip link where it has one, unless the `whole` is wanted."""
    keys, after = page.keyboard, None
    page.evaluate("document.activeElement?.blur(); pageWalk.listen()")
    if not whole and page.locator(SKIP_LINK).count():
        if not page.evaluate("(link) => pageWalk.expected()[0].matches(link)", SKIP_LINK):
            return ["the skip link is not the first"]
        page.locator(SKIP_LINK).focus()
        keys.press("Enter")
        if not page.evaluate("(main) => document.activeElement.matches(main)", MAIN):
            return ["the skip link does not lead to the main part"]
        after = MAIN
    left = page.evaluate("(after) => pageWalk.left(after)", after)
    for _ in range(MOST_ROUNDS):
        for _ in range(left):
            keys.press("Tab")
        left = page.evaluate("(after) => pageWalk.left(after)", after)
    found: list[str] = page.evaluate("(after) => pageWalk.walked(after)", after)
    return found


def facts(page: Page) -> dict[str, Any]:
    """Return language, direction and title."""
    found: dict[str, Any] = page.evaluate(
        "({ lang: document.documentElement.lang, dir: document.documentElement.dir, title: document.title })"
    )
    return found
