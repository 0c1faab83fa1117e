from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_figures.minimum import minimum_for
from backoffice.care_figures.terms import Terms
from backoffice.care_match.errors import PayBelowMinimum, sum_of
from backoffice.care_match.models import RefusedOffer
from backoffice.client.schemas import CareLevel, DomesticTask, NightKind, PayPeriod
from backoffice.engagement.acts import act_on
from backoffice.engagement.errors import (
    EngagementMoveRefused,
    LevelTooLow,
    LevelUnknown,
    MinimumUnknown,
    PermitForbids,
    TermsIncomplete,
    TooManyHours,
)
from backoffice.engagement.models import Engagement, EngagementEvent, EngagementState
from backoffice.engagement.service import propose, write_terms
from backoffice.engagement.terms import Offer, TermsFacts, check_offer, offer_of
from tests.backoffice.engagement.contracts import FACTS, START, Contract, drafted, proposed, with_pay
from tests.backoffice.factories import NOW
from translations.catalog import text

TASKS = {
    CareLevel.A: DomesticTask.CLEANING,
    CareLevel.B: DomesticTask.HOUSE_HELPER,
    CareLevel.BS: DomesticTask.CARE_SELF_SUFFICIENT,
    CareLevel.CS: DomesticTask.CARE_DEPENDENT,
    CareLevel.DS: DomesticTask.HOUSE_DIRECTOR,
}


def try_to_propose(session: Session, contract: Contract) -> None:
    propose(session, contract.made, confirms_unknown=False, by=contract.desk.id, now=NOW)


def random_facts(dice: random.Random) -> TermsFacts | None:
    """Return terms below a minimum that a source gives; None where no source gives one."""
    level, live_in = dice.choice(list(TASKS)), dice.random() < 0.5
    hours = dice.randint(5, 54 if live_in else 40)
    per = dice.choice(list(PayPeriod))
    nights = NightKind.NONE if live_in else dice.choice([NightKind.NONE, NightKind.PRESENCE])
    on = date(2026, dice.randint(1, 12), dice.randint(1, 28))
    terms = Terms(on=on, live_in=live_in, hours_week=hours, level=level, nights=nights)
    least = minimum_for(terms, per).amount
    if least is None:
        return None
    short = Decimal(dice.randint(1, max(1, int(least * 100) - 1))) / 100
    return replace(
        FACTS,
        tasks=(TASKS[level],),
        level=level,
        live_in=live_in,
        hours_week=hours,
        nights=nights,
        pay_eur=least - short,
        pay_per=per,
        starts_on=on,
        has_board=None,
        has_lodging=None,
    )


def test_a_thousand_random_offers_below_the_minimum_are_stopped_by_how_much_and_why() -> None:
    dice, stopped = random.Random(7), 0
    while stopped < 1000:
        facts = random_facts(dice)
        if facts is None:
            continue
        offer = offer_of(facts, is_certified=False)
        with pytest.raises(PayBelowMinimum) as refused:
            check_offer(offer)
        error = refused.value
        assert error.short == error.minimum - offer.pay_eur > 0
        said = text(f"backoffice.{error.message}", "it", **error.values)
        for part in (sum_of(error.short), sum_of(error.minimum), offer.level.value, f"{offer.on:%d.%m.%Y}"):
            assert part in said
        assert "2026" in said.rpartition("(")[2]
        stopped += 1


def test_an_offer_at_the_minimum_passes_and_a_cent_below_does_not() -> None:
    offer = offer_of(with_pay("1193.84"), is_certified=False)
    assert check_offer(offer).minimum.table == "pay_2026:live_in_month:CS"
    with pytest.raises(PayBelowMinimum) as refused:
        check_offer(replace(offer, pay_eur=Decimal("1193.83")))
    assert refused.value.short == Decimal("0.01")


def test_the_certificate_that_is_paid_for_raises_the_minimum() -> None:
    with pytest.raises(PayBelowMinimum):
        check_offer(offer_of(with_pay("1200.00"), is_certified=True))


def test_what_passes_is_proposed_with_its_minimum_and_table(session: Session) -> None:
    made = proposed(session).made
    assert (made.state, made.minimum_eur) == (EngagementState.PROPOSED, Decimal("1193.84"))
    assert made.minimum_table == "pay_2026:live_in_month:CS"
    assert session.scalars(select(RefusedOffer)).all() == []


