"""A saved search: the chat writes when a home fits, for who asked for it, and ends with one word.

A home is told of once to a household: `told_at` is set in the transaction that writes the message.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.client.schemas import Mode, Phase
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.conversation.silence import is_silent, was_silent
from backoffice.housing_chat.cards import AT_ONCE, show_cards
from backoffice.housing_chat.finding import FoundHome, find_homes
from backoffice.housing_chat.seeker import SERVICE, choice, housing_case, tell, topic
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.housing_need.models import HousingNeed
from backoffice.housing_need.service import lock_need, need_of, tell_of_homes
from backoffice.housing_need.states import IS_MATCHED
from backoffice.italy import ROME
from translations.catalog import text
from translations.languages import SUPPORTED

FIRST_HOUR, LAST_HOUR = 8, 20
"""By the clocks in Rome: nobody is woken for a home."""

STOP_WORDS = "homes.words.stop"


def tell_when_homes_fit(session: Session, conversation: Conversation, wanted: bool, *, now: datetime) -> None:
    """Begin or end to write to a person when a home fits, and say so. Ending needs no search."""
    language, case = conversation.language, housing_case(session, conversation)
    if case is None or was_silent(session, conversation.id):
        buttons = [topic("search_housing", language)]
        key = "homes.told_off" if not wanted else "homes.no_search"
        tell(session, conversation, text(key, language), now=now, buttons=buttons)
        return
    tell_of_homes(session, need_of(session, case, now=now), wanted, now=now)
    action = "search.tells_on" if wanted else "search.tells_off"
    audit.record(session, by=SERVICE, action=action, subject_kind="case", subject_id=case.id, now=now)
    if wanted:
        words = text("homes.told_on", language, word=stop_word(language))
        buttons = [choice("tell_off", language, "tell", "off"), choice("show", language, "show", "0")]
    else:
        words, buttons = text("homes.told_off", language), [choice("tell", language, "tell", "on")]
    tell(session, conversation, words, now=now, buttons=buttons)


def end_on_word(session: Session, conversation: Conversation, words: str, *, now: datetime) -> None:
    """End a saved search when a message is nothing but a stop word, in any of the languages."""
    if not is_stop_word(words):
        return
    case = housing_case(session, conversation)
    need = session.get(HousingNeed, case.id) if case is not None else None
    if need is not None and need.tells_of_homes:
        tell_when_homes_fit(session, conversation, False, now=now)


def stop_word(language: str) -> str:
    """Return the word that ends a saved search, as a person of this language types it."""
    return text(STOP_WORDS, language).split(",")[0].strip()


def is_stop_word(words: str) -> bool:
    """Tell whether a message is a stop word and nothing else; capitals and marks do not count."""
    return _bare(words) in _stop_words()


@cache
def _stop_words() -> frozenset[str]:
    """Return the words of all languages: every message is held against them."""
    words = {_bare(word) for language in SUPPORTED for word in text(STOP_WORDS, language).split(",")}
    return frozenset(words - {""})


def households_to_tell(session: Session, *, now: datetime) -> list[str]:
    """Return the cases that may be written to now: told of nothing today, not parked; none at night."""
    local = now.astimezone(ROME)
    if not FIRST_HOUR <= local.hour < LAST_HOUR:
        return []
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    told = exists().where(HousingMatch.case_id == HousingNeed.case_id, HousingMatch.told_at >= midnight)
    statement = (
        select(HousingNeed.case_id)
        .join(Case, Case.id == HousingNeed.case_id)
        .where(
            HousingNeed.tells_of_homes.is_(True),
            HousingNeed.state.in_(IS_MATCHED),
            or_(HousingNeed.parked_until.is_(None), HousingNeed.parked_until <= local.date()),
            Case.conversation_id.is_not(None),
            Case.phase != Phase.CLOSED,
            ~told,
        )
        .order_by(HousingNeed.case_id)
    )
    return list(session.scalars(statement))


def tell_household(session: Session, case_id: str, *, now: datetime) -> int:
    """Write to one household of the homes that fit since it was last told, and return how many.

    Nothing while a person of the desk has the conversation, nor after 90 days of silence.
    """
    case = session.get_one(Case, case_id)
    if case.conversation_id is None:
        return 0
    conversation = lock_conversation(session, case.conversation_id)
    need = lock_need(session, case_id)
    if need is None or not _may_be_told(session, conversation, need, now):
        return 0
    new = _new_homes(session, case, now)[:AT_ONCE]
    if not new:
        return 0
    language = conversation.language
    off = choice("tell_off", language, "tell", "off")
    words = text("homes.new", language, word=stop_word(language))
    tell(session, conversation, words, now=now, buttons=[off])
    for match in show_cards(session, conversation, case, new, now=now):
        match.told_at = now
    session.flush()
    return len(new)


def _may_be_told(session: Session, conversation: Conversation, need: HousingNeed, now: datetime) -> bool:
    midnight = now.astimezone(ROME).replace(hour=0, minute=0, second=0, microsecond=0)
    last = session.scalar(select(func.max(HousingMatch.told_at)).where(HousingMatch.case_id == need.case_id))
    return (
        need.tells_of_homes
        and (last is None or last < midnight)
        and conversation.mode in (Mode.ASSISTANT, Mode.CLOSED)
        and not is_silent(session, conversation.id, now=now)
    )


def _new_homes(session: Session, case: Case, now: datetime) -> list[FoundHome]:
    seen = select(HousingMatch.listing_id).where(
        HousingMatch.case_id == case.id,
        or_(HousingMatch.told_at.is_not(None), HousingMatch.state != MatchState.PROPOSED),
    )
    known = set(session.scalars(seen))
    return [home for home in find_homes(session, case, now=now) if home.listing.id not in known]


def _bare(words: str) -> str:
    return words.strip().strip(".!,;:؟۔।。！\"'«»").strip().casefold()
