"""Why what is known of a person cannot be changed or read as asked."""

from __future__ import annotations

from typing import Any

from backoffice.errors import BackofficeError, Conflict


class PersonChangedMeanwhile(Conflict):
    """Somebody changed the same person after the caller had read it.

    `both`: by field what stands now and what the caller wanted, where they differ.
    """

    def __init__(self, version: int, both: dict[str, dict[str, Any]]) -> None:
        super().__init__("persons.error.changed", way_out="persons.error.changed.way_out")
        self.version = version
        self.both = both

    @property
    def facts(self) -> dict[str, Any]:
        """Both values of each field that differs, and the version to go on from."""
        return {"version": self.version, "differences": self.both}


class RestrictedIsClosed(BackofficeError):
    """What is restricted is opened for a reason first."""

    status = 403

    def __init__(self) -> None:
        super().__init__("persons.error.restricted", way_out="persons.error.restricted.way_out")


class AlreadyInHousehold(Conflict):
    """A person is in one household at a time."""

    def __init__(self) -> None:
        super().__init__("persons.error.other_household", way_out="persons.error.other_household.way_out")


class NotMergeable(Conflict):
    """The two are not two people of one organisation who both stand for themselves."""

    def __init__(self) -> None:
        super().__init__("persons.error.merge", way_out="persons.error.merge.way_out")


class ChatWasSilent(Conflict):
    """A chat was silent for so long that somebody else may write there now."""

    def __init__(self) -> None:
        super().__init__("persons.error.chat_silent")
