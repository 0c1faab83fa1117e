from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import FurtherKind
from backoffice.question.answers import keep_answers, keep_what_fits, moved_answers
from backoffice.question.changes import texts_as_csv, with_texts
from backoffice.question.errors import AnswersRefused, SchemaRefused
from backoffice.question.forms import read_answers
from backoffice.question.models import CaseAnswerChoice
from backoffice.question.queries import answers_of, latest_answers
from backoffice.question.schema import answer_schema, check_schema, wrong_answers
from backoffice.staff.models import Staff
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW
from tests.backoffice.question.sets import published, question
from translations.languages import SUPPORTED

ALL_KINDS = [
    question("words", FurtherKind.TEXT),
    question("story", FurtherKind.LONG_TEXT),
    question("pets", FurtherKind.YES_NO),
    question("floor", FurtherKind.NUMBER, minimum=0, maximum=10),
    question("since", FurtherKind.DATE),
    question("heating", FurtherKind.ONE_OF, options=("gas", "wood")),
    question("rooms", FurtherKind.SEVERAL_OF, options=("kitchen", "bath", "cellar")),
    question("town", FurtherKind.TOWN),
]
SCHEMA = answer_schema(ALL_KINDS)

FITTING: dict[str, st.SearchStrategy[Any]] = {
    "words": st.text(min_size=1, max_size=200),
    "story": st.text(min_size=1, max_size=2000),
    "pets": st.booleans(),
    "floor": st.integers(0, 10),
    "since": st.dates().map(date.isoformat),
    "heating": st.sampled_from(["gas", "wood"]),
    "rooms": st.lists(st.sampled_from(["kitchen", "bath", "cellar"]), min_size=1, unique=True),
    "town": st.text(min_size=1, max_size=80),
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.fixed_dictionaries({}, optional=FITTING))
def test_what_was_asked_can_be_answered(answers: dict[str, Any]) -> None:
    assert wrong_answers(SCHEMA, answers) == {}


@given(st.dictionaries(st.sampled_from(sorted(FITTING)) | st.text(max_size=10), ANYTHING, max_size=5))
def test_only_what_fits_is_left_after_the_wrong_ones_are_taken_out(answers: dict[str, Any]) -> None:
    wrong = wrong_answers(SCHEMA, answers)
    assert set(wrong) <= set(answers)
    kept = {code: answer for code, answer in answers.items() if code not in wrong}
    assert wrong_answers(SCHEMA, kept) == {}


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("words", ""),
        ("words", "x" * 201),
        ("pets", "yes"),
        ("pets", 1),
        ("floor", True),
        ("floor", 11),
        ("floor", -1),
        ("floor", "3"),
        ("since", "2026-02-30"),
        ("since", "domani"),
        ("heating", "coal"),
        ("rooms", []),
        ("rooms", ["bath", "bath"]),
        ("rooms", ["attic"]),
        ("town", {"a": 1}),
        ("unheard", True),
    ],
)
def test_an_answer_of_another_kind_is_refused(code: str, answer: Any) -> None:
    assert list(wrong_answers(SCHEMA, {code: answer})) == [code]


def test_answers_as_long_as_a_book_are_refused() -> None:
    assert wrong_answers(SCHEMA, {"words": "x" * 40_000}) == {"words": "too_large"}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://example.org/schema.json"},
        {"properties": {"a": {"items": [{"$ref": "#/properties/a"}]}}},
        {"properties": {"a": {"$dynamicRef": "#x"}}},
        {"$id": "https://example.org/schema.json"},
        {"type": "nothing"},
        {"properties": {"a": {"enum": ["x" * 70_000]}}},
    ],
)
def test_a_schema_that_refers_elsewhere_is_none_or_is_too_large_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(SchemaRefused):
        check_schema(schema)


