from __future__ import annotations

import httpx
import pytest
from fontTools.ttLib import TTFont
from sqlalchemy.orm import Session

from backoffice.case.parts import EVERY_PART
from backoffice.case.permissions import get_readable_case
from backoffice.case_card.content import make_card
from backoffice.case_card.link import card_link
from backoffice.case_card.pdf import _FAMILIES, FONTS, _has_right_to_left, _indic_script, card_pdf
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import NOW, create_staff, sign_in
from translations.catalog import area_texts
from translations.languages import LANGUAGES

COORDINATOR = frozenset({Role.COORDINATOR})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_sign_of_the_card(language: str) -> None:
    own = TTFont(FONTS / f"{_FAMILIES[LANGUAGES[language].script]}-Regular.ttf").getBestCmap()
    signs = set(own) | set(TTFont(FONTS / "NotoSans-Regular.ttf").getBestCmap())
    for key, words in area_texts("card", language).items():
        assert {sign for sign in words if ord(sign) not in signs} == set(), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_is_one_sheet_in_the_persons_language_and_italian(session: Session, language: str) -> None:
    person = create_person(session, name="محمد Олена ਗੁਰਪ੍ਰੀਤ রহিম 王")
    case = create_case(session, language=language, person=person, intake={"note": "أبحث عن بيت 3 rooms"})
    session.expire_all()
    case = get_readable_case(session, create_staff(session, roles=COORDINATOR), case.id)
    card = make_card(session, case, EVERY_PART, link=card_link(case, "https://sportello.example"), now=NOW)
    assert [side.language for side in card.sides] == list(dict.fromkeys([language, "it"]))
    made = card_pdf(card)
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 1


async def test_the_page_and_the_file_are_for_who_may_read_the_case(
    http: httpx.AsyncClient, session: Session
) -> None:
    me = sign_in(session, create_staff(session, roles=COORDINATOR))
    case = create_case(session, language="ar")
    session.commit()
    page = await http.get(f"/cases/{case.id}/card", headers=me)
    assert 'lang="ar" dir="rtl"' in page.text
    assert case.number in page.text
    file = await http.get(f"/cases/{case.id}/card.pdf", headers=me)
    assert file.headers["content-type"] == "application/pdf"


def test_without_the_chats_address_there_is_no_code(session: Session) -> None:
    assert card_link(create_case(session), None) is None


def test_a_line_is_shaped_by_its_own_script_also_where_an_italian_word_comes_first() -> None:
    assert _indic_script("2. Permesso di soggiorno (থাকার অনুমতি)") == "Beng"
    assert _indic_script("CU ਜਾਂ ਆਮਦਨ") == "Guru"
    assert _indic_script("Via Inventata 12") is None
    assert _has_right_to_left("CU أو إقرار الدخل")
    assert not _has_right_to_left("Via Inventata 12")
