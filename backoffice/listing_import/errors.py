"""Why a file with homes is not imported."""

from __future__ import annotations

from backoffice.errors import Conflict


class NotAsShown(Conflict):
    """Since the page was shown, something that the file would change has changed."""

    def __init__(self) -> None:
        super().__init__("homes.error.import_changed", way_out="homes.error.import_changed.way_out")
