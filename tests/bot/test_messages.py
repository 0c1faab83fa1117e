from hypothesis import given
from hypothesis import strategies as st

from bot.messages import storable, storable_name


@given(st.text(st.characters()))
def test_whatever_is_written_can_be_stored_and_nothing_but_the_unstorable_changes(text: str) -> None:
    kept = storable(text)
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert len(kept) == len(text)


def test_a_name_cannot_turn_the_line_round_or_break_it() -> None:
    assert storable_name("Ol\u202eena\n\x00  Bondar") == "Olena \ufffd Bondar"
    assert storable_name("\u200f\u202e") is None
    assert storable_name("e\u0301") == "é"
    assert storable_name("x" * 500) == "x" * 200
