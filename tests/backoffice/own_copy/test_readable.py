"""The copy on paper, in every language."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from backoffice.own_copy.pdf import copy_pdf
from backoffice.own_copy.readable import make_readable, shown_words
from backoffice.staff.roles import Role
from tests.backoffice.factories import create_organisation, create_staff
from tests.backoffice.own_copy.lives import Life, copy_of
from translations.catalog import text
from translations.languages import LANGUAGES

ONE_OF_EACH_SCRIPT = ("it", "uk", "ar", "pa", "bn", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_printed_in_the_persons_language_with_italian_beside(session: Session, language: str) -> None:
    staff = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    partner = create_organisation(session, name="Cooperativa Ponte")
    readable = make_readable(copy_of(Life(session, "canarina", staff, partner, language)))
    assert readable.languages == tuple(dict.fromkeys((language, "it")))
    assert readable.titles == tuple(text("copy.title", each) for each in readable.languages)
    assert not any("{" in words for words in shown_words(readable))
    if language in ONE_OF_EACH_SCRIPT:
        assert copy_pdf(readable).startswith(b"%PDF")
