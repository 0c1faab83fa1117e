"""Why something in the directory cannot be done as asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backoffice.errors import BackofficeError, Conflict


class EntryRefused(BackofficeError):
    """What was written of an entry cannot be; `fields` names what is wrong."""

    status = 422

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__("directory_data.error.facts", way_out="directory_data.error.facts.way_out")
        self.fields = tuple(dict.fromkeys(fields))

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each field that is wrong."""
        return tuple({"field": field, "message": "directory_data.wanted"} for field in self.fields)


class EntryChangedMeanwhile(Conflict):
    """Somebody else has changed the entry."""

    def __init__(self) -> None:
        super().__init__("directory_data.error.meanwhile", way_out="directory_data.error.meanwhile.way_out")


class StillInUse(Conflict):
    """A body that has services, or a place where one is given, is not taken away."""

    def __init__(self) -> None:
        super().__init__("directory_data.error.in_use", way_out="directory_data.error.in_use.way_out")
