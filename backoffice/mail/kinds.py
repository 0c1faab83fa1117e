"""The kinds of mail that there are: fixed sentences around one link, into which nobody can write a word."""

from __future__ import annotations

from enum import StrEnum

from translations.catalog import text

LANGUAGES = ("it", "en")
"""A mail says all in each of them: nobody knows which one its reader has chosen."""


class MailKind(StrEnum):
    """What a mail is for; its sentences are `backoffice.accounts.mail.<kind>.subject` and `.body`."""

    INVITATION = "invitation"
    RESET = "reset"
    OWNER_ASKED = "owner_asked"
    """To an owner: somebody wants to see a home of theirs."""
    FAMILY_ASKED = "family_asked"
    """To a family that looks for care: there is something to answer."""
    MEDIATION_OFFERED = "mediation_offered"
    """To a mediator: a service asks for one."""
    MEDIATION_ACCEPTED = "mediation_accepted"
    """To who asked: a mediator comes."""
    MEDIATION_CONFIRMED = "mediation_confirmed"
    """To a mediator: the hours are confirmed."""
    MEDIATION_NEWS = "mediation_news"
    """To who has to do with a request for a mediator: something has changed."""
    MEDIATION_REMINDER = "mediation_reminder"
    """To who asked and to the mediator: it is tomorrow, or in two hours."""


def subject_of(kind: MailKind) -> str:
    """Return the subject, which a locked screen shows."""
    return " / ".join(text(f"{_key(kind)}.subject", language) for language in LANGUAGES)


def body_of(kind: MailKind, *, link: str) -> str:
    """Return the words around a link."""
    return "\n\n---\n\n".join(text(f"{_key(kind)}.body", language, link=link) for language in LANGUAGES)


def _key(kind: MailKind) -> str:
    return f"backoffice.accounts.mail.{kind.value}"
