from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_staff


@pytest.fixture
def anna(session: Session) -> Staff:
    return create_staff(session, name="Anna", roles=frozenset({Role.ADMINISTRATOR}))
