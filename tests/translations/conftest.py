"""Real packages of Argos, small ones of our own (`tests/translation_packages/README.md`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from translations.argos import ArgosEngine
from translations.packages import install_file
from translations.worker import ArgosSetup, TranslationWorker

PACKAGES = Path(__file__).resolve().parents[1] / "translation_packages"
COLUMNS = ("it", "en", "uk", "ar")


def corpus_sentences() -> list[dict[str, str]]:
    """The sentences without slots and placeholders, by language."""
    rows = yaml.safe_load((PACKAGES / "corpus.yml").read_text(encoding="utf-8"))["fixed"]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows if "{" not in row[0]]


@pytest.fixture(scope="session")
def packages_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Italian, Ukrainian and Arabic, each from and to English."""
    folder = tmp_path_factory.mktemp("translation") / "packages"
    for file in sorted(PACKAGES.glob("??_??.argosmodel")):
        install_file(file, packages_dir=folder)
    return folder


@pytest.fixture(scope="session")
def bad_packages_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """English to French, and nothing right in it."""
    folder = tmp_path_factory.mktemp("translation-bad") / "packages"
    install_file(PACKAGES / "en_fr_bad.argosmodel", packages_dir=folder)
    return folder


@pytest.fixture(scope="session")
def argos_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("translation-data")


@pytest.fixture(scope="session")
def engine(packages_dir: Path, argos_data_dir: Path) -> ArgosEngine:
    return ArgosEngine(packages_dir=packages_dir, data_dir=argos_data_dir)


@pytest.fixture
def worker(packages_dir: Path, argos_data_dir: Path) -> Iterator[TranslationWorker]:
    running = TranslationWorker(ArgosSetup(packages_dir=packages_dir, data_dir=argos_data_dir), timeout=60)
    yield running
    running.close()
