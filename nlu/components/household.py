"""How many people will live in the home, and how many of them are children: said, or counted from a list.

"me, my husband and three kids" is 5; children alone are not a household (contract, intents.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from nlu.components.amounts import Counted
from nlu.components.entity import Entity
from nlu.components.phrase import Phrase, stands_after
from nlu.components.terms import Languages, TermIndex, by_value, own_languages, words_of

_INTENTS: Final = frozenset({"search_housing", "offer_housing", "report_housing_problem", "inform", None})
_LARGEST: Final = 25
_OF_AGE: Final = 18


@dataclass(frozen=True)
class _Member:
    """Somebody in a list: `count` people, 0 where it is not said; `is_grown` makes it a household."""

    count: int
    first: int
    end: int
    is_grown: bool
    is_self: bool = False


def read_people(phrase: Phrase, counted: list[Counted]) -> list[Entity]:
    """Return the number of people of a household, as one entity where it is listed."""
    if phrase.intent not in _INTENTS:
        return []
    return _said(phrase, counted) or _fixed(phrase) or _listed(phrase, counted)


def read_minors(phrase: Phrase, counted: list[Counted], *, asked: bool = False) -> list[Entity]:
    """Return how many children live in the home: what is counted with a word for them, added up.

    `asked`: their number was asked for, so "un neonato" is one; elsewhere "my son" may be of age.
    """
    children = [each for each in counted if each.kind == "children" and not _is_grown_up(each, counted)]
    total = sum(each.number.value for each in children)
    if asked and not counted:
        named = _cues(phrase.languages).child.find(phrase.words)
        return [phrase.entity("minors", len(named), named[0].first, named[-1].end)] if named else []
    if phrase.intent not in _INTENTS or not 0 < total <= _LARGEST:
        return []
    return [phrase.entity("minors", total, children[0].first, children[-1].end)]


def _is_grown_up(child: Counted, counted: list[Counted]) -> bool:
    """Tell whether an age stands behind a child that is none any more: "un figlio di 25 anni"."""
    return any(
        each.kind == "years" and each.number.value >= _OF_AGE and 0 <= each.first - child.end <= 1
        for each in counted
    )


def _said(phrase: Phrase, counted: list[Counted]) -> list[Entity]:
    return [
        phrase.entity("people", each.number.value, each.first, each.end)
        for each in counted
        if 0 < each.number.value <= _LARGEST and _is_people(phrase, each)
    ]


def _is_people(phrase: Phrase, each: Counted) -> bool:
    if each.kind is not None:
        return each.kind == "people"
    cues = _cues(phrase.languages)
    if cues.people_numbers.at(phrase.words, each.first) is not None:
        return True
    cue = cues.before.ending_at(phrase.words, each.first)
    if cue is not None:
        # "per sei mesi", "for two": such words need a number that is surely one.
        is_weak_cue = cue.end - cue.first == 1 and cues.weak_before.at(phrase.words, cue.first) is not None
        return not (is_weak_cue and each.number.is_weak)
    return not each.number.is_weak and stands_after(cues.after, phrase.words, each.end)


def _fixed(phrase: Phrase) -> list[Entity]:
    matches = _cues(phrase.languages).fixed.find(phrase.words)
    # "io sola con due bambini": somebody else is named as well, so the list decides.
    if len(matches) != 1 or _is_followed_by_others(phrase, matches[0].end):
        return []
    return [phrase.entity("people", matches[0].value, matches[0].first, matches[0].end)]


def _is_followed_by_others(phrase: Phrase, position: int) -> bool:
    return stands_after(_cues(phrase.languages).others, phrase.words, position, within=4)


def _listed(phrase: Phrase, counted: list[Counted]) -> list[Entity]:
    members = _members(phrase, counted)
    for first in range(len(members)):
        chain = _chain(phrase, members[first:])
        is_household = any(member.is_grown for member in chain) and all(member.count for member in chain)
        begins_with_self = any(member.is_self for member in chain) or any(
            each.is_grown and each.count > 1 for each in chain
        )
        if is_household and begins_with_self and len(chain) >= 2:
            total = sum(member.count for member in chain)
            return (
                [phrase.entity("people", total, chain[0].first, chain[-1].end)] if total <= _LARGEST else []
            )
    alone = [member for member in members if member.is_grown and not member.is_self and member.count > 1]
    if len(members) == 1 and alone:
        return [phrase.entity("people", alone[0].count, alone[0].first, alone[0].end)]
    return []


def _chain(phrase: Phrase, members: list[_Member]) -> list[_Member]:
    """Return the members that follow each other with no more than "and my" between them."""
    chain = members[:1]
    for member in members[1:]:
        if not all(
            _cues(phrase.languages).links.at(phrase.words, place)
            for place in range(chain[-1].end, member.first)
        ):
            break
        chain.append(member)
    return chain


def _members(phrase: Phrase, counted: list[Counted]) -> list[_Member]:
    numbered = {
        each.first: _Member(each.number.value, each.first, each.end, is_grown=each.kind == "adults")
        for each in counted
        if each.kind in ("adults", "children") and each.number.value <= _LARGEST
    }
    found: list[_Member] = []
    position = 0
    while position < len(phrase.words):
        member = numbered.get(position) or _named(phrase, position)
        if member is not None and not (member.is_self and any(each.is_self for each in found)):
            found.append(member)
        position = member.end if member else position + 1
    return found


def _named(phrase: Phrase, position: int) -> _Member | None:
    cues = _cues(phrase.languages)
    if position == 0 and _begins_with_self(phrase):
        return _Member(1, 0, 1, is_grown=True, is_self=True)
    for index, count, is_self in (
        (cues.self, 1, True),
        (cues.couple, 2, False),
        (cues.one, 1, False),
        (cues.many, 0, False),
    ):
        match = index.at(phrase.words, position)
        if match is not None and not _is_some_of(phrase, match.end):
            return _Member(
                count, position, match.end, is_grown=is_self or index is cues.couple, is_self=is_self
            )
    return None


def _begins_with_self(phrase: Phrase) -> bool:
    """Tell whether a list begins with oneself, in a word that elsewhere is "in" (میں) or "my" (我)."""
    words = phrase.words
    if len(words) < 2 or _cues(phrase.languages).self_first.at(words, 0) is None:
        return False
    between = phrase.message[words[0].end : words[1].start]
    return any(mark in between for mark in ",،、，") or _cues(phrase.languages).links.at(words, 1) is not None


def _is_some_of(phrase: Phrase, position: int) -> bool:
    """Tell "a couple of years" from a couple."""
    return position < len(phrase.words) and phrase.words[position].text == "of"


@dataclass(frozen=True)
class _Cues:
    before: TermIndex[bool]
    after: TermIndex[bool]
    fixed: TermIndex[int]
    self: TermIndex[bool]
    self_first: TermIndex[bool]
    one: TermIndex[bool]
    child: TermIndex[bool]
    couple: TermIndex[bool]
    many: TermIndex[bool]
    others: TermIndex[bool]
    links: TermIndex[bool]
    weak_before: TermIndex[bool]
    people_numbers: TermIndex[bool]


@cache
def _cues(languages: Languages) -> _Cues:
    def index(*path: str) -> TermIndex[bool]:
        return TermIndex(((term, True) for term in words_of(languages, *path)), tolerant=False)

    child = sorted(set(words_of(languages, "members", "one")) & set(words_of(languages, "units", "children")))
    others = (
        *words_of(languages, "members", "one"),
        *words_of(languages, "members", "couple"),
        *words_of(languages, "members", "many"),
        *words_of(languages, "units", "children"),
    )
    return _Cues(
        before=index("before", "people"),
        after=index("after", "people"),
        fixed=TermIndex(
            ((term, int(value)) for term, value in by_value(languages, "fixed", "people")), tolerant=False
        ),
        self=_own_index(languages, "members", "self"),
        self_first=index("members", "self_first"),
        one=index("members", "one"),
        child=TermIndex(((term, True) for term in child), tolerant=False),
        couple=index("members", "couple"),
        many=index("members", "many"),
        links=index("list_links"),
        weak_before=index("weak_before_people"),
        people_numbers=index("people_numbers"),
        others=TermIndex(((term, True) for term in others), tolerant=False),
    )


def _own_index(languages: Languages, *path: str) -> TermIndex[bool]:
    """Index words of the message's own languages: Italian "me" is "with" in Albanian, "in" in Urdu."""
    own = own_languages(languages)
    return TermIndex(((term, True) for term in words_of(own, *path)), tolerant=False)
