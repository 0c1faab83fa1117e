"""The people who talk with the running installation."""

from __future__ import annotations

import pytest

from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack


@pytest.fixture
def mediator(stack: Stack) -> StaffMember:
    return StaffMember(stack.backoffice_url, "mediator.uk")


@pytest.fixture
def other_mediator(stack: Stack) -> StaffMember:
    return StaffMember(stack.backoffice_url, "mediator.ar")


@pytest.fixture
def caseworker(stack: Stack) -> StaffMember:
    return StaffMember(stack.backoffice_url, "caseworker")


@pytest.fixture
def citizen(stack: Stack) -> WebCitizen:
    """Somebody who writes English on the web."""
    return WebCitizen(stack.bot_url, "en")
