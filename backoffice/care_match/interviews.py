"""Interviews and trials: date and place, reminders to both sides, a calendar file. Flush, never commit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from backoffice import calendar_entry
from backoffice.care_match.errors import CareMoveRefused, TrialDaysWrong
from backoffice.care_match.models import CareMatch, CareMatchState, CareSide
from backoffice.care_match.reading import record_act
from backoffice.care_match.service import move_match
from backoffice.care_match.telling import case_of, tell, tell_trial
from backoffice.case.models import Case
from backoffice.conversation.models import Conversation
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.reminder.service import Say, cancel_reminders, plan_reminder
from backoffice.viewing.moments import check_moment, evening_before, shortly_before

S = CareMatchState

LASTS = timedelta(hours=1)
LONGEST_TRIAL = timedelta(days=60)
_SIDES = (CareSide.WORKER, CareSide.FAMILY)


def fix_interview(
    session: Session, match: CareMatch, at: datetime, place: str, *, by: str, now: datetime
) -> None:
    """Give an interview its date and place, or others; both sides are told and reminded.

    Raises:
        CareMoveRefused: not both have said yes, or it has gone further.
        MomentRefused: past, more than 60 days away, or before 8 or after 20 in Italy.
    """
    if match.state not in (S.BOTH_INTERESTED, S.INTERVIEW):
        raise CareMoveRefused
    is_moved = match.interview_at is not None
    match.interview_at, match.interview_place = check_moment(at, now=now), place.strip() or None
    match.version += 1
    move_match(session, match, S.INTERVIEW, by=by, now=now)
    cancel_reminders(session, match.id, now=now)
    for side in _SIDES:
        _plan_reminders(session, match, side, now=now)
        tell(session, match, side, "care_interview_moved" if is_moved else "care_interview_fixed", now=now)
    record_act(session, match, "care_match.interview_fixed", by=by, now=now)


def end_interview(session: Session, match: CareMatch, *, now: datetime) -> None:
    """Remind nobody of an interview any more."""
    cancel_reminders(session, match.id, now=now)


def start_trial(
    session: Session, match: CareMatch, from_on: date, until_on: date, *, by: str, now: datetime
) -> None:
    """Note from when to when a trial is; both sides are told.

    Raises:
        CareMoveRefused: there was no interview yet, or it has gone further.
        TrialDaysWrong: it ends before it begins, or lasts more than 60 days.
    """
    if match.state not in (S.INTERVIEW, S.TRIAL):
        raise CareMoveRefused
    if not from_on <= until_on <= from_on + LONGEST_TRIAL:
        raise TrialDaysWrong
    match.trial_from, match.trial_until = from_on, until_on
    match.version += 1
    move_match(session, match, S.TRIAL, by=by, now=now)
    end_interview(session, match, now=now)
    tell_trial(session, match, now=now)
    record_act(session, match, "care_match.trial", by=by, now=now)


def calendar_file(match: CareMatch, *, title: str, now: datetime) -> bytes:
    """Return the file of an interview that has a date (RFC 5545); a change replaces the old entry."""
    assert match.interview_at is not None
    entry = calendar_entry.Entry(
        uid=match.id,
        sequence=match.version,
        starts_at=match.interview_at,
        ends_at=match.interview_at + LASTS,
        title=title,
        is_off=match.state not in (S.INTERVIEW, S.TRIAL, S.ENGAGED),
        place=match.interview_place,
    )
    return calendar_entry.calendar_file(entry, now=now)


def remind(session: Session, reminder: Reminder, _conversation: Conversation, now: datetime) -> bool:
    """Say that there is an interview; tell whether there still is one to come, and somebody to say it to."""
    match = session.get(CareMatch, reminder.about_id)
    if match is None or match.state is not S.INTERVIEW:
        return False
    if match.interview_at is None or match.interview_at <= now:
        return False
    side = CareSide.WORKER if reminder.case_id == match.worker_id else CareSide.FAMILY
    return tell(session, match, side, reminder.kind.value, now=now)


SAYERS: dict[ReminderKind, Say] = {
    ReminderKind.CARE_INTERVIEW_TOMORROW: remind,
    ReminderKind.CARE_INTERVIEW_SOON: remind,
}


def _plan_reminders(session: Session, match: CareMatch, side: CareSide, *, now: datetime) -> None:
    assert match.interview_at is not None
    case = session.get_one(Case, case_of(match, side))
    if case.conversation_id is None:
        return
    # One reminder of a kind, a match and a moment: the two sides have theirs a minute apart.
    apart = timedelta(minutes=_SIDES.index(side))
    for kind, due_at in (
        (ReminderKind.CARE_INTERVIEW_TOMORROW, evening_before(match.interview_at)),
        (ReminderKind.CARE_INTERVIEW_SOON, shortly_before(match.interview_at)),
    ):
        plan_reminder(
            session,
            kind,
            match.id,
            conversation_id=case.conversation_id,
            case_id=case.id,
            due_at=due_at + apart,
            now=now,
        )
