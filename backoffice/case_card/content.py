"""What stands on the card, in the person's language and in Italian.

Citizens' words only: the catalogue areas `card` and `bot`. No notes of staff, no needs, no telephone of
the person: the paper may be lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.parts import CasePart
from backoffice.office.service import describe_contact, find_office
from backoffice.templating import as_day
from translations.catalog import text
from translations.languages import SOURCE, supported_or_source

OWN_WORDS = 600
"""How many characters of what was asked stand on the card."""

_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True)
class CardLine:
    """One line: a label and what follows it."""

    label: str
    words: str


@dataclass(frozen=True)
class CardSide:
    """The card in one language."""

    language: str
    title: str
    lines: tuple[CardLine, ...]
    hints: tuple[str, ...]
    scan: str


@dataclass(frozen=True)
class Card:
    """A card: one side where the person's language is Italian, else two, the person's first."""

    number: str
    name: str
    sides: tuple[CardSide, ...]
    link: str | None


def make_card(
    session: Session, case: Case, parts: frozenset[CasePart], *, link: str | None, now: datetime
) -> Card:
    """Return the card of a case whose person, organisation and assignee are loaded, with the parts seen."""
    spoken = supported_or_source(case.language)
    languages = dict.fromkeys((spoken, SOURCE))
    return Card(
        number=case.number,
        name=case.person.name or "",
        sides=tuple(_side(session, case, parts, language, now) for language in languages),
        link=link,
    )


def _side(session: Session, case: Case, parts: frozenset[CasePart], language: str, now: datetime) -> CardSide:
    def say(key: str, **values: str) -> str:
        return text(key, language, **values).translate(_ISOLATES)

    lines = [
        ("number", case.number),
        ("name", case.person.name or "–"),
        ("asked", _asked(case, parts, say(f"bot.case_type_{case.type.value}"))),
        ("opened", as_day(case.opened_at)),
        ("phase", say(f"bot.phase_{case.phase.value}")),
        ("responsible", _responsible(case, say("card.nobody"))),
        ("office", _office(session, case, language)),
    ]
    return CardSide(
        language=language,
        title=say("card.title"),
        lines=tuple(CardLine(say(f"card.{name}"), words) for name, words in lines if words),
        hints=(say("card.bring"), say("card.keep"), say("card.printed", day=as_day(now))),
        scan=say("card.scan"),
    )


def _asked(case: Case, parts: frozenset[CasePart], subject: str) -> str:
    own = str(case.intake.get("note") or "").strip() if CasePart.INTAKE in parts else ""
    shown = own if len(own) <= OWN_WORDS else f"{own[:OWN_WORDS].rstrip()}…"
    return "\n".join(part for part in (subject, case.municipality, shown) if part)


def _responsible(case: Case, nobody: str) -> str:
    who = case.assignee.name if case.assignee else nobody
    return f"{who}\n{case.organisation.name}"


def _office(session: Session, case: Case, language: str) -> str:
    office = find_office(session, case.organisation_id)
    if office is None:
        return ""
    contact = describe_contact(office, language)
    parts = (contact.name, contact.address, contact.phone, contact.hours)
    return "\n".join(part.translate(_ISOLATES) for part in parts if part)
