from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.client.schemas import CaseType, FurtherKind
from backoffice.question.answers import answer_cells, answer_columns, keep_answers
from backoffice.question.errors import (
    BadQuestionCode,
    NoDraft,
    NotReady,
    QuestionCodeTaken,
    QuestionSetNotFound,
)
from backoffice.question.models import CaseAnswerChoice, PublishedNeverChanges, QuestionSet, SetState
from backoffice.question.permissions import editable_sets, get_editable_set
from backoffice.question.queries import filterable_questions, front_door_set, questions_of
from backoffice.question.questions import Question, faults_of, hints_for
from backoffice.question.service import (
    discard_draft,
    keep_question,
    move_question,
    open_draft,
    parse_question,
    publish,
    retire_question,
    withdraw,
)
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW, create_organisation, create_staff
from tests.backoffice.question.sets import drafted, in_all_languages, published, question
from translations.languages import SUPPORTED


def codes(found: QuestionSet) -> list[str]:
    return [each.code for each in questions_of(found)]


def test_a_new_version_begins_as_a_copy_and_the_old_one_stays_as_it_was(
    session: Session, anna: Staff
) -> None:
    first = published(session, anna, question("pets"))
    second = published(session, anna, question("lift"))
    assert (first.version, first.state, codes(first)) == (1, SetState.RETIRED, ["pets"])
    assert (second.version, second.state, codes(second)) == (2, SetState.PUBLISHED, ["pets", "lift"])
    asked = front_door_set(session, CaseType.HOUSING, None)
    assert asked is not None
    assert asked.id == second.id
    assert front_door_set(session, CaseType.HOUSING, first.id) is first


def test_a_draft_is_asked_nobody_and_stands_alone(session: Session, anna: Staff) -> None:
    draft = drafted(session, anna, question())
    assert front_door_set(session, CaseType.HOUSING, None) is None
    assert front_door_set(session, CaseType.HOUSING, draft.id) is None
    assert open_draft(session, anna.organisation_id, CaseType.HOUSING, by=anna.id, now=NOW) is draft


def test_what_was_published_can_no_longer_be_changed(session: Session, anna: Staff) -> None:
    found = published(session, anna, question())
    with pytest.raises(NoDraft):
        keep_question(session, found, question("lift"), is_new=True, by=anna.id, now=NOW)
    with pytest.raises(NoDraft):
        publish(session, found, by=anna.id, now=NOW)
    with pytest.raises(NoDraft):
        discard_draft(session, found, by=anna.id, now=NOW)
    found.questions = []
    with pytest.raises(PublishedNeverChanges):
        session.flush()


def test_a_published_version_is_never_deleted(session: Session, anna: Staff) -> None:
    session.delete(published(session, anna, question()))
    with pytest.raises(PublishedNeverChanges):
        session.flush()


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("field", ["title", "label", "why"])
def test_a_text_that_lacks_in_one_language_keeps_a_version_from_being_published(
    session: Session, anna: Staff, language: str, field: str
) -> None:
    gap = {**in_all_languages("x"), language: "  "}
    lacking = Question.model_validate({**question().model_dump(), field: gap})
    draft = drafted(session, anna, lacking)
    with pytest.raises(NotReady) as refused:
        publish(session, draft, by=anna.id, now=NOW)
    assert [(fault.field, fault.language) for fault in refused.value.faults] == [(field, language)]
    assert draft.state is SetState.DRAFT


def test_help_is_there_in_every_language_or_in_none() -> None:
    assert faults_of([question(help={})]) == []
    missing = faults_of([question(help={"it": "Scrivi sì o no."})])
    assert {fault.language for fault in missing} == set(SUPPORTED) - {"it"}


def test_an_option_needs_its_label_too_and_a_choice_two_options() -> None:
    few = faults_of([question(kind=FurtherKind.ONE_OF, options=("a",))])
    assert [fault.what for fault in few] == ["too_few_options"]
    unlabelled = question(kind=FurtherKind.ONE_OF, options=("a", "b")).model_dump()
    unlabelled["options"][0]["label"].pop("ur")
    found = faults_of([Question.model_validate(unlabelled)])
    assert [(fault.field, fault.language) for fault in found] == [("option.a", "ur")]


def test_nothing_at_all_cannot_be_published(session: Session, anna: Staff) -> None:
    draft = open_draft(session, anna.organisation_id, CaseType.HOUSING, by=anna.id, now=NOW)
    with pytest.raises(NotReady):
        publish(session, draft, by=anna.id, now=NOW)


def test_what_no_button_can_hold_keeps_a_version_from_being_published() -> None:
    long = question(kind=FurtherKind.ONE_OF, options=("a", "b"), title=in_all_languages("x" * 60))
    assert {(fault.what, fault.field) for fault in faults_of([long])} == {("too_long", "title")}


def test_a_long_title_is_a_hint_and_no_refusal() -> None:
    long = question(title=in_all_languages("una domanda molto lunga davvero"))
    assert faults_of([long]) == []
    assert {hint.field for hint in hints_for([long])} == {"title"}


