"""`python -m nlu.data_check [language ...]`: what is wrong with the training data; part of `make test`.

Fails on a domain that Rasa would not read whole, on too few examples of an intent, a line that stands twice
or in two intents, a foreign script, a language without Latin letters where its people use them, a near copy
of a line that the understanding is measured with, and an unknown intent or entity. Says, without failing
below a limit, which marked entities the readers do not find. `docs/adding-a-language.md` tells how the data
is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nlu.components.reading import CONTRACT_ENTITIES, EXTRA_ENTITIES, read_entities
from nlu.components.terms import reading_languages
from nlu.components.wording import script, tokens
from nlu.fingerprints import Fingerprints
from nlu.settings import ROOT
from nlu.training_lines import TrainingLine, languages, read_lines

DOMAIN: Final = Path(__file__).parent / "domain"
FINGERPRINTS: Final = Path(__file__).parent / "measured_lines.txt"
LEAST: Final = 20
LEAST_OF_BIG: Final = 30
BIG: Final = frozenset(
    {
        "search_housing",
        "register_care_worker",
        "ask_residence_permit",
        "ask_human",
        "report_emergency",
        "inform",
        "out_of_scope",
    }
)
LEAST_FOUND: Final = 0.85
"""Share of the marked entities that the readers must find."""
SCRIPTS: Final = {"uk": "Cyrl", "ar": "Arab", "ur": "Arab", "pa": "Guru", "bn": "Beng", "zh": "Hans"}
"""Languages with a script of their own; the others are written in Latin letters."""
TYPED_IN_LATIN: Final = frozenset({"uk", "ar", "ur", "pa", "bn"})
_LEAST_OWN, _LEAST_LATIN = 0.4, 0.1
_NOT_OURS: Final = frozenset(
    {"correct", "count_notice", "count_pay", "count_rent", "give_example", "link_account"}
)
"""Only buttons of ours say it."""
_TODAY: Final = date(2026, 11, 25)
_SHOWN: Final = 25


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found; return 1 when something is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.data_check", description="Checks nlu/data/<language>."
    )
    parser.add_argument("languages", nargs="*", help="only these, such as fr es")
    parser.add_argument("--remember", type=Path, help="take the fingerprints of the lines of this file")
    chosen = parser.parse_args(arguments)
    if chosen.remember:
        remember(chosen.remember, FINGERPRINTS)
    measured = Fingerprints.load(FINGERPRINTS)
    faults = [fault for code in chosen.languages or languages() for fault in _told(code, measured)]
    faults += domain_faults(DOMAIN)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(
        f"{len(faults)} faults in the domain and the training data of "
        f"{', '.join(chosen.languages or languages())}."
    )
    return 1 if faults else 0


def remember(lines: Path, target: Path) -> None:
    """Keep the fingerprints of the lines that the understanding is measured with (JSON lines with `text`)."""
    texts = [
        json.loads(line)["text"] for line in lines.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    Fingerprints.of(texts).save(target)


def domain_faults(folder: Path) -> list[str]:
    """Return what is wrong with the files of the domain.

    Rasa leaves a whole file out where a name stands in it twice, and says so nowhere: a form would forget
    every answer.
    """
    faults = []
    for path in sorted(folder.glob("*.yml")):
        try:
            YAML(typ="safe").load(path)
        except YAMLError as problem:
            faults.append(f"{path.name}: {problem}")
    return faults


def check(language: str, lines: Sequence[TrainingLine], measured: Fingerprints) -> list[str]:
    """Return every fault of a language's lines, each as a line."""
    checks = (
        _counts(lines),
        _repeated(lines),
        _unknown(lines),
        _languages(language, lines),
        _scripts(language, lines),
        _copies(lines, measured),
    )
    return [f"{language}: {fault}" for faults in checks for fault in faults]


def not_found(lines: Iterable[TrainingLine]) -> list[tuple[TrainingLine, Counter[tuple[str, str]]]]:
    """Return the lines whose marked entities the readers read otherwise, with what they read."""
    differing = []
    for line in lines:
        read = read_entities(line.text, line.intent, today=_TODAY, languages=reading_languages(line.language))
        found = Counter((each.name, str(each.value)) for each in read if each.name in CONTRACT_ENTITIES)
        if found != Counter(line.entities):
            differing.append((line, found))
    return differing


