from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.case.number import ALPHABET, as_shown, check_character, new_number, parse_number

compact = st.text(ALPHABET, min_size=8, max_size=8).map(lambda digits: digits + check_character(digits))


def test_a_new_number_is_one_that_can_be_read_back() -> None:
    number = new_number()
    assert len(number) == 11
    assert parse_number(number) == number


@given(compact)
def test_a_number_is_read_however_it_is_typed(number: str) -> None:
    assert parse_number(f" {number.lower()} ") == as_shown(number)


@given(compact, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(number: str, place: int, other: str) -> None:
    typed = number[:place] + other + number[place + 1 :]
    assert (parse_number(typed) is None) == (typed != number)


@pytest.mark.parametrize("typed", ["", "Rossi", "K7M2-9QXD", "0000-0000-1", "ÀÈÌÒ-ÙÀÈÌ-Ò"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert parse_number(typed) is None


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    digits = "10010010"
    shown = as_shown(digits + check_character(digits))
    assert parse_number(shown.replace("1", "I").replace("0", "o")) == shown
