"""Shares as JSON, and what is posted about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from backoffice.case.models import Case
from backoffice.case.parts import is_own
from backoffice.case.schemas import Document, OrganisationOut, StaffOut
from backoffice.client.schemas import CaseType
from backoffice.referral.access import Access, Ground, Look
from backoffice.referral.queries import Contribution
from backoffice.referral.share_view import ShareView
from backoffice.sharing.models import BreakGlassReason, Share, ShareGround, ShareKind, ShareState
from backoffice.sharing.parts import CasePart
from backoffice.sharing.service import Offer
from backoffice.staff.models import Organisation, Staff

Words = Annotated[str, Field(max_length=2000)]


class ShareOffer(Document):
    """What is offered to another body. `ground_words` explain a ground other than consent.

    `request` belongs to a referral. `left_parts`, of a transfer, are what the former body goes on seeing.
    """

    kind: ShareKind = ShareKind.SHARE
    organisation: Annotated[str, Field(max_length=36)]
    parts: Annotated[list[CasePart], Field(min_length=1)]
    restricted: bool = False
    purpose: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
    request: Words | None = None
    ground: ShareGround
    ground_words: Words | None = None
    until: AwareDatetime
    left_parts: list[CasePart] = Field(default_factory=list)

    def offer(self) -> Offer:
        """Return it as the service takes it."""
        return Offer(
            kind=self.kind,
            organisation_id=self.organisation,
            parts=frozenset(self.parts),
            purpose=self.purpose,
            ground=self.ground,
            until=self.until,
            restricted=self.restricted,
            request=self.request if self.kind is ShareKind.REFERRAL else None,
            ground_words=self.ground_words,
            left_parts=frozenset(self.left_parts) if self.kind is ShareKind.TRANSFER else frozenset(),
        )


class ShareWords(Document):
    """Why it is rejected or revoked, or what came of it."""

    words: Words = ""


class NeedIn(Document):
    """An opening in need: the case's number, the reason, and at least 20 letters that explain it."""

    number: Annotated[str, Field(max_length=40)]
    reason: BreakGlassReason
    words: Words


class SharedCase(Document):
    """The case of a share: before it is accepted the receiver learns the type alone."""

    id: str | None
    number: str | None
    type: CaseType


class ShareOut(Document):
    """A share. Words of the giver are null for the receiver once it is over."""

    id: str
    case: SharedCase
    kind: ShareKind
    giver: OrganisationOut
    receiver: OrganisationOut
    parts: list[CasePart]
    restricted: bool
    left_parts: list[CasePart]
    purpose: str | None
    request: str | None
    ground: ShareGround
    ground_words: str | None
    state: ShareState
    starts_at: datetime
    until: datetime
    offered_at: datetime
    answer_by: datetime
    unanswered: bool
    answered_at: datetime | None
    answer_words: str | None
    ended_at: datetime | None
    outcome: str | None


class ShareList(Document):
    """One page of shares, newest first."""

    items: list[ShareOut]
    next: str | None


class ReasonOut(Document):
    """Why somebody sees a case."""

    ground: Ground
    share: str | None
    parts: list[CasePart] | None
    until: datetime | None


class AccessOut(Document):
    """Somebody who sees a case now."""

    staff: StaffOut
    organisation: OrganisationOut
    reasons: list[ReasonOut]


class LookOut(Document):
    """Somebody has read a case."""

    at: datetime
    name: str | None
    organisation: str | None
    in_need: bool


class CaseAccessOut(Document):
    """Who sees a case and why, and who has looked at it, newest first."""

    access: list[AccessOut]
    looks: list[LookOut]


class ContributionOut(Document):
    """A note of one's own body on another's case."""

    id: str
    number: str
    author: str
    text: str
    created_at: datetime


class ContributionList(Document):
    """One page of contributions, newest first."""

    items: list[ContributionOut]
    next: str | None


def share_out(share: Share, case: Case, staff: Staff, *, now: datetime) -> ShareOut:
    """Return a share as JSON, as somebody who gives or receives it sees it."""
    view = ShareView(staff, now)
    known, words = view.number(share), view.words(share)
    return ShareOut(
        id=share.id,
        case=SharedCase(
            id=case.id if view.leads_to_case(share) or is_own(staff, case) else None,
            number=case.number if known else None,
            type=case.type,
        ),
        kind=share.kind,
        giver=_organisation(share.from_organisation),
        receiver=_organisation(share.organisation),
        parts=share.ordered_parts,
        restricted=share.restricted,
        left_parts=[CasePart(part) for part in share.left_parts],
        purpose=share.purpose if words else None,
        request=share.request if words else None,
        ground=share.ground,
        ground_words=share.ground_words if words else None,
        state=view.state(share),
        starts_at=share.starts_at,
        until=share.until,
        offered_at=share.offered_at,
        answer_by=share.answer_by,
        unanswered=view.unanswered(share),
        answered_at=share.answered_at,
        answer_words=share.answer_words,
        ended_at=share.ended_at,
        outcome=share.outcome,
    )


def case_access_out(access: Sequence[Access], looks: Sequence[Look]) -> CaseAccessOut:
    """Return who sees a case and who has looked, as JSON."""
    return CaseAccessOut(access=[_access(each) for each in access], looks=[_look(each) for each in looks])


def contribution_out(found: Contribution) -> ContributionOut:
    """Return a contribution as JSON."""
    note = found.note
    return ContributionOut(
        id=note.id, number=found.number, author=found.author, text=note.text, created_at=note.created_at
    )


def _access(found: Access) -> AccessOut:
    staff = found.staff
    reasons = [
        ReasonOut(
            ground=reason.ground,
            share=reason.share.id if reason.share else None,
            parts=reason.share.ordered_parts if reason.share else None,
            until=reason.until,
        )
        for reason in found.reasons
    ]
    who = StaffOut(id=staff.id, name=staff.name)
    return AccessOut(staff=who, organisation=_organisation(staff.organisation), reasons=reasons)


def _look(look: Look) -> LookOut:
    return LookOut(at=look.at, name=look.name, organisation=look.organisation, in_need=look.in_need)


def _organisation(organisation: Organisation) -> OrganisationOut:
    return OrganisationOut(id=organisation.id, slug=organisation.slug, name=organisation.name)
