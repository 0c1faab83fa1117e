"""Checks every catalogue; part of `make test` (`python -m translations.check`).

Fails on a text that a language lacks or that was translated from an older Italian sentence, on
lost or invented placeholders, a wrong number of plural forms, an empty or fuzzy entry, a text left
in Italian or in a foreign script, a button that is too long, and a missing header.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from translations.catalog import placeholders
from translations.languages import FOLDER, LANGUAGES, SOURCE, SUPPORTED

STAFF_AREAS = (
    "care_figures",
    "accounts",
    "audit",
    "backoffice",
    "floor",
    "persons",
    "sharing",
    "consents",
    "workplace",
    "translation",
    "casework",
    "questions",
    "caselists",
    "housing",
    "viewings",
    "housing_report",
    "own_copy",
    "accompaniment",
    "listings",
    "matching",
    "care",
    "appointments_desk",
    "mediation",
    "mediation_pages",
    "care_training",
    "care_report",
    "planning",
    "planning_pages",
    "planning_files",
    "engagements",
    "care_matching",
    "care_workers",
    "care_problems_staff",
    "care_intake",
    "guide_desk",
    "directory_data",
    "directory_desk",
)
"""Areas that only staff read; all others exist in every language."""

STAFF_LANGUAGES = ("it", "en")

BUTTON_LENGTH = 24
"""Letters that fit on a button of a 320 px phone with two buttons in a row; longer ones are cut."""

_SCRIPT_NAMES = {
    "Latn": "LATIN",
    "Cyrl": "CYRILLIC",
    "Arab": "ARABIC",
    "Guru": "GURMUKHI",
    "Beng": "BENGALI",
    "Hans": "CJK",
}
_OWN_SCRIPT_SHARE = 0.4


def main() -> int:
    """Print every fault, a line each; return 1 when there is one."""
    faults = [fault for area in _areas() for fault in check_area(area)]
    for fault in faults:
        print(fault, file=sys.stderr)  # noqa: T201
    languages = ", ".join(SUPPORTED)
    print(f"{len(_areas())} areas in {languages}: {len(faults)} faults", file=sys.stdout)  # noqa: T201
    return 1 if faults else 0


def check_area(area: str) -> list[str]:
    """Return the faults of one area in all its languages, each as one line."""
    source = _entries(FOLDER / SOURCE / f"{area}.po")
    faults = [f"it/{area}: {key}: msgstr differs from msgid" for key, e in source.items() if e.string != e.id]
    for language in STAFF_LANGUAGES if area in STAFF_AREAS else SUPPORTED:
        path = FOLDER / language / f"{area}.po"
        if not path.is_file():
            faults.append(f"{language}/{area}: the file is missing")
            continue
        faults += [f"{language}/{area}: {fault}" for fault in _check_language(language, path, source)]
    return faults


def _areas() -> list[str]:
    return sorted(path.stem for path in (FOLDER / SOURCE).glob("*.po"))


def _entries(path: Path) -> dict[str, Message]:
    return {str(entry.context): entry for entry in _read(path) if entry.id}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _check_language(language: str, path: Path, source: dict[str, Message]) -> Iterator[str]:
    catalog = _read(path)
    entries = {str(entry.context): entry for entry in catalog if entry.id}
    # Read from the file itself: Babel drops the header's fields that it does not know.
    if language != SOURCE and b"X-Reviewed-By-Native-Speaker:" not in path.read_bytes():
        yield "the header does not say whether a native speaker has reviewed it"
    for key in source.keys() - entries.keys():
        yield f"{key}: missing"
    for key in entries.keys() - source.keys():
        yield f"{key}: not in Italian any more"
    for key in source.keys() & entries.keys():
        yield from (f"{key}: {fault}" for fault in _check_entry(language, catalog, source[key], entries[key]))


def _check_entry(language: str, catalog: Catalog, source: Message, entry: Message) -> Iterator[str]:
    if entry.fuzzy or entry.id != source.id:
        yield "translated from another Italian sentence (or marked fuzzy)"
        return
    forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
    if isinstance(entry.id, tuple | list) and len(forms) != catalog.num_plurals:
        yield f"{len(forms)} plural forms, {catalog.num_plurals} needed"
    wanted = placeholders(" ".join([entry.id] if isinstance(entry.id, str) else entry.id))
    for form in forms:
        yield from _check_text(language, str(entry.context), form, wanted, source)


def _check_text(language: str, key: str, form: str, wanted: set[str], source: Message) -> Iterator[str]:
    if not form.strip():
        yield "empty"
        return
    used = placeholders(form)
    # A plural form for one or two may leave the number out, as Arabic does.
    if used - wanted or (wanted - used) - {"count"}:
        yield f"placeholders {sorted(used)} where {sorted(wanted)} are wanted"
    if _is_button(key) and len(form) > BUTTON_LENGTH:
        yield f"a button of {len(form)} letters, at most {BUTTON_LENGTH} fit: {form}"
    words = re.sub(r"\{[a-z0-9_]+\}", "", form)
    if language != SOURCE and form == source.id and len(words) > BUTTON_LENGTH:
        yield "left in Italian"
    # Lists of what people type hold what they type: Urdu in Latin letters, Italian by ear.
    if not _is_typed(key) and _own_script_share(form, LANGUAGES[language].script) < _OWN_SCRIPT_SHARE:
        yield f"hardly written in the script of the language: {form}"


def _is_button(key: str) -> bool:
    return ".button." in key


def _is_typed(key: str) -> bool:
    return ".words." in key


def _own_script_share(form: str, script: str) -> float:
    plain = re.sub(r"\{[a-z0-9_]+\}|https?://\S+|\b[\w.]+\.(?:it|org|gov|eu|com)\b", "", form)
    letters = [letter for letter in plain if unicodedata.category(letter) in ("Lu", "Ll", "Lo")]
    if len(letters) < BUTTON_LENGTH:
        return 1.0
    own = sum(unicodedata.name(letter, "").startswith(_SCRIPT_NAMES[script]) for letter in letters)
    return own / len(letters)


if __name__ == "__main__":
    sys.exit(main())
