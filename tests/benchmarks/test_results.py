"""The committed pages say what was measured, where, and whether it may be cited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.environment import Environment, look
from benchmarks.lines import Line, Outcome, at_most, ratio_at_most
from benchmarks.register import ALL
from benchmarks.results import BEGIN, END, Result, Results, figure, times

QUIET = Environment("2026-11-26 16:00", "abc1234", "a machine, 2 cores", 0.2)
MET = Line("turn, p50", "ms", 14.0, "plain Rasa", 28.0, ratio_at_most(0.7), (0.4, 0.6))
SHORT = Line("p99 <of all>", "ms", 90.0, target=at_most(60))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "benchmarks.md").write_text(f"# Before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    return tmp_path


def write(docs: Path, **results: Result) -> str:
    kept = Results(docs)
    for key, result in results.items():
        kept.put(key, result)
    Results(docs).write_pages(["b1", "b2"])
    return (docs / "benchmarks.md").read_text(encoding="utf-8")


def test_the_table_replaces_the_one_before_and_leaves_the_rest(docs: Path) -> None:
    result = Result("B2: a turn", QUIET, Outcome([MET, SHORT], ["10 turns"]))
    write(docs, b2=result)
    page = write(docs, b2=result)
    assert page.startswith(f"# Before\n{BEGIN}\n")
    assert page.endswith(f"{END}\nafter\n")
    assert "old" not in page
    row = "| B2 | turn, p50 | 14 ms | plain Rasa 28 | 0.50x (0.40 - 0.60) | ≤ 0.7x | met |"
    assert page.count(row) == 1
    assert "| [B2: a turn](benchmarks/b2.md) | 2026-11-26 16:00 | abc1234 | 0.20 | yes |" in page


def test_a_run_replaces_its_own_results_alone(docs: Path) -> None:
    one = Result("B1: one", QUIET, Outcome([MET]))
    write(docs, b1=one)
    page = write(docs, b2=Result("B2: two", QUIET, Outcome([MET])))
    assert "benchmarks/b1.md" in page
    assert "benchmarks/b2.md" in page


def test_figures_that_count_are_not_replaced_by_those_of_a_short_or_void_run(docs: Path) -> None:
    good = Result("B1: one", QUIET, Outcome([MET]))
    write(docs, b1=good)
    write(docs, b1=replace(good, quick=True))
    assert "| yes |" in write(docs, b1=replace(good, environment=replace(QUIET, load=3.0)))
    assert "no: something was lost" in write(docs, b1=replace(good, outcome=Outcome([MET], wrong=["one"])))


@pytest.mark.parametrize(
    ("result", "standing"),
    [
        (Result("B1: one", replace(QUIET, load=0.51), Outcome([MET])), "no: void"),
        (Result("B1: one", QUIET, Outcome([MET]), quick=True), "no: a short try"),
        (Result("B1: one", QUIET, Outcome([MET], wrong=["a message was lost"])), "no: something was lost"),
    ],
)
def test_what_may_not_be_cited_says_why(docs: Path, result: Result, standing: str) -> None:
    assert standing in write(docs, b1=result)
    assert standing in (docs / "benchmarks" / "b1.md").read_text(encoding="utf-8")


def test_the_chart_says_in_words_what_it_draws(docs: Path) -> None:
    write(docs, b2=Result("B2: a turn", QUIET, Outcome([MET, SHORT, Line("no target", "s", 1.0)])))
    drawn = ElementTree.parse(docs / "benchmarks" / "results.svg").getroot()
    told = drawn.findtext("{http://www.w3.org/2000/svg}desc")
    assert told == (
        "B2: turn, p50: 0.71 of what is allowed, met; B2: p99 <of all>: 1.50 of what is allowed, short"
    )
    assert len(drawn.findall("{http://www.w3.org/2000/svg}rect")) == 3


def test_a_benchmark_with_a_page_of_its_own_keeps_it(docs: Path) -> None:
    page = write(docs, b1=Result("B1: one", QUIET, Outcome([MET]), own_page="relay"))
    assert "(benchmarks/relay.md)" in page
    assert not (docs / "benchmarks" / "b1.md").exists()


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "not measured"), (12345.6, "12,346"), (0.01234, "0.0123"), (3.0, "3")]
)
def test_a_figure_has_the_digits_that_say_something(value: float | None, shown: str) -> None:
    assert figure(value) == shown


def test_the_environment_names_machine_and_commit() -> None:
    here = look()
    assert "cores" in here.machine
    assert here.commit != "unknown"
    assert here.is_void is (here.load > 0.5)


def test_every_benchmark_has_one_key_and_one_way_to_run() -> None:
    keys = [each.key for each in ALL]
    assert len(set(keys)) == len(keys)
    assert {f"b{number}" for number in range(1, 11)} <= set(keys)
    assert all(each.title.count(":") == 1 for each in ALL)


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(1.274, "1.27"), (0.0, "0.00"), (0.01, "0.01"), (0.0033, "0.003"), (12.5, "12.50")],
)
def test_a_ratio_says_something_however_small(ratio: float, shown: str) -> None:
    assert times(ratio) == shown
