"""A browser without its screen: keeps cookies, reads the CSRF token of a page, posts forms."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx
from sqlalchemy.orm import Session

from backoffice.staff.models import Staff
from backoffice.staff.passwords import hash_password

PASSWORD = "a long enough password"
HTML = {"Accept": "text/html"}

_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


def give_password(session: Session, staff: Staff) -> None:
    """Let a member of staff sign in with `PASSWORD`."""
    staff.password_hash = hash_password(PASSWORD)
    session.flush()


def reread(session: Session, row: object) -> None:
    """Read a row anew, and let the database go: an open transaction would block the application."""
    session.refresh(row)
    session.commit()


@dataclass
class Browser:
    """One browser window."""

    http: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        """Open a page; redirects are not followed."""
        return await self.http.get(path, headers=HTML)

    async def read(self, path: str) -> str:
        """Return the HTML of a page that there must be."""
        answer = await self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(self, path: str, /, page: str = "/sign-in", **fields: str) -> httpx.Response:
        """Post a form, with the token that a page gives."""
        return await self.http.post(path, data={"csrf": await self.csrf(page), **fields}, headers=HTML)

    async def csrf(self, page: str = "/sign-in") -> str:
        """Return the CSRF token of a page."""
        found = _CSRF.search((await self.get(page)).text)
        assert found is not None
        return found.group(1)

    async def sign_in(self, staff: Staff, password: str = PASSWORD) -> httpx.Response:
        """Fill the sign-in form in."""
        return await self.post("/sign-in", email=staff.email, password=password, next="/")
