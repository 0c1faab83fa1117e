"""Which words lead to which cases: as the database keeps it, and as it should be."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case_words.models import CaseWord
from backoffice.search.models import SearchToken


def kept(session: Session) -> set[tuple[object, ...]]:
    rows = session.execute(select(CaseWord.token, CaseWord.opened_at, CaseWord.case_id)).all()
    return {tuple(row) for row in rows}


def due(session: Session) -> set[tuple[object, ...]]:
    """What the index of words and the cases say together."""
    of_person = SearchToken.subject_id == Case.person_id
    rows = session.execute(select(SearchToken.token, Case.opened_at, Case.id).join(Case, of_person)).all()
    return {tuple(row) for row in rows}
