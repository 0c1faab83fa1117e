"""Statements about who publishes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.staff.models import Organisation


def publisher_name(session: Session) -> str | None:
    """Return the name of the body at the front door; None before there is one."""
    return session.scalar(select(Organisation.name).where(Organisation.is_front_door))
