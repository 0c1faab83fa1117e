"""Equal service on a page: who is compared with whom, how sure it is, and what rings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.chart.intervals import Estimate, intervals
from backoffice.planning.alarms import WATCHES, Watch, behind, shares_of, splits
from backoffice.planning.equal_service import FEWEST, Behind, Share, wilson
from backoffice.planning.figure import Dimension
from backoffice.planning.panel import Cell, Line, Panel, about, number_cell
from backoffice.planning.told import NotTold, Told
from backoffice.planning.wording import Wording


@dataclass(frozen=True)
class Alarm:
    """Somebody is served worse, in words."""

    watch: Watch
    by: Dimension
    who: str
    share: str
    others: str


@dataclass(frozen=True)
class Watched:
    """One question of equal service with its answers: a panel by language, and one by channel."""

    watch: Watch
    panels: list[Panel]
    alarms: list[Alarm]


def watched(tolds: Mapping[str, Told], period: str, wording: Wording) -> list[Watched]:
    """Return every question, in their order; those whose period is not told have no panels."""
    return [_watched(tolds.get(watch.figure), watch, period, wording) for watch in WATCHES]


def alarms(tolds: Mapping[str, Told], period: str, wording: Wording) -> list[Alarm]:
    """Return who is served worse in a period, over all questions."""
    return [
        alarm
        for watch in WATCHES
        if (told := tolds.get(watch.figure)) is not None
        for by in splits(watch)
        for alarm in _alarms(told, watch, by, period, wording)
    ]


def _watched(told: Told | None, watch: Watch, period: str, wording: Wording) -> Watched:
    if told is None or period not in told.periods:
        return Watched(watch, [], [])
    panels = [_panel(told, watch, by, period, wording) for by in splits(watch)]
    rung = [alarm for by in splits(watch) for alarm in _alarms(told, watch, by, period, wording)]
    return Watched(watch, panels, rung)


def _alarms(told: Told, watch: Watch, by: Dimension, period: str, wording: Wording) -> list[Alarm]:
    return [
        Alarm(
            watch,
            by,
            wording.name(by, each.key),
            wording.percent(each.share.value),
            wording.percent(each.others.value),
        )
        for each in _behind(told, watch, by, period)
    ]


def _behind(told: Told, watch: Watch, by: Dimension, period: str) -> list[Behind[str]]:
    try:
        return behind(told, watch, by, period=period)
    except NotTold:
        return []


def _panel(told: Told, watch: Watch, by: Dimension, period: str, wording: Wording) -> Panel:
    shares = {
        code: share
        for code, share in shares_of(told, watch, by, period=period).items()
        if share is None or share.total
    }
    rung = {each.key for each in _behind(told, watch, by, period)}
    rows = [_estimate(wording.name(by, code), share, code in rung, wording) for code, share in shares.items()]
    lines = [_line(wording.name(by, code), share, code in rung, wording) for code, share in shares.items()]
    who = wording.planning(f"dimension.{by}")
    title = wording.say("watch_by", watch=wording.say(f"watch.{watch.figure}"), who=who.lower())
    panel_id = f"{watch.figure}-{by}"
    said = about(
        panel_id,
        title,
        [None if share is None else share.wrong for share in shares.values()],
        wording,
    )
    chart = intervals(rows, said, percent=[wording.percent(tenth / 10) for tenth in range(11)])
    heads = [
        who,
        *(wording.say(f"watch_{head}") for head in ("total", "wrong", "share", "interval", "alarm")),
    ]
    return Panel(panel_id, title, chart if rows else None, heads, lines)


def _estimate(name: str, share: Share | None, rings: bool, wording: Wording) -> Estimate:
    if share is None:
        return Estimate(name, wording.planning("hidden"), is_hidden=True)
    if share.total < FEWEST:
        return Estimate(name, wording.say("too_few", least=str(FEWEST)))
    low, high = wilson(share)
    shown = wording.percent(share.value)
    return Estimate(
        name,
        wording.say("worse_short", share=shown) if rings else shown,
        share.value,
        low,
        high,
        is_alarm=rings,
    )


def _line(name: str, share: Share | None, rings: bool, wording: Wording) -> Line:
    quiet = Cell("–", is_quiet=True)
    if share is None:
        return Line(name, (number_cell(None, wording), *[quiet] * 4))
    counts = (number_cell(share.total, wording), number_cell(share.wrong, wording))
    if share.total < FEWEST:
        too_few = Cell(wording.say("too_few", least=str(FEWEST)), is_quiet=True)
        return Line(name, (*counts, quiet, quiet, too_few))
    low, high = wilson(share)
    interval = wording.say("interval", low=wording.percent(low), high=wording.percent(high))
    alarm = Cell(wording.say("worse" if rings else "not_worse"), is_alarm=rings)
    return Line(name, (*counts, Cell(wording.percent(share.value)), Cell(interval), alarm))