def test_a_code_is_one_question_s_for_ever(session: Session, anna: Staff) -> None:
    published(session, anna, question("pets"), question("lift"))
    draft = open_draft(session, anna.organisation_id, CaseType.HOUSING, by=anna.id, now=NOW)
    retire_question(session, draft, "pets", by=anna.id, now=NOW)
    publish(session, draft, by=anna.id, now=NOW)
    with pytest.raises(QuestionCodeTaken):
        drafted(session, anna, question("pets", FurtherKind.NUMBER))
    with pytest.raises(QuestionCodeTaken):
        keep_question(
            session,
            drafted(session, anna),
            question("lift", FurtherKind.TEXT),
            is_new=False,
            by=anna.id,
            now=NOW,
        )
    drafted(session, anna, question("pets"), type=CaseType.CARE_WORK)


@pytest.mark.parametrize("code", ["Pets", "1a", "a-b", "a__b", "_a", "", "x" * 41, "{0}", "a b"])
def test_a_code_is_small_letters_digits_and_single_underscores(code: str) -> None:
    with pytest.raises(BadQuestionCode):
        parse_question({"code": code, "kind": "text"})


def test_the_order_is_changed_one_place_at_a_time_and_ends_at_the_ends(session: Session, anna: Staff) -> None:
    draft = drafted(session, anna, question("a"), question("b"), question("c"))
    move_question(session, draft, "c", by_places=-1, by=anna.id, now=NOW)
    assert codes(draft) == ["a", "c", "b"]
    move_question(session, draft, "a", by_places=-1, by=anna.id, now=NOW)
    move_question(session, draft, "b", by_places=1, by=anna.id, now=NOW)
    assert codes(draft) == ["a", "c", "b"]
    with pytest.raises(QuestionSetNotFound):
        move_question(session, draft, "d", by_places=1, by=anna.id, now=NOW)


def test_every_change_leaves_its_trace(session: Session, anna: Staff) -> None:
    found = published(session, anna, question("pets"))
    withdraw(session, found, by=anna.id, now=NOW)
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == found.id)).all()
    assert sorted(actions) == [
        "questions.changed:pets",
        "questions.opened",
        "questions.published",
        "questions.withdrawn",
    ]
    assert front_door_set(session, CaseType.HOUSING, None) is None


def test_only_the_administrators_of_the_body_open_a_set(session: Session, anna: Staff) -> None:
    found = published(session, anna, question())
    partner = create_organisation(session)
    stranger = create_staff(session, roles=frozenset({Role.ADMINISTRATOR}), organisation=partner)
    with pytest.raises(QuestionSetNotFound):
        get_editable_set(session, stranger, found.id)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(QuestionSetNotFound):
            editable_sets(create_staff(session, roles=frozenset({role})))


def test_lists_may_look_for_choices_that_are_not_sensitive_alone(session: Session, anna: Staff) -> None:
    published(
        session,
        anna,
        question("pets"),
        question("health", sensitive=True),
        question("words", FurtherKind.TEXT),
        question("floor", FurtherKind.ONE_OF, options=("low", "high")),
    )
    found = filterable_questions(session, anna.organisation_id, CaseType.HOUSING)
    offered = {each.question.code: [option.code for option in each.options] for each in found}
    assert offered == {"pets": ["yes", "no"], "floor": ["low", "high"]}


def test_what_becomes_sensitive_is_found_by_nobody_any_more(session: Session, anna: Staff) -> None:
    first = published(session, anna, question("pets"), question("lift"))
    case = create_case(session)
    answers = {"pets": True, "lift": False}
    keep_answers(session, case_id=case.id, found=first, answers=answers, by=anna.id, now=NOW)
    draft = open_draft(session, anna.organisation_id, CaseType.HOUSING, by=anna.id, now=NOW)
    keep_question(session, draft, question("pets", sensitive=True), is_new=False, by=anna.id, now=NOW)
    publish(session, draft, by=anna.id, now=NOW)
    assert session.scalars(select(CaseAnswerChoice.question_code)).all() == ["lift"]
    found = filterable_questions(session, anna.organisation_id, CaseType.HOUSING)
    assert [each.question.code for each in found] == ["lift"]


def test_an_export_has_a_column_for_every_question_that_ever_was(session: Session, anna: Staff) -> None:
    first = published(session, anna, question("pets"), question("health", sensitive=True))
    case = create_case(session)
    answers = {"pets": False, "health": True}
    keep_answers(session, case_id=case.id, found=first, answers=answers, by=anna.id, now=NOW)
    draft = open_draft(session, anna.organisation_id, CaseType.HOUSING, by=anna.id, now=NOW)
    retire_question(session, draft, "pets", by=anna.id, now=NOW)
    keep_question(session, draft, question("lift"), is_new=True, by=anna.id, now=NOW)
    publish(session, draft, by=anna.id, now=NOW)
    columns = answer_columns(session, anna.organisation_id, CaseType.HOUSING, "it")
    assert [(column.code, column.title) for column in columns] == [
        ("lift", "lift (it)"),
        ("pets", "pets (it)"),
    ]
    assert answer_cells(session, [case.id], "it") == {case.id: {"pets": "No"}}
    with_all = answer_cells(session, [case.id], "it", with_sensitive=True)
    assert with_all == {case.id: {"pets": "No", "health": "Sì"}}
