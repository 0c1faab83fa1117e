"""What the documents say is there, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.settings import Settings as ActionsSettings
from backoffice.retention.policy import spans
from backoffice.settings import Settings as BackofficeSettings
from bot.settings import BotSettings
from deploy.settings import UpSettings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z][a-z-]*)", document.read_text()))
    assert named <= targets


def test_the_register_has_the_span_of_every_purpose() -> None:
    register = (ROOT / "docs" / "privacy.md").read_text()
    for purpose, span in spans(None).items():
        assert f"`{purpose.value}`: {span.days} days" in register
