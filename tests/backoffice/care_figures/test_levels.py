from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from backoffice.care_figures.levels import LevelReason, is_lower, level_of, propose_level
from backoffice.care_figures.minimum import check_pay
from backoffice.care_figures.terms import Terms
from backoffice.client.schemas import CareLevel, DomesticTask, PayPeriod, PayVerdict

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    "line",
    [
        # tasks | trained | dependent | level | reason
        "cleaning | - | - | A | highest_task",
        "laundry | - | - | A | highest_task",
        "kitchen_help | - | - | A | highest_task",
        "pets | - | - | A | highest_task",
        "watering | - | - | A | highest_task",
        "cleaning laundry | - | - | B | several_simple_tasks",
        "pets watering kitchen_help | yes | - | B | several_simple_tasks",
        "company | - | - | AS | company_only",
        "company | - | no | AS | company_only",
        "company cleaning | - | - | B | company_with_others",
        "company | no | yes | CS | dependent_untrained",
        "house_helper | - | - | B | highest_task",
        "keeper cleaning | - | - | B | highest_task",
        "ironing | - | - | B | highest_task",
        "waiter | - | - | B | highest_task",
        "gardener | - | - | B | highest_task",
        "driver company | - | - | B | highest_task",
        "babysitting cleaning | - | - | BS | highest_task",
        "care_self_sufficient | yes | - | BS | highest_task",
        "care_self_sufficient cleaning | yes | yes | DS | dependent_trained",
        "cook care_self_sufficient | - | - | C | highest_task",
        "care_dependent cook | no | - | CS | dependent_untrained",
        "care_dependent | yes | - | DS | dependent_trained",
        "care_dependent | - | - | CS | dependent_training_unknown",
        "care_dependent butler | no | - | D | highest_task",
        "care_dependent butler | yes | - | DS | dependent_trained",
        "house_administrator | - | - | D | highest_task",
        "head_cook | - | - | D | highest_task",
        "educator babysitting | - | - | D | highest_task",
        "house_director care_dependent | - | - | DS | highest_task",
    ],
)
def test_the_level_follows_from_what_is_really_done(line: str) -> None:
    tasks, trained, dependent, level, reason = (part.strip() for part in line.split("|"))
    answers = {"yes": True, "no": False, "-": None}
    found = propose_level(
        [DomesticTask(task) for task in tasks.split()],
        on=TODAY,
        trained=answers[trained],
        dependent=answers[dependent],
    )
    assert (found.level, found.reason) == (level, reason)
    assert found.sources


def test_without_tasks_no_level_is_guessed() -> None:
    found = propose_level((), on=TODAY)
    assert (found.level, found.reason, found.unknown) == (None, LevelReason.NO_TASKS, ("level",))


@pytest.mark.parametrize(
    ("paper", "tasks", "level", "reason"),
    [
        ("A", "care_dependent", "CS", "tasks_above_agreed"),
        ("DS", "care_dependent", "DS", "agreed_above_tasks"),
        ("CS", "", "CS", "agreed"),
        ("BS", "babysitting", "BS", "highest_task"),
    ],
)
def test_the_paper_counts_only_where_it_says_more_than_the_tasks(
    paper: str, tasks: str, level: str, reason: str
) -> None:
    terms = Terms(
        on=TODAY,
        live_in=True,
        hours_week=54,
        level=CareLevel(paper),
        tasks=tuple(DomesticTask(task) for task in tasks.split()),
        trained=False,
    )
    found = level_of(terms)
    assert (found.level, found.reason) == (level, reason)


def test_training_that_nobody_asked_about_leaves_a_pay_of_cs_unknown() -> None:
    terms = Terms(
        on=TODAY,
        live_in=True,
        hours_week=54,
        tasks=(DomesticTask.CARE_DEPENDENT,),
        paid_eur=Decimal(1200),
        paid_per=PayPeriod.MONTH,
    )
    found = check_pay(terms)
    assert (found.verdict, found.unknown) == (PayVerdict.UNKNOWN, ("trained",))


def test_levels_are_in_the_order_of_their_pay() -> None:
    order = ["A", "AS", "B", "BS", "C", "CS", "D", "DS"]
    assert [is_lower(CareLevel(low), CareLevel(high), on=TODAY) for low, high in pairwise(order)] == [
        True
    ] * 7
    with pytest.raises(ValueError, match="2029-01-01"):
        is_lower(CareLevel.A, CareLevel.B, on=date(2029, 1, 1))
