from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.sentences import split_segments, split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ciao. Come sta? Bene!", ["Ciao. ", "Come sta? ", "Bene!"]),
        (
            "Chiami il sig. Rossi in via G. Verdi 3. Grazie.",
            ["Chiami il sig. Rossi in via G. Verdi 3. ", "Grazie."],
        ),
        ("La dott.ssa Bianchi è qui, ecc. Sì.", ["La dott.ssa Bianchi è qui, ecc. Sì."]),
        ("Мешкаю на вул. Верді. Дякую.", ["Мешкаю на вул. Верді. ", "Дякую."]),
        ("كيف حالك؟ أنا بخير.", ["كيف حالك؟ ", "أنا بخير."]),
        ("آپ کیسے ہیں؟ میں ٹھیک ہوں۔ شکریہ", ["آپ کیسے ہیں؟ ", "میں ٹھیک ہوں۔ ", "شکریہ"]),
        ("আমি ভালো। ধন্যবাদ।", ["আমি ভালো। ", "ধন্যবাদ।"]),
        ("ਮੈਂ ਠੀਕ ਹਾਂ। ਧੰਨਵਾਦ।", ["ਮੈਂ ਠੀਕ ਹਾਂ। ", "ਧੰਨਵਾਦ।"]),
        ("你好！我很好。谢谢", ["你好！", "我很好。", "谢谢"]),
        ("Prima riga\nSeconda riga", ["Prima riga\n", "Seconda riga"]),
        ("Il file a.b.c pesa 3.5", ["Il file a.b.c pesa 3.5"]),
        ("Davvero?! «Sì.» Bene", ["Davvero?! ", "«Sì.» ", "Bene"]),
        ("Aspetti… vengo", ["Aspetti… ", "vengo"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(text=st.text(), longest=st.integers(4, 40))
def test_pieces_joined_are_the_text_and_none_is_too_long(text: str, longest: int) -> None:
    pieces = split_segments(text, longest=longest)

    assert "".join(pieces) == text
    assert all(0 < len(piece) <= longest for piece in pieces)


def test_a_long_sentence_is_cut_at_a_comma_rather_than_in_a_word() -> None:
    text = "parola " * 6 + "qui, e poi ancora " + "parola " * 6

    assert split_segments(text, longest=70)[0].endswith("qui,")
