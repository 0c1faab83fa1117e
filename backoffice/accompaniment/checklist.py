"""The checklist from the interview to a home that is kept, as data (domain, housing.md 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backoffice.housing_need.models import SearchState


class StepGroup(StrEnum):
    """When a step is done."""

    SEEKER = "seeker"
    SEARCH = "search"
    BEFORE_SIGNING = "before_signing"
    SIGNATURE = "signature"
    AFTER = "after"


class Who(StrEnum):
    """Who does a step; several may."""

    DESK = "desk"
    SEEKER = "seeker"
    OWNER = "owner"
    MEDIATOR = "mediator"


class DeadlineRule(StrEnum):
    """From what a step's last day is computed (`accompaniment.steps.due_of`)."""

    REGISTRATION = "registration"
    HOSPITALITY = "hospitality"


class Milestone(StrEnum):
    """A day of a contract. The step of that day is done with it."""

    SIGNED = "signed"
    KEYS = "keys"
    HOSPITALITY = "hospitality"
    REGISTERED = "registered"


@dataclass(frozen=True)
class Step:
    """One step. `number` is its place in the list, from 1.

    `of_match`: done for one home; the others are done once, and stay when a contract comes to nothing.
    `blocks`: the search does not get there while the step is open.
    """

    number: int
    code: str
    group: StepGroup
    who: tuple[Who, ...]
    of_match: bool = True
    blocks: SearchState | None = None
    deadline: DeadlineRule | None = None
    milestone: Milestone | None = None


_G, _D, _S, _O, _M = StepGroup, Who.DESK, Who.SEEKER, Who.OWNER, Who.MEDIATOR
_SIGNED = SearchState.SIGNED

STEPS: tuple[Step, ...] = (
    Step(1, "interview", _G.SEEKER, (_D, _S), of_match=False),
    Step(2, "budget", _G.SEEKER, (_D, _S), of_match=False),
    Step(3, "folder", _G.SEEKER, (_S,), of_match=False),
    Step(4, "rights", _G.SEEKER, (_D,), of_match=False),
    Step(5, "words", _G.SEEKER, (_M, _S), of_match=False),
    Step(6, "visit_manners", _G.SEEKER, (_M, _S), of_match=False),
    Step(7, "homes_proposed", _G.SEARCH, (_D,), of_match=False),
    Step(8, "visit_fixed", _G.SEARCH, (_D, _M)),
    Step(9, "visit_form", _G.SEARCH, (_D, _S)),
    Step(10, "answers", _G.SEARCH, (_S, _O)),
    Step(11, "owner_title", _G.BEFORE_SIGNING, (_D,), blocks=_SIGNED),
    Step(12, "room_standards", _G.BEFORE_SIGNING, (_D,)),
    Step(13, "contract_explained", _G.BEFORE_SIGNING, (_D, _M), blocks=_SIGNED),
    Step(14, "money_written", _G.BEFORE_SIGNING, (_D, _O), blocks=_SIGNED),
    Step(15, "who_registers", _G.BEFORE_SIGNING, (_O,)),
    Step(16, "notice_rules", _G.BEFORE_SIGNING, (_D,)),
    Step(17, "energy_certificate", _G.BEFORE_SIGNING, (_O,)),
    Step(18, "inventory", _G.BEFORE_SIGNING, (_S, _O)),
    Step(19, "agency_fee", _G.BEFORE_SIGNING, (_D,)),
    Step(20, "draft_read", _G.BEFORE_SIGNING, (_D,)),
    Step(21, "mediator_present", _G.SIGNATURE, (_M,)),
    Step(22, "pages_signed", _G.SIGNATURE, (_S, _O)),
    Step(23, "payment_traced", _G.SIGNATURE, (_S, _O)),
    Step(24, "keys_and_meters", _G.SIGNATURE, (_S, _O), milestone=Milestone.KEYS),
    Step(
        25,
        "hospitality_notice",
        _G.SIGNATURE,
        (_O,),
        deadline=DeadlineRule.HOSPITALITY,
        milestone=Milestone.HOSPITALITY,
    ),
    Step(
        26,
        "registration",
        _G.AFTER,
        (_O,),
        deadline=DeadlineRule.REGISTRATION,
        milestone=Milestone.REGISTERED,
    ),
    Step(27, "utilities", _G.AFTER, (_S,)),
    Step(28, "residence", _G.AFTER, (_S,)),
    Step(29, "permit_address", _G.AFTER, (_S,)),
    Step(30, "doctor_and_school", _G.AFTER, (_S, _D)),
    Step(31, "suitability", _G.AFTER, (_S, _O)),
    Step(32, "follow_up_calls", _G.AFTER, (_D,)),
    Step(33, "close_or_reopen", _G.AFTER, (_D,)),
)

BY_CODE: Mapping[str, Step] = {step.code: step for step in STEPS}


def step_of(milestone: Milestone) -> Step | None:
    """Return the step that is done with a day of the contract."""
    return next((step for step in STEPS if step.milestone is milestone), None)


def blocking(state: SearchState) -> tuple[Step, ...]:
    """Return the steps without which a search does not get to a state."""
    return tuple(step for step in STEPS if step.blocks is state)
