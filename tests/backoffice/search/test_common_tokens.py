from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.case.permissions import readable_cases, shows
from backoffice.case.queries import CaseFilters, filtered_list
from backoffice.search import common_tokens, narrowing
from backoffice.search.common_tokens import CommonTokens
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_staff


def numbers(session: Session, staff: Staff, words: str) -> list[str]:
    listed = filtered_list(session, readable_cases(staff), CaseFilters(q=words), partial(shows, staff))
    return sorted(case.number for case in session.scalars(listed.cases))


def tokens_that_are_counted(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[int]]:
    """Return a list that each counting adds its tokens to."""
    counted: list[Sequence[int]] = []
    count = narrowing._counted  # statements show their values to nobody

    def note(session: Session, values: Sequence[int]) -> Select[int, int]:
        counted.append(values)
        return count(session, values)

    monkeypatch.setattr(narrowing, "_counted", note)
    return counted


def test_a_common_word_is_counted_once_and_who_is_new_is_found(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "FEW", 1)
    staff = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    for _ in range(3):
        create_case(session, person=create_person(session, name="Олена Коваленко", phone=None))
    counted = tokens_that_are_counted(monkeypatch)
    assert len(numbers(session, staff, "Коваленко")) == 3
    create_case(session, person=create_person(session, name="Іван Коваленко", phone=None))
    assert len(numbers(session, staff, "Коваленко")) == 4
    first, second = counted
    # The name among people is known; in intakes and notes nobody has it, which may change.
    assert len(set(first) - set(second)) == 1
    assert set(second) < set(first)


def test_a_count_is_kept_for_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr("backoffice.search.common_tokens.time.monotonic", lambda: moment[0])
    tokens = CommonTokens()
    tokens.keep({7: 5000})
    moment[0] += common_tokens.KEPT_SECONDS
    assert tokens.get(7) == 5000
    moment[0] += 1
    assert tokens.get(7) is None
    assert tokens.get(8) is None


def test_no_more_are_kept_than_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common_tokens, "MOST_KEPT", 3)
    tokens = CommonTokens()
    tokens.keep({1: 9, 2: 9})
    tokens.keep({3: 9, 4: 9})
    assert [tokens.get(token) for token in (1, 2, 3, 4)] == [None, None, 9, 9]
