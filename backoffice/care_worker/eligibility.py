"""Whether a family assistant may enter the regional register: the rules, asked with what the desk knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from backoffice.care_worker.errors import NotEligible
from backoffice.care_worker.queries import parts_of
from backoffice.case.models import Case

RULE_CODES: tuple[str, ...] = ("adult",)


class RuleState(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    TO_PROVE = "to_prove"


@dataclass(frozen=True)
class RuleView:
    code: str
    state: RuleState


def rules_of(session: Session, case: Case, *, today: date) -> Sequence[RuleView]:
    proofs = parts_of(session, case.id).proofs
    return [RuleView(code, RuleState.MET if code in proofs else RuleState.TO_PROVE) for code in RULE_CODES]


def require_eligible(session: Session, case: Case, *, today: date) -> None:
    """Raises NotEligible."""
    open_rules = [
        rule.code for rule in rules_of(session, case, today=today) if rule.state is not RuleState.MET
    ]
    if open_rules:
        raise NotEligible(open_rules)
