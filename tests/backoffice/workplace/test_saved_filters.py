from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from backoffice.staff.models import Staff
from backoffice.workplace.errors import FilterRefused, SavedFilterNotFound
from backoffice.workplace.permissions import get_own_filter
from backoffice.workplace.queries import saved_filters
from backoffice.workplace.service import keep_filter, read_query
from tests.backoffice.factories import NOW, create_staff


@pytest.fixture
def amina(session: Session) -> Staff:
    return create_staff(session, name="Amina Haddad")


def test_a_list_is_kept_as_its_address(session: Session, amina: Staff) -> None:
    query = "language=ar&label=casa+popolare&cursor=xyz&evil=1&q=%D8%A8%D9%8A%D8%AA"
    kept = keep_filter(session, staff=amina, name="Casa, arabo", query=query, now=NOW)
    again = read_query(kept.query)
    assert again.filters == {"language": "ar", "label": "casa popolare", "q": "بيت"}
    assert again.cursor == ""


def test_the_same_name_replaces_the_list(session: Session, amina: Staff) -> None:
    keep_filter(session, staff=amina, name="Oggi", query="follow=due", now=NOW)
    keep_filter(session, staff=amina, name="Oggi", query="follow=any", now=NOW)
    assert [each.query for each in saved_filters(session, amina.id)] == ["follow=any"]


@pytest.mark.parametrize(("name", "query"), [("", "mode=waiting"), ("x" * 61, "mode=waiting"), ("Tutte", "")])
def test_a_list_needs_a_name_and_a_filter(session: Session, amina: Staff, name: str, query: str) -> None:
    with pytest.raises(FilterRefused):
        keep_filter(session, staff=amina, name=name, query=query, now=NOW)


def test_a_kept_list_is_nobody_else_s(session: Session, amina: Staff) -> None:
    kept = keep_filter(session, staff=amina, name="Oggi", query="follow=due", now=NOW)
    with pytest.raises(SavedFilterNotFound):
        get_own_filter(session, create_staff(session), kept.id)
