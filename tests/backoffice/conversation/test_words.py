from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.conversation.words import LONGEST_FOR_ASSISTANT, NOTHING_LEFT, clean, for_assistant

RASAS_OWN = re.compile(r"^\s*/")
"""How Rasa 3.6 tells a command from a text, after stripping white space."""

BLANKS = ["", " ", "\t", "\n", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\xa0", "\u2003", "\u3000"]
INVISIBLE = ["\u200b", "\u200e", "\u200f", "\u202e", "\u2060", "\ufeff", "\u2028", "\x00", "\x7f"]

tricky = st.text(alphabet=st.sampled_from([*"/\\{}ab", *BLANKS[1:], *INVISIBLE, "／"]), max_size=30)


@given(st.one_of(tricky, st.text(), st.builds("".join, st.tuples(tricky, st.text()))))
def test_no_text_at_all_can_become_a_command(typed: str) -> None:
    sent = for_assistant(clean(typed))
    for seen in (sent, sent.strip(), unicodedata.normalize("NFKC", sent), sent.lstrip("\u200b\u200f\ufeff")):
        assert not RASAS_OWN.match(seen)
        assert not seen.startswith("/")


@pytest.mark.parametrize("before", [*BLANKS, *INVISIBLE])
@pytest.mark.parametrize("slashes", ["/", "//", "/ /", "/\u3000/\u200b/", "／"])
def test_slashes_go_whatever_stands_before_them(before: str, slashes: str) -> None:
    assert for_assistant(clean(f"{before}{slashes}delete_my_data")) == "delete_my_data"


def test_a_slash_in_the_middle_stays() -> None:
    assert for_assistant("lavoro 24/24 e 7/7") == "lavoro 24/24 e 7/7"


@pytest.mark.parametrize("typed", ["/", " // ", "\u2003/\u200b", "   "])
def test_a_text_of_nothing_but_slashes_asks_back(typed: str) -> None:
    assert for_assistant(typed) == NOTHING_LEFT


def test_the_assistant_gets_a_thousand_letters_at_most() -> None:
    assert len(for_assistant("a" * 20_000)) == LONGEST_FOR_ASSISTANT


def test_what_is_stored_can_be_stored() -> None:
    assert clean("caffe\u0301\x00 \ud83d") == "caffé \ufffd"