def _told(language: str, measured: Fingerprints) -> list[str]:
    try:
        lines = read_lines(language)
    except yaml.YAMLError as problem:
        return [f"{language}: no YAML: {problem}"]
    faults = check(language, lines, measured)
    differing = not_found(lines)
    marked = sum(len(line.entities) for line in lines)
    missed = sum((Counter(line.entities) - found).total() for line, found in differing)
    print(f"{language}: {len(lines)} lines; {marked - missed} of {marked} marked entities are found")
    for line, found in differing[:_SHOWN]:
        print(
            f"    {line.intent}: {line.text!r} marked {_shown(Counter(line.entities))} read {_shown(found)}"
        )
    if len(differing) > _SHOWN:
        print(f"    ... and {len(differing) - _SHOWN} more lines")
    if marked and (marked - missed) / marked < LEAST_FOUND:
        faults.append(f"{language}: only {marked - missed} of {marked} marked entities are found")
    return faults


def _shown(entities: Counter[tuple[str, str]]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(entities.elements())) or "nothing"


def _counts(lines: Sequence[TrainingLine]) -> Iterator[str]:
    counted = Counter(line.intent for line in lines)
    for intent in sorted(_intents()):
        least = LEAST_OF_BIG if intent in BIG else LEAST
        if counted[intent] < least and intent not in _NOT_OURS:
            yield f"{intent} has {counted[intent]} examples, {least} are needed"


def _repeated(lines: Sequence[TrainingLine]) -> Iterator[str]:
    seen: dict[str, list[TrainingLine]] = defaultdict(list)
    for line in lines:
        seen[" ".join(token.text for token in tokens(line.text)) or line.text].append(line)
    for same in seen.values():
        if len({line.intent for line in same}) > 1:
            yield f"in two intents: {same[0].text!r} in {sorted({line.intent for line in same})}"
        elif len({line.text for line in same}) < len(same):
            yield f"twice in {same[0].intent}: {same[0].text!r}"


def _unknown(lines: Sequence[TrainingLine]) -> Iterator[str]:
    known = _intents()
    for line in lines:
        if line.intent not in known:
            yield f"unknown intent {line.intent}"
        for name, _ in line.entities:
            if name not in CONTRACT_ENTITIES + EXTRA_ENTITIES:
                yield f"unknown entity {name} in {line.text!r}"


def _languages(language: str, lines: Sequence[TrainingLine]) -> Iterator[str]:
    wrong = {(line.file, line.intent) for line in lines if line.told_language != language}
    for file, intent in sorted(wrong):
        yield f"{file}: {intent} needs `metadata: {{language: {language}}}`"


def _scripts(language: str, lines: Sequence[TrainingLine]) -> Iterator[str]:
    own = SCRIPTS.get(language, "Latn")
    counted = Counter(script(line.text) for line in lines if any(letter.isalpha() for letter in line.text))
    allowed = {own, "Latn", *(["Arab"] if language == "pa" else [])}
    for line in lines:
        # "العربية" in an Italian sentence names the language that is wanted.
        if script(line.text) not in allowed and line.intent != "change_language":
            yield f"foreign script in {line.intent}: {line.text!r}"
    if counted[own] / max(1, counted.total()) < _LEAST_OWN:
        yield f"only {counted[own]} of {counted.total()} lines are in the language's own script"
    if language in TYPED_IN_LATIN and counted["Latn"] / counted.total() < _LEAST_LATIN:
        yield f"only {counted['Latn']} of {counted.total()} lines are in Latin letters, as many type"


def _copies(lines: Sequence[TrainingLine], measured: Fingerprints) -> Iterator[str]:
    for line in lines:
        if measured.is_near(line.text):
            yield f"nearly a line to measure with ({line.intent}): {line.text!r}; word it in another way"


def _intents() -> frozenset[str]:
    domain = yaml.safe_load((ROOT / "nlu/domain/intents.yml").read_text(encoding="utf-8"))
    return frozenset(domain["intents"])


if __name__ == "__main__":
    sys.exit(main())
