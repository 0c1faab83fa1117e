"""Consents signed or said, and taken back, at the desk: they stand in the ledger of those of the chat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.consent.models import Consent, ConsentHow, ConsentRequest
from backoffice.consent.queries import SHARE, given_to_bodies
from backoffice.consent.service import OnPaper, record_withdrawn
from backoffice.conversation.messages import say
from backoffice.conversation.queries import lock_conversation
from backoffice.errors import NotFound
from backoffice.italy import ROME
from backoffice.person.standing import ids_of_person
from backoffice.rights.errors import BodyUnknown, LaterAnswer, RequestIncomplete, TextChanged
from backoffice.rights.requests import Question, question_text, version_of, write_given
from backoffice.sharing.service import revoke_for_consent
from backoffice.staff.models import Organisation
from translations.languages import SUPPORTED


@dataclass(frozen=True)
class PaperText:
    """The words of a sheet, to be read aloud or signed, and their version."""

    words: str
    version: str
    language: str


def paper_text(
    session: Session, case: Case, question: Question, language: str, *, now: datetime
) -> PaperText:
    """Return the words that the person reads and signs.

    Raises:
        BodyUnknown: no other body of that id.
        RequestIncomplete: no part, no purpose, an end that is past, or a language that is not spoken here.
    """
    body = session.get(Organisation, question.organisation_id)
    if body is None or body.id == case.organisation_id:
        raise BodyUnknown
    is_whole = question.parts and question.purpose.strip() and question.until > now
    if not is_whole or language not in SUPPORTED:
        raise RequestIncomplete
    words = question_text(body, question, language)
    return PaperText(words, version_of(words), language)


def record_on_paper(
    session: Session,
    case: Case,
    question: Question,
    said: OnPaper,
    *,
    by: str,
    now: datetime,
    language: str | None = None,
    version: str | None = None,
) -> Consent:
    """Write down a consent that was signed, or said before a witness.

    Args:
        session: the transaction.
        case: whose person agreed.
        question: to what.
        said: how, before whom, on which day; without a day: today.
        by: a staff id.
        now: the present moment.
        language: of the sheet; the case's where none is named.
        version: of the sheet; where it is named, it must be the one of today's text.

    Raises:
        BodyUnknown: no other body of that id.
        RequestIncomplete: something is missing, the day is to come, or nobody heard what was only said.
        TextChanged: the sheet has another text.
        LaterAnswer: the person has answered about this body after that day.
    """
    said = _dated(said, now)
    text = paper_text(session, case, question, language or case.language, now=now)
    if said.how is ConsentHow.CHAT or (said.how is ConsentHow.ORAL and not said.witness):
        raise RequestIncomplete
    if version is not None and version != text.version:
        raise TextChanged
    if _answered_after(session, case, question.organisation_id, said.on or now.date()):
        raise LaterAnswer
    asked = ConsentRequest(
        case_id=case.id,
        person_id=case.person_id,
        organisation_id=question.organisation_id,
        categories=question.categories,
        until=question.until,
        text=text.words,
        language=text.language,
    )
    return write_given(session, asked, by=by, said=said, now=now)


def withdraw_on_paper(
    session: Session, case: Case, consent_id: str, said: OnPaper, *, by: str, now: datetime
) -> Consent:
    """Write down that a person took a consent back at the desk: the shares that stand on it end at once.

    Taking back is as easy as giving (GDPR art. 7(3)): it needs no witness.

    Raises:
        NotFound: the case's person has no such consent that stands.
        RequestIncomplete: the day is to come.
    """
    given = find_standing(session, case, consent_id, now=now)
    said = _dated(said, now)
    row = record_withdrawn(session, given, by=by, now=now, on_paper=said)
    revoke_for_consent(session, given.id, by=by, now=now)
    audit.record(
        session, by=by, action="consent.withdrawn", subject_kind="person", subject_id=given.person_id, now=now
    )
    if case.conversation_id is not None and not case.person.contact.no_messages:
        body = session.get_one(Organisation, given.organisation_id)
        conversation = lock_conversation(session, case.conversation_id)
        say(session, conversation, "consent_withdrawn", now=now, organisation=body.name)
    return row


def find_standing(session: Session, case: Case, consent_id: str, *, now: datetime) -> Consent:
    """Return a consent of the case's person that stands.

    Raises:
        NotFound: there is none.
    """
    given = given_to_bodies(session, case.person_id, now=now)
    found = next((each for each in given if each.id == consent_id), None)
    if found is None:
        raise NotFound
    return found


def _dated(said: OnPaper, now: datetime) -> OnPaper:
    today = now.astimezone(ROME).date()
    if said.on is not None and said.on > today:
        raise RequestIncomplete
    return replace(said, on=said.on or today, witness=(said.witness or "").strip() or None)


def _answered_after(session: Session, case: Case, organisation_id: str, day: date) -> bool:
    rows = session.execute(
        select(Consent.recorded_at, Consent.given_on).where(
            Consent.person_id.in_(ids_of_person(session, case.person_id)),
            Consent.purpose == SHARE,
            Consent.organisation_id == organisation_id,
        )
    )
    return any((row.given_on or row.recorded_at.astimezone(ROME).date()) > day for row in rows)
