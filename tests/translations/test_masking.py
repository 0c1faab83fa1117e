from __future__ import annotations

import random
import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.glossary import read_glossary
from translations.masking import (
    Hop,
    Kind,
    Span,
    find_spans,
    has_words,
    translate_around,
    without_controls,
)

NAMES = ["Amina Diallo", "Олена", "李明"]


def spans_of(text: str, *, source: str = "it", target: str = "uk") -> list[Span]:
    return find_spans(text, source=source, target=target, names=NAMES, glossary=read_glossary())


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (
            "Vai su https://www.comune.crema.it/a_b?x=1&y=(2).",
            Kind.LINK,
            "https://www.comune.crema.it/a_b?x=1&y=(2",
        ),
        ("Guarda comunitasocialecremasca.it, grazie", Kind.LINK, "comunitasocialecremasca.it"),
        ("看 https://crema.it/zh，谢谢", Kind.LINK, "https://crema.it/zh"),
        ("Scrivi a ufficio.stranieri@example.org.", Kind.EMAIL, "ufficio.stranieri@example.org"),
        ("Chiama +39 0373 555 0199 domani", Kind.PHONE, "+39 0373 555 0199"),
        ("Chiama lo (0373) 555-019", Kind.PHONE, "0373) 555-019"),
        ("Nato il 12/03/1990", Kind.DATE, "12/03/1990"),
        ("Am 2026-03-12 kommen", Kind.DATE, "2026-03-12"),
        ("Costa 116,46 euro", Kind.SUM, "116,46 euro"),
        ("Costa € 1.200,50 al mese", Kind.SUM, "€ 1.200,50"),
        ("Коштує 450 євро", Kind.SUM, "450 євро"),
        ("يكلف ٤٥٠ يورو", Kind.SUM, "٤٥٠ يورو"),
        ("alle 10:30", Kind.NUMBER, "10:30"),
        ("Il 112 risponde", Kind.NUMBER, "112"),
        ("我有3个孩子", Kind.NUMBER, "3"),
        ("Il caso K7M2-9QXD-4", Kind.CODE, "K7M2-9QXD-4"),
        ("Il caso ABCD-EFGH-J", Kind.CODE, "ABCD-EFGH-J"),
        ("CF RSSMRA80A01H501U", Kind.CODE, "RSSMRA80A01H501U"),
        ("Livello B1 di lingua", Kind.CODE, "B1"),
        ("Il file foto_casa è qui", Kind.CODE, "foto_casa"),
        ("Ciao 👩🏽‍⚕️!", Kind.EMOJI, "👩🏽‍⚕️"),
        ("Ciao 🇺🇦", Kind.EMOJI, "🇺🇦"),
        ("Sono Amina", Kind.NAME, "Amina"),
        ("Sono Amina Diallo", Kind.NAME, "Amina Diallo"),
        ("我是李明", Kind.NAME, "李明"),
        ("I permessi  di soggiorno", Kind.TERM, "permessi  di soggiorno"),
        ("Vado in QUESTURA", Kind.TERM, "QUESTURA"),
        ("Scrivo ⟦3⟧ io", Kind.LITERAL, "⟦3⟧"),
        ("Un <b onclick='x'>testo", Kind.TAG, "<b onclick='x'>"),
    ],
)
def test_what_must_not_change_is_found(text: str, kind: Kind, found: str) -> None:
    assert (kind, found) in [(span.kind, span.text) for span in spans_of(text)]


@pytest.mark.parametrize("text", ["Ho visto la casa", "Tu sai dove", "e così via.Poi torno", "rosa", "amina"])
def test_words_of_every_day_are_left_to_the_model(text: str) -> None:
    assert spans_of(text) == []


@pytest.mark.parametrize(
    ("text", "source", "target", "rendering"),
    [
        ("116,46 euro", "it", "uk", "116,46 євро"),
        ("450 євро", "uk", "it", "450 euro"),
        ("٤٥٠ يورو", "ar", "it", "450 euro"),
        ("€ 450", "it", "zh", "€ 450"),
        ("١٢/٠٣/٢٠٢٦", "ar", "it", "12/03/2026"),
        ("৩", "bn", "it", "3"),
    ],
)
def test_sums_and_digits_come_out_as_the_reader_writes_them(
    text: str, source: str, target: str, rendering: str
) -> None:
    assert [span.rendering for span in spans_of(text, source=source, target=target)] == [rendering]


def test_a_model_sees_no_protected_word_and_each_sentence_alone() -> None:
    seen: list[str] = []

    def hop(text: str) -> str:
        seen.append(text)
        return text

    text = "Ciao Amina! 😀 Il permesso di soggiorno costa 116,46 euro.\nScriva a a_b@example.org."
    rendered = translate_around(text, [hop], spans=spans_of(text, target="it"), target="it")

    assert seen == ["Ciao ⟦0⟧!", "Il ⟦0⟧ costa ⟦1⟧.", "Scriva a ⟦0⟧."]
    assert rendered.text == text
    assert not rendered.in_parts


