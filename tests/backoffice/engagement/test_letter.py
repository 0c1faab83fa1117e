from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont
from sqlalchemy.orm import Session

from backoffice.case_card.pdf import card_pdf
from backoffice.case_card.sheet import _FAMILIES, FONTS
from backoffice.client.schemas import CareLevel, DomesticTask
from backoffice.engagement.letter import make_letter
from backoffice.errors import NotFound
from tests.backoffice.engagement.contracts import TODAY, drafted, proposed
from translations.catalog import area_texts, text
from translations.languages import LANGUAGES


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_sign_of_the_letter(language: str) -> None:
    own = TTFont(FONTS / f"{_FAMILIES[LANGUAGES[language].script]}-Regular.ttf").getBestCmap()
    signs = set(own) | set(TTFont(FONTS / "NotoSans-Regular.ttf").getBestCmap())
    for key, words in area_texts("care_contract", language).items():
        assert {sign for sign in words if ord(sign) not in signs} == set(), key


def test_every_level_and_task_has_its_words_in_every_language() -> None:
    for language in LANGUAGES:
        for key in (*(f"level.{each}" for each in CareLevel), *(f"task.{each}" for each in DomesticTask)):
            assert text(f"care_contract.{key}", language)


def test_the_letter_is_in_italian_and_the_worker_s_language_line_by_line(session: Session) -> None:
    contract = proposed(session)
    for language in LANGUAGES:
        contract.worker.language = language
        letter = make_letter(session, contract.made, today=TODAY)
        assert [side.language for side in letter.sides] == list(dict.fromkeys(["it", language]))
        assert len({len(side.lines) for side in letter.sides}) == 1
        for side in letter.sides:
            words = {line.label: line.words for line in side.lines}
            assert "1.250,00" in words[text("care_contract.pay", side.language)]
            assert "1.193,84" in words[text("care_contract.minimum", side.language)]
            assert side.hints[0] == text("care_contract.draft", side.language)


def test_the_letter_says_level_pay_dates_and_duties(session: Session) -> None:
    letter = make_letter(session, proposed(session).made, today=TODAY)
    words = {line.label: line.words for line in letter.sides[0].lines}
    assert words["Livello"].startswith("Livello CS: cura di persone non autosufficienti")
    assert words["Inizio"] == "Dal 07.12.2026, senza scadenza."
    assert "54" in words["Orario"]
    assert "36 ore" in words["Riposo"]
    assert words["Paga minima"].endswith("Tabella: 2026.")
    assert "15 giorni" in words["Preavviso"]
    assert "24.00" in words["Comunicazione all'INPS"]
    assert "blogsicilia.it" in words["Fonti"]


def test_a_draft_that_has_not_passed_the_check_has_no_letter(session: Session) -> None:
    with pytest.raises(NotFound):
        make_letter(session, drafted(session).made, today=TODAY)


@pytest.mark.parametrize("language", ["ar", "bn"])
def test_the_letter_is_a_pdf(session: Session, language: str) -> None:
    made = card_pdf(make_letter(session, proposed(session, language=language).made, today=TODAY))
    assert made.startswith(b"%PDF")
    assert 1 <= made.count(b"/Type /Page\n") <= 3
