"""The check of the training data finds what it is there to find."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlu.data_check import DOMAIN, LEAST, LEAST_OF_BIG, check, domain_faults, not_found
from nlu.fingerprints import Fingerprints
from nlu.training_lines import TrainingLine, read_lines

NOTHING = Fingerprints([])
MEASURED = "je cherche un petit logement pas trop cher pour ma sœur"


def line(text: str, intent: str = "greet", *entities: tuple[str, str], language: str = "fr") -> TrainingLine:
    return TrainingLine(language, intent, text, entities, "conversation.yml", language)


def faults(*lines: TrainingLine, language: str = "fr", measured: Fingerprints = NOTHING) -> str:
    return "\n".join(check(language, lines, measured))


def test_a_name_that_stands_twice_in_the_domain_is_found(tmp_path: Path) -> None:
    (tmp_path / "slots.yml").write_text("slots:\n  hours:\n    type: any\n  hours:\n    type: any\n")
    (found,) = domain_faults(tmp_path)
    assert "hours" in found
    assert domain_faults(DOMAIN) == []


def test_too_few_examples_are_counted_for_each_meaning() -> None:
    found = faults(*(line(f"bonjour {n}") for n in range(LEAST)))
    assert "greet has" not in found
    assert f"thank has 0 examples, {LEAST} are needed" in found
    assert f"search_housing has 0 examples, {LEAST_OF_BIG} are needed" in found
    assert "correct has" not in found


def test_a_line_that_stands_twice_or_in_two_meanings_is_found() -> None:
    assert "twice in greet: 'salut'" in faults(line("salut"), line("salut"))
    assert "in two intents" in faults(line("Salut !"), line("salut", "goodbye"))


def test_foreign_scripts_and_missing_latin_letters_are_found() -> None:
    assert "foreign script in greet: 'привет'" in faults(line("привет"))
    written = [line(f"گھر چاہیے {n}", language="ur") for n in range(20)]
    assert "only 0 of 20 lines are in Latin letters" in faults(*written, language="ur")
    romanised = [line(f"ghar chahiye {n}", language="ur") for n in range(20)]
    assert "own script" in faults(*romanised, language="ur")


def test_unknown_meanings_entities_and_languages_are_found() -> None:
    found = faults(line("x", "no_such"), line("y", "inform", ("colour", "red")), language="es")
    assert "unknown intent no_such" in found
    assert "unknown entity colour" in found
    assert "needs `metadata: {language: es}`" in found


@pytest.mark.parametrize(
    ("text", "is_copy"),
    [
        (MEASURED, True),
        ("Je cherche un petit logement, pas trop cher, pour ma soeur!!", True),
        ("je cherche un petit logement pas trop cher pour ma soeurette", True),
        ("ma sœur voudrait louer quelque chose de modeste", False),
        ("merci", False),
    ],
)
def test_a_near_copy_of_a_measured_line_is_found_and_other_words_are_not(
    tmp_path: Path, text: str, is_copy: bool
) -> None:
    Fingerprints.of([MEASURED, "merci"]).save(tmp_path / "lines.txt")
    kept = (tmp_path / "lines.txt").read_text()
    assert "logement" not in kept
    found = faults(line(text, "search_housing"), measured=Fingerprints.load(tmp_path / "lines.txt"))
    assert ("nearly a line to measure with" in found) is is_copy


def test_marked_values_that_the_readers_do_not_find_are_told() -> None:
    right = line("600 euros", "inform", ("money", "600"))
    wrong = line("600 euros", "inform", ("money", "700"))
    assert not_found([right]) == []
    ((missed, read),) = not_found([wrong])
    assert (missed, read) == (wrong, Counter({("money", "600"): 1}))


def test_examples_are_read_with_their_language_and_their_marks(tmp_path: Path) -> None:
    folder = tmp_path / "fr"
    folder.mkdir()
    (folder / "housing.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: search_housing\n  metadata:\n    language: fr\n  examples: |\n'
        '    - un [deux pièces]{"entity": "rooms", "value": "2"} à [Crema](municipality)\n'
    )
    (read,) = read_lines("fr", tmp_path)
    assert read.text == "un deux pièces à Crema"
    assert read.entities == (("rooms", "2"), ("municipality", "Crema"))
    assert read.told_language == "fr"