@pytest.mark.parametrize(
    "fault",
    [
        lambda text: text.replace("⟦0⟧", ""),
        lambda text: text.replace("⟦0⟧", "⟦1⟧"),
        lambda text: text.replace("⟦0⟧", "⟦7⟧"),
        lambda text: text.replace("⟦0⟧", "⟦0⟧ ⟦0⟧"),
        lambda text: text + " ⟦",
        lambda text: "⟦0",
    ],
    ids=["lost", "swapped", "another number", "doubled", "half of one more", "torn"],
)
@pytest.mark.parametrize("hop_number", [0, 1])
def test_a_placeholder_lost_in_any_hop_leads_to_a_translation_in_parts(fault: Hop, hop_number: int) -> None:
    hops: list[Hop] = [str.upper, str.upper]
    hops[hop_number] = fault
    text = "Venga il 12/03/2026 alle 10:30 da noi"

    rendered = translate_around(text, hops, spans=spans_of(text), target="uk")

    assert rendered.in_parts
    assert "12/03/2026" in rendered.text
    assert "10:30" in rendered.text
    assert "⟦" not in rendered.text


def test_a_model_may_write_blanks_and_its_own_digits_into_a_placeholder() -> None:
    text = "Venga il 12/03/2026 da noi"

    rendered = translate_around(text, [lambda _: "تعال في ⟦ ٠ ⟧"], spans=spans_of(text), target="ar")

    assert rendered.text == "تعال في 12/03/2026"
    assert not rendered.in_parts


PIECES = st.sampled_from(
    [
        "https://example.org/a_b?c=⟦0⟧",
        "a_b@example.org",
        "+39 0373 555 0199",
        "12/03/2026",
        "1.200,50 euro",
        "€ 50",
        "٤٥٠",
        "K7M2-9QXD-4",
        "RSSMRA80A01H501U",
        "👩🏽‍⚕️",
        "⟦3⟧",
        "⟦",
        "permesso di soggiorno",
        "questura",
        "Amina",
        "李明",
        "<script>alert(1)</script>",
        "casa",
        "дім",
        "بيت",
        "屋子。",
        ". ",
        "\n",
        "_",
        "\u202e",
        "\ue000",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=14).map(" ".join)


class HostileModel:
    """Loses, doubles, swaps and invents placeholders, with words of its own between them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def __call__(self, text: str) -> str:
        placeholders = re.findall(r"⟦\d+⟧", text)
        self._random.shuffle(placeholders)
        for _ in range(self._random.randint(0, 2)):
            action = self._random.randrange(4)
            if action == 0 and placeholders:
                placeholders.pop()
            elif action == 1 and placeholders:
                placeholders.append(placeholders[0])
            elif action == 2:
                placeholders.append(f"⟦{self._random.randrange(30)}⟧")
            elif action == 3:
                placeholders.append(self._random.choice(["⟦", "⟧", "⟦⟧", "\ue000"]))
        return "слово ".join(["", *placeholders, ""])


@given(text=TEXTS, seed=st.integers(0, 10_000))
def test_every_span_comes_out_whatever_the_models_do(text: str, seed: int) -> None:
    text = without_controls(text)
    spans = spans_of(text)

    rendered = translate_around(text, [HostileModel(seed), HostileModel(seed + 1)], spans=spans, target="uk")

    for rendering, count in Counter(span.rendering for span in spans).items():
        assert rendered.text.count(rendering) >= count
    typed = sum(span.rendering.count("⟦") for span in spans)
    assert rendered.text.count("⟦") == typed


@given(text=TEXTS)
def test_a_model_that_changes_nothing_gives_the_very_text(text: str) -> None:
    text = without_controls(text)
    spans = find_spans(text, source="en", target="zh", names=NAMES)
    expected, end = "", 0
    for span in spans:
        expected += text[end : span.start] + span.rendering
        end = span.end

    rendered = translate_around(text, [lambda same: same], spans=spans, target="zh")

    assert rendered.text == expected + text[end:]
    assert not rendered.in_parts


@given(text=st.text())
def test_spans_lie_in_order_and_hold_what_they_say(text: str) -> None:
    spans = spans_of(text)

    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@pytest.mark.parametrize("text", ["", "  \n", "123", "😀😀", "12/03/2026", "!?", "https://example.org"])
def test_a_text_without_words_needs_no_model(text: str) -> None:
    assert not has_words(text, spans_of(text))


def test_what_turns_a_text_around_is_taken_out_and_joiners_stay() -> None:
    assert without_controls("a\u202eb\u2066c\u200bd\x00e\nf") == "abcde\nf"
    assert without_controls("می\u200cخواهم 👩\u200d👧") == "می\u200cخواهم 👩\u200d👧"
