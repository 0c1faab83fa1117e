"""Who reads and changes the guide: people of the front door, whose assistant tells it."""

from __future__ import annotations

from backoffice.guide.errors import SentenceNotFound
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from translations.languages import LANGUAGES, SOURCE

EDITS_ITALIAN = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
TRANSLATES = frozenset({Role.MEDIATOR, Role.COORDINATOR, Role.ADMINISTRATOR})
"""Each only into the languages that they speak."""


def require_reader(staff: Staff) -> None:
    """Let everybody of the front door through.

    Raises:
        SentenceNotFound: somebody of another body; they read the guide over its API.
    """
    if not staff.organisation.is_front_door:
        raise SentenceNotFound


def may_edit_italian(staff: Staff) -> bool:
    """Tell whether somebody changes the Italian sentences and confirms that topics still hold."""
    return staff.organisation.is_front_door and staff.has_role(*EDITS_ITALIAN)


def may_translate(staff: Staff, language: str) -> bool:
    """Tell whether somebody writes the sentences of a language: one that they speak."""
    return (
        staff.organisation.is_front_door
        and staff.has_role(*TRANSLATES)
        and language != SOURCE
        and language in LANGUAGES
        and language in staff.languages
    )


def may_review(staff: Staff, language: str) -> bool:
    """Tell whether somebody publishes translations: who writes them, and an administrator with a reason."""
    return may_translate(staff, language) or (
        may_except(staff) and language != SOURCE and language in LANGUAGES
    )


def may_except(staff: Staff) -> bool:
    """Tell whether somebody may publish without the second reader, with a reason."""
    return staff.organisation.is_front_door and staff.has_role(Role.ADMINISTRATOR)


def require_editor(staff: Staff) -> None:
    """Let through who changes the Italian.

    Raises:
        SentenceNotFound: anybody else.
    """
    if not may_edit_italian(staff):
        raise SentenceNotFound


def require_translator(staff: Staff, language: str) -> None:
    """Let through who writes a language.

    Raises:
        SentenceNotFound: anybody else.
    """
    if not may_translate(staff, language):
        raise SentenceNotFound


def require_reviewer(staff: Staff, language: str) -> None:
    """Let through who publishes a language.

    Raises:
        SentenceNotFound: anybody else.
    """
    if not may_review(staff, language):
        raise SentenceNotFound
