"""Papers for a household, in its language and in Italian: what to bring, a letter to the owner, the sums.

Citizens' words only: the catalogue area `tenancy`. No telephone and no reasons: a paper may be lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from backoffice.accompaniment.models import Tenancy
from backoffice.accompaniment.queries import match_of_contract, tenancy_of
from backoffice.case.models import Case
from backoffice.case_card.content import Card, CardLine, CardSide
from backoffice.client.schemas import ContractType
from backoffice.errors import NotFound
from backoffice.housing_figures.costs import SigningCosts, costs_at_signing, deposit_limit
from backoffice.housing_figures.deadlines import hospitality_deadline, registration_deadline
from backoffice.housing_match.models import HousingMatch
from backoffice.templating import as_day
from translations.catalog import text
from translations.languages import SOURCE, supported_or_source

BRING = ("identity", "permit", "work", "tax_return", "family", "guarantor")
ASK = (
    "damp", "heating", "electricity", "expenses", "furniture", "residence", "contract", "deposit",
)  # fmt: skip
BEWARE = ("seen", "receipt", "documents")

_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))

Say = Callable[..., str]


def make_paper(session: Session, case: Case, paper: str, *, today: date) -> Card:
    """Return a paper of a case whose person and organisation are loaded.

    Raises:
        NotFound: there is no such paper, or no contract yet for one that is about it.
    """
    make = PAPERS.get(paper)
    if make is None:
        raise NotFound
    languages = dict.fromkeys((supported_or_source(case.language), SOURCE))
    sides = tuple(make(session, case, language, today) for language in languages)
    return Card(number=case.number, name=case.person.name or "", sides=sides, link=None)


def _checklist(_session: Session, case: Case, language: str, today: date) -> CardSide:
    say = _speaker(language)
    lines = [CardLine(say("tenancy.paper.bring"), _bullets(say, "bring", BRING))]
    lines.append(CardLine(say("tenancy.paper.ask"), _bullets(say, "ask", ASK)))
    lines.append(CardLine(say("tenancy.paper.beware"), _bullets(say, "beware", BEWARE)))
    hints = (say("tenancy.paper.help"), _foot(say, case, today))
    return CardSide(
        language, say("tenancy.paper.checklist"), tuple(lines), plan_title="", plan=(), hints=hints, scan=""
    )


def _owner_letter(session: Session, case: Case, language: str, today: date) -> CardSide:
    say = _speaker(language)
    match, tenancy = _contract(session, case)
    home = _home(match)
    lines = [
        CardLine(
            say("tenancy.paper.to"), match.listing.owner.company or match.listing.owner.person.name or "–"
        ),
        CardLine(say("tenancy.paper.home"), home),
        CardLine(say("tenancy.paper.tenant"), case.person.name or "–"),
    ]
    if tenancy.signed_on:
        by = as_day(registration_deadline(tenancy.signed_on, tenancy.starts_on).last_day)
        lines.append(
            CardLine(say("tenancy.letter.registration"), say("tenancy.letter.registration_by", day=by))
        )
    housed_on = tenancy.keys_on or tenancy.starts_on
    if housed_on:
        by = as_day(hospitality_deadline(housed_on).last_day)
        lines.append(
            CardLine(say("tenancy.letter.hospitality"), say("tenancy.letter.hospitality_by", day=by))
        )
    lines.append(CardLine(say("tenancy.letter.copies"), say("tenancy.letter.copies_words")))
    hints = (say("tenancy.letter.thanks"), case.organisation.name, _foot(say, case, today))
    return CardSide(
        language,
        say("tenancy.paper.owner-letter"),
        tuple(lines),
        plan_title="",
        plan=(),
        hints=hints,
        scan="",
    )


def _summary(session: Session, case: Case, language: str, today: date) -> CardSide:
    say = _speaker(language)
    match, made = _contract(session, case)
    unknown = say("tenancy.paper.not_known")
    lines = [CardLine(say("tenancy.paper.home"), _home(match))]
    lines.append(CardLine(say("tenancy.paper.contract"), _kind(say, made.contract_type, unknown)))
    rows: list[tuple[str, str | None]] = [
        ("rent", _euros(made.rent_eur_month)),
        ("expenses", _euros(made.expenses_eur_month)),
        ("deposit", _euros(made.deposit_eur)),
        ("starts", as_day(made.starts_on) if made.starts_on else None),
    ]
    lines += [CardLine(say(f"tenancy.paper.{name}"), words or unknown) for name, words in rows]
    if made.rent_eur_month:
        lines += _money(say, made, made.rent_eur_month)
    if made.signed_on:
        by = as_day(registration_deadline(made.signed_on, made.starts_on).last_day)
        lines.append(CardLine(say("tenancy.paper.register"), by))
    hints = (say("tenancy.paper.keep"), say("tenancy.paper.help"), _foot(say, case, today))
    return CardSide(
        language, say("tenancy.paper.summary"), tuple(lines), plan_title="", plan=(), hints=hints, scan=""
    )


PAPERS: Mapping[str, Callable[[Session, Case, str, date], CardSide]] = {
    "checklist": _checklist,
    "owner-letter": _owner_letter,
    "summary": _summary,
}
"""The papers by their names in the address; all but the first are about a contract."""


def _money(say: Say, made: Tenancy, rent: int) -> list[CardLine]:
    limit = deposit_limit(rent)
    costs = costs_at_signing(
        rent,
        expenses_eur_month=made.expenses_eur_month or 0,
        deposit_eur=made.deposit_eur,
        contract_type=made.contract_type,
        flat_tax=made.flat_tax,
    )
    return [
        CardLine(say("tenancy.paper.deposit_limit"), _exact(limit.euros)),
        CardLine(say("tenancy.paper.at_signing"), _costs(say, costs)),
    ]


def _costs(say: Say, costs: SigningCosts) -> str:
    lines = [f"{say(f'tenancy.cost.{each.kind.value}')}: {_exact(each.tenant)}" for each in costs.costs]
    lines.append(f"{say('tenancy.cost.in_all')}: {_exact(costs.tenant)}")
    if costs.unknown:
        lines.append(say("tenancy.cost.ask_the_desk"))
    return "\n".join(lines)


def _contract(session: Session, case: Case) -> tuple[HousingMatch, Tenancy]:
    match = match_of_contract(session, case.id)
    made = tenancy_of(session, match.id) if match else None
    if match is None or made is None:
        raise NotFound
    return match, made


def _home(match: HousingMatch) -> str:
    return ", ".join(part for part in (match.listing.address, match.listing.municipality) if part)


def _kind(say: Say, kind: ContractType | None, unknown: str) -> str:
    return say(f"tenancy.contract.{kind.value}") if kind else unknown


def _euros(value: int | None) -> str | None:
    return None if value is None else _exact(Decimal(value))


def _exact(value: Decimal) -> str:
    whole, _, cents = f"{value:.2f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped} €" if cents == "00" else f"{grouped},{cents} €"


def _bullets(say: Say, group: str, names: tuple[str, ...]) -> str:
    return "\n".join(
        f"{number}. {say(f'tenancy.{group}.{name}')}" for number, name in enumerate(names, start=1)
    )


def _foot(say: Say, case: Case, today: date) -> str:
    return say("tenancy.paper.printed", number=case.number, day=as_day(today))


def _speaker(language: str) -> Say:
    def say(key: str, **values: str) -> str:
        return text(key, language, **values).translate(_ISOLATES)

    return say
