"""Finding few among very many: first whom the rarest words belong to, then everything else about them.

What a list of a million is searched for is either rare, then its few rows are gathered by their tokens, or
common, then walking along the list's order soon meets enough of them. Which of both, the index itself says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from backoffice.search.models import SearchToken
from backoffice.search.service import Place, find_search_key
from backoffice.search.tokens import asked_words, token

FEW = 4_000
"""Up to so many rows are gathered and looked at one by one."""
COUNTED_TO = 5 * FEW
"""Words that are more common than this are all the same."""


@dataclass(frozen=True)
class Found:
    """Under which condition a row is found.

    `some`: the same condition, of a part of the rows that it holds of, where they are too many to be
    looked at one by one; None: there are few.
    """

    condition: ColumnElement[bool]
    some: ColumnElement[bool] | None = None


def search(session: Session, words: str, target: InstrumentedAttribute[str], *places: Place) -> Found:
    """Return the condition that every word is found in one of these places.

    Args:
        session: of the database that is asked.
        words: as they were typed.
        target: the primary key of what is looked for.
        places: `subject` is the target, or a foreign key in the same table.
    """
    key = find_search_key(session)
    asked = [_Word(session, word, target, places, key) for word in asked_words(words)] if key else []
    if not asked:
        return Found(false())
    holds = and_(*(word.holds for word in asked))
    ids = _gathered(session, asked)
    among = and_(_is_one_of(session, target, ids), holds)
    return Found(among) if len(ids) <= FEW else Found(holds, some=among)


class _Word:
    """One word that was asked for: its tokens, how common they are, and statements about them."""

    def __init__(
        self,
        session: Session,
        word: str,
        target: InstrumentedAttribute[str],
        places: Iterable[Place],
        key: bytes,
    ) -> None:
        self.target = target
        self.places = [(place, token(word, place.kind, key)) for place in places]
        self._direct = [value for place, value in self.places if place.subject is target]
        self._via = [(place, value) for place, value in self.places if place.subject is not target]
        self._session = session

    @cached_property
    def direct_count(self) -> int:
        """How many rows have the word themselves."""
        return _count(self._session, self._direct)

    @cached_property
    def count(self) -> int:
        """How many rows, and others that rows refer to, have the word."""
        return self.direct_count + _count(self._session, [value for _place, value in self._via])

    @property
    def holds(self) -> ColumnElement[bool]:
        """The condition that a row has the word, looked up row by row."""
        return or_(*(_allowed(place, _has(place.subject, value)) for place, value in self.places))

    def rows(self) -> list[Select[str]]:
        """Statements that together give the ids of every row that has the word."""
        return [*self.direct_rows(), *self.common_with([])]

    def direct_rows(self) -> list[Select[str]]:
        """A statement for the rows that have the word themselves, where words are looked for there."""
        if not self._direct:
            return []
        mine = SearchToken.token.in_(self._direct)
        return [select(self.target).join(SearchToken, SearchToken.subject_id == self.target).where(mine)]

    def common_with(self, others: Sequence[_Word]) -> list[Select[str]]:
        """Statements for the rows all of whose words belong to one other subject, such as the person."""
        found = []
        for number, (place, value) in enumerate(self._via):
            first = aliased(SearchToken)
            statement = select(self.target).join(first, first.subject_id == place.subject)
            statement = statement.where(first.token == value)
            for other in others:
                also = aliased(SearchToken)
                statement = statement.join(also, also.subject_id == first.subject_id)
                statement = statement.where(also.token == other._via[number][1])
            found.append(statement)
        return found


def _gathered(session: Session, asked: Sequence[_Word]) -> list[str]:
    """Return the ids of all rows that may be found, or of more than `FEW` of them."""
    if len(asked) == 1:
        return _ids(session, asked[0].rows())
    rarest, *others = sorted(asked, key=lambda word: word.count)
    if rarest.count <= FEW:
        return _ids(session, rarest.rows()) if rarest.count else []
    by_themselves = [rows for word in asked if word.direct_count for rows in word.direct_rows()]
    if any(word.direct_count > FEW for word in asked):
        by_themselves = rarest.rows()
    holds = and_(*(word.holds for word in asked))
    return _ids(session, [*rarest.common_with(others), *(rows.where(holds) for rows in by_themselves)])


def _ids(session: Session, statements: Sequence[Select[str]]) -> list[str]:
    """Return what some statements give, no more of each than is needed to know that it is much."""
    limited = [each.limit(FEW + 1) for each in statements]
    return list(dict.fromkeys(found for each in limited for found in session.scalars(each)))


def _count(session: Session, values: Sequence[int]) -> int:
    """Return how many subjects have one of some tokens, counted no further than `COUNTED_TO`."""
    if not values:
        return 0
    some = _subjects(values).limit(COUNTED_TO + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _subjects(values: Sequence[int]) -> Select[str]:
    return select(SearchToken.subject_id).where(SearchToken.token.in_(values))


def _has(subject: ColumnElement[str] | InstrumentedAttribute[str], value: int) -> ColumnElement[bool]:
    """Return the condition that a subject has a token, so that no planner reads all who have it."""
    kept = aliased(SearchToken)  # not the one that a statement around it may have
    one = select(literal(1)).where(kept.token == value, kept.subject_id == subject)
    return one.limit(1).scalar_subquery().is_not(None)


def _allowed(place: Place, holds: ColumnElement[bool]) -> ColumnElement[bool]:
    return holds if place.allowed is None else and_(holds, place.allowed)


def _is_one_of(
    session: Session, target: InstrumentedAttribute[str], ids: Sequence[str]
) -> ColumnElement[bool]:
    """Return the condition that a row is one of many, which are sent as one value."""
    if session.get_bind().dialect.name == "postgresql":
        return target == func.any(bindparam(None, list(ids), ARRAY(String)))
    each = func.json_each(json.dumps(list(ids))).table_valued("value")
    return target.in_(select(each.c.value))
