"""What each side's copy of their data tells of a contract."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from backoffice.own_copy.contracts import contracts_of
from backoffice.rights.choices import answer_choice
from tests.backoffice.engagement.contracts import running, talk
from tests.backoffice.engagement.test_checks import WEEK, first_check


def test_both_get_what_both_signed_and_the_worker_alone_how_it_goes(session: Session) -> None:
    contract = running(session)
    check = first_check(session, contract)
    answer_choice(session, talk(session, contract), f"engagement:{check.id}:no_rest", now=WEEK)
    (of_worker,), (of_family,) = (contracts_of(session, each) for each in (contract.worker, contract.request))
    assert (of_worker.level, of_worker.pay_eur, of_worker.hours_week) == ("CS", Decimal(1250), 54)
    assert of_family.model_copy(update={"checks": of_worker.checks}) == of_worker
    assert [each.answer for each in of_worker.checks] == ["no_rest", None, None]
    assert of_family.checks == []
