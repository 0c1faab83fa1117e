from __future__ import annotations

import pytest

from backoffice.search.folding import fold


@pytest.mark.parametrize(
    ("typed", "written"),
    [("citta", "Città"), ("ІВАННА", "Іванна"), ("محمد", "مُحَمَّد"), ("strasse", "Straße"), ("a  b", "A b")],
)
def test_what_people_type_is_what_was_written(typed: str, written: str) -> None:
    assert fold(typed) == fold(written)
