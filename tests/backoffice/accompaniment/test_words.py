from __future__ import annotations

from backoffice.accompaniment.checklist import STEPS, Milestone, StepGroup, Who
from backoffice.accompaniment.follow_up import ANSWERS
from backoffice.accompaniment.models import StepState
from backoffice.accompaniment.needs import FIELDS, NUMBERS
from backoffice.accompaniment.papers import PAPERS
from backoffice.housing_figures.choices import Advice
from backoffice.housing_figures.costs import CostKind
from backoffice.housing_match.models import MatchSide, RefusalReason
from backoffice.housing_need.models import SearchState
from translations.catalog import has

REST = ("day", "past", "choice")
KEYS = [
    *(f"step.{step.code}" for step in STEPS),
    *(f"step.state_{state.value}" for state in StepState),
    *(f"step_group.{group.value}" for group in StepGroup),
    *(f"step_who.{who.value}" for who in Who),
    *(f"tenancy.{code}" for code in (*(each.value for each in Milestone), "written", "ended")),
    *(f"end_side.{side.value}" for side in MatchSide),
    *(f"refusal_reason.{reason.value}" for reason in RefusalReason),
    *(f"search_state.{state.value}" for state in SearchState),
    *(f"paper.{paper}" for paper in PAPERS),
    *(f"cost.{kind.value}" for kind in CostKind),
    *(f"figures.kind_advice.{advice.value}" for advice in Advice),
    *(f"follow_up.said_{answer}" for answer in ANSWERS),
    *(f"intake.{name}" for name in FIELDS),
    *(f"needs_error.{name}" for name in ("municipalities", *NUMBERS, "needs", *REST)),
]


def test_every_code_of_the_pages_has_its_words() -> None:
    assert [key for key in KEYS if not has(f"backoffice.{key}")] == []
