"""The card as a PDF of one sheet, every script shaped: joins, conjuncts, vowel signs, right to left."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from backoffice.case_card.content import Card, CardLine, CardSide
from backoffice.case_card.link import qr_png
from translations.languages import LANGUAGES, direction

FONTS = Path(__file__).parent / "fonts"

_FAMILIES = {
    "Latn": "NotoSans",
    "Cyrl": "NotoSans",
    "Arab": "NotoSansArabic",
    "Guru": "NotoSansGurmukhi",
    "Beng": "NotoSansBengali",
    "Hans": "NotoSansSC",
}
_RANGES = {
    "NotoSansArabic": ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFEFF)),
    "NotoSansGurmukhi": ((0x0A00, 0x0A7F),),
    "NotoSansBengali": ((0x0980, 0x09FF),),
    "NotoSansSC": ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF)),
}
"""Which characters call for which font; all others are in the first one."""

_MARGIN, _GAP, _QR = 15.0, 8.0, 32.0
_LABEL, _WORDS, _TITLE = 8.5, 11.0, 17.0
"""Sizes in points; the others are millimetres."""


def card_pdf(card: Card) -> bytes:
    """Return the card as a PDF."""
    sheet = _Sheet(card)
    sheet.draw(card)
    return bytes(sheet.output())


class _Sheet(FPDF):
    def __init__(self, card: Card) -> None:
        super().__init__(format="A4")
        self.set_title(card.number)
        self.set_auto_page_break(True, margin=_MARGIN)
        self.set_margin(_MARGIN)
        self.add_font("NotoSans", "", FONTS / "NotoSans-Regular.ttf")
        self.add_font("NotoSans", "B", FONTS / "NotoSans-Bold.ttf")
        needed = {"NotoSans"} | {_family(side.language) for side in card.sides} | _families_in(card)
        others = sorted(needed - {"NotoSans"})
        for family in others:  # a font is read whole: only those that this card needs
            self.add_font(family, "", FONTS / f"{family}-Regular.ttf")
        self.set_fallback_fonts(["NotoSans", *others], exact_match=False)
        self.add_page()

    def draw(self, card: Card) -> None:
        width = (self.epw - _GAP * (len(card.sides) - 1)) / len(card.sides)
        places = [_MARGIN + number * (width + _GAP) for number in range(len(card.sides))]
        top = self.get_y()
        self._row(card, places, width, top, lambda side: ((side.title, _TITLE, True),))
        self.ln(2)
        for number in range(len(card.sides[0].lines)):
            self._row(card, places, width, self.get_y(), lambda side, n=number: _line(side.lines[n]))
            self.ln(1.5)
        self.ln(2)
        self._row(
            card, places, width, self.get_y(), lambda side: tuple((h, _WORDS, False) for h in side.hints)
        )
        if card.link:
            self._code(card, places, width)

    def _row(self, card, places, width, top, parts) -> None:  # type: ignore[no-untyped-def]
        """Write the same part of every side beside each other; go on under the longest."""
        if top > self.h - _MARGIN - 30:
            self.add_page()
            top = self.get_y()
        bottoms = []
        for side, place in zip(card.sides, places, strict=True):
            self.set_y(top)
            for words, size, bold in parts(side):
                self._write(side, words, place, width, size, bold=bold)
            bottoms.append(self.get_y())
        self.set_y(max(bottoms))

    def _write(
        self, side: CardSide, words: str, place: float, width: float, size: float, *, bold: bool
    ) -> None:
        for line in words.splitlines():
            self._write_line(side, line, place, width, size, bold=bold)

    def _write_line(
        self, side: CardSide, words: str, place: float, width: float, size: float, *, bold: bool
    ) -> None:
        """Write one line in the direction of its own words: a person's may stand on the Italian side."""
        side_turns = direction(side.language)
        is_arabic = _begins_right_to_left(words) or (side_turns == "rtl" and _has_right_to_left(words))
        family = "NotoSansArabic" if is_arabic else _family(side.language)
        self.set_font(family, "B" if bold and family == "NotoSans" else "", size)
        script = None if is_arabic else _indic_script(words)
        self.set_text_shaping(True, direction="rtl" if is_arabic else "ltr", script=script)
        self.set_x(place)
        self.multi_cell(
            width,
            size * 0.52,
            words,
            align=Align.R if side_turns == "rtl" else Align.L,
            new_x=XPos.LEFT,
            new_y=YPos.NEXT,
        )

    def _code(self, card: Card, places: list[float], width: float) -> None:
        assert card.link is not None
        if self.get_y() > self.h - _MARGIN - _QR - 20:
            self.add_page()
        self.ln(3)
        self.image(qr_png(card.link), x=(self.w - _QR) / 2, y=self.get_y(), w=_QR)
        self.set_y(self.get_y() + _QR + 2)
        self._row(card, places, width, self.get_y(), lambda side: ((side.scan, _WORDS, False),))
        self.set_font("NotoSans", "", _LABEL)
        self.set_text_shaping(True, direction="ltr")
        self.set_x(_MARGIN)
        self.cell(self.epw, 5, card.link, align=Align.C, link=card.link)


def _line(line: CardLine) -> tuple[tuple[str, float, bool], ...]:
    return ((line.label, _LABEL, True), (line.words, _WORDS, False))


def _begins_right_to_left(words: str) -> bool:
    strong = (kind for sign in words if (kind := unicodedata.bidirectional(sign)) in ("L", "R", "AL"))
    return next(strong, "L") == "AL"


def _has_right_to_left(words: str) -> bool:
    return any(unicodedata.bidirectional(sign) == "AL" for sign in words)


def _indic_script(words: str) -> str | None:
    """Return the script of a line whose vowel signs change places; its first word may be Latin."""
    for family, script in (("NotoSansBengali", "Beng"), ("NotoSansGurmukhi", "Guru")):
        if any(first <= ord(sign) <= last for sign in words for first, last in _RANGES[family]):
            return script
    return None


def _family(language: str) -> str:
    return _FAMILIES[LANGUAGES[language].script]


def _families_in(card: Card) -> set[str]:
    """Return the fonts that the words themselves need, such as a name in another script."""
    shown = {ord(sign) for side in card.sides for line in side.lines for sign in line.words}
    return {
        family
        for family, ranges in _RANGES.items()
        if any(first <= sign <= last for sign in shown for first, last in ranges)
    }
