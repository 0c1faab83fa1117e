"""An offer goes to the worker first, then the profile to the family; both say yes or no. Flush, never commit.

Each act of the desk is noted in the audit trail. Rights have been asked before, and the match is locked.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.care_match.errors import CareMoveRefused, CareReasonMissing, NobodyToWriteTo, WorkerNotAsked
from backoffice.care_match.interviews import end_interview
from backoffice.care_match.models import CareMatch, CareMatchState, CareRefusal, CareSide
from backoffice.care_match.offered_pay import require_minimum
from backoffice.care_match.reading import record_act
from backoffice.care_match.service import accept, move_match, propose_again, refuse, require_free
from backoffice.care_match.states import MOVES, NAMES_KNOWN, OPEN
from backoffice.care_match.telling import Pay, case_of, reachable, tell, tell_offer, tell_profile
from backoffice.case.models import Case
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.italy import day_in_italy
from backoffice.person.models import Person

S = CareMatchState

BEFORE_BOTH = frozenset({S.PROPOSED, S.WORKER_INFORMED, S.FAMILY_INFORMED})
"""While a side can still say its first yes or no."""

_NO_OF_WORKER = {
    "hours": CareRefusal.HOURS,
    "pay": CareRefusal.PAY,
    "too_far": CareRefusal.TOO_FAR,
    "no": CareRefusal.OTHER,
}
_NO_OF_FAMILY = {
    "experience": CareRefusal.EXPERIENCE,
    "not_now": CareRefusal.NOT_NOW,
    "other": CareRefusal.OTHER,
}
_OTHER = {CareSide.WORKER: CareSide.FAMILY, CareSide.FAMILY: CareSide.WORKER}


def offer(session: Session, match: CareMatch, pay: Pay | None, *, by: str, now: datetime) -> bool:
    """Show the worker the offer, in the chat where possible; tell whether it was, else the desk calls.

    Raises:
        CareMoveRefused: the worker has answered, or the match is over.
        WorkerNotFree: the worker may not be shown to families any more.
        PayBelowMinimum: the pay is below the minimum of the day; the caller counts it (`count_refused`).
    """
    if match.state not in (S.PROPOSED, S.WORKER_INFORMED) or match.worker_said is not None:
        raise CareMoveRefused
    require_free(session, session.get_one(Case, match.worker_id))
    if pay is not None:
        intake = session.get_one(Case, match.request_id).intake
        require_minimum(intake, pay, today=day_in_italy(now))
    move_match(session, match, S.WORKER_INFORMED, by=by, now=now)
    record_act(session, match, "care_match.offered", by=by, now=now)
    return tell_offer(session, match, pay, now=now)


def show_family(session: Session, match: CareMatch, *, by: str, now: datetime) -> bool:
    """Show the family the profile, once the worker said yes; tell whether it was, else the desk calls.

    Raises:
        WorkerNotAsked: the worker has not said yes.
        CareMoveRefused: the family has answered, or the match is over.
    """
    if match.worker_said is not True:
        raise WorkerNotAsked
    if match.state not in BEFORE_BOTH or match.family_said is not None:
        raise CareMoveRefused
    move_match(session, match, S.FAMILY_INFORMED, by=by, now=now)
    record_act(session, match, "care_match.shown", by=by, now=now)
    return tell_profile(session, match, now=now)


def note_answer(
    session: Session,
    match: CareMatch,
    side: CareSide,
    *,
    is_yes: bool,
    reason: CareRefusal | None,
    words: str | None,
    by: str,
    now: datetime,
) -> None:
    """Note the yes or the no of a side, with what follows from it.

    Raises:
        CareMoveRefused: the match is over, or the desk would say yes for somebody.
        CareReasonMissing: a no without a reason that this side can give.
        WorkerNotAsked: the family would say yes before the worker did.
    """
    if is_yes:
        _note_yes(session, match, side, by=by, now=now)
    elif reason is None:
        raise CareReasonMissing
    else:
        _note_no(session, match, side, reason, (words or "").strip() or None, by=by, now=now)
    record_act(session, match, "care_match.answered", by=by, now=now)


def answer_offer(
    session: Session, conversation: Conversation, match_id: str, what: str, *, now: datetime
) -> None:
    """Act on a button; one about somebody else's match changes nothing, one that comes late says so."""
    match = session.get(CareMatch, match_id, with_for_update=True, populate_existing=True)
    is_worker = what == "yes" or what in _NO_OF_WORKER
    if match is None or not (is_worker or what == "meet" or what in _NO_OF_FAMILY):
        return
    side = CareSide.WORKER if is_worker else CareSide.FAMILY
    if session.get_one(Case, case_of(match, side)).conversation_id != conversation.id:
        return
    said = match.worker_said if is_worker else match.family_said
    waits = S.WORKER_INFORMED if is_worker else S.FAMILY_INFORMED
    if match.state is not waits or said is not None:
        say(session, conversation, "care_too_late", now=now)
        return
    is_yes = what in ("yes", "meet")
    say(session, conversation, _thanks(is_worker, is_yes), now=now)
    if is_yes:
        _note_yes(session, match, side, by=SERVICE, now=now)
    else:
        reason = _NO_OF_WORKER[what] if is_worker else _NO_OF_FAMILY[what]
        _note_no(session, match, side, reason, None, by=SERVICE, now=now)


