from __future__ import annotations

import hashlib
import hmac
import json
import logging
import resource
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from nlu import train
from nlu.components.language_guess import LanguageGuess
from nlu.components.understanding import Thresholds, Understood
from nlu.judgement import Judged, entity_f1, macro_f1
from nlu.logs import JsonFormatter, drop_personal
from nlu.model_files import NoModel, fingerprint, model_path, newest_model
from nlu.parse import Reader, parsed, read_model
from nlu.report import report
from nlu.settings import ROOT, WrongSetting, channel_secret, read_settings


def test_parse_answers_line_for_line_and_only_with_entities_of_the_contract(small_model: Path) -> None:
    reader = Reader(read_model(small_model), Thresholds(0.05, 0.9, 0.9, no_known_word=0.05))
    lines = ['{"text": "siamo in 4, da domani", "language": "it"}', "", '{"text": "grazie mille"}']
    first, second = parsed(lines, reader)
    assert set(first) == {"intent", "confidence", "language", "entities"}
    assert (first["intent"], first["entities"]) == ("inform", [{"entity": "people", "value": 4}])
    assert (second["intent"], second["language"]) == ("thank", "it")


def test_parse_reads_the_model_as_the_server_does(small_model: Path) -> None:
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    reader = Reader(read_model(small_model), Thresholds(0.05, 0.9, 0.9))
    processor = Agent.load(small_model).processor
    for text in ("ciao", "grazie", "siamo in 4 a Crema", "600"):
        graph = processor._parse_message_with_graph(UserMessage(text), None)
        understood = reader.read(text)
        assert graph["intent"] == {"name": understood.intent, "confidence": understood.confidence}
        assert [(e["entity"], e["value"]) for e in graph["entities"]] == [
            (e.name, e.value) for e in understood.entities
        ]


