"""Further questions as the pages answer: the editor, the preview, publishing, and the answers of a case."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, FurtherKind
from backoffice.handoff.models import Assignment
from backoffice.question.answers import keep_answers
from backoffice.question.models import QuestionSet, SetState
from backoffice.question.queries import answers_of, latest_answers, questions_of
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW, create_conversation, create_staff, sign_in
from tests.backoffice.pages.browser import HTML, Browser, give_password
from tests.backoffice.question.sets import drafted, published, question
from translations.languages import SUPPORTED

BOTH = frozenset({Role.ADMINISTRATOR, Role.CASEWORKER})


@pytest.fixture
def anna(session: Session) -> Staff:
    staff = create_staff(session, name="Anna", roles=BOTH)
    give_password(session, staff)
    session.commit()
    return staff


@pytest.fixture
async def signed_in(window: Browser, anna: Staff) -> Browser:
    await window.sign_in(anna)
    return window


def all_sets(session: Session) -> list[QuestionSet]:
    session.expire_all()
    found = list(session.scalars(select(QuestionSet).order_by(QuestionSet.version)))
    session.commit()
    return found


def texts(**places: str) -> dict[str, str]:
    return {f"t.{place}.{each}": f"{text} {each}" for place, text in places.items() for each in SUPPORTED}


async def test_an_administrator_writes_a_question_and_publishes_it(
    signed_in: Browser, session: Session
) -> None:
    assert "Nessuna domanda aggiuntiva." in await signed_in.read("/question-sets")
    opened = await signed_in.post("/question-sets", page="/question-sets", case_type="housing")
    draft = opened.headers["location"]
    assert "Non c&#39;è ancora nessuna domanda" in await signed_in.read(draft)
    path = f"{draft}/question"
    kept = await signed_in.post(
        path, page=path, code="heating", kind="one_of", options="gas\r\nwood", in_chat="1", **texts(label="Q")
    )
    assert kept.headers["location"].startswith(f"{path}?code=heating")
    page = await signed_in.read(draft)
    assert "heating: Perché si chiede manca in: italiano, inglese" in page
    refused = await signed_in.post(f"{draft}/publish", page=draft)
    assert refused.status_code == 422
    assert "Non si può ancora pubblicare" in refused.text
    whole = {"options": "gas\r\nwood", "in_chat": "1"} | texts(
        label="Q", title="T", why="W", **{"option.gas": "Gas", "option.wood": "Legna"}
    )
    await signed_in.post(f"{path}?code=heating", page=path, **whole)
    done = await signed_in.post(f"{draft}/publish", page=draft)
    assert done.status_code == 303
    [found] = all_sets(session)
    assert found.state is SetState.PUBLISHED
    [asked] = questions_of(found)
    assert asked.options[1].label["ar"] == "Legna ar"
    assert found.answer_schema["properties"] == {"heating": {"type": "string", "enum": ["gas", "wood"]}}
    listed = await signed_in.read("/question-sets")
    assert "Versione 1, pubblicata il" in listed


async def test_a_question_that_cannot_be_kept_comes_back_with_what_was_typed(
    signed_in: Browser, session: Session, anna: Staff
) -> None:
    draft = drafted(session, anna, question("pets"))
    session.commit()
    path = f"/question-sets/{draft.id}/question"
    for code, why in (("Pets!", "Un codice ha solo lettere"), ("pets", "Il codice pets è")):
        answer = await signed_in.post(path, page=path, code=code, kind="text", **{"t.label.it": "{0} <b>"})
        assert answer.status_code in (409, 422)
        assert why in answer.text
        assert "{0} &lt;b&gt;" in answer.text


async def test_texts_run_in_the_direction_of_their_language(
    signed_in: Browser, session: Session, anna: Staff
) -> None:
    draft = drafted(session, anna, question("pets"))
    session.commit()
    page = await signed_in.read(f"/question-sets/{draft.id}/question?code=pets")
    for language, direction in (("ar", "rtl"), ("ur", "rtl"), ("pa", "ltr")):
        assert re.search(
            rf'<textarea id="t\.label\.{language}"[^>]* lang="{language}" dir="{direction}"', page
        )
    preview = await signed_in.read(f"/question-sets/{draft.id}?language=ar")
    assert "pets? (ar)" in preview
    assert "نعم" in preview
    assert "أفضّل عدم الإجابة" in preview


async def test_the_order_changes_by_buttons_and_the_trail_says_who(
    signed_in: Browser, session: Session, anna: Staff
) -> None:
    draft = drafted(session, anna, question("pets"), question("lift"))
    session.commit()
    path = f"/question-sets/{draft.id}"
    await signed_in.post(f"{path}/move", page=path, code="lift", places="-1")
    assert [each.code for each in questions_of(all_sets(session)[0])] == ["lift", "pets"]
    await signed_in.post(f"{path}/retire", page=path, code="pets")
    page = await signed_in.read(path)
    assert "Domanda spostata: lift" in page
    assert "Domanda tolta: pets" in page


async def test_publishing_shows_what_a_version_changes(
    signed_in: Browser, session: Session, anna: Staff
) -> None:
    published(session, anna, question("pets"), question("lift"))
    draft = drafted(session, anna, question("floor", FurtherKind.NUMBER))
    session.commit()
    path = f"/question-sets/{draft.id}"
    await signed_in.post(f"{path}/retire", page=path, code="pets")
    whole = {"required": "1"} | texts(label="Q", title="T", why="W")
    await signed_in.post(f"{path}/question?code=lift", page=path, **whole)
    page = await signed_in.read(path)
    assert "Nuova: floor" in page
    assert "Tolta: pets" in page
    assert "Cambiata: lift (testi, obbligo, chat)" in page


async def test_translators_get_a_table_and_it_comes_back(
    signed_in: Browser, session: Session, anna: Staff
) -> None:
    draft = drafted(session, anna, question("pets", title={"it": "=1+1"}))
    session.commit()
    path = f"/question-sets/{draft.id}"
    table = (await signed_in.get(f"{path}/texts.csv")).content
    assert b"pets,title,'=1+1," in table
    changed = table.replace(b"pets? (ar)", "هل لديكم حيوانات؟".encode())
    csrf = await signed_in.csrf(path)

    async def upload(content: bytes) -> httpx.Response:
        files = {"file": ("texts.csv", content, "text/csv")}
        return await signed_in.http.post(f"{path}/texts", data={"csrf": csrf}, files=files, headers=HTML)

    assert (await upload(changed)).status_code == 303
    [kept] = questions_of(all_sets(session)[0])
    assert kept.label["ar"] == "هل لديكم حيوانات؟"
    assert kept.title == {"it": "=1+1"}
    for wrong in (b"", b"\xff\xfe", b"a,b\r\n1,2", b"code,field,it\r\nunheard,title,x", b"x" * 600_000):
        assert (await upload(wrong)).status_code == 422


async def test_others_do_not_even_see_the_page(window: Browser, coordinator: Staff) -> None:
    await window.sign_in(coordinator)
    assert (await window.get("/question-sets")).status_code == 404
    assert "/question-sets" not in await window.read("/")


# --- The answers of a case ----------------------------------------------------------------------


@pytest.fixture
def case(session: Session, anna: Staff) -> Case:
    kinds = [
        question("pets", required=True),
        question("heating", FurtherKind.ONE_OF, options=("gas", "wood")),
        question("rooms", FurtherKind.SEVERAL_OF, options=("bath", "cellar")),
        question("floor", FurtherKind.NUMBER, minimum=0, maximum=9),
        question("health", FurtherKind.LONG_TEXT, sensitive=True),
    ]
    published(session, anna, *kinds)
    made = create_case(session)
    session.commit()
    return made


async def save(window: Browser, case: Case, **fields: str) -> httpx.Response:
    path = f"/cases/{case.id}/answers"
    page = await window.read(path)
    hidden = dict(re.findall(r'type="hidden" name="(set_id|revision)" value="([^"]*)"', page))
    return await window.post(path, page=path, **hidden, **fields)


async def test_answers_are_saved_and_the_earlier_ones_stay_readable(
    signed_in: Browser, session: Session, case: Case
) -> None:
    first = {"a.pets": "yes", "a.heating": "wood", "a.floor": "3", "a.health": "{0.__class__}"}
    assert (await save(signed_in, case, **first)).status_code == 303
    assert (await save(signed_in, case, **{"a.pets": "no"})).status_code == 303
    rows = answers_of(session, case.id)
    session.commit()
    assert [row.answers for row in rows] == [
        {"pets": False},
        {"pets": True, "heating": "wood", "floor": 3, "health": "{0.__class__}"},
    ]
    page = await signed_in.read(f"/cases/{case.id}/answers")
    assert "Risposte di prima" in page
    assert "{0.__class__}" in page
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == case.id)).all()
    session.commit()
    assert actions.count("case.answers_changed") == 2
    assert "case.answers_read" in actions


async def test_answers_that_do_not_fit_come_back_and_nothing_is_saved(
    signed_in: Browser, session: Session, case: Case
) -> None:
    refused = await save(signed_in, case, **{"a.floor": "12", "a.heating": "coal"})
    assert refused.status_code == 422
    assert "pets (it), heating (it), floor (it)" in refused.text
    assert 'value="12"' in refused.text
    assert latest_answers(session, case.id) is None


async def test_who_saves_over_a_colleague_is_told(signed_in: Browser, session: Session, case: Case) -> None:
    page = await signed_in.read(f"/cases/{case.id}/answers")
    seen = dict(re.findall(r'type="hidden" name="(set_id|revision)" value="([^"]*)"', page))
    await save(signed_in, case, **{"a.pets": "yes"})
    path = f"/cases/{case.id}/answers"
    late = await signed_in.post(path, page=path, **seen, **{"a.pets": "no"})
    assert late.status_code == 409
    assert "Un collega ha cambiato le risposte" in late.text


async def test_a_case_keeps_its_version_until_somebody_moves_it(
    signed_in: Browser, session: Session, case: Case, anna: Staff
) -> None:
    await save(signed_in, case, **{"a.pets": "yes", "a.heating": "gas"})
    second = published(session, anna, question("lift"))
    session.commit()
    path = f"/cases/{case.id}/answers"
    page = await signed_in.read(path)
    assert "Versione 1 delle domande" in page
    assert "Passa alla versione 2" in page
    moving = await signed_in.read(f"{path}?newest=true")
    hidden = dict(re.findall(r'type="hidden" name="(set_id|revision)" value="([^"]*)"', moving))
    assert hidden["set_id"] == second.id
    await signed_in.post(path, page=path, **hidden, **{"a.pets": "yes", "a.lift": "no"})
    kept = latest_answers(session, case.id)
    assert kept is not None
    assert (kept.set_id, kept.answers) == (second.id, {"pets": True, "lift": False})


async def test_the_list_is_narrowed_by_an_answer(signed_in: Browser, session: Session, case: Case) -> None:
    other = create_case(session)
    session.commit()
    await save(signed_in, case, **{"a.pets": "yes", "a.health": "asma"})
    page = await signed_in.read("/cases?answer=housing:pets:yes")
    assert case.number in page
    assert other.number not in page
    assert "pets (it): Sì" in page
    assert "housing:health" not in page  # "health" alone is also a need that lists are narrowed by
    assert "health (it)" not in page
    assert "asma" not in page
    assert case.number not in await signed_in.read("/cases?answer=housing:pets:no")
    assert case.number not in await signed_in.read("/cases?answer=care_work:pets:yes")
    assert other.number in await signed_in.read("/cases?answer=nonsense")


async def test_the_api_gives_and_takes_answers(
    http: httpx.AsyncClient, session: Session, case: Case, anna: Staff
) -> None:
    headers = sign_in(session, anna)
    session.commit()
    path = f"/api/v1/cases/{case.id}/answers"
    empty = (await http.get(path, headers=headers)).json()
    assert (empty["version"], empty["revision"], empty["answers"]) == (1, 0, {})
    body = {
        "set_id": empty["set_id"],
        "revision": 0,
        "answers": {"pets": True, "rooms": ["bath"], "health": "x"},
    }
    kept = await http.put(path, json=body, headers=headers)
    assert kept.json()["answers"] == body["answers"]
    assert (await http.put(path, json=body, headers=headers)).status_code == 409
    wrong = {**body, "revision": kept.json()["revision"], "answers": {"pets": "maybe"}}
    assert (await http.put(path, json=wrong, headers=headers)).status_code == 422
    assert (await http.put(path, json={**body, "set_id": "none"}, headers=headers)).status_code in (404, 409)


async def test_a_sensitive_answer_is_for_those_who_change_the_case(
    http: httpx.AsyncClient, session: Session, case: Case, anna: Staff
) -> None:
    found = session.scalars(select(QuestionSet)).one()
    conversation = create_conversation(session)
    case.conversation_id = conversation.id
    answers = {"pets": True, "health": "asma"}
    keep_answers(session, case_id=case.id, found=found, answers=answers, by=anna.id, now=NOW)
    mediator = create_staff(session)
    session.add(Assignment(conversation_id=conversation.id, staff_id=mediator.id, epoch=1, started_at=NOW))
    headers = sign_in(session, mediator)
    session.commit()
    seen = (await http.get(f"/api/v1/cases/{case.id}/answers", headers=headers)).json()
    assert (seen["answers"], seen["restricted"]) == ({"pets": True}, ["health"])
    page = await http.get(f"/cases/{case.id}/answers", headers={**headers, **HTML})
    assert "asma" not in page.text
    assert '<form method="post" action="/cases' not in page.text


async def test_a_type_without_questions_says_so(signed_in: Browser, session: Session) -> None:
    other = create_case(session, type=CaseType.CARE_WORK)
    session.commit()
    assert "Non ci sono domande aggiuntive" in await signed_in.read(f"/cases/{other.id}/answers")
