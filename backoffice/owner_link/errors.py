"""Why an owner cannot be written to."""

from __future__ import annotations

from backoffice.errors import Conflict, NotFound


class NoOwnerMail(Conflict):
    """The owner has no mail address, or has not agreed to be contacted."""

    def __init__(self) -> None:
        super().__init__("viewings.error.no_mail", way_out="viewings.error.no_mail.way_out")


class OwnerLinkOver(NotFound):
    """The link is not ours, was replaced, or its time is over; the page says how to get another."""

    def __init__(self) -> None:
        super().__init__("viewings.error.link_over", way_out="viewings.error.link_over.way_out")
