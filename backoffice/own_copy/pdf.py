"""The copy on paper: two languages beside each other, the records' own words over the whole width."""

from __future__ import annotations

from functools import partial

from fpdf.enums import Align

from backoffice.case_card.sheet import GAP, LABEL, MARGIN, TITLE, WORDS, Sheet
from backoffice.own_copy.readable import Readable, shown_words
from translations.languages import direction

_HEADING = 13.0
"""Points."""

_ROOM, _BEGINNING = 24.0, 50.0
"""Millimetres that must be left on a sheet for a line to begin there, and for a heading."""


def copy_pdf(readable: Readable) -> bytes:
    """Return the copy as a PDF."""
    sheet = _CopySheet(readable)
    sheet.draw()
    return bytes(sheet.output())


class _CopySheet(Sheet):
    def __init__(self, readable: Readable) -> None:
        self.readable = readable
        super().__init__(readable.titles[0], languages=readable.languages, words=shown_words(readable))
        self.column = (self.epw - GAP * (len(readable.languages) - 1)) / len(readable.languages)

    def footer(self) -> None:
        """Write the number of the sheet."""
        self.set_text_shaping(True, direction="ltr")
        self.set_font("NotoSans", "", LABEL)
        self.set_y(-MARGIN + 3)
        self.cell(self.epw, 4, f"{self.page_no()}/{{nb}}", align=Align.C)

    def draw(self) -> None:
        """Write everything, from the first sheet on."""
        self.row(self.readable.titles, TITLE, bold=True)
        self.ln(2)
        for sentences in self.readable.intro:
            self.row(sentences, WORDS)
            self.ln(1)
        for section in self.readable.sections:
            self.ln(4)
            if self.get_y() > self.h - MARGIN - _BEGINNING:
                self.add_page()
            self.row(section.titles, _HEADING, bold=True)
            self.rule()
            for line in section.lines:
                self.row(line.labels, LABEL, bold=True)
                self.row(line.words, WORDS, begins=not any(line.labels))
                self.ln(1.5)

    def rule(self) -> None:
        """Draw a line under a heading."""
        self.set_draw_color(150)
        self.line(MARGIN, self.get_y() + 0.5, self.w - MARGIN, self.get_y() + 0.5)
        self.ln(2)

    def row(self, words: tuple[str, ...], size: float, *, bold: bool = False, begins: bool = True) -> None:
        """Write words: beside each other where there is one for each language, else over the whole width.

        What begins nothing stays on the sheet of its label.
        """
        if not any(words):
            return
        if begins and self.get_y() > self.h - MARGIN - _ROOM:
            self.add_page()
        if len(words) == 1:
            self.write_words(words[0], self.readable.languages[0], MARGIN, self.epw, size, bold=bold)
            return
        places = [MARGIN + number * (self.column + GAP) for number in range(len(words))]
        if direction(self.readable.languages[0]) == "rtl":
            places.reverse()  # who reads from the right begins there
        self.beside(
            [
                partial(self.write_words, each, language, place, self.column, size, bold=bold)
                for each, language, place in zip(words, self.readable.languages, places, strict=True)
            ]
        )
