"""The card as a PDF: both languages beside each other, the plan below, the code at the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from fpdf.enums import Align

from backoffice.case_card.content import Card, CardLine, CardSide
from backoffice.case_card.link import qr_png
from backoffice.case_card.sheet import GAP, LABEL, MARGIN, TITLE, WORDS, Sheet

_QR = 32.0
"""Millimetres."""

_HEADING = 13.0
"""Points."""

_Words = Sequence[tuple[str, float, bool]]
"""Words, their size in points, and whether they are bold."""


def card_pdf(card: Card) -> bytes:
    """Return the card as a PDF."""
    sheet = _CardSheet(card)
    sheet.draw(card)
    return bytes(sheet.output())


class _CardSheet(Sheet):
    def __init__(self, card: Card) -> None:
        words = [line.words for side in card.sides for line in (*side.lines, *side.plan)]
        super().__init__(card.number, languages=[side.language for side in card.sides], words=words)

    def draw(self, card: Card) -> None:
        width = (self.epw - GAP * (len(card.sides) - 1)) / len(card.sides)
        places = [MARGIN + number * (width + GAP) for number in range(len(card.sides))]

        def row(parts: Callable[[CardSide], _Words]) -> None:
            self._row(card, places, width, parts)

        row(lambda side: ((side.title, TITLE, True),))
        self.ln(2)
        for number in range(len(card.sides[0].lines)):
            row(lambda side, n=number: _line(side.lines[n]))  # type: ignore[misc]
            self.ln(1.5)
        if card.sides[0].plan:
            self.ln(2)
            row(lambda side: ((side.plan_title, _HEADING, True),))
            self.ln(1)
            for number in range(len(card.sides[0].plan)):
                row(lambda side, n=number: _line(side.plan[n]))  # type: ignore[misc]
                self.ln(1.5)
        self.ln(2)
        row(lambda side: tuple((hint, WORDS, False) for hint in side.hints))
        if card.link:
            self._code(card, places, width)

    def _row(
        self, card: Card, places: list[float], width: float, parts: Callable[[CardSide], _Words]
    ) -> None:
        """Write the same part of every side beside each other; go on under the longest."""
        if self.get_y() > self.h - MARGIN - 30:
            self.add_page()

        def column(side: CardSide, place: float) -> None:
            for words, size, bold in parts(side):
                self.write_words(words, side.language, place, width, size, bold=bold)

        self.beside([partial(column, side, place) for side, place in zip(card.sides, places, strict=True)])

    def _code(self, card: Card, places: list[float], width: float) -> None:
        assert card.link is not None
        if self.get_y() > self.h - MARGIN - _QR - 20:
            self.add_page()
        self.ln(3)
        self.image(qr_png(card.link), x=(self.w - _QR) / 2, y=self.get_y(), w=_QR)
        self.set_y(self.get_y() + _QR + 2)
        self._row(card, places, width, lambda side: ((side.scan, WORDS, False),))
        self.set_font("NotoSans", "", LABEL)
        self.set_text_shaping(True, direction="ltr")
        self.set_x(MARGIN)
        self.cell(self.epw, 5, card.link, align=Align.C, link=card.link)


def _line(line: CardLine) -> _Words:
    return ((line.label, LABEL, True), (line.words, WORDS, False))
