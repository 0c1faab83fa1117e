from __future__ import annotations

import httpx
import pytest
from fontTools.ttLib import TTFont
from sqlalchemy.orm import Session

from backoffice.accompaniment.papers import PAPERS, make_paper
from backoffice.accompaniment.permissions import get_search_case
from backoffice.case_card.pdf import card_pdf
from backoffice.case_card.sheet import _FAMILIES, FONTS
from backoffice.errors import NotFound
from tests.backoffice.accompaniment.households import TODAY, agreed, signed
from tests.backoffice.factories import sign_in
from translations.catalog import area_texts
from translations.languages import LANGUAGES

DRAWN = {"ar": "checklist", "bn": "summary", "it": "owner-letter"}
"""What is drawn: all of them would take a minute, for their fonts."""


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_sign_of_the_papers(language: str) -> None:
    own = TTFont(FONTS / f"{_FAMILIES[LANGUAGES[language].script]}-Regular.ttf").getBestCmap()
    signs = set(own) | set(TTFont(FONTS / "NotoSans-Regular.ttf").getBestCmap())
    for key, words in area_texts("tenancy", language).items():
        assert {sign for sign in words if ord(sign) not in signs} == set(), key


def test_every_paper_is_a_sheet_in_the_person_s_language_and_italian(session: Session) -> None:
    home = signed(session)
    for language in LANGUAGES:
        home.case.language = language
        session.flush()
        case = get_search_case(session, home.desk, home.case.id)
        for paper in PAPERS:
            made = make_paper(session, case, paper, today=TODAY)
            assert [side.language for side in made.sides] == list(dict.fromkeys([language, "it"]))
            assert len({len(side.lines) for side in made.sides}) == 1
            if DRAWN.get(language) == paper:
                assert card_pdf(made).count(b"/Type /Page\n") == 1, (language, paper)


def test_the_summary_has_the_sums_and_says_what_to_ask(session: Session) -> None:
    home = signed(session)
    case = get_search_case(session, home.desk, home.case.id)
    side = make_paper(session, case, "summary", today=TODAY).sides[0]
    words = {line.label: line.words for line in side.lines}
    assert words["Cauzione: al massimo, per legge"] == "1.650 €"
    assert "In tutto: 1.792 €" in words["Che cosa paghi alla firma"]
    assert words["Il contratto va registrato entro il"] == "31.12.2026"


def test_a_paper_about_a_contract_needs_one(session: Session) -> None:
    home = agreed(session)
    for paper in ("summary", "owner-letter", "nothing"):
        with pytest.raises(NotFound):
            make_paper(session, home.case, paper, today=TODAY)


async def test_the_file_is_a_pdf(http: httpx.AsyncClient, session: Session) -> None:
    home = signed(session)
    me = sign_in(session, home.desk)
    session.commit()
    made = await http.get(f"/cases/{home.case.id}/accompaniment/papers/owner-letter", headers=me)
    assert made.headers["content-type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
