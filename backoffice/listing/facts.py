"""What somebody typed about a home -> the columns of a home, or what is wrong with which field.

Forms, spreadsheets and the API come through here, so that each gets the same sentence for the same mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from backoffice.case.municipalities import municipality_names
from backoffice.client.schemas import ContractType, Furnishing, Near
from backoffice.conversation.words import clean, clean_name
from backoffice.home_owner.faults import Fault
from backoffice.listing.models import Heating, Included, IncomeAsked, Listing, ListingState
from backoffice.listing.room_standards import people_by_standard
from backoffice.listing.states import NEEDED_TO_PUBLISH
from backoffice.search.folding import fold

NUMBERS: Mapping[str, tuple[int, int]] = {
    "rooms": (1, 20),
    "size_m2": (8, 1000),
    "floor": (-1, 30),
    "max_people": (1, 30),
    "rent_eur_month": (1, 20_000),
    "expenses_eur_month": (0, 5_000),
    "deposit_eur": (0, 60_000),
}
"""The least and the most of each number, as in the intake of an offer."""

WORDS: Mapping[str, int] = {"area": 120, "address": 200, "description": 4000, "reference": 40}
CHOICES: Mapping[str, type[StrEnum]] = {
    "heating": Heating,
    "furnishing": Furnishing,
    "income_asked": IncomeAsked,
}
SEVERAL: Mapping[str, type[StrEnum]] = {
    "included": Included,
    "contract_types": ContractType,
    "near": Near,
}
YES_OR_NO = ("lift", "step_free", "pets")
ALWAYS_KNOWN = ("guarantor_accepted", "residence_allowed")
ENERGY_CLASSES = ("A4", "A3", "A2", "A1", "A+", "A", "B", "C", "D", "E", "F", "G")

MOST_DEPOSIT_MONTHS = 3
"""Law 392/1978, art. 11, as in domain/housing.md 2."""

_NUMBER = re.compile(r"[+-]?\d{1,9}")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_NO_CENTS = re.compile(r"[.,]0{1,2}$")
_REFERENCE = re.compile(r"[\w ./#-]+")
_YES = {"yes": True, "no": False, "": None}


@dataclass
class HomeRead:
    """What was read: columns of a home, and what is wrong."""

    home: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, name: str, why: str, **values: object) -> None:
        """Note that something is wrong."""
        self.faults.append(Fault(name, why, {key: str(value) for key, value in values.items()}))


def read_home(
    raw: Mapping[str, Any], *, today: date, known: Listing | None = None, rent_wanted: bool = True
) -> HomeRead:
    """Read what was typed. What is not in `raw` is left as it is.

    Args:
        raw: words as typed, codes of choices, lists of codes; `yes`, `no` or nothing.
        today: the day of Italy, before which no home becomes free.
        known: the home as it stands, whose past day may stay, and which must keep what it needs.
        rent_wanted: whether a home without rent is refused; a draft whose rent is open comes without.
    """
    read = HomeRead()
    _read_town(read, raw)
    for name, longest in WORDS.items():
        if name in raw:
            _read_words(read, name, str(raw[name]), longest)
    for name in NUMBERS:
        if name in raw:
            _read_number(read, name, str(raw[name]))
    _read_choices(read, raw)
    _read_energy(read, raw)
    _read_day(read, raw, today, known)
    _check_whole(read, known, rent_wanted=rent_wanted and "rent_eur_month" in raw)
    return read


def raw_of(listing: Listing) -> dict[str, Any]:
    """Return a home as a form shows it."""
    raw: dict[str, Any] = {"municipality": listing.municipality}
    for name in (*WORDS, *NUMBERS, *CHOICES, "energy_class"):
        value = getattr(listing, name)
        raw[name] = "" if value is None else str(value)
    for name in (*YES_OR_NO, *ALWAYS_KNOWN):
        value = getattr(listing, name)
        raw[name] = "" if value is None else ("yes" if value else "no")
    for name in SEVERAL:
        raw[name] = list(getattr(listing, name))
    raw["available_from"] = listing.available_from.isoformat() if listing.available_from else ""
    return raw


def proposed_people(home: Mapping[str, Any]) -> int | None:
    """Return how many people a home holds by the room standards; None where size or rooms are not known."""
    size, rooms = home.get("size_m2"), home.get("rooms")
    return people_by_standard(size, rooms) if size and rooms else None


def _read_town(read: HomeRead, raw: Mapping[str, Any]) -> None:
    if "municipality" not in raw:
        return
    typed = clean_name(str(raw["municipality"])) or ""
    towns = {fold(name): name for name in municipality_names()}
    if not typed:
        read.refuse("municipality", "town_missing")
    elif fold(typed) not in towns:
        read.refuse("municipality", "town_strange", town=typed[:80])
    else:
        read.home["municipality"] = towns[fold(typed)]


def _read_words(read: HomeRead, name: str, typed: str, longest: int) -> None:
    words = (clean(typed).strip() if name == "description" else clean_name(typed)) or None
    if words and len(words) > longest:
        read.refuse(name, "long", longest=longest)
    elif name == "reference" and words and not _REFERENCE.fullmatch(words):
        read.refuse(name, "reference")
    else:
        read.home[name] = words


def _read_number(read: HomeRead, name: str, typed: str) -> None:
    words = typed.strip().removesuffix("€").strip()
    if not words:
        read.home[name] = None
        return
    plain = words.replace(".", "") if _THOUSANDS.fullmatch(words) else _NO_CENTS.sub("", words)
    if not (plain.isascii() and _NUMBER.fullmatch(plain)):
        read.refuse(name, "number", words=words[:40])
        return
    number, (least, most) = int(plain), NUMBERS[name]
    if least <= number <= most:
        read.home[name] = number
    elif name == "rent_eur_month" and number <= 0:
        read.refuse(name, "rent_zero")
    elif name == "max_people" and number > most:
        read.refuse(name, "people_many", people=number, most=most)
    else:
        read.refuse(name, "range", least=least, most=most)


def _read_choices(read: HomeRead, raw: Mapping[str, Any]) -> None:
    for name, kind in CHOICES.items():
        if name not in raw:
            continue
        if raw[name] in {each.value for each in kind}:
            read.home[name] = kind(raw[name])
        elif raw[name]:
            read.refuse(name, "choice", words=str(raw[name])[:40])
        else:
            read.home[name] = IncomeAsked.NONE if name == "income_asked" else None
    for name, kind in SEVERAL.items():
        if name in raw:
            wanted, codes = list(dict.fromkeys(raw[name])), {each.value for each in kind}
            if strange := [each for each in wanted if each not in codes]:
                read.refuse(name, "choice", words=str(strange[0])[:40])
            else:
                read.home[name] = wanted
    for name in (*YES_OR_NO, *ALWAYS_KNOWN):
        if name not in raw:
            continue
        value = _YES.get(str(raw[name]), ...)
        if value is ...:
            read.refuse(name, "choice", words=str(raw[name])[:40])
        else:
            read.home[name] = True if value is None and name in ALWAYS_KNOWN else value


def _read_energy(read: HomeRead, raw: Mapping[str, Any]) -> None:
    if "energy_class" not in raw:
        return
    typed = str(raw["energy_class"]).strip().upper()
    if typed and typed not in ENERGY_CLASSES:
        read.refuse("energy_class", "choice", words=typed[:40])
    else:
        read.home["energy_class"] = typed or None


def _read_day(read: HomeRead, raw: Mapping[str, Any], today: date, known: Listing | None) -> None:
    if "available_from" not in raw:
        return
    typed = str(raw["available_from"]).strip()
    if not typed:
        read.home["available_from"] = None
        return
    day = _day(typed)
    if day is None:
        read.refuse("available_from", "day", words=typed[:40])
    elif day < today and (known is None or day != known.available_from):
        read.refuse("available_from", "day_past", day=day.strftime("%d.%m.%Y"))
    elif day.year > today.year + 5:
        read.refuse("available_from", "day_far", day=day.strftime("%d.%m.%Y"))
    else:
        read.home["available_from"] = day


def _day(typed: str) -> date | None:
    """Return a day that was written as 2027-01-31 or 31.01.2027, 31/1/2027."""
    parts = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", typed, re.ASCII)
    try:
        return date(*map(int, reversed(parts.groups()))) if parts else date.fromisoformat(typed)
    except ValueError:
        return None


def _check_whole(read: HomeRead, known: Listing | None, *, rent_wanted: bool) -> None:
    wrong = {fault.field for fault in read.faults}
    rent = read.home.get("rent_eur_month", known.rent_eur_month if known else None)
    if "rooms" in read.home and read.home["rooms"] is None:
        read.refuse("rooms", "rooms_missing")
    if rent_wanted and rent is None and "rent_eur_month" not in wrong:
        read.refuse("rent_eur_month", "rent_missing")
    deposit = read.home.get("deposit_eur", known.deposit_eur if known else None)
    if rent and deposit and deposit > MOST_DEPOSIT_MONTHS * rent:
        read.refuse("deposit_eur", "deposit", most=MOST_DEPOSIT_MONTHS * rent, rent=rent)
    if known is not None and known.state in (ListingState.PUBLISHED, ListingState.RESERVED):
        for name in NEEDED_TO_PUBLISH:
            if name in read.home and read.home[name] in (None, "", []):
                read.refuse(name, "needed", code=known.code)
