from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.texts import split_text


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=300),
    st.integers(2, 50),
)
def test_every_part_fits_and_no_letter_is_lost(text: str, limit: int) -> None:
    parts = split_text(text, limit=limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_at_paragraphs_then_lines_then_sentences_then_words() -> None:
    assert split_text("aaaa aa\n\nbbbb\ncc", limit=12) == ["aaaa aa", "bbbb\ncc"]
    assert split_text("Uno due. Tre quattro cinque", limit=20) == ["Uno due. Tre quattro", "cinque"]
    assert split_text("Uno due tre. Quattro", limit=16) == ["Uno due tre.", "Quattro"]
    assert split_text("x" * 25, limit=10) == ["x" * 10, "x" * 10, "x" * 5]


def test_an_emoji_is_never_cut_in_two() -> None:
    assert split_text("🙂" * 5, limit=5) == ["🙂🙂", "🙂🙂", "🙂"]


def test_what_has_nothing_to_see_gives_no_part() -> None:
    assert split_text(" \n\x00 ") == []
