"""Who may see and change which accounts; the one place where that is decided.

An administrator: all of the own organisation. A coordinator: those whose every role they may grant.
Nobody changes their own roles or ends their own account. What is granted to whom stands in `GRANTS`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.errors import NotFound
from backoffice.staff.models import Organisation, Staff, Unit
from backoffice.staff.roles import Role

GRANTS: Mapping[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.COORDINATOR: frozenset({Role.CASEWORKER, Role.MEDIATOR, Role.HOUSING_DESK, Role.CARE_DESK}),
}
"""Which roles a role may give and take, inside its own organisation."""


def grantable_roles(actor: Staff) -> frozenset[Role]:
    """Return the roles that a person may give and take."""
    return frozenset().union(*(granted for role, granted in GRANTS.items() if actor.has_role(role)))


def may_see_accounts(actor: Staff) -> bool:
    """Tell whether a person looks after accounts at all."""
    return actor.has_role(*GRANTS)


def may_administer(actor: Staff) -> bool:
    """Tell whether a person looks after the units of the own organisation."""
    return actor.has_role(Role.ADMINISTRATOR)


def may_add_organisations(actor: Staff) -> bool:
    """Tell whether a person adds partner bodies: an administrator of the front door."""
    return may_administer(actor) and actor.organisation.is_front_door


def seen_accounts(actor: Staff) -> Select[Staff]:
    """Return the statement of the accounts that a person may see.

    Raises:
        NotFound: this person sees none.
    """
    if not may_see_accounts(actor):
        raise NotFound
    return select(Staff).where(Staff.organisation_id == actor.organisation_id)


def get_seen_account(session: Session, actor: Staff, account_id: str) -> Staff:
    """Return one account.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    found = session.scalars(seen_accounts(actor).where(Staff.id == account_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_changeable_account(session: Session, actor: Staff, account_id: str) -> Staff:
    """Return one account that a person may change.

    Raises:
        NotFound: there is none, or this person may not change it.
    """
    found = get_seen_account(session, actor, account_id)
    if not may_change(actor, found):
        raise NotFound
    return found


def may_change(actor: Staff, account: Staff) -> bool:
    """Tell whether a person who sees an account may change it: never one that is above them."""
    return account.roles <= grantable_roles(actor)


def may_grant(actor: Staff, account: Staff, roles: frozenset[Role]) -> bool:
    """Tell whether a person may give an account exactly these roles."""
    if account.roles == roles:
        return True
    return account.id != actor.id and (account.roles ^ roles) <= grantable_roles(actor)


def get_own_unit(session: Session, actor: Staff, unit_id: str) -> Unit:
    """Return a unit of the person's organisation.

    Raises:
        NotFound: there is none.
    """
    mine = Unit.id == unit_id, Unit.organisation_id == actor.organisation_id
    found = session.scalars(select(Unit).where(*mine)).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_changeable_unit(session: Session, actor: Staff, unit_id: str) -> Unit:
    """Return a unit that the person may change.

    Raises:
        NotFound: there is none, or this person may not change it.
    """
    if not may_administer(actor):
        raise NotFound
    return get_own_unit(session, actor, unit_id)


def seen_organisations(actor: Staff) -> Select[Organisation]:
    """Return the statement of the organisations that an administrator of the front door looks after.

    Raises:
        NotFound: this person looks after none.
    """
    if not may_add_organisations(actor):
        raise NotFound
    return select(Organisation)
