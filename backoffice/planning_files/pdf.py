"""Figures on paper, for the assembly of mayors: sections one after the other on A4, every page numbered."""

from __future__ import annotations

from collections.abc import Iterator

from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from backoffice.case_card.sheet import LABEL, MARGIN, TITLE, WORDS, Sheet, without_isolates
from backoffice.disclosure.protect import LEAST
from backoffice.planning_files.sections import Paper, PrintedTable, Section
from backoffice.planning_files.wording import Wording
from backoffice.templating import as_day

HEADING, SUBHEADING, SMALL = 13.0, 10.5, 9.0
"""Points."""
LINE = 5.0
"""Millimetres from line to line of a table."""
FOOT = 16.0
NUMBER_WIDTH = 26.0
"""Millimetres that a column of numbers has."""
WORDS_WIDTH = 100.0
"""Millimetres that the first column of words has at most."""
ROOM_FOR_TABLE = 32.0
"""A title does not stand alone at the end of a page."""
_INK, _QUIET, _BLUE, _STRIPE = (23, 32, 42), (84, 96, 107), (0, 82, 163), (240, 244, 248)


def paper_pdf(paper: Paper, wording: Wording) -> bytes:
    """Return the sheets as a PDF."""
    sheet = _FigureSheet(paper, wording)
    sheet.draw()
    return bytes(sheet.output())


class _FigureSheet(Sheet):
    def __init__(self, paper: Paper, wording: Wording) -> None:
        self._paper, self._wording = paper, wording
        super().__init__(paper.title, languages=[wording.language], words=_words(paper))
        self.set_lang(wording.language)
        self.set_creation_date(paper.made_at)
        self.set_auto_page_break(True, margin=FOOT + 4)
        self.alias_nb_pages()

    def footer(self) -> None:
        """Write who made it, when, and which page it is."""
        wording, paper = self._wording, self._paper
        self.set_y(-FOOT)
        self._pen(LABEL, quiet=True)
        made = wording.say("made", day=as_day(paper.made_at), released=as_day(paper.released_on))
        page = wording.say("page", page=str(self.page_no()), pages="{nb}")
        self.cell(self.epw - 40, 4, without_isolates(made))
        self.cell(40, 4, without_isolates(page), align=Align.R)

    def draw(self) -> None:
        """Draw everything."""
        paper, say = self._paper, self._wording.say
        self._paragraph(paper.title, TITLE, bold=True, colour=_BLUE)
        self._paragraph(paper.subtitle, WORDS)
        self.ln(2)
        hidden = self._wording.planning("hidden_hint", most=str(LEAST - 1))
        for words in (hidden, say("absent_on_paper"), say("licence"), say("source")):
            self._paragraph(words, SMALL, quiet=True)
        for section in paper.sections:
            self._section(section)

    def _section(self, section: Section) -> None:
        self._room(ROOM_FOR_TABLE + 10)
        self.ln(6)
        self.start_section(without_isolates(section.title))
        self._paragraph(section.title, HEADING, bold=True, colour=_BLUE)
        self._paragraph(section.definition, SMALL, quiet=True)
        self.ln(1)
        for sentence in section.sentences:
            self._paragraph(sentence, WORDS)
        for table in section.tables:
            self._table(table)

    def _table(self, table: PrintedTable) -> None:
        self._room(ROOM_FOR_TABLE)
        self.ln(3)
        if table.title != table.heads[0]:
            self._paragraph(table.title, SUBHEADING, bold=True)
        words = len(table.heads) - table.numbers
        left = min(self.epw - table.numbers * NUMBER_WIDTH, WORDS_WIDTH + 40.0 * (words - 1))
        widths = (*(left / words,) * words, *(NUMBER_WIDTH,) * table.numbers)
        aligned = (*(Align.L,) * words, *(Align.R,) * table.numbers)
        self._pen(SMALL)
        with self.table(
            width=sum(widths),
            col_widths=widths,
            text_align=aligned,
            align=Align.L,
            line_height=LINE,
            borders_layout=TableBordersLayout.SINGLE_TOP_LINE,
            cell_fill_color=_STRIPE,
            cell_fill_mode="ROWS",
            headings_style=FontFace(emphasis="B", color=_INK, fill_color=(255, 255, 255)),
            padding=(0.6, 1.2),
        ) as drawn:
            for row in (table.heads, *table.rows):
                drawn.row([without_isolates(cell) for cell in row])
        if table.note:
            self._paragraph(table.note, LABEL, quiet=True)

    def _paragraph(
        self,
        words: str,
        size: float,
        *,
        bold: bool = False,
        quiet: bool = False,
        colour: tuple[int, int, int] | None = None,
    ) -> None:
        self._pen(size, quiet=quiet, bold=bold, colour=colour)
        self.set_x(MARGIN)
        self.multi_cell(
            self.epw, size * 0.5, without_isolates(words), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _pen(
        self,
        size: float,
        *,
        quiet: bool = False,
        bold: bool = False,
        colour: tuple[int, int, int] | None = None,
    ) -> None:
        self.set_font("NotoSans", "B" if bold else "", size)
        self.set_text_shaping(True)
        self.set_text_color(*(colour or (_QUIET if quiet else _INK)))

    def _room(self, height: float) -> None:
        """Begin another page where so much does not fit on this one."""
        if self.get_y() > self.h - self.b_margin - height:
            self.add_page()


def _words(paper: Paper) -> Iterator[str]:
    """Yield what may be of another script than the language's: names."""
    yield paper.subtitle
    for section in paper.sections:
        for table in section.tables:
            for row in table.rows:
                yield from row
