"""Cards of homes in the conversation: three at a time, each with its picture and its two answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment, ScanState, Storage
from backoffice.case.models import Case
from backoffice.client.schemas import ReplyButton
from backoffice.conversation.models import Conversation
from backoffice.conversation.silence import was_silent
from backoffice.housing_chat.finding import FoundHome, find_homes
from backoffice.housing_chat.seeker import SERVICE, choice, housing_case, tell, topic
from backoffice.housing_chat.wording import card
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.housing_match.service import move_match, propose
from backoffice.housing_need.service import need_of, park_search
from backoffice.listing.models import Listing, ListingPhoto
from translations.catalog import text

AT_ONCE = 3
"""Homes that are shown at once: nobody reads more on a telephone."""


def show_homes(session: Session, conversation: Conversation, *, start: int, now: datetime) -> None:
    """Show the homes that fit from a place of the list on; without any, offer to write when one comes."""
    language, case = conversation.language, housing_case(session, conversation)
    if was_silent(session, conversation.id):
        buttons = [topic("ask_human", language)]
        tell(session, conversation, text("bot.status_locked", language), now=now, buttons=buttons)
        return
    if case is None:
        buttons = [topic("search_housing", language), topic("ask_human", language)]
        tell(session, conversation, text("homes.no_search", language), now=now, buttons=buttons)
        return
    need = need_of(session, case, now=now)
    if need.parked_until is not None:
        park_search(session, need, None, now=now)  # whoever asks for homes looks for one again
    homes = find_homes(session, case, now=now)
    here = homes[start : start + AT_ONCE]
    if here:
        if start == 0:
            tell(session, conversation, text("homes.some", language), now=now)
        show_cards(session, conversation, case, here, now=now)
    key = "homes.more_there" if len(homes) > start + AT_ONCE else "homes.no_more" if homes else "homes.none"
    buttons = _ways_on(language, start + AT_ONCE if key == "homes.more_there" else None, need.tells_of_homes)
    tell(session, conversation, text(key, language), now=now, buttons=buttons)


def show_cards(
    session: Session, conversation: Conversation, case: Case, homes: Sequence[FoundHome], *, now: datetime
) -> list[HousingMatch]:
    """Say one card after the other; each home becomes a match that the household has seen."""
    matches = []
    for home in homes:
        match = propose(
            session, case, home.listing, score=home.score, reasons=home.reasons, by=SERVICE, now=now
        )
        if match.state is MatchState.PROPOSED:
            move_match(session, match, MatchState.SHOWN_TO_SEEKER, by=SERVICE, now=now)
        language = conversation.language
        buttons = [choice("want", language, "want", match.id), choice("no", language, "no", match.id)]
        words, picture = card(home, language, now=now), _picture(session, home.listing)
        tell(session, conversation, words, now=now, buttons=buttons, picture_id=picture)
        matches.append(match)
    return matches


def _ways_on(language: str, further: int | None, is_told: bool) -> list[ReplyButton]:
    more = [] if further is None else [choice("more", language, "show", str(further))]
    told = choice("tell_off", language, "tell", "off") if is_told else choice("tell", language, "tell", "on")
    return [*more, told, topic("ask_human", language)]


def _picture(session: Session, listing: Listing) -> str | None:
    """Return the attachment that is a home's first picture, unless nobody may open it."""
    first = (
        select(ListingPhoto.attachment_id)
        .join(Attachment, Attachment.id == ListingPhoto.attachment_id)
        .where(
            ListingPhoto.listing_id == listing.id,
            Attachment.storage != Storage.ERASED,
            Attachment.scan_state != ScanState.INFECTED,
        )
        .order_by(ListingPhoto.place)
    )
    return session.scalar(first.limit(1))
