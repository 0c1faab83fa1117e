"""Writes mail down, in the transaction of what it tells of, and sends it later."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.mail.kinds import MailKind, body_of, subject_of
from backoffice.mail.models import Mail
from backoffice.mail.transport import MailNotSent, Transport

LEASE = timedelta(minutes=2)
"""Nobody else tries the same mail meanwhile."""

GIVEN_UP_AFTER = timedelta(days=3)
"""No link in a mail is good for longer."""

AT_ONCE = 20


def write_mail(
    session: Session, kind: MailKind, *, organisation_id: str, recipient: str, link: str, now: datetime
) -> None:
    """Write a mail down; it leaves after the commit."""
    session.add(
        Mail(
            organisation_id=organisation_id,
            recipient=recipient,
            subject=subject_of(kind),
            body=body_of(kind, link=link),
            created_at=now,
            next_at=now,
        )
    )


def send_due(database: Database, transport: Transport, *, sender: str, now: datetime) -> int:
    """Send what is due and return how many went out. No transaction is open while a server is talked to."""
    with database.read() as session:
        if session.scalar(select(Mail.id).where(Mail.next_at <= now).limit(1)) is None:
            return 0
    with database.transaction() as session:
        due = select(Mail).where(Mail.next_at <= now).order_by(Mail.next_at).limit(AT_ONCE)
        taken = list(session.scalars(due.with_for_update(skip_locked=True)))
        for mail in taken:
            mail.attempts += 1
            mail.next_at = now + max(LEASE, timedelta(minutes=2 ** min(mail.attempts, 8)))
        letters = [(mail.id, _letter(mail, sender)) for mail in taken]
    return sum(_send(database, transport, number, letter, now=now) for number, letter in letters)


def _letter(mail: Mail, sender: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = mail.recipient
    letter["Subject"] = mail.subject
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(mail.body)
    return letter


def _send(
    database: Database, transport: Transport, number: str, letter: EmailMessage, *, now: datetime
) -> bool:
    is_sent = True
    try:
        transport.send(letter, number=number)
    except MailNotSent:
        is_sent = False
    with database.transaction() as session:
        mail = session.get(Mail, number)
        if mail is not None and (is_sent or mail.created_at < now - GIVEN_UP_AFTER):
            session.delete(mail)
    return is_sent
