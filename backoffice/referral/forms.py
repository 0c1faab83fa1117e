"""What the pages of shares post."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from backoffice.client.schemas import CaseType
from backoffice.consent.aims import Aim
from backoffice.italy import ROME
from backoffice.sharing.models import BreakGlassReason, ShareGround, ShareKind
from backoffice.sharing.parts import CasePart
from backoffice.sharing.service import Offer

USUAL_DAYS = 90
"""For how long a share is proposed; whoever offers it may say otherwise."""


class OfferForm(BaseModel):
    """An offer as it is filled in; what is missing is said by the service, and the form is shown again."""

    kind: ShareKind = ShareKind.SHARE
    organisation: str = Field(default="", max_length=36)
    parts: list[CasePart] = []
    restricted: bool = False
    aim: Aim | Literal[""] = ""
    purpose: str = Field(default="", max_length=2000)
    request: str = Field(default="", max_length=2000)
    ground: ShareGround = ShareGround.CONSENT
    ground_words: str = Field(default="", max_length=2000)
    until: date | None = None
    left_parts: list[CasePart] = []

    def offer(self, now: datetime) -> Offer:
        """Return it as the service takes it; it ends with its last day in Rome."""
        last = self.until or proposed_end(now)
        return Offer(
            kind=self.kind,
            organisation_id=self.organisation,
            parts=frozenset(self.parts),
            purpose=self.purpose.strip() or (self.aim.words("it") if self.aim else ""),
            ground=self.ground,
            until=datetime.combine(last + timedelta(days=1), time(0), ROME),
            restricted=self.restricted,
            request=self.request if self.kind is ShareKind.REFERRAL else None,
            ground_words=self.ground_words if self.ground is not ShareGround.CONSENT else None,
            left_parts=frozenset(self.left_parts) if self.kind is ShareKind.TRANSFER else frozenset(),
        )


class NeedForm(BaseModel):
    """An opening in need as it is filled in."""

    number: str = Field(default="", max_length=40)
    reason: BreakGlassReason = BreakGlassReason.LIFE_OR_HEALTH
    words: str = Field(default="", max_length=2000)


def usual_aim(type: CaseType) -> Aim | Literal[""]:
    """Return what a case of a type is mostly shared for."""
    return {CaseType.HOUSING: Aim.HOME, CaseType.CARE_WORK: Aim.WORK}.get(type, "")


def last_day(until: datetime) -> date:
    """Return the last day, in Rome, of what ends at a moment: the day before, where that is midnight."""
    return (until - timedelta(seconds=1)).astimezone(ROME).date()


def proposed_end(now: datetime) -> date:
    """Return the last day that a share is proposed for."""
    return now.astimezone(ROME).date() + timedelta(days=USUAL_DAYS)
