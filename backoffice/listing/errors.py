"""Why a home cannot be changed as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backoffice.errors import BackofficeError, Conflict


class HomeRefused(BackofficeError):
    """Something that was written of a home cannot be so; `errors` has a sentence for each field."""

    status = 422

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("homes.error.refused", way_out="homes.error.refused.way_out")
        self._faults = tuple(faults)

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """Each field with its sentence, already in English as all of the API's words."""
        return tuple({"field": name, "message": sentence} for name, sentence in self._faults)


class OwnerChangedMeanwhile(Conflict):
    """Somebody else changed the owner since the caller read them."""

    def __init__(self) -> None:
        super().__init__("housing.error.changed_meanwhile", way_out="housing.error.changed_meanwhile.way_out")


class PhotoMissing(BackofficeError):
    """The form came without a photo."""

    status = 422

    def __init__(self) -> None:
        super().__init__("homes.error.photo_missing", way_out="homes.error.photo_missing.way_out")


class PhotoKindRefused(BackofficeError):
    """What came is a file that is taken elsewhere, but no picture."""

    status = 415

    def __init__(self) -> None:
        super().__init__("homes.error.photo_kind", way_out="homes.error.photo_kind.way_out")


class TooManyPhotos(Conflict):
    """The home has as many photos as one may."""

    def __init__(self, most: int) -> None:
        super().__init__("homes.error.photos_many", way_out="homes.error.photos_many.way_out", most=str(most))


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
