"""Finding few among very many: first whom the rarest words belong to, then everything else about them.

What a list of a million is searched for is either rare, then its few rows are gathered by their tokens, or
common, then walking along the list's order soon meets enough of them. Which of both, the index itself says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
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
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.types import TypeEngine

from backoffice.search.common_tokens import common_tokens_of
from backoffice.search.models import Indexed, SearchToken
from backoffice.search.service import Place, find_search_key
from backoffice.search.tokens import asked_words, token

FEW = 4_000
"""Up to so many rows are gathered and looked at one by one."""
COUNTED_TO = 5 * FEW
"""Words that are more common than this are all the same."""
LOOKED_AT = 400
"""So many subjects of the rarest word tell how many have the other words too."""
MET_SOON = FEW // 4
"""Where more rows than so many are found, walking along the list meets a page of them sooner."""


@dataclass(frozen=True)
class Found:
    """Under which condition a row is found.

    `some`: a condition that only a part of them fulfils, where they are too many to be looked at one by
    one; None: there are few.
    """

    condition: ColumnElement[bool]
    some: ColumnElement[bool] | None = None


@dataclass(frozen=True)
class _Spot:
    """A word in one of the places: its token there, and how many subjects have it, up to `COUNTED_TO`."""

    place: Place
    value: int
    count: int

    @cached_property
    def allowed(self) -> ColumnElement[bool]:
        """Where the reader may look."""
        return true() if self.place.allowed is None else self.place.allowed()

    @property
    def holds(self) -> ColumnElement[bool]:
        """The condition that a row has the word here, looked up row by row."""
        return and_(_has(self.place.subject, self.value), self.allowed)

    @property
    def holds_in_a_walk(self) -> ColumnElement[bool]:
        """The same for thousands of rows: who has the word is read once, where that is not too many."""
        if self.count > COUNTED_TO:
            return self.holds
        # "is true" keeps a planner from gathering their rows after all.
        return and_(self.place.subject.in_(self.subjects).is_(True), self.allowed)

    @property
    def subjects(self) -> Select[str]:
        """A statement for who has the word here."""
        return select(SearchToken.subject_id).where(SearchToken.token == self.value)


@dataclass(frozen=True)
class _Word:
    """A word that was asked for, in the places where somebody has it: elsewhere nobody needs to look."""

    spots: Sequence[_Spot]

    @property
    def count(self) -> int:
        """How many rows, and others that rows refer to, have the word."""
        return sum(spot.count for spot in self.spots)

    @property
    def holds(self) -> ColumnElement[bool]:
        """The condition that a row has the word."""
        return or_(false(), *(spot.holds for spot in self.spots))

    @property
    def holds_in_a_walk(self) -> ColumnElement[bool]:
        """The same for thousands of rows."""
        return or_(false(), *(spot.holds_in_a_walk for spot in self.spots))


@dataclass(frozen=True)
class CommonWord:
    """A word that too many have to be gathered, and only in one place, and the others that were asked for."""

    spot: _Spot
    others: Sequence[_Word]

    @property
    def token(self) -> int:
        """What the word is in the index."""
        return self.spot.value

    def condition(self, has: Callable[[int], ColumnElement[bool]]) -> ColumnElement[bool]:
        """Return the condition that a row which has the word is found, and that the reader may look there.

        Args:
            has: the condition that the row has another token of the same place: who reads along the word may
                know it sooner than the index of words.
        """
        conditions = [self.spot.allowed]
        for word in self.others:
            holds = (
                and_(has(each.value), each.allowed) if each.place is self.spot.place else each.holds
                for each in word.spots
            )
            conditions.append(or_(false(), *holds))
        return and_(*conditions)


@dataclass(frozen=True)
class Search:
    """Words that were looked for, the rarest first, each with how common it is in each place."""

    session: Session
    target: InstrumentedAttribute[str]
    words: Sequence[_Word]

    def common_word_of(self, kind: Indexed) -> CommonWord | None:
        """Return the rarest word, where it is a common one of this place alone."""
        if not self._can_be_found or self.words[0].count <= FEW:
            return None
        spot, *more = self.words[0].spots
        if more or spot.place.kind is not kind:
            return None
        return CommonWord(spot, self.words[1:])

    @property
    def _can_be_found(self) -> bool:
        return bool(self.words) and all(word.spots for word in self.words)

    @property
    def _rest(self) -> ColumnElement[bool]:
        return and_(true(), *(word.holds for word in self.words[1:]))

    def found(self) -> Found:
        """Return the condition that every word is found in one of the places."""
        if not self._can_be_found:
            return Found(false())
        rarest, rest = self.words[0], self._rest
        if rarest.count <= FEW:
            return Found(and_(_is_of(self.session, rarest), rest))
        many = Found(and_(rarest.holds_in_a_walk, rest), some=_some(rarest, rest))
        return many if len(self.words) == 1 else self._gathered(rest) or many

    def _gathered(self, rest: ColumnElement[bool]) -> Found | None:
        """Return the condition where only few have all of several common words."""
        rarest = self.words[0]
        if _have_one_place(self.words):
            column, allowed = rarest.spots[0].place.subject, rarest.spots[0].allowed
            ids = _ids(self.session, _subjects_of_all(self.words))
        elif _are_many(self.session, self.target, rarest, rest):
            return None
        else:
            column, allowed = self.target, true()
            rows = (_rows(self.target, spot).where(spot.allowed, rest) for spot in rarest.spots)
            ids = _ids(self.session, *rows)
        return None if len(ids) > FEW else Found(and_(_is_one_of(self.session, column, ids), allowed))


def search(session: Session, words: str, target: InstrumentedAttribute[str], *places: Place) -> Search:
    """Ask the index how common each word is.

    Args:
        session: of the database that is asked.
        words: as they were typed.
        target: the primary key of what is looked for.
        places: `subject` is the target, or a foreign key in the same table.
    """
    asked = _look_up(session, words, places)
    return Search(session, target, sorted(asked, key=lambda word: word.count))


def _look_up(session: Session, words: str, places: Sequence[Place]) -> list[_Word]:
    """Ask the index, in one statement, how common each word is in each place."""
    key, asked = find_search_key(session), asked_words(words)
    if key is None or not asked:
        return []
    spots = [[(place, token(word, place.kind, key)) for place in places] for word in asked]
    counts = _counts(session, [value for of_word in spots for _, value in of_word])
    known = [[_Spot(place, value, counts[value]) for place, value in of_word] for of_word in spots]
    return [_Word([spot for spot in of_word if spot.count]) for of_word in known]


def _counts(session: Session, values: Sequence[int]) -> Mapping[int, int]:
    """Return how many subjects have each token: up to `COUNTED_TO`, and of common ones as it was lately."""
    common = common_tokens_of(session)
    known = {value: count for value in values if (count := common.get(value)) is not None}
    if asked := [value for value in dict.fromkeys(values) if value not in known]:
        found = dict(session.execute(_counted(session, asked)).all())
        common.keep({value: count for value, count in found.items() if count > FEW})
        known |= found
    return known


def _counted(session: Session, values: Sequence[int]) -> Select[int, int]:
    """Return a statement for how many subjects have each token, counted no further than `COUNTED_TO`."""
    asked = _each(session, values, BigInteger).subquery()
    having = select(literal(1)).where(SearchToken.token == asked.c.value).correlate(asked)
    some = having.limit(COUNTED_TO + 1).subquery()
    count = select(func.count()).select_from(some).scalar_subquery()
    return select(asked.c.value, count.label("count"))


def _is_of(session: Session, word: _Word) -> ColumnElement[bool]:
    """Return the condition that a row has a rare word: whoever has it is gathered, with all rows."""
    return or_(
        *(
            and_(_is_one_of(session, spot.place.subject, _ids(session, spot.subjects)), spot.allowed)
            for spot in word.spots
        )
    )


def _some(word: _Word, rest: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a row is found, and has a common word from one of its first subjects."""
    spot = max(word.spots, key=lambda each: each.count)
    return and_(spot.place.subject.in_(spot.subjects.limit(FEW)), spot.allowed, rest)


