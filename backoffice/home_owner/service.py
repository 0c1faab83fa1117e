"""What is done with owners. Functions flush, never commit; rights have been asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.home_owner.models import (
    Guarantee,
    HomeOwner,
    LostReason,
    OwnerContact,
    OwnerKind,
    RefusedWish,
    TaxRegime,
    WishGround,
    Worry,
)
from backoffice.person.models import Person


@dataclass(frozen=True)
class OwnerFacts:
    """What is written of an owner beside name and phone."""

    kind: OwnerKind = OwnerKind.PERSON
    company: str | None = None
    email: str | None = None
    contact: OwnerContact = OwnerContact.PHONE
    contact_agreed_on: date | None = None
    worries: Sequence[Worry] = ()
    guarantees: Sequence[Guarantee] = ()
    tax_regime: TaxRegime = TaxRegime.UNDECIDED
    agency_involved: bool = False
    note: str | None = None


def register_owner(
    session: Session, person: Person, facts: OwnerFacts, *, by: str, now: datetime
) -> HomeOwner:
    """Make a person an owner of homes, in the person's body."""
    owner = HomeOwner(
        organisation_id=person.organisation_id,
        person=person,
        person_id=person.id,
        created_by=by,
        created_at=now,
        **_columns(facts),
    )
    session.add(owner)
    session.flush()
    _note(session, owner, "owner.registered", by=by, now=now)
    return owner


def change_owner(session: Session, owner: HomeOwner, facts: OwnerFacts, *, by: str, now: datetime) -> None:
    """Write down what is known of an owner now."""
    for name, value in _columns(facts).items():
        setattr(owner, name, value)
    owner.version += 1
    session.flush()
    _note(session, owner, "owner.changed", by=by, now=now)


def lose_owner(
    session: Session, owner: HomeOwner, reason: LostReason | None, *, on: date, by: str, now: datetime
) -> None:
    """Note that an owner lets no home through the desk any more, and why; None: they are back."""
    owner.lost_on, owner.lost_reason = (on, reason) if reason else (None, None)
    owner.version += 1
    session.flush()
    _note(session, owner, "owner.lost" if reason else "owner.back", by=by, now=now)


def refuse_wish(
    session: Session, owner: HomeOwner, ground: WishGround, words: str | None, *, by: str, now: datetime
) -> RefusedWish:
    """Count a wish that discriminates; it becomes part of no match.

    Source: D.Lgs. 286/1998, art. 43 and 44; D.Lgs. 215/2003, art. 2.
    """
    wish = RefusedWish(owner_id=owner.id, ground=ground, words=words, refused_by=by, refused_at=now)
    session.add(wish)
    session.flush()
    _note(session, owner, "owner.wish_refused", by=by, now=now)
    return wish


def _columns(facts: OwnerFacts) -> dict[str, object]:
    return {
        "kind": facts.kind,
        "company": facts.company,
        "email": facts.email,
        "contact": facts.contact,
        "contact_agreed_on": facts.contact_agreed_on,
        "worries": [worry.value for worry in facts.worries],
        "guarantees": [guarantee.value for guarantee in facts.guarantees],
        "tax_regime": facts.tax_regime,
        "agency_involved": facts.agency_involved,
        "note": facts.note,
    }


def _note(session: Session, owner: HomeOwner, action: str, *, by: str, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="owner", subject_id=owner.id, now=now)
