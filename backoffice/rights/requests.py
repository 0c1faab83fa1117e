"""Asks a person in the chat whether another body may see parts of their case, and takes the answer.

The ledger keeps the question word for word as it was shown (GDPR art. 7(1): the controller must be able to
demonstrate the consent). A "no" is written down too, and changes nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.audit.service import SERVICE
from backoffice.case.models import Case
from backoffice.client.schemas import CHOICE_PAYLOAD, ReplyButton
from backoffice.consent.aims import Aim
from backoffice.consent.models import Consent, ConsentAnswer, ConsentHow, ConsentRequest
from backoffice.consent.queries import ANSWERED_WITHIN, SHARE, given_to_bodies
from backoffice.consent.service import OnPaper, record_withdrawn
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.rights.errors import BodyUnknown, NoConversation, RequestIncomplete
from backoffice.rights.wording import bullets, last_day_of
from backoffice.sharing.parts import RESTRICTED, CasePart
from backoffice.sharing.service import revoke_for_consent
from backoffice.staff.models import Organisation
from translations.catalog import text

_ORDER = [*(part.value for part in CasePart), RESTRICTED]


@dataclass(frozen=True)
class Question:
    """What staff ask for: which body, which parts, what for (in words that the person reads), until when."""

    organisation_id: str
    parts: frozenset[CasePart]
    purpose: str
    until: datetime
    restricted: bool = False
    aim: Aim | None = None
    """What the person reads as the purpose, in their language; without it they read the words of staff."""

    @property
    def categories(self) -> list[str]:
        """The parts in the order of a case; its summary always, what is restricted only where it is asked."""
        named = {part.value for part in self.parts | {CasePart.SUMMARY}}
        named |= {RESTRICTED} if self.restricted else set()
        return [each for each in _ORDER if each in named]


def ask_consent(
    session: Session, case: Case, question: Question, *, by: str, now: datetime
) -> ConsentRequest:
    """Ask the person of a case in their conversation and language; their answer comes by a button.

    Raises:
        NoConversation: the case came otherwise: consent is given on paper.
        BodyUnknown: no other body of that id.
        RequestIncomplete: no part, no purpose, or an end that is past.
    """
    body = session.get(Organisation, question.organisation_id)
    if body is None or body.id == case.organisation_id:
        raise BodyUnknown
    if case.conversation_id is None:
        raise NoConversation
    if not question.parts or not question.purpose.strip() or question.until <= now:
        raise RequestIncomplete
    conversation = lock_conversation(session, case.conversation_id)
    asked = _request(case, conversation, body, question, by=by, now=now)
    session.add(asked)
    session.flush()
    say(
        session,
        conversation,
        "consent_question",
        now=now,
        buttons=_buttons(asked.id, conversation.language),
        **_values(body, question, conversation.language),
    )
    audit.record(session, by=by, action="consent.asked", subject_kind="case", subject_id=case.id, now=now)
    return asked


def answer_request(
    session: Session, conversation: Conversation, request_id: str, answer: str, *, now: datetime
) -> None:
    """Take the answer of the person: into the ledger, with a sentence that says what it means."""
    asked = session.get(ConsentRequest, request_id)
    if asked is None or asked.conversation_id != conversation.id:
        return
    before = [each for each in given_to_bodies(session, asked.person_id, now=now) if _same_body(each, asked)]
    if answer == "no" and (changed := [each for each in before if each.request_id == asked.id]):
        withdraw_share(session, conversation, changed[0], now=now)  # a yes of the same question, thought over
        return
    if asked.answered_at is not None or asked.asked_at + ANSWERED_WITHIN <= now:
        say(session, conversation, "consent_over", now=now, buttons=_who_sees(conversation.language))
        return
    asked.answered_at, asked.agreed = now, answer == "yes"
    if asked.agreed:
        write_given(session, asked, by=SERVICE, said=OnPaper(ConsentHow.CHAT), now=now)
    for given in [] if asked.agreed else before:  # "no" also ends what was agreed to before
        _take_back(session, given, conversation.id, now=now)
    body = session.get_one(Organisation, asked.organisation_id)
    key = "consent_given" if asked.agreed else "consent_refused"
    buttons = _who_sees(conversation.language) if asked.agreed else []
    say(session, conversation, key, now=now, buttons=buttons, organisation=body.name)


def withdraw_share(session: Session, conversation: Conversation, given: Consent, *, now: datetime) -> None:
    """Take a consent back: the shares that stand on it end at once, and the person is told."""
    _take_back(session, given, conversation.id, now=now)
    body = session.get_one(Organisation, given.organisation_id)
    say(session, conversation, "consent_withdrawn", now=now, organisation=body.name)


def _take_back(session: Session, given: Consent, conversation_id: str, *, now: datetime) -> None:
    record_withdrawn(session, given, by=SERVICE, now=now, conversation_id=conversation_id)
    revoke_for_consent(session, given.id, by=SERVICE, now=now)
    audit.record(
        session,
        by=SERVICE,
        action="consent.withdrawn",
        subject_kind="person",
        subject_id=given.person_id,
        now=now,
    )


def _same_body(given: Consent, asked: ConsentRequest) -> bool:
    return given.organisation_id == asked.organisation_id


def write_given(
    session: Session,
    asked: ConsentRequest,
    *,
    by: str,
    said: OnPaper,
    now: datetime,
) -> Consent:
    """Write a yes into the ledger, with the words of the question."""
    row = Consent(
        person_id=asked.person_id,
        purpose=SHARE,
        answer=ConsentAnswer.GIVEN,
        text_version=version_of(asked.text),
        text=asked.text,
        language=asked.language,
        conversation_id=asked.conversation_id,
        recorded_by=by,
        recorded_at=now,
        organisation_id=asked.organisation_id,
        categories=list(asked.categories),
        expires_at=asked.until,
        how=said.how,
        witness=said.witness,
        given_on=said.on,
        document_id=said.document_id,
        request_id=asked.id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        by=by,
        action="consent.given",
        subject_kind="person",
        subject_id=asked.person_id,
        now=now,
    )
    return row


def _request(
    case: Case, conversation: Conversation, body: Organisation, question: Question, *, by: str, now: datetime
) -> ConsentRequest:
    language = conversation.language
    return ConsentRequest(
        case_id=case.id,
        person_id=case.person_id,
        conversation_id=conversation.id,
        organisation_id=body.id,
        categories=question.categories,
        purpose=question.purpose.strip(),
        until=question.until,
        asked_by=by,
        asked_at=now,
        text=question_text(body, question, language),
        language=language,
    )


def _values(body: Organisation, question: Question, language: str) -> dict[str, str]:
    return {
        "organisation": body.name,
        "parts": bullets(part_names(question.categories, language)),
        "purpose": question.aim.words(language) if question.aim else question.purpose.strip(),
        "until": last_day_of(question.until, language),
    }


def version_of(words: str) -> str:
    """Return the version of a text: it changes with its words."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def question_text(body: Organisation, question: Question, language: str) -> str:
    """Return the question as the person reads it."""
    return text("system.consent_question", language, **_values(body, question, language))


def part_names(categories: Iterable[str], language: str) -> list[str]:
    """Return the parts of a case in the person's words."""
    return [text(f"system.consent_part.{each}", language) for each in categories]


def _buttons(request_id: str, language: str) -> list[ReplyButton]:
    answers = (("yes", "consent_yes"), ("no", "consent_no"))
    return [
        ReplyButton(
            title=text(f"system.button.{title}", language),
            payload=f"{CHOICE_PAYLOAD}consent:{request_id}:{answer}",
            lasting=True,
        )
        for answer, title in answers
    ]


def _who_sees(language: str) -> list[ReplyButton]:
    """The way to change one's mind, without having to write."""
    title = text("system.button.rights_sees", language)
    return [ReplyButton(title=title, payload=f"{CHOICE_PAYLOAD}rights:sees", lasting=True)]
