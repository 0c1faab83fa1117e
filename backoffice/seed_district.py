"""The demo district before anything happens in it: its organisations, office, desks and staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.attachment.vault import Vault
from backoffice.office.models import Office
from backoffice.office.service import default_hours
from backoffice.seed_appointments import seed_desk
from backoffice.staff.accounts import DEMO_DOMAIN
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.passwords import hash_password
from backoffice.staff.roles import Role

PASSWORD = "sportello-demo"  # noqa: S105  (public: contract, "Demo data")

Story = Mapping[str, Any]
"""A part of `demo_data.yml`."""


@dataclass(frozen=True)
class District:
    """What the stories refer to."""

    organisations: Mapping[str, Organisation]
    staff: Mapping[str, Staff]
    vault: Vault | None
    now: datetime

    @property
    def front_door(self) -> Organisation:
        """The organisation that runs the chat."""
        return next(each for each in self.organisations.values() if each.is_front_door)


def settle(session: Session, stories: Story, vault: Vault | None, now: datetime) -> District:
    """Write the organisations, the front door's office with its desks, and everybody who works there."""
    organisations = {each["slug"]: Organisation(**each) for each in stories["organisations"]}
    session.add_all(organisations.values())
    session.flush()
    front_door = next(each for each in organisations.values() if each.is_front_door)
    office = Office(organisation_id=front_door.id, verified_on=now.date(), is_demo=True, **stories["office"])
    office.opening_hours = default_hours()
    session.add(office)
    session.flush()
    seed_desk(session, office, now=now)
    password_hash = hash_password(PASSWORD)
    staff = {}
    for each in stories["staff"]:
        organisation = organisations[each["organisation"]] if "organisation" in each else front_door
        staff[each["email"]] = Staff(
            organisation=organisation,
            email=each["email"] + DEMO_DOMAIN,
            name=each["name"],
            password_hash=password_hash,
            role_names=sorted(Role(role).value for role in each["roles"]),
            languages=each["languages"],
            gender=each.get("gender"),
            topics=each.get("topics", []),
        )
    session.add_all(staff.values())
    session.flush()
    return District(organisations, staff, vault, now)
