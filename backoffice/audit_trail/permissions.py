"""Who reads the audit trail: auditors, that of their own body; at the front door the installation's too."""

from __future__ import annotations

from backoffice.audit.chain import INSTALLATION
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


def may_audit(staff: Staff) -> bool:
    """Tell whether somebody reads an audit trail at all."""
    return staff.has_role(Role.AUDITOR)


def readable_chains(staff: Staff) -> frozenset[str]:
    """Return the chains that somebody reads.

    Raises:
        NotFound: none at all.
    """
    if not may_audit(staff):
        raise NotFound
    own = frozenset({staff.organisation_id})
    return own | {INSTALLATION} if staff.organisation.is_front_door else own
