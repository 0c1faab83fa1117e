"""Why a family cannot be written to."""

from __future__ import annotations

from backoffice.errors import Conflict, NotFound


class NoFamilyMail(Conflict):
    """The request has no mail address."""

    def __init__(self) -> None:
        super().__init__("care_matching.error.no_mail", way_out="care_matching.error.no_mail.way_out")


class FamilyLinkOver(NotFound):
    """The link is not ours, was replaced, or its time is over; the page says how to get another."""

    def __init__(self) -> None:
        super().__init__("care_matching.error.link_over", way_out="care_matching.error.link_over.way_out")
