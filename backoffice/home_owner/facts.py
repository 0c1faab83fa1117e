"""What somebody typed about an owner -> their facts, or what is wrong with which field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from backoffice.conversation.words import clean, clean_name
from backoffice.home_owner.faults import Fault
from backoffice.home_owner.models import Guarantee, HomeOwner, OwnerContact, OwnerKind, TaxRegime, Worry
from backoffice.home_owner.service import OwnerFacts

LONGEST_NOTE = 4000
LONGEST_COMPANY = 200
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

Code = TypeVar("Code", bound=StrEnum)


@dataclass
class OwnerRead:
    """What was read: name and phone of the person, the facts, and what is wrong."""

    name: str | None
    phone: str | None
    facts: OwnerFacts
    faults: list[Fault] = field(default_factory=list)


def read_owner(raw: Mapping[str, Any], *, today: date, person_wanted: bool) -> OwnerRead:
    """Read what was typed.

    Args:
        raw: words as typed, codes of choices, lists of codes.
        today: the day of Italy: nobody has agreed to be contacted on a later one.
        person_wanted: whether name and phone are those of somebody new, who must have both.
    """
    faults: list[Fault] = []
    name, phone = clean_name(str(raw.get("name") or "")), clean_name(str(raw.get("phone") or ""))
    if person_wanted and not name:
        faults.append(Fault("name", "owner_name"))
    if person_wanted and not phone:
        faults.append(Fault("phone", "owner_phone"))
    elif phone and (len(phone) > 20 or sum(letter.isdigit() for letter in phone) < 6):
        faults.append(Fault("phone", "phone", {"words": phone[:40]}))
    facts = OwnerFacts(
        kind=_code(OwnerKind, raw, "kind", OwnerKind.PERSON, faults),
        company=_words(raw, "company", LONGEST_COMPANY, faults),
        email=_email(raw, faults),
        contact=_code(OwnerContact, raw, "contact", OwnerContact.PHONE, faults),
        contact_agreed_on=_day(raw, today, faults),
        worries=_codes(Worry, raw, "worries", faults),
        guarantees=_codes(Guarantee, raw, "guarantees", faults),
        tax_regime=_code(TaxRegime, raw, "tax_regime", TaxRegime.UNDECIDED, faults),
        agency_involved=bool(raw.get("agency_involved")),
        note=_words(raw, "note", LONGEST_NOTE, faults),
    )
    if facts.kind is not OwnerKind.PERSON and not facts.company:
        faults.append(Fault("company", "company"))
    if facts.contact is OwnerContact.MAIL and not facts.email and not _has(faults, "email"):
        faults.append(Fault("email", "email_missing"))
    return OwnerRead(name, phone, facts, faults)


def raw_of_owner(owner: HomeOwner) -> dict[str, Any]:
    """Return an owner as a form shows them."""
    agreed = owner.contact_agreed_on
    return {
        "name": owner.person.name or "",
        "phone": owner.person.phone or "",
        "kind": owner.kind.value,
        "company": owner.company or "",
        "email": owner.email or "",
        "contact": owner.contact.value,
        "contact_agreed_on": agreed.isoformat() if agreed else "",
        "worries": list(owner.worries),
        "guarantees": list(owner.guarantees),
        "tax_regime": owner.tax_regime.value,
        "agency_involved": owner.agency_involved,
        "note": owner.note or "",
    }


def _code(kind: type[Code], raw: Mapping[str, Any], name: str, usual: Code, faults: list[Fault]) -> Code:
    typed = str(raw.get(name) or usual.value)
    for each in kind:
        if each.value == typed:
            return each
    faults.append(Fault(name, "choice", {"words": typed[:40]}))
    return usual


def _codes(kind: type[Code], raw: Mapping[str, Any], name: str, faults: list[Fault]) -> tuple[Code, ...]:
    wanted: Iterable[str] = raw.get(name) or ()
    known = {each.value: each for each in kind}
    if strange := [each for each in wanted if each not in known]:
        faults.append(Fault(name, "choice", {"words": str(strange[0])[:40]}))
        return ()
    return tuple(known[each] for each in dict.fromkeys(wanted))


def _words(raw: Mapping[str, Any], name: str, longest: int, faults: list[Fault]) -> str | None:
    words = clean(str(raw.get(name) or "")).strip()
    if len(words) > longest:
        faults.append(Fault(name, "long", {"longest": str(longest)}))
    return words or None


def _email(raw: Mapping[str, Any], faults: list[Fault]) -> str | None:
    typed = clean(str(raw.get("email") or "")).strip()
    if typed and (len(typed) > 254 or not _EMAIL.fullmatch(typed)):
        faults.append(Fault("email", "email", {"words": typed[:60]}))
    return typed or None


def _day(raw: Mapping[str, Any], today: date, faults: list[Fault]) -> date | None:
    typed = str(raw.get("contact_agreed_on") or "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        faults.append(Fault("contact_agreed_on", "day", {"words": typed[:40]}))
        return None
    if day > today:
        faults.append(Fault("contact_agreed_on", "day_future", {"day": day.strftime("%d.%m.%Y")}))
    return day


def _has(faults: list[Fault], name: str) -> bool:
    return any(fault.field == name for fault in faults)
