"""Which level the work is (CCNL lavoro domestico, art. 9): the tasks really done count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backoffice.care_figures.files import LevelsFile
from backoffice.care_figures.rules import levels_on
from backoffice.care_figures.terms import Terms
from backoffice.client.schemas import CareLevel, DomesticTask
from backoffice.housing_figures.figures import Source


class LevelReason(StrEnum):
    """Why a level is proposed."""

    NO_TASKS = "no_tasks"
    HIGHEST_TASK = "highest_task"
    """One task, or the one that asks most of several."""
    SEVERAL_SIMPLE_TASKS = "several_simple_tasks"
    """Several tasks of level A together are level B."""
    COMPANY_ONLY = "company_only"
    COMPANY_WITH_OTHERS = "company_with_others"
    """Company is level AS only when nothing else is done: at least B, the desk decides."""
    DEPENDENT_TRAINED = "dependent_trained"
    DEPENDENT_UNTRAINED = "dependent_untrained"
    DEPENDENT_TRAINING_UNKNOWN = "dependent_training_unknown"
    """At least CS; DS with training."""
    AGREED = "agreed"
    """No tasks were said: the level of the paper."""
    AGREED_ABOVE_TASKS = "agreed_above_tasks"
    TASKS_ABOVE_AGREED = "tasks_above_agreed"


@dataclass(frozen=True)
class Proposal:
    """A level with its reason. With `unknown` it is the least: what decides further was not said."""

    level: CareLevel | None
    reason: LevelReason
    task: DomesticTask | None = None
    unknown: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


def propose_level(
    tasks: Collection[DomesticTask],
    *,
    on: date,
    trained: bool | None = None,
    dependent: bool | None = None,
) -> Proposal:
    """Return the level that the tasks ask for.

    Args:
        tasks: what is really done.
        on: the day that is asked about.
        trained: a diploma, or a course of at least 500 hours with a certificate; None: nobody said.
        dependent: whether the person cared for is not self-sufficient; None: as the tasks say.
    """
    found = levels_on(on)
    if found is None:
        return Proposal(None, LevelReason.NO_TASKS, unknown=("level",))
    file, sources = found
    done = _with_dependence(tasks, dependent=bool(dependent))
    if not done:
        return Proposal(None, LevelReason.NO_TASKS, unknown=("level",), sources=sources)
    asked = {task: _level_of(task, file, trained=trained) for task in DomesticTask if task in done}
    task = max(asked, key=lambda each: file.order.index(asked[each]))
    level, reason = asked[task], LevelReason.HIGHEST_TASK
    is_open = trained is None and level is not CareLevel.DS and bool(set(file.by_training) & done)
    unknown = ("trained",) if is_open else ()
    if task in file.by_training:
        return Proposal(level, _of_training(trained), task, unknown, sources)
    if level is CareLevel.A and len(asked) > 1:
        return Proposal(CareLevel.B, LevelReason.SEVERAL_SIMPLE_TASKS, None, unknown, sources)
    if level is CareLevel.AS and len(asked) > 1:
        return Proposal(
            CareLevel.B, LevelReason.COMPANY_WITH_OTHERS, task, (LevelReason.COMPANY_WITH_OTHERS,), sources
        )
    if level is CareLevel.AS:
        reason = LevelReason.COMPANY_ONLY
    return Proposal(level, reason, task, unknown, sources)


def level_of(terms: Terms) -> Proposal:
    """Return the level that counts: that of the tasks, or the one on paper where it is higher."""
    proposed = propose_level(terms.tasks, on=terms.on, trained=terms.trained, dependent=terms.dependent)
    if terms.level is None:
        return proposed
    if proposed.level is None:
        return Proposal(terms.level, LevelReason.AGREED, sources=proposed.sources)
    if is_lower(terms.level, proposed.level, on=terms.on):
        return Proposal(
            proposed.level,
            LevelReason.TASKS_ABOVE_AGREED,
            proposed.task,
            proposed.unknown,
            proposed.sources,
        )
    if is_lower(proposed.level, terms.level, on=terms.on):
        open_ = tuple(each for each in proposed.unknown if not _settles(terms.level, each))
        return Proposal(terms.level, LevelReason.AGREED_ABOVE_TASKS, proposed.task, open_, proposed.sources)
    return proposed


def is_lower(level: CareLevel, than: CareLevel, *, on: date) -> bool:
    """Tell whether a level is below another on a day.

    Raises:
        ValueError: nobody knows the levels of that day.
    """
    found = levels_on(on)
    if found is None:
        raise ValueError(f"the levels of {on.isoformat()} are not known")
    order = found[0].order
    return order.index(level) < order.index(than)


def _with_dependence(tasks: Collection[DomesticTask], *, dependent: bool) -> set[DomesticTask]:
    """Return the tasks; company and care of a dependent person are care of a dependent person."""
    of_person = {DomesticTask.COMPANY, DomesticTask.CARE_SELF_SUFFICIENT}
    if not dependent or not of_person & set(tasks):
        return set(tasks)
    return (set(tasks) - of_person) | {DomesticTask.CARE_DEPENDENT}


def _level_of(task: DomesticTask, file: LevelsFile, *, trained: bool | None) -> CareLevel:
    if task in file.by_training:
        return CareLevel.DS if trained else CareLevel.CS
    return next(level for level, tasks in file.tasks.items() if task in tasks)


def _of_training(trained: bool | None) -> LevelReason:
    if trained is None:
        return LevelReason.DEPENDENT_TRAINING_UNKNOWN
    return LevelReason.DEPENDENT_TRAINED if trained else LevelReason.DEPENDENT_UNTRAINED


def _settles(level: CareLevel, question: str) -> bool:
    """Tell whether a level on paper leaves a question of the tasks without effect."""
    enough = {"trained": (CareLevel.DS,), LevelReason.COMPANY_WITH_OTHERS: tuple(CareLevel)[3:]}
    return level in enough.get(question, ())