def _have_one_place(words: Sequence[_Word]) -> bool:
    """Tell whether all words are found in one place alone, such as the person's name."""
    return len({spot.place.kind for word in words for spot in word.spots}) == 1


def _are_many(
    session: Session, target: InstrumentedAttribute[str], rarest: _Word, rest: ColumnElement[bool]
) -> bool:
    """Tell from the first subjects of the rarest word whether more rows are found than walking needs."""
    spot = max(rarest.spots, key=lambda each: each.count)
    among = _rows(target, spot, of=spot.subjects.limit(LOOKED_AT)).where(rest).subquery()
    share = (session.scalar(select(func.count()).select_from(among)) or 0) / LOOKED_AT
    return share * rarest.count > MET_SOON


def _rows(target: InstrumentedAttribute[str], spot: _Spot, *, of: Select[str] | None = None) -> Select[str]:
    """Return a statement for the rows whose subject has a token, or is one `of` those who have."""
    subjects = (spot.subjects if of is None else of).subquery()
    return select(target).join(subjects, subjects.c.subject_id == spot.place.subject)


def _subjects_of_all(words: Sequence[_Word]) -> Select[str]:
    """Return a statement for the subjects, such as people, to whom all words belong."""
    first, *others = (word.spots[0] for word in words)
    mine = aliased(SearchToken)
    statement = select(mine.subject_id).where(mine.token == first.value)
    for spot in others:
        also = aliased(SearchToken)
        statement = statement.join(also, also.subject_id == mine.subject_id).where(also.token == spot.value)
    return statement


def _ids(session: Session, *statements: Select[str]) -> list[str]:
    """Return what some statements give, no more of each than is needed to know that it is much."""
    limited = [each.limit(FEW + 1) for each in statements]
    return list(dict.fromkeys(found for each in limited for found in session.scalars(each)))


def _has(subject: ColumnElement[str] | InstrumentedAttribute[str], value: int) -> ColumnElement[bool]:
    """Return the condition that a subject has a token, so that no planner reads all who have it."""
    kept = aliased(SearchToken)  # not the one that a statement around it may have
    one = select(literal(1)).where(kept.token == value, kept.subject_id == subject)
    return one.limit(1).scalar_subquery().is_not(None)


def _is_one_of(
    session: Session, column: InstrumentedAttribute[str] | ColumnElement[str], ids: Sequence[str]
) -> ColumnElement[bool]:
    """Return the condition that a row, or what it refers to, is one of many, which are sent as one value."""
    # As a condition on the ids alone it would lead PostgreSQL along the list's order, past all others.
    return column.in_(_each(session, ids, String))


def _each(session: Session, values: Sequence[Any], kind: type[TypeEngine[Any]]) -> Select[Any]:
    """Return a statement that gives these values, which are sent as one, however many they are."""
    if session.get_bind().dialect.name == "postgresql":
        return select(func.unnest(bindparam(None, list(values), ARRAY(kind))).label("value"))
    return select(func.json_each(json.dumps(list(values))).table_valued("value").c.value)
