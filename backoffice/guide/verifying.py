"""Somebody has looked at a topic's sources again: from today it holds until another day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.guide.errors import BadDates, ReasonMissing, SentenceNotFound
from backoffice.guide.models import TopicVerification
from backoffice.guide.tasks import close_verification
from backoffice.guide.topics import read_guide
from backoffice.italy import day_in_italy
from backoffice.staff.models import Staff

LONGEST_SPAN = timedelta(days=730)
"""Nobody can say for longer that an amount or an office stays as it is."""


def verify_topic(
    session: Session, topic: str, *, valid_to: date | None, source_note: str, by: Staff, now: datetime
) -> TopicVerification:
    """Confirm a topic today, until a day, with where it was checked. `now` is aware.

    Raises:
        SentenceNotFound: the guide has no such topic.
        BadDates: the day is not after today, or more than two years away.
        ReasonMissing: no source is named.
    """
    if topic not in read_guide().topics:
        raise SentenceNotFound
    today = day_in_italy(now)
    if valid_to is None or not today < valid_to <= today + LONGEST_SPAN:
        raise BadDates
    if not source_note.strip():
        raise ReasonMissing
    check = TopicVerification(
        topic=topic,
        verified_on=today,
        valid_to=valid_to,
        by=by.id,
        at=now,
        organisation_id=by.organisation_id,
        source_note=source_note.strip(),
    )
    session.add(check)
    session.flush()
    close_verification(session, topic, by=by.id, now=now)
    audit.record(
        session, by=by.id, action="guide.verified", subject_kind="guide_topic", subject_id=topic, now=now
    )
    return check
