"""Wishes that the law does not allow: noticed by the reviewed list, refused and counted; no word is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_request.models import WishGround
from backoffice.care_request.service import refuse_wish
from backoffice.case.models import Case
from backoffice.home_owner.wish_words import FoundWish, wishes_in

WORDS = ("note",)
"""The answers of a request that are free words."""


def refused_wishes(
    session: Session, case: Case, *words: str | None, by: str, now: datetime
) -> list[FoundWish]:
    """Count the wishes that stand in some words, each once, and return them; whoever asks keeps no word."""
    found = wishes_in(*words)
    for ground in dict.fromkeys(each.ground.value for each in found):
        refuse_wish(session, case, WishGround(ground), by=by, now=now)
    return found


def clear_wishes(session: Session, case: Case, *, by: str, now: datetime) -> bool:
    """Take words with such a wish out of the intake of a case, and tell whether there were any."""
    intake: Mapping[str, Any] = case.intake
    found = refused_wishes(session, case, *(intake.get(name) for name in WORDS), by=by, now=now)
    if found:
        case.intake = {name: None if name in WORDS else value for name, value in intake.items()}
        session.flush()
    return bool(found)
