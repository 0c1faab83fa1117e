"""The JSON API of owners."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backoffice.audit import service as audit
from backoffice.case.errors import CursorInvalid
from backoffice.case.people import get_readable_person
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import Conflict, NotFound
from backoffice.home_owner.facts import OwnerRead, raw_of_owner, read_owner
from backoffice.home_owner.finding import owners_of
from backoffice.home_owner.models import OwnerKind
from backoffice.home_owner.permissions import get_owner, readable_owners, require_housing
from backoffice.home_owner.queries import OwnerFilters, filtered_owners, page_of_owners
from backoffice.home_owner.refusing import law_of, refuse_and_report
from backoffice.home_owner.registering import new_person
from backoffice.home_owner.service import change_owner, lose_owner, register_owner
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.italy import day_in_italy
from backoffice.listing.errors import HomeRefused, OwnerChangedMeanwhile
from backoffice.listing.schemas import (
    OwnerChange,
    OwnerIn,
    OwnerList,
    OwnerLoss,
    OwnerOut,
    WishIn,
    WishOut,
    owner_out,
    wish_out,
)
from backoffice.paging import InvalidCursor
from backoffice.staff.sign_in import SignedIn
from translations.catalog import text

router = APIRouter(prefix="/api/v1/owners", tags=["listings"])

SENTENCES = "en"


class AlreadyOwner(Conflict):
    """The person is an owner already."""

    def __init__(self) -> None:
        super().__init__("homes.error.already_owner", way_out="homes.error.already_owner.way_out")


@router.get("")
def list_owners(
    session: ReadSession,
    staff: SignedIn,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: OwnerKind | None = None,
    lost: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> OwnerList:
    """List the owners of the caller's body; `q` looks in names and phones."""
    statement = filtered_owners(session, readable_owners(staff), OwnerFilters(q, kind, lost))
    try:
        page = page_of_owners(session, statement, limit=limit, cursor=cursor)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    return OwnerList(items=[owner_out(each, whole=False) for each in page.owners], next=page.next)


@router.post("", status_code=201)
def create_owner(
    new: OwnerIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> OwnerOut:
    """Make somebody an owner: a person who is known, or somebody new."""
    require_housing(staff)
    known = get_readable_person(session, staff, new.person) if new.person else None
    if known is not None and known.organisation_id != staff.organisation_id:
        raise NotFound

    def act() -> OwnerOut:
        now = clock()
        raw = new.model_dump(mode="json")
        read = _without_faults(read_owner(raw, today=day_in_italy(now), person_wanted=known is None))
        if known is not None and owners_of(session, [known]):
            raise AlreadyOwner
        person = known or new_person(session, staff, read.name, read.phone, language=new.language, now=now)
        return owner_out(register_owner(session, person, read.facts, by=staff.id, now=now), whole=True)

    return once(
        session,
        act,
        result_type=OwnerOut,
        principal=f"staff:{staff.id}",
        operation="owner.create",
        key=key,
        request=new,
        now=clock(),
    )


@router.get("/{owner_id}")
def read_owner_of_id(owner_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> OwnerOut:
    """Return one owner; who reads is noted in the audit trail."""
    owner = get_owner(session, staff, owner_id)
    audit.record(
        session, by=staff.id, action="owner.read", subject_kind="owner", subject_id=owner.id, now=clock()
    )
    return owner_out(owner, whole=True)


@router.patch("/{owner_id}")
def patch_owner(
    owner_id: str, change: OwnerChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> OwnerOut:
    """Change an owner; 409 where somebody was faster."""
    owner, now = get_owner(session, staff, owner_id), clock()
    session.refresh(owner, ["version"], with_for_update=True)  # who saves at the same moment waits
    if change.version != owner.version:
        raise OwnerChangedMeanwhile
    raw = raw_of_owner(owner) | change.model_dump(mode="json", exclude_unset=True)
    read = _without_faults(read_owner(raw, today=day_in_italy(now), person_wanted=False))
    change_owner(session, owner, read.facts, by=staff.id, now=now)
    return owner_out(owner, whole=True)


@router.post("/{owner_id}/losses")
def create_loss(
    owner_id: str, loss: OwnerLoss, session: DbSession, staff: SignedIn, clock: ClockDep
) -> OwnerOut:
    """Note that an owner is lost and why, or is back."""
    owner, now = get_owner(session, staff, owner_id), clock()
    lose_owner(session, owner, loss.reason, on=day_in_italy(now), by=staff.id, now=now)
    return owner_out(owner, whole=True)


@router.post("/{owner_id}/wishes", status_code=201)
def create_wish(
    owner_id: str,
    wish: WishIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> WishOut:
    """Refuse and count a wish that discriminates; note and task go into the owner's case."""
    owner = get_owner(session, staff, owner_id)

    def act() -> WishOut:
        law = text(f"backoffice.homes.wish.{law_of(wish.ground)}", SENTENCES)
        refused = refuse_and_report(
            session, owner, wish.ground, wish.words, staff=staff, language="it", now=clock()
        )
        return wish_out(refused, law)

    return once(
        session,
        act,
        result_type=WishOut,
        principal=f"staff:{staff.id}",
        operation="owner.wish",
        key=key,
        request={"owner": owner_id, "wish": wish.model_dump(mode="json")},
        now=clock(),
    )


def _without_faults(read: OwnerRead) -> OwnerRead:
    if read.faults:
        raise HomeRefused([(fault.field, fault.sentence(SENTENCES)) for fault in read.faults])
    return read
