"""What the documents say is there, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from actions.settings import Settings as ActionsSettings
from backoffice.retention.policy import spans
from backoffice.settings import Settings as BackofficeSettings
from bot.settings import BotSettings
from deploy.settings import UpSettings
from translations.catalog import catalogue
from translations.languages import LANGUAGES, SOURCE

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PAGES_OF_THE_DAY = (
    "handbook-mediators",
    "handbook-caseworkers",
    "handbook-coordinators",
    "workplace",
    "mediation",
    "care-desk",
    "appointments",
)
"""Documents for staff that print in bold what stands on the pages, and nothing else."""

CONTRACT_SETTINGS = {
    "DATA_DIR",
    "DATABASE_URL",
    "REDIS_URL",
    "BOT_PORT",
    "BACKOFFICE_PORT",
    "ACTIONS_PORT",
    "RASA_PORT",
    "HOST",
    "TELEGRAM_TOKEN",
    "TELEGRAM_API_URL",
    "TELEGRAM_WEBHOOK_URL",
    "SECRET_KEY",
    "SERVICE_TOKEN",
    "ADMIN_EMAIL",
    "ADMIN_PASSWORD",
    "DEMO",
    "ARGOS_PACKAGES_DIR",
    "LOG_LEVEL",
}


def named_settings(text: str) -> set[str]:
    return set(re.findall(r"SPORTELLO_([A-Z][A-Z0-9_]*[A-Z0-9])", text))


def test_every_setting_of_the_contract_is_in_the_example() -> None:
    assert named_settings((ROOT / ".env.example").read_text()) >= CONTRACT_SETTINGS


def test_every_setting_that_a_process_reads_is_in_the_example() -> None:
    documented = named_settings((ROOT / ".env.example").read_text())
    for settings in (ActionsSettings, BackofficeSettings, BotSettings, UpSettings):
        assert {name.upper() for name in settings.model_fields} <= documented, settings


def links_of(document: Path) -> list[tuple[Path, str]]:
    """Return where a document's links inside the repository lead: the path, and the heading or nothing."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(), flags=re.DOTALL)
    found = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)", prose)
    return [((document.parent / path).resolve() if path else document, heading) for path, heading in found]


def headings_of(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub and site builders make them."""
    prose = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
    titles = re.findall(r"^#{1,6} (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    assert [path for path, _ in links_of(document) if not path.exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_heading_finds_it(document: Path) -> None:
    to_headings = [(path, heading) for path, heading in links_of(document) if heading]
    assert [link for link in to_headings if link[1] not in headings_of(link[0])] == []


def test_a_reader_who_begins_at_the_readme_finds_every_document() -> None:
    found, ahead = set(), [ROOT / "README.md"]
    while ahead:
        document = ahead.pop()
        found.add(document)
        for path, _ in links_of(document):
            reached = sorted(path.glob("*.md")) if path.is_dir() else [path]
            ahead += [each for each in reached if each.suffix == ".md" and each not in found]
    assert sorted(set(DOCUMENTS) - found) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z][a-z-]*)", document.read_text()))
    assert named <= targets


def test_the_register_has_the_span_of_every_purpose() -> None:
    register = (ROOT / "docs" / "privacy.md").read_text()
    for purpose, span in spans(None).items():
        assert f"`{purpose.value}`: {span.days} days" in register


def test_publiccode_has_what_the_standard_demands() -> None:
    """The keys that publiccode.yml 0.4 calls mandatory, and its limits of length."""
    told = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    demanded = {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus"}
    demanded |= {"softwareType", "description", "legal", "maintenance", "localisation"}
    assert demanded <= told.keys()
    assert told["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert told["legal"]["license"]
    assert told["maintenance"]["type"] in ("internal", "community", "contract", "none")
    assert all(contact["name"] for contact in told["maintenance"]["contacts"])
    assert set(told["localisation"]["availableLanguages"]) == set(LANGUAGES)
    assert isinstance(told["localisation"]["localisationReady"], bool)
    assert {"it", "en"} <= told["description"].keys()
    for description in told["description"].values():
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert all(description["features"])
        assert all((ROOT / picture).is_file() for picture in description["screenshots"])


@pytest.mark.parametrize("name", PAGES_OF_THE_DAY)
def test_what_a_handbook_prints_in_bold_stands_on_a_page(name: str) -> None:
    handbook = (ROOT / "docs" / f"{name}.md").read_text()
    named = {" ".join(label.split()) for label in re.findall(r"\*\*(.+?)\*\*", handbook, re.DOTALL)}
    texts = {form for forms in catalogue(SOURCE).forms.values() for form in forms}
    assert [label for label in sorted(named) if not any(text.startswith(label) for text in texts)] == []
