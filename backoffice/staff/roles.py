"""What a member of staff may do, by role (domain, project.md 3, "Roles")."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role inside one organisation; a person may have several."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    CASEWORKER = "caseworker"
    MEDIATOR = "mediator"
    HOUSING_DESK = "housing_desk"
    CARE_DESK = "care_desk"
    PLANNER = "planner"
    AUDITOR = "auditor"


READS_CONVERSATIONS = frozenset(
    {Role.MEDIATOR, Role.CASEWORKER, Role.COORDINATOR, Role.HOUSING_DESK, Role.CARE_DESK}
)
"""Roles that read conversations, in the organisation that runs the front door."""

CLAIMS_CONVERSATIONS = frozenset({Role.MEDIATOR, Role.COORDINATOR, Role.CASEWORKER})
"""Roles that may take the floor, in the organisation that runs the front door."""

WORKS_ON_CASES = frozenset(
    {Role.CASEWORKER, Role.COORDINATOR, Role.HOUSING_DESK, Role.CARE_DESK, Role.MEDIATOR}
)
"""Roles that see any case at all; which ones, `backoffice.case.permissions` says."""

WORKS_ON_HOUSING = frozenset({Role.CASEWORKER, Role.COORDINATOR, Role.HOUSING_DESK})
"""Roles that work at the housing desk: those that may open its cases (`backoffice.case.permissions`)."""

WORKS_ON_CARE = frozenset({Role.CASEWORKER, Role.COORDINATOR, Role.CARE_DESK})
"""Roles that work at the care-work desk: those that may open its cases (`backoffice.case.permissions`)."""

ASKS_FOR_MEDIATORS = frozenset({Role.CASEWORKER, Role.COORDINATOR, Role.HOUSING_DESK, Role.CARE_DESK})
"""Roles that ask for a mediator on behalf of their body: those that work on cases, but mediators."""

READS_FIGURES = frozenset({Role.PLANNER, Role.COORDINATOR, Role.ADMINISTRATOR})
"""Roles that read the figures of planning, in whatever body: they name nobody."""
