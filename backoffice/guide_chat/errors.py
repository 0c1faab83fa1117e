"""Why there is no sheet."""

from __future__ import annotations

from backoffice.errors import NotFound


class SheetLinkOver(NotFound):
    """The link is not ours, was replaced, or its time is over; the page says how to get another."""

    def __init__(self) -> None:
        super().__init__("guide_steps.error.link_over", way_out="guide_steps.error.link_over.way_out")
