from __future__ import annotations

import pytest

from backoffice.case.phases import ORDER, MoveKind, find_move, moves_from
from backoffice.client.schemas import Phase


@pytest.mark.parametrize("place", range(len(ORDER)))
def test_a_case_moves_one_step_forward_or_back_or_is_closed(place: int) -> None:
    near = {ORDER[at] for at in (place - 1, place + 1) if 0 <= at < len(ORDER)}
    assert {move.to for move in moves_from(ORDER[place], None)} == {*near, Phase.CLOSED}


def test_a_closed_case_goes_back_to_the_phase_it_had() -> None:
    moves = moves_from(Phase.CLOSED, Phase.DELIVERY)
    assert [(move.kind, move.to) for move in moves] == [(MoveKind.REOPEN, Phase.DELIVERY)]


def test_no_step_leads_to_where_one_is() -> None:
    assert all(find_move(phase, None, phase) is None for phase in ORDER)
