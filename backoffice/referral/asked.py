"""What a person was asked in the chat about sharing their case, and what follows from the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.consent.models import ConsentRequest
from backoffice.consent.queries import ANSWERED_WITHIN, SHARE, requests_of_case, valid_consent
from backoffice.errors import NotFound
from backoffice.referral.forms import OfferForm, last_day
from backoffice.sharing.models import Share, ShareState
from backoffice.sharing.parts import RESTRICTED, CasePart


class Answer(StrEnum):
    """Where a question stands."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"
    UNANSWERED = "unanswered"
    """For so long that it has to be asked anew."""


@dataclass(frozen=True)
class Asked:
    """The newest question about one body, where something is still to be done or to be known."""

    request: ConsentRequest
    answer: Answer


def questions_of_case(session: Session, case: Case, shares: Sequence[Share], *, now: datetime) -> list[Asked]:
    """Return what was asked last about each body; not where a share stands on it, or it was taken back."""
    newest: dict[str, ConsentRequest] = {}
    for request in requests_of_case(session, case.id):
        newest.setdefault(request.organisation_id, request)
    open_to = {
        share.organisation_id
        for share in shares
        if share.state in (ShareState.OFFERED, ShareState.ACCEPTED) and share.until > now
    }
    found = [
        Asked(request, _answer(request, now))
        for request in newest.values()
        if request.organisation_id not in open_to and request.until > now
    ]
    return [each for each in found if each.answer is not Answer.YES or _stands(session, case, each, now)]


def form_of_question(session: Session, case: Case, request_id: str) -> OfferForm:
    """Return the form of an offer as the person agreed to it.

    Raises:
        NotFound: no question of that id about this case, or the person has not said yes.
    """
    asked = {request.id: request for request in requests_of_case(session, case.id)}.get(request_id)
    if asked is None or not asked.agreed:
        raise NotFound
    parts = [CasePart(each) for each in asked.categories if each not in (RESTRICTED, CasePart.SUMMARY)]
    return OfferForm(
        organisation=asked.organisation_id,
        parts=parts,
        restricted=RESTRICTED in asked.categories,
        purpose=asked.purpose,
        until=last_day(asked.until),
    )


def _answer(request: ConsentRequest, now: datetime) -> Answer:
    if request.answered_at is not None:
        return Answer.YES if request.agreed else Answer.NO
    return Answer.UNANSWERED if request.asked_at + ANSWERED_WITHIN <= now else Answer.WAITING


def _stands(session: Session, case: Case, asked: Asked, now: datetime) -> bool:
    consent = valid_consent(
        session,
        person_id=case.person_id,
        purpose=SHARE,
        organisation_id=asked.request.organisation_id,
        categories=asked.request.categories,
        now=now,
    )
    return consent is not None
