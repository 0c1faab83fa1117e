"""What a household answers to cards of homes: it wants to see one, or says why not, or wants to be told.

`homes:show:<from>`, `homes:want:<match>`, `homes:no:<match>`, `homes:no:<match>:<reason>`,
`homes:tell:on|off`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.conversation.models import Conversation
from backoffice.conversation.silence import was_silent
from backoffice.housing_chat.cards import show_homes
from backoffice.housing_chat.saved_search import tell_when_homes_fit
from backoffice.housing_chat.seeker import SERVICE, choice, own_match, tell, topic
from backoffice.housing_chat.wording import day
from backoffice.housing_match.consequences import REASONS_OF, Consequence
from backoffice.housing_match.models import HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.service import move_match, refuse
from backoffice.housing_match.states import MOVES
from backoffice.housing_need.service import need_of
from backoffice.listing.models import Listing, ListingState
from backoffice.office.service import describe_contact, find_office
from backoffice.viewing.service import ask_for_viewing
from translations.catalog import text

_LONGEST_START = 4


def answer_homes(
    session: Session, conversation: Conversation, parts: Sequence[str], *, now: datetime
) -> None:
    """Act on an answer to a card; one that nobody offered any more changes nothing."""
    match parts:
        case ["show", start] if start.isdecimal() and len(start) <= _LONGEST_START:
            show_homes(session, conversation, start=int(start), now=now)
        case ["want", match_id]:
            _want(session, conversation, match_id, now)
        case ["no", match_id]:
            _ask_why(session, conversation, match_id, now)
        case ["no", match_id, reason]:
            _refuse(session, conversation, match_id, reason, now)
        case ["tell", ("on" | "off") as answer]:
            tell_when_homes_fit(session, conversation, answer == "on", now=now)


def _own(session: Session, conversation: Conversation, match_id: str, now: datetime) -> HousingMatch | None:
    """Return the match, locked; without one say that the home is gone."""
    if was_silent(session, conversation.id):
        show_homes(session, conversation, start=0, now=now)  # which says why nothing is told
        return None
    match = own_match(session, conversation, match_id)
    if match is None:
        _say_gone(session, conversation, now)
        return None
    session.refresh(match, with_for_update=True)
    return match


def _want(session: Session, conversation: Conversation, match_id: str, now: datetime) -> None:
    match = _own(session, conversation, match_id, now)
    if match is None:
        return
    language, listing = conversation.language, session.get_one(Listing, match.listing_id)
    if MatchState.INTERESTED in MOVES[match.state] and match.state is not MatchState.VISIT_FIXED:
        if listing.state is not ListingState.PUBLISHED:
            _say_gone(session, conversation, now)
            return
        move_match(session, match, MatchState.INTERESTED, by=SERVICE, now=now)
        ask_for_viewing(session, match, by=SERVICE, now=now)
        key = "homes.asked"
    elif match.state is MatchState.REFUSED:
        _say_gone(session, conversation, now)
        return
    else:
        key = "homes.asked_already"
    words = [text(key, language, code=listing.code), *_office(session, match, language)]
    buttons = [choice("show", language, "show", "0"), topic("ask_human", language)]
    tell(session, conversation, "\n\n".join(words), now=now, buttons=buttons)


def _office(session: Session, match: HousingMatch, language: str) -> list[str]:
    """Return when the desk answers, and its telephone."""
    office = find_office(session, match.organisation_id)
    if office is None:
        return []
    contact = describe_contact(office, language)
    lines = [text("homes.desk_hours", language, hours=contact.hours)] if contact.hours else []
    return [*lines, *([text("homes.desk_phone", language, phone=contact.phone)] if contact.phone else [])]


def _ask_why(session: Session, conversation: Conversation, match_id: str, now: datetime) -> None:
    match = _own(session, conversation, match_id, now)
    if match is None:
        return
    if match.state is MatchState.REFUSED:
        _say_gone(session, conversation, now)
        return
    language, code = conversation.language, session.get_one(Listing, match.listing_id).code
    buttons = [
        choice(f"reason_{reason.value}", language, "no", match.id, reason.value)
        for reason in REASONS_OF[MatchSide.SEEKER]
    ]
    tell(session, conversation, text("homes.why_not", language, code=code), now=now, buttons=buttons)


def _refuse(session: Session, conversation: Conversation, match_id: str, reason: str, now: datetime) -> None:
    match = _own(session, conversation, match_id, now)
    given = next((each for each in REASONS_OF[MatchSide.SEEKER] if each.value == reason), None)
    if match is None or given is None:
        return
    if match.state is MatchState.REFUSED:
        _say_gone(session, conversation, now)
        return
    consequence = refuse(session, match, MatchSide.SEEKER, given, words=None, by=SERVICE, now=now)
    _say_refused(session, conversation, match, given, consequence, now)


def _say_refused(
    session: Session,
    conversation: Conversation,
    match: HousingMatch,
    reason: RefusalReason,
    consequence: Consequence,
    now: datetime,
) -> None:
    language = conversation.language
    need = need_of(session, session.get_one(Case, match.case_id), now=now)
    again = choice("show", language, "show", "0")
    if consequence.ends_search:
        sentence, buttons = text("homes.ended", language), [topic("search_housing", language)]
    elif consequence.park_days is not None and need.parked_until is not None:
        until = day(need.parked_until, language)
        sentence, buttons = text("homes.parked", language, day=until), [again]
    else:
        key = "homes.refused_change" if reason in _CHANGEABLE else "homes.refused"
        sentence, buttons = text(key, language), [again]
    tell(session, conversation, sentence, now=now, buttons=[*buttons, topic("ask_human", language)])


_CHANGEABLE = (
    RefusalReason.TOO_DEAR,
    RefusalReason.TOO_SMALL,
    RefusalReason.TOO_FAR,
    RefusalReason.STAIRS,
)
"""Reasons that say something of what is looked for: whoever wants other homes may change that."""


def _say_gone(session: Session, conversation: Conversation, now: datetime) -> None:
    language = conversation.language
    buttons = [choice("show", language, "show", "0"), topic("ask_human", language)]
    tell(session, conversation, text("homes.gone", language), now=now, buttons=buttons)
