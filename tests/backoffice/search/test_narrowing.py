from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy.orm import Session

from backoffice.case import queries
from backoffice.case.models import Case, NoteKind
from backoffice.case.permissions import readable_cases, shows
from backoffice.case.queries import (
    CaseFilters,
    Count,
    count_filtered,
    count_list,
    filtered_list,
    page_of_list,
)
from backoffice.case.service import add_note
from backoffice.search import narrowing
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_organisation, create_staff

COORDINATOR = frozenset({Role.COORDINATOR})
PEOPLE = (
    ("Олена Коваленко", "Crema"),
    ("Олена Шевчук", "Crema"),
    ("Іван Коваленко", "Soncino"),
    ("Олена Коваленко", "Soncino"),
    ("Grace Crema", "Soncino"),
    ("Іван Ткаченко", "Crema"),
)
ASKED: tuple[tuple[str, list[str]], ...] = (
    ("Коваленко", ["Іван Коваленко, Soncino", "Олена Коваленко, Crema", "Олена Коваленко, Soncino"]),
    ("олена коваленко", ["Олена Коваленко, Crema", "Олена Коваленко, Soncino"]),
    ("Grace Коваленко", []),
    ("Zzyzx", []),
    ("Zzyzx Олена", []),
    ("Кова Crema", ["Олена Коваленко, Crema"]),
    ("Crema Іван", ["Іван Ткаченко, Crema"]),
    ("Grace Crema", ["Grace Crema, Soncino"]),
    ("Crema Soncino", ["Grace Crema, Soncino"]),
    ("Олена Crema Шевчук", ["Олена Шевчук, Crema"]),
)


@pytest.fixture(params=[0, 1, 2, narrowing.FEW])
def staff(request: pytest.FixtureRequest, session: Session, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """A reader of six cases and another body's, of which few, many or all are more than are gathered."""
    monkeypatch.setattr(narrowing, "FEW", request.param)
    monkeypatch.setattr(narrowing, "COUNTED_TO", 2 * request.param + 1)
    monkeypatch.setattr(queries, "READ_ALONG", 3)
    reader = create_staff(session, roles=COORDINATOR)
    for name, town in PEOPLE:
        create_case(session, person=create_person(session, name=name, phone=None), municipality=town)
    other = create_organisation(session)
    create_case(
        session, person=create_person(session, name="Олена Коваленко", organisation=other), organisation=other
    )
    return reader


def found(session: Session, staff: Staff, words: str) -> list[str]:
    listed = filtered_list(session, readable_cases(staff), CaseFilters(q=words), partial(shows, staff))
    cases = session.scalars(listed.cases).all()
    assert count_filtered(session, listed).number == len(cases)
    newest_first = sorted(cases, key=lambda case: (case.opened_at, case.id), reverse=True)
    for limit in (1, 2, 50):
        assert paged(session, staff, words, limit) == [case.id for case in newest_first]
    return sorted(_shown(session, case) for case in cases)


def paged(session: Session, staff: Staff, words: str, limit: int) -> list[str]:
    """Return the ids of all pages of a search, one after the other."""
    ids: list[str] = []
    cursor = None
    while True:
        listed = filtered_list(session, readable_cases(staff), CaseFilters(q=words), partial(shows, staff))
        page = page_of_list(session, listed, limit=limit, cursor=cursor)
        ids += [case.id for case in page.cases]
        cursor = page.next
        if cursor is None:
            return ids


def _shown(session: Session, case: Case) -> str:
    session.refresh(case, ["person"])
    return f"{case.person.name}, {case.municipality}"


def test_few_or_many_the_same_cases_are_found_and_counted(session: Session, staff: Staff) -> None:
    assert {words: found(session, staff, words) for words, _expected in ASKED} == dict(ASKED)


def test_a_word_of_a_note_and_one_of_the_name_are_found_together(session: Session, staff: Staff) -> None:
    case = create_case(session, person=create_person(session, name="Іван Ткаченко", phone=None))
    add_note(session, case, author_id=staff.id, kind=NoteKind.SHARED, text="Ha un cavallo", now=NOW)
    assert found(session, staff, "cavallo Ткаченко") == ["Іван Ткаченко, Crema"]
    assert found(session, staff, "cavallo Коваленко") == []


def test_all_cases_of_a_person_with_many_are_found(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "FEW", 1)
    reader = create_staff(session, roles=COORDINATOR)
    person = create_person(session, name="Олена Коваленко", phone=None)
    for _ in range(4):
        create_case(session, person=person, municipality="Crema")
    assert found(session, reader, "Коваленко") == ["Олена Коваленко, Crema"] * 4


@pytest.mark.parametrize(
    ("few", "words", "limit", "expected"),
    [
        (0, "Олена", 2, Count(2, is_more=True)),  # a common word: it is not counted on
        (0, "Олена", 50, Count(3, is_more=False)),
        (narrowing.FEW, "Олена", 2, Count(3, is_more=False)),
        (narrowing.FEW, "Zzyzx", 2, Count(0, is_more=False)),
    ],
)
def test_a_list_says_how_many_or_that_there_are_more(
    session: Session, monkeypatch: pytest.MonkeyPatch, few: int, words: str, limit: int, expected: Count
) -> None:
    monkeypatch.setattr(narrowing, "FEW", few)
    reader = create_staff(session, roles=COORDINATOR)
    for name, town in PEOPLE:
        create_case(session, person=create_person(session, name=name, phone=None), municipality=town)
    listed = filtered_list(session, readable_cases(reader), CaseFilters(q=words), partial(shows, reader))
    page = page_of_list(session, listed, limit=limit, cursor=None)
    assert count_list(session, listed, page, is_first=True) == expected
    assert count_list(session, listed, page, is_first=False).is_more is expected.is_more
