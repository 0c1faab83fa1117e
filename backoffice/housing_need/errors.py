"""Why a search cannot be moved as asked."""

from __future__ import annotations

from backoffice.errors import Conflict


class SearchMoveRefused(Conflict):
    """No rule leads from the state that the search has to the one that was asked for."""

    def __init__(self) -> None:
        super().__init__("housing.error.search_move", way_out="housing.error.search_move.way_out")
