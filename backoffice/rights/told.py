"""Tells a person who sees their case, and who has looked at it; both end with a way to stop it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.case.privacy import private_ids
from backoffice.case.queries import cases_of_person
from backoffice.client.schemas import CHOICE_PAYLOAD, ReplyButton
from backoffice.consent.models import Consent
from backoffice.consent.queries import given_to_bodies
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.italy import ROME
from backoffice.rights.requests import part_names
from backoffice.rights.wording import bullets, day_of, hour_of, last_day_of
from backoffice.sharing.models import BreakGlass, Share
from backoffice.sharing.parts import RESTRICTED, CasePart
from backoffice.sharing.queries import WITH_PARTS, is_live
from backoffice.staff.models import Organisation, Staff
from translations.catalog import text

LOOKED_WITHIN = timedelta(days=90)
MOST_LINES = 20

_ORDER = [part.value for part in CasePart]


def tell_who_sees(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """Say which bodies see the person's cases, until when and what; a button for each consent stops it."""
    cases = _cases(session, conversation)
    if not cases:
        say(session, conversation, "rights_none", now=now)
        return
    private = private_ids(session, cases)
    told = [case for case in cases if case.id not in private]
    given = given_to_bodies(session, cases[0].person_id, now=now) if not private else []
    lines = [_own_line(case, conversation.language) for case in told]
    lines += _shared_lines(session, told, given, conversation.language, now)
    lines += [_private_line(case, conversation.language) for case in cases if case.id in private]
    say(
        session,
        conversation,
        "rights_sees",
        now=now,
        buttons=_stop_buttons(given, conversation.language),
        lines=bullets(lines),
    )


def tell_who_looked(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """Say which bodies have opened the person's cases, by day; names of staff are not told."""
    cases = _cases(session, conversation)
    private = private_ids(session, cases)
    looked = _looked(session, [case for case in cases if case.id not in private], now)
    if not looked:
        say(session, conversation, "rights_looked_none", now=now)
        return
    language = conversation.language
    lines = [
        text(
            "system.rights_looked_line",
            language,
            day=day_of(datetime.fromisoformat(f"{day}T12:00:00+00:00"), language),
            organisation=body,
            times=str(count),
        )
        for (day, body), count in looked[:MOST_LINES]
    ]
    say(session, conversation, "rights_looked", now=now, lines=bullets(lines))


def _cases(session: Session, conversation: Conversation) -> Sequence[Case]:
    return cases_of_person(session, conversation.person_id) if conversation.person_id else []


def _own_line(case: Case, language: str) -> str:
    return text("system.rights_sees_own", language, organisation=case.organisation.name, number=case.number)


def _private_line(case: Case, language: str) -> str:
    return text("system.rights_private_line", language, number=case.number)


def _shared_lines(
    session: Session, cases: Sequence[Case], given: Sequence[Consent], language: str, now: datetime
) -> list[str]:
    """Return a line for each body; what the person can stop bears the number of its button."""
    ids = [case.id for case in cases]
    shares = session.scalars(
        select(Share).where(Share.case_id.in_(ids), is_live(now)).options(*WITH_PARTS)
    ).all()
    numbers = {consent.id: number for number, consent in enumerate(given, start=1)}
    lines = []
    for share in shares:
        named = sorted((part.value for part in share.parts), key=_ORDER.index)
        named += [RESTRICTED] if share.restricted else []
        line = _line(share.organisation.name, named, share.until, language)
        number = numbers.get(share.consent_id or "")
        lines.append(f"{number}. {line}" if number else line)
    standing = {share.consent_id for share in shares}
    lines += [
        f"{numbers[consent.id]}. {_line(name, consent.categories, consent.expires_at or now, language)}"
        for consent, name in zip(given, _names(session, given), strict=True)
        if consent.id not in standing
    ]
    opened = session.execute(
        select(Organisation.name, BreakGlass.until)
        .join(Organisation, Organisation.id == BreakGlass.organisation_id)
        .where(BreakGlass.case_id.in_(ids), BreakGlass.until > now)
    )
    return lines + [
        text("system.rights_sees_need", language, organisation=row.name, until=hour_of(row.until, language))
        for row in opened
    ]


def _line(organisation: str, parts: Sequence[str], until: datetime, language: str) -> str:
    return text(
        "system.rights_sees_share",
        language,
        organisation=organisation,
        parts=", ".join(part_names(parts, language)),
        until=last_day_of(until, language),
    )


def _names(session: Session, given: Sequence[Consent]) -> list[str]:
    names = {row.id: row.name for row in session.execute(select(Organisation.id, Organisation.name))}
    return [names.get(consent.organisation_id or "", "") for consent in given]


def _stop_buttons(given: Sequence[Consent], language: str) -> list[ReplyButton]:
    return [
        ReplyButton(
            title=text("system.button.rights_stop", language, number=str(number)),
            payload=f"{CHOICE_PAYLOAD}stop:{consent.id}",
            lasting=True,
        )
        for number, consent in enumerate(given, start=1)
    ]


def _looked(session: Session, cases: Sequence[Case], now: datetime) -> list[tuple[tuple[str, str], int]]:
    ids = [case.id for case in cases]
    rows = session.execute(
        select(AuditEntry.at, Staff.id, Organisation.name)
        .join(Staff, Staff.id == AuditEntry.actor)
        .join(Organisation, Organisation.id == Staff.organisation_id)
        .where(
            AuditEntry.subject_kind == "case",
            AuditEntry.subject_id.in_(ids),
            AuditEntry.action.in_(("case.read", "case.read_in_need")),
            AuditEntry.at > now - LOOKED_WITHIN,
        )
    )
    counted = Counter((row.at.astimezone(ROME).date().isoformat(), row.name) for row in rows)
    return sorted(counted.items(), reverse=True)
