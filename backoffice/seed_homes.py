"""The owners and homes of the demo: invented, with drawn pictures for some."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment.vault import Vault
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.home_owner.facts import read_owner
from backoffice.home_owner.models import HomeOwner, LostReason
from backoffice.home_owner.registering import new_person
from backoffice.home_owner.service import lose_owner, register_owner
from backoffice.italy import day_in_italy
from backoffice.listing.adding import HomeOffered, offer_home
from backoffice.listing.facts import read_home
from backoffice.listing.models import Listing, ListingState
from backoffice.listing.photos import add_photo
from backoffice.listing.service import move_listing, verify_listing
from backoffice.person.models import Person
from backoffice.staff.models import Staff

Story = Mapping[str, Any]
S = ListingState

_STEPS: Mapping[ListingState, tuple[ListingState, ...]] = {
    S.DRAFT: (),
    S.CHECKED: (S.CHECKED,),
    S.PUBLISHED: (S.CHECKED, S.PUBLISHED),
    S.RENTED: (S.CHECKED, S.PUBLISHED, S.RENTED),
    S.WITHDRAWN: (S.WITHDRAWN,),
}
"""How each home of the stories comes to its state."""


def seed_homes(session: Session, staff: Staff, vault: Vault | None, *, now: datetime) -> None:
    """Write the owners and homes of `demo_homes.yml`; without a vault they have no pictures."""
    stories = yaml.safe_load((Path(__file__).parent / "demo_homes.yml").read_text(encoding="utf-8"))
    owners = {story["key"]: _owner(session, staff, story, now) for story in stories["owners"]}
    for story in stories["homes"]:
        _home(session, staff, owners[story["owner"]], story, vault, now)
    for story in stories["owners"]:
        if "lost" in story:
            reason, on = LostReason(story["lost"]), day_in_italy(now - timedelta(days=14))
            lose_owner(session, owners[story["key"]], reason, on=on, by=staff.id, now=now)


def _owner(session: Session, staff: Staff, story: Story, now: datetime) -> HomeOwner:
    asked = day_in_italy(now - timedelta(days=30))
    raw = {"contact_agreed_on": asked.isoformat(), **story["facts"]}
    facts = read_owner(raw, today=day_in_italy(now), person_wanted=False).facts
    if "case" in story:
        person = _person_of_offer(session, story["case"])
    else:
        person = new_person(session, staff, story["person"], story["phone"], language="it", now=now)
    return register_owner(session, person, facts, by=staff.id, now=now)


def _person_of_offer(session: Session, name: str) -> Person:
    """Return the person of that name who has offered a home at the desk."""
    offers = select(Case.person_id).where(Case.type == CaseType.HOUSING_OFFER)
    people = session.scalars(select(Person).where(Person.id.in_(offers)))
    return next(person for person in people if person.name == name)


def _home(
    session: Session, staff: Staff, owner: HomeOwner, story: Story, vault: Vault | None, now: datetime
) -> None:
    then = now - timedelta(minutes=story["ago"])
    read = read_home(_raw(story["home"]), today=day_in_italy(now), rent_wanted=False)
    home = dict(read.home)
    if "free_days" in story:
        home["available_from"] = day_in_italy(now + timedelta(days=story["free_days"]))
    listing = offer_home(session, owner, HomeOffered(home), case=None, staff=staff, now=then)
    if vault is not None and "photo" in story:
        file = vault.take(_picture(story["photo"]), conversation_id=None)
        add_photo(session, listing, file, by=staff.id, now=then)
    _bring_to(session, staff, listing, ListingState(story["state"]), story.get("reason"), then)


def _bring_to(
    session: Session, staff: Staff, listing: Listing, state: ListingState, reason: str | None, now: datetime
) -> None:
    if state is not ListingState.DRAFT:
        verify_listing(session, listing, "visit", by=staff.id, now=now)
    for step in _STEPS[state]:
        move_listing(session, listing, step, by=staff.id, now=now, reason=reason)


def _raw(home: Story) -> dict[str, Any]:
    def typed(value: Any) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value if isinstance(value, list) else str(value)

    return {name: typed(value) for name, value in home.items()}


def _picture(wall: str) -> bytes:
    """Return a drawn room: a wall, a floor, a window and a door. Nobody lives there."""
    picture = Image.new("RGB", (960, 640), wall)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 470, 960, 640), fill="#8f7355")
    draw.rectangle((330, 110, 640, 360), fill="#dcefff", outline="#ffffff", width=14)
    draw.line((485, 110, 485, 360), fill="#ffffff", width=10)
    draw.rectangle((740, 170, 890, 470), fill="#6d4c33", outline="#54381f", width=8)
    draw.ellipse((860, 315, 876, 331), fill="#e0c070")
    draw.rectangle((70, 380, 270, 470), fill="#4d6a7d")
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=80)
    return drawn.getvalue()
