from __future__ import annotations

from datetime import date

import httpx
import pytest
from fontTools.ttLib import TTFont
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.parts import EVERY_PART, CasePart
from backoffice.case.permissions import get_readable_case
from backoffice.case.planning import ActionWords, Agreement, add_action, add_goal, agree_plan
from backoffice.case_card.content import make_card
from backoffice.case_card.link import card_link
from backoffice.case_card.pdf import card_pdf
from backoffice.case_card.sheet import _FAMILIES, FONTS, _has_right_to_left, _indic_script
from backoffice.plan.models import AgreementForm
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import NOW, create_staff, sign_in
from translations.catalog import area_texts, text
from translations.languages import LANGUAGES

COORDINATOR = frozenset({Role.COORDINATOR})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_sign_of_the_card(language: str) -> None:
    own = TTFont(FONTS / f"{_FAMILIES[LANGUAGES[language].script]}-Regular.ttf").getBestCmap()
    signs = set(own) | set(TTFont(FONTS / "NotoSans-Regular.ttf").getBestCmap())
    texts = {
        key: words for area in ("card", "plan", "copy") for key, words in area_texts(area, language).items()
    }
    for key, words in texts.items():
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


def planned(session: Session, language: str) -> Case:
    staff = create_staff(session, roles=COORDINATOR)
    case = create_case(session, language=language)
    goal = add_goal(session, case, "Una casa vicino alla scuola", measure="Contratto", by=staff.id, now=NOW)
    new = ActionWords("Visita", operator_id=staff.id, due_on=date(2026, 12, 15))
    add_action(session, case, goal.id, new, by=staff.id, now=NOW)
    session.flush()
    session.expire_all()
    return get_readable_case(session, staff, case.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_stands_on_both_sides_with_days_and_agreement(session: Session, language: str) -> None:
    case = planned(session, language)
    for side in make_card(session, case, EVERY_PART, link=None, now=NOW).sides:
        assert side.plan_title == text("plan.title", side.language)
        shown = {line.label: line.words for line in side.plan}
        assert shown[text("plan.goal", side.language)] == "Una casa vicino alla scuola"
        action = shown[text("plan.action", side.language)]
        for words in ("Visita", "15.12.2026", text("plan.todo", side.language), "Comunità Sociale Cremasca"):
            assert words in action
        assert text("plan.not_agreed", side.language) in shown
    agree_plan(session, case, Agreement(NOW.date(), language, AgreementForm.ORAL, False), by="x", now=NOW)
    for side in make_card(session, case, EVERY_PART, link=None, now=NOW).sides:
        last = side.plan[-1]
        assert (last.label, last.words) == (text("plan.agreed", side.language), "02.12.2026")


def test_who_does_not_see_the_plan_prints_none(session: Session) -> None:
    case = planned(session, "ar")
    card = make_card(session, case, EVERY_PART - {CasePart.PLAN}, link=None, now=NOW)
    assert [side.plan for side in card.sides] == [(), ()]


def test_a_long_plan_goes_on_over_the_sheets_on_both_sides(session: Session) -> None:
    case = planned(session, "ar")
    by = create_staff(session).id
    add_goal(session, case, "parola " * 700, measure=None, by=by, now=NOW)
    made = card_pdf(make_card(session, case, EVERY_PART, link=None, now=NOW))
    assert made.count(b"/Type /Page\n") == 4


def test_without_the_chats_address_there_is_no_code(session: Session) -> None:
    assert card_link(create_case(session), None) is None


def test_a_line_is_shaped_by_its_own_script_also_where_an_italian_word_comes_first() -> None:
    assert _indic_script("2. Permesso di soggiorno (থাকার অনুমতি)") == "Beng"
    assert _indic_script("CU ਜਾਂ ਆਮਦਨ") == "Guru"
    assert _indic_script("Via Inventata 12") is None
    assert _has_right_to_left("CU أو إقرار الدخل")
    assert not _has_right_to_left("Via Inventata 12")
