"""What a file with homes would do, row by row: add, change, nothing, or refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session, joinedload

from backoffice.home_owner.facts import read_owner
from backoffice.home_owner.faults import Fault
from backoffice.home_owner.models import HomeOwner
from backoffice.home_owner.permissions import readable_owners
from backoffice.listing.clearing import uncleared_wishes
from backoffice.listing.facts import raw_of, read_home
from backoffice.listing.models import Listing
from backoffice.listing.permissions import WITH_OWNER, readable_listings
from backoffice.listing_import.rows import ImportRow
from backoffice.search.folding import fold
from backoffice.staff.models import Staff


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Change:
    """A field with what stands and what would stand, both as a form shows them."""

    field: str
    before: object
    after: object


@dataclass
class RowPlan:
    """What becomes of one row; `home` are the columns that would be written."""

    row: ImportRow
    outcome: Outcome
    home: dict[str, Any] = field(default_factory=dict)
    listing: Listing | None = None
    owner: HomeOwner | None = None
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def mark(self) -> list[object]:
        """What a confirmation agrees to: if it is no longer so, one looks again."""
        listing = self.listing.id if self.listing else None
        return [self.row.line, self.outcome.value, listing, sorted(map(str, self.home.items()))]


@dataclass(frozen=True)
class _Known:
    """The homes and owners of the body that the file may mean."""

    owners: Mapping[str, HomeOwner]
    by_code: Mapping[str, Listing]
    by_reference: Mapping[tuple[str, str], Listing]
    by_address: Mapping[tuple[str, str], Listing]


def plan_rows(session: Session, staff: Staff, rows: Sequence[ImportRow], *, today: date) -> list[RowPlan]:
    """Return what a file would do now, in the order of its rows."""
    known, seen, plans = _known(session, staff, rows), set[tuple[str, str]](), []
    for row in rows:
        plan = _plan(session, row, known, today)
        key = _key(row, plan)
        if key is not None and key in seen and plan.outcome is not Outcome.REFUSED:
            plan = RowPlan(row, Outcome.REFUSED, faults=[Fault("code", "row_twice")])
        if key is not None:
            seen.add(key)
        plans.append(plan)
    return plans


def digits(phone: str) -> str:
    """Return what telephone numbers are compared by: the last nine digits."""
    return "".join(letter for letter in phone if letter.isdigit())[-9:]


def _plan(session: Session, row: ImportRow, known: _Known, today: date) -> RowPlan:
    owner = known.owners.get(digits(row.phone)) if digits(row.phone) else None
    listing, faults = _meant(row, owner, known)
    if listing is not None:
        owner = listing.owner
    # An empty cell of a home that is known says nothing: what stands, stays.
    raw = {name: value for name, value in row.home.items() if listing is None or value not in ("", [])}
    if listing is None:
        raw.setdefault("rooms", "")
    read = read_home(raw, today=today, known=listing)
    faults += [_in_a_row(fault) for fault in read.faults]
    if listing is None and owner is None and not row.code:
        faults += _faults_of_owner(row, today)
    for wish in uncleared_wishes(session, listing, read.home):
        faults.append(Fault("description", "wish", {"phrase": wish.phrase}))
    if faults:
        return RowPlan(row, Outcome.REFUSED, listing=listing, owner=owner, faults=faults)
    if listing is None:
        return RowPlan(row, Outcome.NEW, home=read.home, owner=owner)
    changes = _changes(listing, read.home, raw)
    outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
    home = {change.field: read.home[change.field] for change in changes}
    return RowPlan(row, outcome, home=home, listing=listing, owner=owner, changes=changes)


def _meant(row: ImportRow, owner: HomeOwner | None, known: _Known) -> tuple[Listing | None, list[Fault]]:
    """Return the home that a row means, by our code or by the owner's own reference."""
    if row.code:
        found = known.by_code.get(row.code)
        return found, [] if found else [Fault("code", "code_unknown", {"code": row.code[:20]})]
    if owner is None:
        return None, []
    reference = fold(row.home.get("reference", ""))
    if reference:
        return known.by_reference.get((owner.id, reference)), []
    twin = known.by_address.get((owner.id, fold(row.home.get("address", ""))))
    return None, [Fault("reference", "row_twin", {"code": twin.code})] if twin else []


def _in_a_row(fault: Fault) -> Fault:
    """Return a fault with the sentence of a spreadsheet, which has no box to tick."""
    return Fault(fault.field, "rent_missing_row") if fault.why == "rent_missing" else fault


def _changes(listing: Listing, home: Mapping[str, Any], raw: Mapping[str, Any]) -> list[Change]:
    before = raw_of(listing)
    return [
        Change(name, before[name], raw[name])
        for name, value in home.items()
        if name in raw and _plain(value) != _plain(getattr(listing, name))
    ]


def _plain(value: Any) -> Any:
    return sorted(str(each) for each in value) if isinstance(value, list) else value


def _faults_of_owner(row: ImportRow, today: date) -> list[Fault]:
    raw = {"name": row.owner, "phone": row.phone, "kind": row.kind, "company": _company(row)}
    named = {"name": "owner"}
    faults = read_owner(raw, today=today, person_wanted=True).faults
    return [Fault(named.get(fault.field, fault.field), fault.why, fault.values) for fault in faults]


def _company(row: ImportRow) -> str:
    return row.owner if row.kind and row.kind != "person" else ""


def _key(row: ImportRow, plan: RowPlan) -> tuple[str, str] | None:
    """Return what a row means its home by; a file names each home once."""
    if plan.listing is not None:
        return ("home", plan.listing.id)
    reference = fold(row.home.get("reference", ""))
    return (digits(row.phone), reference) if reference and digits(row.phone) else None


def _known(session: Session, staff: Staff, rows: Sequence[ImportRow]) -> _Known:
    asked = {digits(row.phone) for row in rows} - {""}
    owners: dict[str, HomeOwner] = {}
    for owner in session.scalars(readable_owners(staff).options(joinedload(HomeOwner.person))):
        number = digits(owner.person.phone or "")
        if number in asked:
            owners.setdefault(number, owner)
    codes = {row.code for row in rows if row.code}
    meant = or_(Listing.code.in_(codes), Listing.owner_id.in_([owner.id for owner in owners.values()]))
    listings = session.scalars(readable_listings(staff).where(meant).options(*WITH_OWNER)).all()
    return _Known(
        owners=owners,
        by_code={listing.code: listing for listing in listings},
        by_reference={
            (listing.owner_id, fold(listing.reference)): listing for listing in listings if listing.reference
        },
        by_address={
            (listing.owner_id, fold(listing.address)): listing for listing in listings if listing.address
        },
    )
