from __future__ import annotations

import shutil
from typing import Any

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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else the one that Playwright installed."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": ["--no-sandbox", "--disable-gpu", "--no-first-run"]}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: every test has an address of its own (pytest-playwright's own fixture warns on pytest 9.2)."""
