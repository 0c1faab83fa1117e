"""Homes from a spreadsheet: first what would change, then exactly that."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case_export.files import csv_pieces, xlsx_pieces
from backoffice.home_owner.models import HomeOwner
from backoffice.listing.models import Heating, Listing, ListingState
from backoffice.listing_import.errors import NotAsShown
from backoffice.listing_import.models import ListingImport
from backoffice.listing_import.planning import Outcome, RowPlan
from backoffice.listing_import.rows import COLUMNS
from backoffice.listing_import.service import (
    forget_unconfirmed,
    import_homes,
    mark_of,
    plans_of,
    take_homes,
)
from backoffice.spreadsheet.errors import FileRefused
from backoffice.spreadsheet.reading import read_rows
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_organisation, create_staff, sign_in
from tests.backoffice.homes import create_listing, create_owner

HEADS = [
    "Codice",
    "Riferimento del proprietario",
    "Proprietario",
    "Telefono",
    "Comune",
    "Stanze",
    "Affitto al mese (euro)",
    "Riscaldamento",
    "Descrizione",
]
PHONE = "+39 0373 000001"


@pytest.fixture
def luca(session: Session) -> Staff:
    return create_staff(session, roles=frozenset({Role.HOUSING_DESK}))


def plan(session: Session, luca: Staff, *rows: list[str]) -> tuple[ListingImport, list[RowPlan]]:
    content = b"".join(csv_pieces([HEADS, *rows]))
    taken = take_homes(session, content, staff=luca, now=NOW)
    return taken, plans_of(session, taken, staff=luca, now=NOW)


def test_each_row_says_what_becomes_of_it(session: Session, luca: Staff) -> None:
    owner = create_owner(session)
    known = create_listing(session, owner=owner, reference="CI-1", heating=Heating.OWN)
    other = create_listing(session, owner=owner)
    _, plans = plan(
        session,
        luca,
        ["", "CI-1", "", PHONE, "Crema", "3", "590", "autonomo", ""],
        [other.code.lower(), "", "", "", "Crema", "3", "550", "", ""],
        ["", "CI-2", "", PHONE, "Crema", "3", "", "", ""],
        ["", "X-1", "Ada Nuova", "333 1234567", "Pandino", "2", "400", "Own", ""],
        ["", "X-2", "", "", "Crema", "2", "400", "", ""],
        ["C-ZZZZZ", "", "", "", "Crema", "3", "550", "", ""],
        ["", "X-3", "Ada Nuova", "333 1234567", "Crema", "2", "400", "", "No stranieri"],
        ["", "X-1", "Ada Nuova", "333 1234567", "Pandino", "2", "400", "", ""],
    )
    found = [(each.outcome.value, [fault.why for fault in each.faults]) for each in plans]
    assert found == [
        ("changed", []),
        ("unchanged", []),
        ("refused", ["rent_missing_row"]),
        ("new", []),
        ("refused", ["owner_name", "owner_phone"]),
        ("refused", ["code_unknown"]),
        ("refused", ["wish"]),
        ("refused", ["row_twice"]),
    ]
    assert plans[0].listing is known
    assert [(each.field, each.before, each.after) for each in plans[0].changes] == [
        ("rent_eur_month", "550", "590")
    ]


def test_a_confirmation_writes_what_was_shown_once(session: Session, luca: Staff) -> None:
    known = create_listing(session, reference="CI-1", heating=Heating.OWN)
    taken, plans = plan(
        session,
        luca,
        ["", "CI-1", "", PHONE, "Crema", "3", "590", "", ""],
        ["", "X-1", "Ada Nuova", "333 1234567", "Pandino", "2", "400", "centralizzato", ""],
        ["", "X-2", "Ada Nuova", "333 1234567", "Crema", "4", "700", "", ""],
        ["", "X-3", "Ada Nuova", "333 1234567", "Milano", "4", "700", "", ""],
    )
    for _ in range(2):
        import_homes(session, taken, shown=mark_of(plans), staff=luca, now=NOW)
    session.commit()
    assert (taken.added, taken.changed, taken.rows) == (2, 1, None)
    session.refresh(known)
    assert (known.rent_eur_month, known.heating, known.state) == (590, Heating.OWN, ListingState.PUBLISHED)
    assert len(session.scalars(select(HomeOwner)).all()) == 2
    added = session.scalars(select(Listing).where(Listing.reference == "X-1")).one()
    assert (added.state, added.heating) == (ListingState.DRAFT, Heating.CENTRAL)
    assert len(session.scalars(select(Case)).all()) == 1
    same, again = plan(session, luca, ["", "X-1", "", "333 1234567", "Pandino", "2", "400", "", ""])
    assert [each.outcome for each in again] == [Outcome.UNCHANGED]
    import_homes(session, same, shown=mark_of(again), staff=luca, now=NOW)
    assert (same.added, same.changed) == (0, 0)


def test_what_changed_since_it_was_shown_is_shown_again(session: Session, luca: Staff) -> None:
    known = create_listing(session, reference="CI-1")
    taken, plans = plan(session, luca, ["", "CI-1", "", PHONE, "Crema", "3", "590", "", ""])
    known.rent_eur_month = 590
    session.flush()
    with pytest.raises(NotAsShown):
        import_homes(session, taken, shown=mark_of(plans), staff=luca, now=NOW)


def test_a_home_at_the_same_address_is_not_written_twice_by_chance(session: Session, luca: Staff) -> None:
    known = create_listing(session)
    heads = [*HEADS[:7], "Indirizzo"]
    row = ["", "", "", PHONE, "Crema", "3", "550", "via inventata 12"]
    taken = take_homes(session, b"".join(xlsx_pieces([heads, row])), staff=luca, now=NOW)
    (found,) = plans_of(session, taken, staff=luca, now=NOW)
    assert [(fault.why, fault.values) for fault in found.faults] == [("row_twin", {"code": known.code})]


def test_the_homes_of_another_body_are_neither_known_nor_changed(session: Session) -> None:
    theirs = create_listing(session, reference="CI-1")
    stranger = create_staff(
        session, roles=frozenset({Role.CASEWORKER}), organisation=create_organisation(session)
    )
    _, plans = plan(
        session,
        stranger,
        [theirs.code, "", "", "", "Crema", "3", "1", "", ""],
        ["", "CI-1", "Rosa", PHONE, "Crema", "3", "1", "", ""],
    )
    assert [(each.outcome.value, each.listing) for each in plans] == [("refused", None), ("new", None)]


def test_a_file_without_rents_is_refused_as_a_whole(session: Session, luca: Staff) -> None:
    with pytest.raises(FileRefused, match="heads"):
        take_homes(session, b"Comune;Stanze\nCrema;3\n", staff=luca, now=NOW)


def test_names_and_phones_of_an_upload_go_after_a_day(session: Session, luca: Staff) -> None:
    plan(session, luca, ["", "X-1", "Ada Nuova", "333 1234567", "Crema", "2", "400", "", ""])
    forget_unconfirmed(session, now=NOW + timedelta(hours=25))
    assert session.scalars(select(ListingImport)).all() == []


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_the_template_can_be_filled_and_brought_back(
    http: httpx.AsyncClient, session: Session, luca: Staff, format: str
) -> None:
    headers = sign_in(session, luca)
    session.commit()
    path = f"/listing-imports/template?format={format}"
    file = await http.get(path, headers=headers)
    assert len(read_rows(file.content)[0]) == len(COLUMNS)
    made = await http.post("/listing-imports", files={"file": (f"x.{format}", file.content)}, headers=headers)
    assert made.status_code == 303, made.text
    shown = await http.get(made.headers["location"], headers=headers)
    assert "Nuova: 1" in shown.text
    assert "Importa 1 casa" in shown.text


def test_attack_46_a_formula_is_a_word_or_no_number_and_never_run(session: Session, luca: Staff) -> None:
    formula = '=HYPERLINK("http://x.example";"qui")'
    _, plans = plan(
        session,
        luca,
        ["", "X-1", "Ada Nuova", "333 1234567", "Crema", "2", "400", "", formula],
        ["", "X-2", "Ada Nuova", "333 1234567", "Crema", "2", "=400", "", ""],
    )
    assert plans[0].home["description"] == formula
    assert [fault.why for fault in plans[1].faults] == ["number"]
