"""Contracts for tests: drafted from a match, and brought on as the desk would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_match.models import CareMatch, CareMatchState, CareSide
from backoffice.care_match.service import accept, move_match
from backoffice.case.models import Case
from backoffice.client.schemas import CareLevel, DomesticTask, PayPeriod
from backoffice.conversation.models import Conversation
from backoffice.engagement.beginning import begin, record_inps
from backoffice.engagement.drafting import draft_from_match
from backoffice.engagement.models import Engagement
from backoffice.engagement.service import give_contract, propose, sign, write_terms
from backoffice.engagement.steps import set_step
from backoffice.engagement.terms import TermsFacts
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.factories import NOW, create_conversation, create_staff

TODAY = date(2026, 12, 2)
"""The day in Italy of `NOW`."""

START = date(2026, 12, 7)

FACTS = TermsFacts(
    tasks=(DomesticTask.CARE_DEPENDENT,),
    is_trained=False,
    level=CareLevel.CS,
    live_in=True,
    hours_week=54,
    hours_words="dal lunedì al sabato, 8-13 e 16-20",
    pay_eur=Decimal("1250.00"),
    pay_per=PayPeriod.MONTH,
    has_board=True,
    has_lodging=True,
    place="via Esempio 3, Crema",
    starts_on=START,
    trial_days=30,
)


@dataclass
class Contract:
    """A contract with both cases, its match and somebody of the desk."""

    made: Engagement
    request: Case
    worker: Case
    match: CareMatch
    desk: Staff


def matched(session: Session, *, language: str = "it", **answers: Any) -> CareMatch:
    """Make a match that both have said yes to; the worker has a conversation."""
    worker = create_worker(session, conversation=create_conversation(session, language=language), **answers)
    worker.language = language
    match = create_care_match(session, request=create_request(session), worker=worker)
    accept(session, match, CareSide.WORKER, by="service", now=NOW)
    accept(session, match, CareSide.FAMILY, by="service", now=NOW)
    move_match(session, match, CareMatchState.INTERVIEW, by="service", now=NOW)
    return match


def drafted(session: Session, *, facts: TermsFacts = FACTS, language: str = "it", **answers: Any) -> Contract:
    """Draft a contract, with its terms written down."""
    match = matched(session, language=language, **answers)
    desk = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    made = draft_from_match(session, match, by=desk.id, now=NOW)
    write_terms(session, made, facts, by=desk.id, now=NOW)
    request, worker = session.get_one(Case, match.request_id), session.get_one(Case, match.worker_id)
    return Contract(made, request, worker, match, desk)


def proposed(session: Session, **wanted: Any) -> Contract:
    """Make a contract that has passed the check."""
    contract = drafted(session, **wanted)
    propose(session, contract.made, confirms_unknown=False, by=contract.desk.id, now=NOW)
    return contract


def signed(session: Session, **wanted: Any) -> Contract:
    """Make a contract that both have signed."""
    contract = proposed(session, **wanted)
    made, by = contract.made, contract.desk.id
    set_step(session, made, "permit", done_on=TODAY, not_needed=False, document_id=None, by=by, now=NOW)
    give_contract(session, made, TODAY, by=by, now=NOW)
    sign(session, made, TODAY, confirms_unknown=False, by=by, now=NOW)
    return contract


def running(session: Session, *, now: datetime | None = None, **wanted: Any) -> Contract:
    """Make a contract whose work has begun."""
    contract = signed(session, **wanted)
    record_inps(session, contract.made, NOW, "1234", by=contract.desk.id, now=NOW)
    begin(session, contract.made, by="system", now=now or NOW + timedelta(days=5))
    return contract


def talk(session: Session, contract: Contract) -> Conversation:
    """Return the worker's conversation."""
    return session.get_one(Conversation, contract.worker.conversation_id)


def with_pay(eur: str, per: PayPeriod = PayPeriod.MONTH) -> TermsFacts:
    """Return the usual terms with another pay."""
    return replace(FACTS, pay_eur=Decimal(eur), pay_per=per)
