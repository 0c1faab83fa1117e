"""The real Argos Translate, with small real packages."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.translations.conftest import COLUMNS, PACKAGES, corpus_sentences
from translations.argos import ArgosEngine, installed_packages, missing_pairs, route
from translations.engine import (
    LONGEST_TEXT,
    EngineFailed,
    EngineOff,
    MissingPackages,
    NoEngine,
    TextTooLong,
)
from translations.guards import Flag

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("source", "target"), [("it", "en"), ("en", "it"), ("en", "uk"), ("uk", "en")])
def test_sentences_of_the_corpus_are_translated_as_it_says(
    engine: ArgosEngine, source: str, target: str
) -> None:
    sentences = corpus_sentences()[:25]

    right = [
        engine.translate(sentence[source], source, target).text == sentence[target] for sentence in sentences
    ]

    assert sum(right) >= len(sentences) - 1


@pytest.mark.parametrize(
    ("source", "target"), [("it", "uk"), ("uk", "it"), ("it", "ar"), ("ar", "it"), ("ar", "uk")]
)
def test_a_pair_without_a_package_goes_through_english(engine: ArgosEngine, source: str, target: str) -> None:
    sentence = corpus_sentences()[0]

    translated = engine.translate(sentence[source], source, target)

    assert translated.text == sentence[target]
    assert translated.usable
    assert translated.version == f"{source}-en 0.1, en-{target} 0.1"


@pytest.mark.parametrize(("source", "target"), [("it", "uk"), ("uk", "it"), ("it", "ar"), ("ar", "it")])
def test_a_conversation_about_a_home_is_understood_on_both_sides(
    engine: ArgosEngine, source: str, target: str
) -> None:
    rows = yaml.safe_load((PACKAGES / "corpus.yml").read_text(encoding="utf-8"))["fixed"][:10]

    for row in rows:
        said = dict(zip(COLUMNS, (text.replace("{0}", "5") for text in row), strict=True))
        translated = engine.translate(said[source], source, target)
        assert (translated.text, translated.flags) == (said[target], ())


def test_what_must_not_change_comes_through_two_hops(engine: ArgosEngine) -> None:
    text = "Buongiorno Olena. Come posso rinnovare il permesso di soggiorno? Il costo è di 116,46 euro. 😀"

    translated = engine.translate(text, "it", "uk", names=["Olena Kovalenko"])

    assert translated.usable
    assert "Olena" in translated.text
    assert "посвідка на проживання (permesso di soggiorno)" in translated.text
    assert "116,46 євро" in translated.text
    assert translated.text.endswith(" 😀")


def test_a_translation_and_its_way_back_keep_the_office_word_once(engine: ArgosEngine) -> None:
    there = engine.translate("Come posso avere il permesso di soggiorno?", "it", "uk")
    back = engine.translate(there.text, "uk", "it")

    assert back.text.count("permesso di soggiorno") == 1
    assert "(" not in back.text


def test_lines_and_blanks_stay_as_they_are(engine: ArgosEngine) -> None:
    translated = engine.translate("Buongiorno.\n\n  Grazie mille. \nA domani.\n", "it", "en")

    assert translated.text == "Good morning.\n\n  Thank you very much. \nSee you tomorrow.\n"


@pytest.mark.parametrize(
    "text", ["", "  ", "123", "😀 👍🏽", "12/03/2026 10:30", "https://example.org/a_b", "…"]
)
def test_a_text_without_words_is_returned_without_a_model(tmp_path: Path, text: str) -> None:
    engine = ArgosEngine(packages_dir=tmp_path / "none", data_dir=tmp_path / "data")

    translated = engine.translate(text, "it", "uk")

    assert (translated.text, translated.engine, translated.usable) == (text, "none", True)


def test_a_text_in_the_reader_s_language_is_returned_as_it_is(engine: ArgosEngine) -> None:
    assert engine.translate("Ciao\u202e!", "it", "it").text == "Ciao\u202e!"


def test_a_missing_package_is_named_with_the_command_that_installs_it(engine: ArgosEngine) -> None:
    with pytest.raises(MissingPackages) as caught:
        engine.translate("Bonjour à tous", "fr", "ur")

    assert caught.value.pairs == (("fr", "en"), ("en", "ur"))
    assert caught.value.command == 'make translation-packages LANGUAGES="fr ur"'
    assert caught.value.command in caught.value.message


def test_only_what_is_missing_is_named(engine: ArgosEngine) -> None:
    with pytest.raises(MissingPackages) as caught:
        engine.translate("Buongiorno", "it", "ro")

    assert caught.value.pairs == (("en", "ro"),)
    assert not engine.can_translate("it", "ro")
    assert engine.can_translate("it", "uk")


def test_a_way_through_english_is_taken_before_another_of_the_same_length() -> None:
    pairs = dict.fromkeys([("it", "de"), ("de", "uk"), ("it", "en"), ("en", "uk"), ("uk", "it")])

    assert route(pairs, "it", "uk") == [("it", "en"), ("en", "uk")]
    assert route(pairs, "uk", "de") == [("uk", "it"), ("it", "de")]
    assert route(pairs, "uk", "fr") is None
    assert missing_pairs(pairs, "it", "fr") == [("en", "fr")]


def test_a_text_longer_than_a_message_is_refused(engine: ArgosEngine) -> None:
    with pytest.raises(TextTooLong, match=str(LONGEST_TEXT)):
        engine.translate("a" * (LONGEST_TEXT + 1), "it", "uk")


def test_a_text_of_the_longest_length_is_translated_in_pieces(engine: ArgosEngine) -> None:
    text = ("buongiorno " * LONGEST_TEXT)[:LONGEST_TEXT]

    assert engine.translate(text, "it", "en").engine == "argos"


def test_only_the_models_used_last_stay_in_memory(packages_dir: Path, argos_data_dir: Path) -> None:
    engine = ArgosEngine(packages_dir=packages_dir, data_dir=argos_data_dir, loaded=2)

    engine.translate("Grazie.", "it", "uk")
    assert engine.loaded_pairs() == [("it", "en"), ("en", "uk")]
    engine.translate("Grazie.", "it", "ar")
    assert engine.loaded_pairs() == [("it", "en"), ("en", "ar")]
    assert engine.translate("Дякую.", "uk", "it").text == "Grazie."


def test_packages_that_come_and_go_are_seen_with_the_next_text(
    tmp_path: Path, packages_dir: Path, argos_data_dir: Path
) -> None:
    folder = tmp_path / "packages"
    folder.mkdir()
    engine = ArgosEngine(packages_dir=folder, data_dir=argos_data_dir)
    with pytest.raises(MissingPackages):
        engine.translate("Grazie.", "it", "en")

    shutil.copytree(packages_dir / "translate-it_en-0_1", folder / "translate-it_en-0_1")
    assert engine.translate("Grazie.", "it", "en").text == "Thank you."

    shutil.rmtree(folder / "translate-it_en-0_1")
    with pytest.raises(MissingPackages):
        engine.translate("Grazie.", "it", "en")


def test_stray_folders_and_broken_packages_spoil_no_other(tmp_path: Path, packages_dir: Path) -> None:
    folder = tmp_path / "packages"
    shutil.copytree(packages_dir, folder)
    (folder / "lost+found").mkdir()
    (folder / "note.txt").write_text("stray")
    (folder / "broken").mkdir()
    (folder / "broken" / "metadata.json").write_text("{")

    assert installed_packages(folder).keys() == installed_packages(packages_dir).keys()


def test_a_package_with_a_damaged_model_is_an_error_of_ours(
    tmp_path: Path, packages_dir: Path, argos_data_dir: Path
) -> None:
    shutil.copytree(packages_dir / "translate-it_en-0_1", tmp_path / "p" / "translate-it_en-0_1")
    (tmp_path / "p" / "translate-it_en-0_1" / "model" / "model.bin").write_bytes(b"no model")
    engine = ArgosEngine(packages_dir=tmp_path / "p", data_dir=argos_data_dir)

    with pytest.raises(EngineFailed, match="make translation-packages"):
        engine.translate("Una frase segreta.", "it", "en")


def test_without_an_engine_only_texts_that_need_none_pass() -> None:
    assert NoEngine().translate("123", "it", "uk").text == "123"
    with pytest.raises(EngineOff):
        NoEngine().translate("Ciao", "it", "uk")


BAD = yaml.safe_load((PACKAGES / "bad.yml").read_text(encoding="utf-8"))
FLAG_OF_FAULT = {
    "echo": Flag.SAME_AS_INPUT,
    "repetition": Flag.REPETITION,
    "number": Flag.NUMBERS,
    "date": Flag.DATES,
    "sum": Flag.SUMS,
    "link": Flag.LINKS,
    "phone": Flag.PHONES,
    "script": Flag.WRONG_SCRIPT,
    "language": Flag.WRONG_LANGUAGE,
    "empty": Flag.EMPTY,
    "short": Flag.LENGTH,
    "long": Flag.LENGTH,
}


@pytest.mark.parametrize("fault", FLAG_OF_FAULT)
def test_a_bad_package_is_caught_at_each_of_its_faults(
    bad_packages_dir: Path, argos_data_dir: Path, fault: str
) -> None:
    engine = ArgosEngine(packages_dir=bad_packages_dir, data_dir=argos_data_dir)
    [sentence] = [row["source"] for row in BAD if row["fault"] == fault]

    translated = engine.translate(sentence, "en", "fr")

    assert FLAG_OF_FAULT[fault] in translated.flags
    assert not translated.usable


@pytest.mark.parametrize("fault", ["dropped_placeholder", "changed_placeholder", "doubled_placeholder"])
def test_a_bad_package_cannot_lose_what_is_protected(
    bad_packages_dir: Path, argos_data_dir: Path, fault: str
) -> None:
    engine = ArgosEngine(packages_dir=bad_packages_dir, data_dir=argos_data_dir)
    [sentence] = [row["source"] for row in BAD if row["fault"] == fault]

    translated = engine.translate(sentence.replace("{0}", "10:45"), "en", "fr")

    assert translated.in_parts
    assert translated.usable
    assert translated.text.count("10:45") == 1


def test_the_bad_package_can_also_be_right(bad_packages_dir: Path, argos_data_dir: Path) -> None:
    engine = ArgosEngine(packages_dir=bad_packages_dir, data_dir=argos_data_dir)

    assert engine.translate("Good morning.", "en", "fr").text == "Bonjour."
    assert engine.translate("The lesson begins at 10:45.", "en", "fr").text == "La leçon commence à 10:45."


def test_nothing_is_written_outside_the_data_folder_and_nothing_heavy_is_loaded(
    tmp_path: Path, packages_dir: Path
) -> None:
    home, data = tmp_path / "home", tmp_path / "data"
    home.mkdir()
    program = f"""
import json, logging, os, sys
from pathlib import Path
logging.basicConfig(level=logging.DEBUG)
from translations.argos import ArgosEngine
before = dict(os.environ)
engine = ArgosEngine(packages_dir=Path({str(packages_dir)!r}), data_dir=Path({str(data)!r}))
text = engine.translate("Buongiorno.", "it", "uk").text
heavy = [name for name in ("torch", "stanza", "spacy", "minisbd", "onnxruntime") if name in sys.modules]
changed = [name for name in os.environ if os.environ.get(name) != before.get(name)]
print(json.dumps([text, heavy, changed]))
"""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "ARGOS_", "ORT_", "KMP_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    assert json.loads(done.stdout) == [
        "Доброго ранку.",
        [],
        ["ORT_DISABLE_TELEMETRY", "KMP_DUPLICATE_LIB_OK"],
    ]
    assert list(home.rglob("*")) == []
    assert "Buongiorno" not in done.stderr


def test_no_word_of_a_person_goes_to_the_log(engine: ArgosEngine, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        engine.translate("Mi chiamo Olena.", "it", "uk", names=["Olena"])

    assert "Olena" not in caplog.text
    assert "chiamo" not in caplog.text
