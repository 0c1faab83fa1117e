"""Alerts and dashboard ask for figures that there are, and every alert is explained."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

import actions.metrics
import backoffice.client.metrics
import backoffice.metrics.counters
import bot.metrics
from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.metrics.state import StateCollector
from backoffice.tables import load_tables

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARD = ROOT / "deploy" / "grafana" / "sportello.json"
DOCUMENT = ROOT / "docs" / "watching.md"
OF_PROMETHEUS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}


def rules() -> list[Any]:
    groups = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def asked_on_the_dashboard() -> Iterator[str]:
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the labels of every figure that a process tells, by the figure's name."""
    found: dict[str, set[str]] = {}
    for module in (actions.metrics, backoffice.client.metrics, backoffice.metrics.counters, bot.metrics):
        for metric in vars(module).values():
            if hasattr(metric, "_labelnames"):
                _add(found, metric._name, metric._type, set(metric._labelnames))
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('watching') / 'x.db'}")
    load_tables().create_all(database.engine)
    registry = CollectorRegistry()
    registry.register(StateCollector(database, utc_now))
    for family in registry.collect():
        _add(found, family.name, family.type, {name for each in family.samples for name in each.labels})
    database.close()
    return found


def _add(found: dict[str, set[str]], name: str, kind: str, labels: set[str]) -> None:
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(kind, ("",))
    found |= {f"{name}{ending}": labels | ({"le"} if ending == "_bucket" else set()) for ending in endings}


def test_every_figure_that_is_asked_for_is_told(told: dict[str, set[str]]) -> None:
    for written in [*asked_on_the_dashboard(), *(rule["expr"] for rule in rules())]:
        expression = re.sub(r'"[^"]*"', '""', written)
        named = set(re.findall(r"\b(?:sportello_[a-z_]+|process_[a-z_]+|up)\b", expression))
        assert named, expression
        assert named <= told.keys() | OF_PROMETHEUS, expression
        for name, wanted in re.findall(r"(sportello_[a-z_]+)\{([^}]*)\}", expression):
            labels = set(re.findall(r"([a-z_]+)(?==~|!=|!~|=)", wanted))
            assert labels <= told[name] | {"job", "instance"}, expression


def test_every_figure_and_every_alert_is_explained(told: dict[str, set[str]]) -> None:
    document = DOCUMENT.read_text()
    for name in told:
        bare = re.sub(r"_(bucket|count|sum|total)$", "", name)
        assert f"`{bare}" in document, bare
    for rule in rules():
        assert f"`{rule['alert']}`" in document, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith(".")


def test_no_figure_has_a_label_that_could_name_a_person(told: dict[str, set[str]]) -> None:
    allowed = {
        *{"action", "address", "channel", "duty", "language", "le", "method"},
        *{"outcome", "route", "state", "status", "urgent"},
    }
    assert set().union(*told.values()) <= allowed


def test_prometheus_asks_every_process_of_compose() -> None:
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text())["services"]
    scraped = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]
    addresses = [each["targets"] for job in scraped for each in job["static_configs"]]
    targets = {target.split(":")[0] for each in addresses for target in each}
    assert targets == {name for name in compose if re.fullmatch(r"(bot|backoffice|actions)-\d", name)}


def test_no_two_panels_lie_on_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