def test_an_offer_below_the_minimum_stays_a_draft_and_is_counted(session: Session) -> None:
    contract = drafted(session, facts=with_pay("1000.00"))
    for _ in range(2):
        refused = act_on(
            session,
            contract.made,
            lambda: try_to_propose(session, contract),
            what="proposed",
            by=contract.desk.id,
            now=NOW,
        )
        assert refused is not None
        assert isinstance(refused.error, PayBelowMinimum)
    assert contract.made.state is EngagementState.DRAFT
    counted = session.scalars(select(RefusedOffer)).all()
    assert [each.short_eur for each in counted] == [Decimal("193.84")] * 2


def test_the_minimum_is_that_of_the_day_of_the_start(session: Session) -> None:
    """The table of 2027 is not known: nothing of 2026 is carried over."""
    contract = drafted(session, facts=replace(FACTS, starts_on=date(2027, 1, 4)))
    with pytest.raises(MinimumUnknown):
        try_to_propose(session, contract)
    propose(session, contract.made, confirms_unknown=True, by=contract.desk.id, now=NOW)
    made = contract.made
    assert (made.state, made.minimum_eur) == (EngagementState.PROPOSED, None)
    events = session.scalars(select(EngagementEvent.after).where(EngagementEvent.engagement_id == made.id))
    assert "minimum_confirmed" in events.all()


def test_a_level_lower_than_the_tasks_is_refused(session: Session) -> None:
    contract = drafted(session, facts=replace(FACTS, level=CareLevel.BS))
    assert contract.made.level_by_tasks is CareLevel.CS
    with pytest.raises(LevelTooLow):
        try_to_propose(session, contract)


def test_training_has_to_be_said_where_the_level_hangs_on_it(session: Session) -> None:
    contract = drafted(session, facts=replace(FACTS, is_trained=None))
    with pytest.raises(TermsIncomplete) as refused:
        try_to_propose(session, contract)
    assert refused.value.missing == ("is_trained",)
    write_terms(session, contract.made, replace(FACTS, is_trained=True), by=contract.desk.id, now=NOW)
    with pytest.raises(LevelTooLow):
        try_to_propose(session, contract)


@pytest.mark.parametrize(("live_in", "hours"), [(True, 55), (False, 41)])
def test_more_hours_than_allowed_are_refused(session: Session, live_in: bool, hours: int) -> None:
    contract = drafted(session, facts=replace(FACTS, live_in=live_in, hours_week=hours))
    with pytest.raises(TooManyHours):
        try_to_propose(session, contract)


def test_what_is_missing_is_named(session: Session) -> None:
    contract = drafted(session, facts=TermsFacts(starts_on=START))
    with pytest.raises(TermsIncomplete) as refused:
        try_to_propose(session, contract)
    assert "pay_eur" in refused.value.missing
    assert "hours_words" in refused.value.missing


def test_no_level_follows_from_no_tasks() -> None:
    with pytest.raises(TermsIncomplete):
        offer_of(replace(FACTS, tasks=()), is_certified=False)
    with pytest.raises(LevelUnknown):
        offer_of(replace(FACTS, starts_on=date(2030, 1, 1)), is_certified=False)


@pytest.mark.parametrize(
    "answers",
    [{"permit_allows_work": "no"}, {"permit_expires_on": date(2026, 12, 1)}, {"permit": "none"}],
)
def test_a_permit_that_does_not_allow_the_work_stops_the_contract(
    session: Session, answers: dict[str, Any]
) -> None:
    contract = drafted(session, **answers)
    with pytest.raises(PermitForbids):
        try_to_propose(session, contract)


def test_a_permit_that_is_being_renewed_or_not_needed_does_not_stop_it(session: Session) -> None:
    for answers in (
        {"permit": "being_renewed", "permit_expires_on": date(2026, 11, 1)},
        {"eu_citizen": True, "permit_expires_on": None},
    ):
        assert proposed(session, **answers).made.state is EngagementState.PROPOSED


def test_terms_that_are_written_again_have_to_pass_again(session: Session) -> None:
    contract = proposed(session)
    write_terms(session, contract.made, with_pay("900.00"), by=contract.desk.id, now=NOW)
    made: Engagement = contract.made
    assert (made.state, made.checked_on, made.minimum_eur) == (EngagementState.DRAFT, None, None)
    with pytest.raises(PayBelowMinimum):
        try_to_propose(session, contract)


def test_nothing_is_proposed_twice(session: Session) -> None:
    contract = proposed(session)
    with pytest.raises(EngagementMoveRefused):
        try_to_propose(session, contract)


def test_an_offer_is_what_the_pay_hangs_on() -> None:
    offer = offer_of(FACTS, is_certified=False)
    assert isinstance(offer, Offer)
    assert (offer.on, offer.has_board, offer.years) == (START, True, Decimal(0))