def test_a_second_training_does_nothing_and_imports_no_rasa(tmp_path: Path) -> None:
    target = model_path(tmp_path / "models", fingerprint())
    target.parent.mkdir()
    target.write_bytes(b"")
    code = (
        "import sys; from nlu.train import main; status = main(); sys.exit(status or 'rasa' in sys.modules)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"SPORTELLO_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "up to date" in ended.stdout
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 2


@pytest.fixture
def fitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the model of today's data belongs; training writes a word instead of taking minutes."""
    monkeypatch.setenv("SPORTELLO_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(train, "_train", lambda target: target.write_bytes(b"trained now") > 0)
    return model_path(tmp_path / "models", fingerprint())


@pytest.fixture
def lender(tmp_path: Path) -> Path:
    folder = tmp_path / "trained"
    folder.mkdir()
    return folder


def test_a_model_that_was_trained_before_is_lent(fitting: Path, lender: Path) -> None:
    (lender / fitting.name).write_bytes(b"trained before")
    fitting.parent.mkdir()
    (fitting.parent / "sportello-of-another-day.tar.gz").write_bytes(b"old")
    assert train.main(["--lender", str(lender)]) == 0
    assert fitting.read_bytes() == b"trained before"
    assert list(fitting.parent.iterdir()) == [fitting]


def test_a_model_that_is_there_is_left_as_it_is(fitting: Path, lender: Path) -> None:
    (lender / fitting.name).write_bytes(b"trained before")
    fitting.parent.mkdir()
    fitting.write_bytes(b"their own")
    assert train.main(["--lender", str(lender)]) == 0
    assert fitting.read_bytes() == b"their own"


@pytest.mark.parametrize("lent", [(), ("sportello-of-another-day.tar.gz",)])
def test_what_does_not_fit_is_not_lent_but_trained(
    fitting: Path, lender: Path, lent: tuple[str, ...]
) -> None:
    for name in lent:
        (lender / name).write_bytes(b"old")
    assert train.main(["--lender", str(lender)]) == 0
    assert fitting.read_bytes() == b"trained now"
    assert list(fitting.parent.iterdir()) == [fitting]


def test_the_fingerprint_follows_what_a_model_is_made_from(tmp_path: Path) -> None:
    (tmp_path / "nlu" / "data" / "it").mkdir(parents=True)
    (tmp_path / "config.yml").write_text("a")
    before = fingerprint(tmp_path)
    (tmp_path / "nlu" / "data" / "it" / "x.yml").write_text("b")
    after = fingerprint(tmp_path)
    (tmp_path / "README.md").write_text("c")
    assert before != after == fingerprint(tmp_path)


def test_without_a_model_the_way_out_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match=r"nlu\.train"):
        newest_model(tmp_path)


def test_figures_are_right_on_lines_counted_by_hand() -> None:
    def judged(intent: str, understood: str, meant: dict[str, int], found: list[object]) -> Judged:
        entities = Counter({(name, str(value)): 1 for name, value in meant.items()})
        return Judged(
            "words",
            "it",
            "plain",
            intent,
            entities,
            Understood(understood, 0.9, ((understood, 0.9),), LanguageGuess("it", 0.9), tuple(found)),
            1.0,
        )

    lines = [
        judged("greet", "greet", {}, []),
        judged("greet", "thank", {"money": 600}, []),
        judged("thank", "thank", {}, []),
    ]
    assert macro_f1(lines) == pytest.approx(2 / 3)
    assert entity_f1(lines) == 0
    rows = report(lines)
    assert any(row.startswith("plain") for row in rows)
    assert "Languages: 3 of 3 recognised (1.000)." in rows
    assert any("greet" in row and "thank" in row and row.endswith("1") for row in rows)


def test_another_threshold_asks_back_more_but_never_an_emergency() -> None:
    def understood(intent: str, confidence: float) -> Judged:
        ranking = ((intent, confidence),)
        return Judged(
            "words",
            "it",
            "plain",
            intent,
            Counter(),
            Understood(intent, confidence, ranking, LanguageGuess("it", 0.9)),
            1.0,
        )

    assert understood("greet", 0.3).at_threshold(0.2) == "greet"
    assert understood("greet", 0.3).at_threshold(0.4) == "nlu_fallback"
    assert understood("report_emergency", 0.3).at_threshold(0.4) == "report_emergency"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"SPORTELLO_RASA_PORT": "x", "SPORTELLO_SERVICE_TOKEN": "t"}, "SPORTELLO_RASA_PORT"),
        ({"SPORTELLO_LOG_LEVEL": "loud", "SPORTELLO_SERVICE_TOKEN": "t"}, "SPORTELLO_LOG_LEVEL"),
        ({"SPORTELLO_DATA_DIR": "/nowhere"}, "SPORTELLO_SERVICE_TOKEN"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting, match=named):
        read_settings(environment)


def test_the_service_token_is_found_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "service_token").write_text("from the file\n")
    assert read_settings({"SPORTELLO_DATA_DIR": str(tmp_path)}).service_token == "from the file"


def test_the_secret_of_the_channel_is_the_agreed_one() -> None:
    expected = hmac.new(b"token", b"rasa channel", hashlib.sha256).hexdigest()
    assert channel_secret("token") == expected


def test_logs_hold_no_words_of_people() -> None:
    record = logging.getLogger("rasa.core").makeRecord(
        "rasa.core", 30, "x.py", 1, "she said %s", ("her secret",), None
    )
    assert "secret" not in JsonFormatter().format(record)
    try:
        raise ValueError("her secret")
    except ValueError:
        record = logging.getLogger("nlu").makeRecord("nlu", 40, "x.py", 1, "turn broke", (), sys.exc_info())
    line = json.loads(JsonFormatter().format(record))
    assert (line["error"], line["event"]) == ("ValueError", "turn broke")
    assert "secret" not in json.dumps(line)
    assert drop_personal(None, "info", {"event": "x", "text": "her secret"}) == {"event": "x"}


def test_today_is_the_day_in_italy(small_model: Path) -> None:
    assert abs((Reader(read_model(small_model), Thresholds()).today - date.today()).days) <= 1  # noqa: DTZ011
