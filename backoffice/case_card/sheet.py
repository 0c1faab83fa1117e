"""Sheets of paper for people, every script shaped: joins, conjuncts, vowel signs, right to left."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

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

MARGIN, GAP = 15.0, 8.0
"""Millimetres."""

LABEL, WORDS, TITLE = 8.5, 11.0, 17.0
"""Sizes of letters in points."""

_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def without_isolates(words: str) -> str:
    """Return words without the marks that isolate directions: paper needs none, and fonts lack them."""
    return words.translate(_ISOLATES)


class Sheet(FPDF):
    """An A4 sheet with the fonts that its languages and its words need."""

    def __init__(self, title: str, *, languages: Iterable[str], words: Iterable[str]) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.set_auto_page_break(True, margin=MARGIN)
        self.set_margin(MARGIN)
        self.add_font("NotoSans", "", FONTS / "NotoSans-Regular.ttf")
        self.add_font("NotoSans", "B", FONTS / "NotoSans-Bold.ttf")
        needed = {_family(language) for language in languages} | _families_in(words)
        others = sorted(needed - {"NotoSans"})
        for family in others:  # a font is read whole: only those that this sheet needs
            self.add_font(family, "", FONTS / f"{family}-Regular.ttf")
        self.set_fallback_fonts(["NotoSans", *others], exact_match=False)
        self.add_page()

    def write_words(
        self, words: str, language: str, place: float, width: float, size: float, *, bold: bool = False
    ) -> None:
        """Write lines from the present height down; each goes in the direction of its own words.

        Args:
            words: what is written; a person's may be of another script than the language's.
            language: of the column; a right-to-left one stands at its right.
            place: millimetres from the left.
            width: of the column, millimetres.
            size: of the letters, points.
            bold: where the font has it.
        """
        for line in words.splitlines():
            turns = direction(language) == "rtl"
            is_arabic = _begins_right_to_left(line) or (turns and _has_right_to_left(line))
            family = "NotoSansArabic" if is_arabic else _family(language)
            self.set_font(family, "B" if bold and family == "NotoSans" else "", size)
            script = None if is_arabic else _indic_script(line)
            self.set_text_shaping(True, direction="rtl" if is_arabic else "ltr", script=script)
            self.set_x(place)
            self.multi_cell(
                width,
                size * 0.52,
                line,
                align=Align.R if turns else Align.L,
                new_x=XPos.LEFT,
                new_y=YPos.NEXT,
            )

    def beside(self, columns: Sequence[Callable[[], None]]) -> None:
        """Write columns from the same height down; go on under the longest, be it a sheet further."""
        top, first = self.get_y(), self.page
        ends = []
        for column in columns:
            self.page = first
            self.set_y(top)
            column()
            ends.append((self.page, self.get_y()))
        self.page, bottom = max(ends)
        self.set_y(bottom)

    def _perform_page_break(self) -> None:
        """Turn over: to a new sheet, or to the one that the column before has begun already."""
        if self.page == len(self.pages):
            super()._perform_page_break()
            return
        place = self.x
        self.page += 1
        self.set_xy(place, self.t_margin)
        self.current_font_is_set_on_page = False


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


def _families_in(words: Iterable[str]) -> set[str]:
    """Return the fonts that the words themselves need, such as a name in another script."""
    shown = {ord(sign) for each in words for sign in each}
    return {
        family
        for family, ranges in _RANGES.items()
        if any(first <= sign <= last for sign in shown for first, last in ranges)
    }
