"""What is posted from the page of a contract: one function for each form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.care_match.models import CareSide
from backoffice.engagement import forms
from backoffice.engagement.acts import confirms
from backoffice.engagement.beginning import record_hospitality, record_inps
from backoffice.engagement.changing import change_terms
from backoffice.engagement.checks import settle_check
from backoffice.engagement.ending import end, give_notice, record_severance
from backoffice.engagement.errors import EngagementFormInvalid
from backoffice.engagement.models import Engagement, EngagementEnd
from backoffice.engagement.payslips import check_payslip
from backoffice.engagement.queries import checks_of
from backoffice.engagement.service import drop, give_contract, propose, sign, write_terms
from backoffice.engagement.steps import set_step
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from backoffice.posted import Fields, one
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class Posted:
    """Who posts what for which contract, which is locked."""

    session: Session
    staff: Staff
    made: Engagement
    fields: Fields
    now: datetime

    @property
    def by(self) -> str:
        """Who does it."""
        return self.staff.id

    @property
    def confirms(self) -> bool:
        """Whether an unknown minimum is let pass by somebody who may."""
        return confirms(self.staff, wants=one(self.fields, "confirms_unknown") == "yes")

    def day(self, name: str = "on") -> date:
        """Return the day that has to be typed."""
        return forms.wanted_day(self.fields, name)


def _terms(it: Posted) -> None:
    write_terms(it.session, it.made, forms.read_terms(it.fields), by=it.by, now=it.now)


def _propose(it: Posted) -> None:
    propose(it.session, it.made, confirms_unknown=it.confirms, by=it.by, now=it.now)


def _given(it: Posted) -> None:
    give_contract(it.session, it.made, it.day(), by=it.by, now=it.now)


def _sign(it: Posted) -> None:
    sign(it.session, it.made, it.day(), confirms_unknown=it.confirms, by=it.by, now=it.now)


def _inps(it: Posted) -> None:
    number = one(it.fields, "number")[:60] or None
    told_at = forms.read_moment(it.fields, "told_at")
    record_inps(it.session, it.made, told_at, number, by=it.by, now=it.now)


def _hospitality(it: Posted) -> None:
    record_hospitality(it.session, it.made, it.day(), by=it.by, now=it.now)


def _change(it: Posted) -> None:
    change = forms.read_change(it.fields)
    change_terms(it.session, it.made, change, confirms_unknown=it.confirms, by=it.by, now=it.now)


def _step(it: Posted) -> None:
    state = one(it.fields, "state")
    if state not in ("open", "done", "not_needed"):
        raise EngagementFormInvalid
    done_on = forms.day(it.fields, "done_on") or day_in_italy(it.now)
    set_step(
        it.session,
        it.made,
        one(it.fields, "code")[:40],
        done_on=done_on if state == "done" else None,
        not_needed=state == "not_needed",
        document_id=one(it.fields, "document")[:36] or None,
        by=it.by,
        now=it.now,
    )


def _payslip(it: Posted) -> None:
    check_payslip(it.session, it.made, forms.read_payslip(it.fields), by=it.by, now=it.now)


def _check(it: Posted) -> None:
    wanted, outcome = one(it.fields, "check"), forms.words(it.fields, "outcome")
    check = next((each for each in checks_of(it.session, it.made.id) if each.id == wanted), None)
    if check is None:
        raise NotFound
    if outcome is None:
        raise EngagementFormInvalid("outcome")
    settle_check(it.session, check, outcome=outcome, by=it.by, now=it.now)


def _notice(it: Posted) -> None:
    side = _side(it)
    give_notice(it.session, it.made, side, it.day(), by=it.by, now=it.now)


def _end(it: Posted) -> None:
    reason = forms.code(it.fields, "reason", EngagementEnd)
    if reason is None:
        raise EngagementFormInvalid("reason")
    again = one(it.fields, "looks_again") == "yes"
    end(it.session, it.made, it.day(), reason, looks_again=again, by=it.by, now=it.now)


def _severance(it: Posted) -> None:
    eur, paid_on = forms.euros(it.fields, "severance_eur"), forms.day(it.fields, "paid_on")
    record_severance(it.session, it.made, eur=eur, paid_on=paid_on, now=it.now)


def _drop(it: Posted) -> None:
    words = forms.words(it.fields, "words")
    drop(it.session, it.made, _side(it), words=words, by=it.by, now=it.now)


def _side(it: Posted) -> CareSide:
    side = forms.code(it.fields, "side", CareSide)
    if side is None:
        raise EngagementFormInvalid("side")
    return side


POSTED: Mapping[str, Callable[[Posted], None]] = {
    "terms": _terms,
    "propose": _propose,
    "given": _given,
    "sign": _sign,
    "inps": _inps,
    "hospitality": _hospitality,
    "change": _change,
    "step": _step,
    "payslip": _payslip,
    "check": _check,
    "notice": _notice,
    "end": _end,
    "severance": _severance,
    "drop": _drop,
}
"""The forms, by the end of their address."""