def test_a_change_is_another_row_and_the_same_answers_again_are_none(session: Session, anna: Staff) -> None:
    found, case = published(session, anna, *ALL_KINDS), create_case(session)

    def keep(**answers: Any) -> None:
        keep_answers(session, case_id=case.id, found=found, answers=answers, by=anna.id, now=NOW)

    keep(pets=True, rooms=["bath", "cellar"], words="{0.__class__}")
    keep(pets=True, rooms=["bath", "cellar"], words="{0.__class__}")
    keep(pets=False, heating="gas")
    rows = answers_of(session, case.id)
    assert [row.answers for row in rows] == [
        {"pets": False, "heating": "gas"},
        {"pets": True, "rooms": ["bath", "cellar"], "words": "{0.__class__}"},
    ]
    chosen = session.execute(select(CaseAnswerChoice.question_code, CaseAnswerChoice.option_code))
    assert set(chosen) == {("pets", "no"), ("heating", "gas")}


def test_what_must_be_answered_may_be_open_after_a_chat_and_at_no_desk(session: Session, anna: Staff) -> None:
    found = published(session, anna, question("pets", required=True), question("lift"))
    case = create_case(session)
    with pytest.raises(AnswersRefused) as refused:
        keep_answers(session, case_id=case.id, found=found, answers={"lift": True}, by=anna.id, now=NOW)
    assert refused.value.wrong == {"pets": "missing"}
    given = {"lift": True, "unheard": "x"}
    keep_what_fits(session, case_id=case.id, found=found, answers=given, by="service", now=NOW)
    newest = latest_answers(session, case.id)
    assert newest is not None
    assert (newest.answers, newest.answered_by) == ({"lift": True}, "service")


def test_nothing_of_a_sensitive_question_stands_unsealed(session: Session, anna: Staff) -> None:
    found, case = published(session, anna, question("health", sensitive=True)), create_case(session)
    keep_answers(session, case_id=case.id, found=found, answers={"health": True}, by=anna.id, now=NOW)
    assert session.scalars(select(CaseAnswerChoice)).all() == []


def test_a_newer_version_takes_over_what_it_still_asks(session: Session, anna: Staff) -> None:
    published(session, anna, question("pets"), question("lift"))
    second = published(session, anna, question("floor", FurtherKind.NUMBER))
    assert moved_answers({"pets": True, "gone": 3, "floor": "x"}, second) == {"pets": True}


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(SUPPORTED), WORDS | st.just("'=1"), max_size=4),
        min_size=4,
        max_size=4,
    )
)
def test_texts_come_back_from_a_table_as_they_went(texts: list[dict[str, str]]) -> None:
    title, label, why, option = ({each: text for each, text in part.items() if text} for part in texts)
    made = question("heating", FurtherKind.ONE_OF, options=("gas", "wood"), title=title, label=label, why=why)
    first = made.options[0].model_copy(update={"label": option})
    made = made.model_copy(update={"options": (first, made.options[1])})
    bare = made.model_copy(update={"title": {}, "label": {}, "why": {}})
    assert with_texts([made], texts_as_csv([made]).encode()) == [made]
    filled = with_texts([bare], texts_as_csv([made]).encode())[0]
    assert (filled.title, filled.label, filled.why) == (title, label, why)


LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=80)


@given(st.fixed_dictionaries({}, optional={**FITTING, "words": LINES, "story": LINES, "town": LINES}))
def test_what_a_form_shows_is_what_it_sends(answers: dict[str, Any]) -> None:
    fields: dict[str, list[str]] = {}
    for code, answer in answers.items():
        values = answer if isinstance(answer, list) else [answer]
        shown = ["yes" if each is True else "no" if each is False else str(each) for each in values]
        fields[f"a.{code}"] = shown
    assert read_answers(fields, ALL_KINDS) == answers


def test_a_text_is_stored_without_nul_and_half_characters(session: Session, anna: Staff) -> None:
    found, case = published(session, anna, *ALL_KINDS), create_case(session)
    answers = {"words": "a\0b\ud800"}
    row = keep_answers(session, case_id=case.id, found=found, answers=answers, by=anna.id, now=NOW)
    session.refresh(row)
    assert row.answers == {"words": "ab?"}
