"""Sums, days and homes as the person's language writes them: the card of a home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from backoffice.housing_chat.finding import FoundHome
from backoffice.italy import day_in_italy
from backoffice.listing.models import Listing
from translations.catalog import has, text

_NEAR = "near_"


def euros(amount: int, language: str) -> str:
    """Write a sum of whole euros, as the form does: "1.100 €"."""
    return f"{format_decimal(amount, locale=language)}\N{NO-BREAK SPACE}€"


def day(value: date, language: str) -> str:
    """Write a day: "10 dicembre 2026"."""
    return format_date(value, "long", locale=language)


def card(home: FoundHome, language: str, *, now: datetime) -> str:
    """Return a home in words: where, what it costs, how large; why it fits and what to know before.

    The exact address is not among them: it is told when a viewing is fixed.
    """
    listing = home.listing
    parts = [
        "\n".join(_facts(listing, language, now)),
        _listed("homes.card_why", _reasons(home.reasons, language), language),
        _listed("homes.card_but", _known("homes.doubt", home.doubts, language), language),
        text("homes.card_address", language),
    ]
    return "\n\n".join(part for part in parts if part)


def _facts(listing: Listing, language: str, now: datetime) -> list[str]:
    town = ", ".join(part for part in (listing.municipality, listing.area) if part)
    size = {"rooms": str(listing.rooms), "people": str(listing.max_people or "?")}
    lines = [
        text("homes.card_title", language, code=listing.code, town=town),
        _rent(listing, language),
        text("homes.card_size", language, **size),
    ]
    if listing.included:
        lines.append(text("homes.card_included", language, what=_included(listing, language)))
    if listing.furnishing is not None:
        lines.append(text(f"homes.furnishing.{listing.furnishing.value}", language))
    if listing.floor is not None:
        lines.append(_floor(listing, listing.floor, language))
    if listing.deposit_eur:
        lines.append(text("homes.card_deposit", language, sum=euros(listing.deposit_eur, language)))
    return [*lines, _free_from(listing, language, now)]


def _rent(listing: Listing, language: str) -> str:
    rent, expenses = listing.rent_eur_month or 0, listing.expenses_eur_month
    if expenses is None:
        return text("homes.card_rent_only", language, rent=euros(rent, language))
    values = {"rent": euros(rent, language), "expenses": euros(expenses, language)}
    return text("homes.card_rent", language, sum=euros(rent + expenses, language), **values)


def _included(listing: Listing, language: str) -> str:
    known = [code for code in listing.included if has(f"homes.included.{code}")]
    return format_list([text(f"homes.included.{code}", language) for code in known], locale=language)


def _floor(listing: Listing, floor: int, language: str) -> str:
    if floor == 0:
        return text("homes.card_ground", language)
    key = "homes.card_floor_lift" if listing.lift else "homes.card_floor"
    return text(key, language, floor=str(floor))


def _free_from(listing: Listing, language: str, now: datetime) -> str:
    if listing.available_from is None or listing.available_from <= day_in_italy(now):
        return text("homes.card_free_now", language)
    return text("homes.card_free", language, day=day(listing.available_from, language))


def _reasons(codes: Sequence[str], language: str) -> list[str]:
    places = [code.removeprefix(_NEAR) for code in codes if code.startswith(_NEAR)]
    named = [text(f"bot.button.near_{each}", language) for each in places if has(f"bot.button.near_{each}")]
    near = [text("homes.why.near", language, what=format_list(named, locale=language))] if named else []
    return [*_known("homes.why", codes, language), *near]


def _known(area: str, codes: Sequence[str], language: str) -> list[str]:
    return [text(f"{area}.{code}", language) for code in codes if has(f"{area}.{code}")]


def _listed(title: str, lines: Sequence[str], language: str) -> str:
    return "\n".join([text(title, language), *(f"• {line}" for line in lines)]) if lines else ""
