from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.factories import create_staff
from tests.backoffice.pages.browser import Browser, give_password


@pytest.fixture
def window(http: httpx.AsyncClient) -> Browser:
    return Browser(http)


@pytest.fixture
def coordinator(session: Session) -> Staff:
    staff = create_staff(session, name="Carlo Bianchi", roles=frozenset({Role.COORDINATOR}))
    give_password(session, staff)
    session.commit()
    return staff
