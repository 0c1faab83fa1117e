"""Why a home cannot be changed as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backoffice.errors import Conflict


class ListingMoveRefused(Conflict):
    """No rule leads from the state that the home has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("housing.error.listing_move", way_out="housing.error.listing_move.way_out")


class ListingNotReady(Conflict):
    """The next state needs what is not written down yet; `missing` are names of fields."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("housing.error.listing_not_ready", way_out="housing.error.listing_not_ready.way_out")
        self.missing = tuple(missing)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each missing field with its sentence."""
        return tuple({"field": name, "message": "housing.error.field_missing"} for name in self.missing)


class ListingChangedMeanwhile(Conflict):
    """Somebody else changed the home since the caller read it."""

    def __init__(self) -> None:
        super().__init__("housing.error.changed_meanwhile", way_out="housing.error.changed_meanwhile.way_out")