def give_contacts(session: Session, match: CareMatch, *, by: str, now: datetime) -> None:
    """Send each side the other's name and phone, where both said yes and nobody asked not to be called.

    Raises:
        CareMoveRefused: not both have said yes.
        NobodyToWriteTo: nobody could be written to, or nobody may be called.
    """
    if match.state not in NAMES_KNOWN:
        raise CareMoveRefused
    told = [_give_contact(session, match, side, now=now) for side in _OTHER]
    if not any(told):
        raise NobodyToWriteTo
    record_act(session, match, "care_match.contacts_given", by=by, now=now)


def withdraw(session: Session, match: CareMatch, *, by: str, now: datetime) -> None:
    """Take a proposal back; whoever said yes is told that it does not go on.

    Raises:
        CareMoveRefused: it is over, or has become a contract.
    """
    if S.WITHDRAWN not in MOVES[match.state]:
        raise CareMoveRefused
    _tell_not_on(session, match, None, now=now)
    end_interview(session, match, now=now)
    move_match(session, match, S.WITHDRAWN, by=by, now=now)
    record_act(session, match, "care_match.withdrawn", by=by, now=now)


def take_back(session: Session, match: CareMatch, *, by: str, now: datetime) -> None:
    """Take a no or a withdrawal back, so that the worker is proposed again.

    Raises:
        CareMoveRefused: it was neither refused nor withdrawn.
        WorkerNotFree: the worker may not be proposed now.
    """
    propose_again(session, match, by=by, now=now)
    match.interview_at = match.interview_place = match.trial_from = match.trial_until = None
    record_act(session, match, "care_match.proposed_again", by=by, now=now)


def _note_yes(session: Session, match: CareMatch, side: CareSide, *, by: str, now: datetime) -> None:
    if side is CareSide.DESK or match.state not in BEFORE_BOTH:
        raise CareMoveRefused
    if side is CareSide.FAMILY and match.worker_said is not True:
        raise WorkerNotAsked
    accept(session, match, side, by=by, now=now)
    if match.state is S.BOTH_INTERESTED:
        tell(session, match, CareSide.WORKER, "care_both_yes", now=now)
    elif reachable(session, match, CareSide.FAMILY, now=now) is not None:
        show_family(session, match, by=by, now=now)


def _note_no(
    session: Session,
    match: CareMatch,
    side: CareSide,
    reason: CareRefusal,
    words: str | None,
    *,
    by: str,
    now: datetime,
) -> None:
    was_open = match.state in OPEN
    if was_open:
        _tell_not_on(session, match, side, now=now)
    refuse(session, match, side, reason, words=words, by=by, now=now)
    end_interview(session, match, now=now)


def _tell_not_on(session: Session, match: CareMatch, by_side: CareSide | None, *, now: datetime) -> None:
    said = {CareSide.WORKER: match.worker_said, CareSide.FAMILY: match.family_said}
    for side, yes in said.items():
        if yes and side is not by_side:
            tell(session, match, side, "care_not_on", now=now)


def _give_contact(session: Session, match: CareMatch, side: CareSide, *, now: datetime) -> bool:
    other = session.get_one(Case, case_of(match, _OTHER[side]))
    person = session.get_one(Person, other.person_id)
    if not person.name or not person.phone or person.contact.never_call:
        return False
    return tell(session, match, side, "care_contact", now=now, name=person.name, phone=person.phone)


def _thanks(is_worker: bool, is_yes: bool) -> str:
    return f"care_{'offer' if is_worker else 'profile'}_{'yes' if is_yes else 'no'}"
