"""What is computed for thousands at once is what is computed for one pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.care_match.engine import requests_one_by_one, workers_one_by_one
from backoffice.care_match.preferences import DEFAULT_WEIGHTS
from backoffice.care_match.sides import Request, Worker
from backoffice.care_match.tables import RequestTable, WorkerTable, every_match
from backoffice.matching.scores import Weights
from tests.backoffice.care_match.pairs import DAY, requests, weights, workers

Thing = TypeVar("Thing")


def named(things: list[Thing]) -> dict[str, Thing]:
    return {f"{number:03d}": thing for number, thing in enumerate(things)}


def of_their_own(things: list[Worker]) -> dict[str, Worker]:
    return {key: replace(each, key=key) for key, each in named(things).items()}


many_workers = st.lists(workers, max_size=12).map(of_their_own)
many_requests = st.lists(requests, max_size=12).map(named)


def known_here(request: Request, there: dict[str, Worker]) -> Request:
    """Return the request of a family that knows some of those workers, if it knows any."""
    return replace(request, known=tuple(sorted(there))[: len(request.known)])


@settings(max_examples=250, deadline=None)
@given(request=requests, there=many_workers, set_so=weights)
def test_the_workers_of_a_request_are_those_of_its_pairs_in_the_same_order_with_the_same_scores(
    request: Request, there: dict[str, Worker], set_so: Weights
) -> None:
    request = known_here(request, there)
    assert WorkerTable(there).workers_for(request, set_so) == workers_one_by_one(request, there, set_so)


@settings(max_examples=250, deadline=None)
@given(worker=workers, looking=many_requests, set_so=weights)
def test_the_requests_of_a_worker_are_those_of_its_pairs_in_the_same_order_with_the_same_scores(
    worker: Worker, looking: dict[str, Request], set_so: Weights
) -> None:
    assert RequestTable(looking).requests_for(worker, set_so) == requests_one_by_one(worker, looking, set_so)


@settings(max_examples=40, deadline=None)
@given(looking=many_requests, there=many_workers)
def test_all_with_all_is_each_with_all(looking: dict[str, Request], there: dict[str, Worker]) -> None:
    found = dict(every_match(looking, there, DEFAULT_WEIGHTS))
    assert found == {
        key: workers_one_by_one(request, there, DEFAULT_WEIGHTS) for key, request in looking.items()
    }


def test_requests_that_do_equally_well_stand_the_earlier_first_then_by_their_id() -> None:
    days = {"b": 3, "a": 3, "c": 1}
    alike = {key: Request(starts_on=DAY + timedelta(days=each)) for key, each in days.items()}
    worker = Worker(is_registered=True, shows_profile=True, may_work=True)
    found = RequestTable(alike).requests_for(worker, DEFAULT_WEIGHTS)
    assert [fit.id for fit in found] == ["c", "a", "b"]
    assert len({fit.score for fit in found}) == 1
