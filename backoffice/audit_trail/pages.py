"""The page of the audit trail, and its table to take away, whose taking is written into the trail itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from backoffice.audit import service as audit
from backoffice.audit.chain import INSTALLATION
from backoffice.audit.queries import TrailFilters, page_of
from backoffice.audit_trail.days import day_after, first_moment
from backoffice.audit_trail.export import as_csv
from backoffice.audit_trail.permissions import readable_chains
from backoffice.audit_trail.queries import names_of, staff_of
from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.paging import InvalidCursor
from backoffice.posted import day_typed
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render

router = APIRouter(include_in_schema=False)

PAGE = 50

SERVICES = ("service", "system")
"""Who acts without being of the staff."""


@dataclass(frozen=True)
class TrailSearch:
    """The filters of the page as its address has them; a day that is none narrows nothing."""

    actor: str
    action: str
    subject_kind: str
    subject_id: str
    since: str
    until: str

    @property
    def filters(self) -> TrailFilters:
        """The same for the statement."""
        return TrailFilters(
            actor=self.actor,
            action=self.action.strip(),
            subject_kind=self.subject_kind.strip(),
            subject_id=self.subject_id.strip(),
            since=first_moment(day_typed(self.since)),
            until=day_after(day_typed(self.until)),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered."""
        return any(self._fields().values())

    def address(self, path: str, **more: str) -> str:
        """Return an address with these filters."""
        query = urlencode({name: value for name, value in {**self._fields(), **more}.items() if value})
        return f"{path}?{query}" if query else path

    def _fields(self) -> dict[str, str]:
        return {
            "actor": self.actor,
            "action": self.action,
            "subject_kind": self.subject_kind,
            "subject_id": self.subject_id,
            "from": self.since,
            "to": self.until,
        }


def _search(
    actor: Annotated[str, Query(max_length=36)] = "",
    action: Annotated[str, Query(max_length=60)] = "",
    subject_kind: Annotated[str, Query(max_length=40)] = "",
    subject_id: Annotated[str, Query(max_length=36)] = "",
    since: Annotated[str, Query(alias="from", max_length=10)] = "",
    until: Annotated[str, Query(alias="to", max_length=10)] = "",
) -> TrailSearch:
    return TrailSearch(actor, action, subject_kind, subject_id, since, until)


Search = Annotated[TrailSearch, Depends(_search)]


@router.get("/audit")
def trail_page(
    request: Request,
    session: ReadSession,
    staff: SignedIn,
    search: Search,
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Show who did what, newest first.

    Raises:
        NotFound: the reader is no auditor.
    """
    chains = readable_chains(staff)
    try:
        page = page_of(session, chains, search.filters, cursor=cursor or None, limit=PAGE)
    except InvalidCursor:
        page = page_of(session, chains, search.filters, cursor=None, limit=PAGE)
    return render(
        request,
        "audit_trail/trail.html",
        staff=staff,
        page=page,
        search=search,
        names=names_of(session, page.entries),
        colleagues=staff_of(session, staff.organisation_id),
        services=SERVICES if INSTALLATION in chains else (),
        is_first=not cursor,
    )


@router.get("/audit.csv")
def download(
    session: DbSession, database: DatabaseDep, staff: SignedIn, search: Search, clock: ClockDep
) -> Response:
    """Give the trail, filtered as the page is, as a table. That it was taken is written into it.

    Raises:
        NotFound: the reader is no auditor.
    """
    chains = readable_chains(staff)
    audit.record(
        session,
        by=staff.id,
        action="audit.exported",
        subject_kind="organisation",
        subject_id=staff.organisation_id,
        now=clock(),
        roles=" ".join(staff.role_names),
    )
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    lines = as_csv(database, chains, search.filters)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
