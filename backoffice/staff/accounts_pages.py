"""The pages of administration: accounts, units, and partner bodies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import BackofficeError
from backoffice.staff import administration
from backoffice.staff.administration import AccountRefused, EmailTaken, NewAccount
from backoffice.staff.links import invited_ids
from backoffice.staff.models import Gender, Organisation, Staff, Unit
from backoffice.staff.permissions import (
    get_changeable_account,
    get_changeable_unit,
    get_seen_account,
    grantable_roles,
    may_add_organisations,
    may_administer,
    may_change,
    seen_accounts,
    seen_organisations,
)
from backoffice.staff.queries import accounts_by_name, searched, units_of, with_second_factor
from backoffice.staff.roles import Role
from backoffice.staff.schemas import state_of
from backoffice.staff.sessions import running_sessions
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render
from translations.catalog import area_texts
from translations.catalog import text as sentence
from translations.languages import LANGUAGES

router = APIRouter(include_in_schema=False)

SHOWN = 50

Name = Annotated[str, Form(max_length=200)]
Email = Annotated[str, Form(max_length=254)]
Roles = Annotated[list[Role], Form(max_length=20)]
Codes = Annotated[list[str], Form(max_length=60)]
Choice = Annotated[str, Form(max_length=60)]


@router.get("/accounts")
def accounts_page(
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show who has an account here, and a form to invite somebody."""
    return _list(request, session, staff, now=clock(), q=q, page=page)


@router.post("/accounts")
def submit_invitation(
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    email: Email,
    name: Name = "",
    roles: Roles = [],  # noqa: B006  (FastAPI copies it)
    languages: Codes = [],  # noqa: B006
    unit: Choice = "",
) -> Response:
    """Invite somebody; what cannot be comes back with the reason."""
    seen_accounts(staff)
    now = clock()
    new = NewAccount(email, name, frozenset(roles), _known(languages), unit or None)
    base_url = request.app.state.settings.base_url
    try:
        administration.invite(session, new, by=staff, base_url=base_url, now=now)
    except (AccountRefused, EmailTaken) as refused:
        return _list(request, session, staff, now=now, refused=refused, filled=new)
    return redirect("/accounts", notice="accounts_invited")


@router.get("/accounts/{account_id}")
def account_page(
    request: Request, account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one account, to change it where the reader may."""
    return _one(request, session, staff, get_seen_account(session, staff, account_id), now=clock())


@router.post("/accounts/{account_id}")
def submit_account(
    request: Request,
    account_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    name: Name = "",
    roles: Roles = [],  # noqa: B006
    languages: Codes = [],  # noqa: B006
    topics: Codes = [],  # noqa: B006
    gender: Choice = "",
    unit: Choice = "",
) -> Response:
    """Change an account."""
    account = get_changeable_account(session, staff, account_id)
    changes: dict[str, Any] = {
        "name": name,
        "languages": _known(languages),
        "topics": [topic for topic in topics if topic in _topics()],
        "gender": gender if gender in [each.value for each in Gender] else None,
        "unit_id": unit or None,
    }
    if account.id != staff.id:
        changes["roles"] = roles
    try:
        administration.change_account(session, account, changes, by=staff, now=clock())
    except AccountRefused as refused:
        return _one(request, session, staff, account, now=clock(), refused=refused)
    return redirect(f"/accounts/{account.id}", notice="accounts_kept")


@router.post("/accounts/{account_id}/deactivate")
def submit_deactivation(account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """End an account at once."""
    account = get_changeable_account(session, staff, account_id)
    administration.deactivate(session, account, by=staff, now=clock())
    return redirect(f"/accounts/{account.id}", notice="accounts_deactivated")


@router.post("/accounts/{account_id}/reactivate")
def submit_reactivation(
    request: Request, account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Let an account count again, or send the invitation once more."""
    account = get_changeable_account(session, staff, account_id)
    base_url = request.app.state.settings.base_url
    administration.reactivate(session, account, by=staff, base_url=base_url, now=clock())
    return redirect(
        f"/accounts/{account.id}", notice="accounts_kept" if account.active else "accounts_invited"
    )


@router.post("/accounts/{account_id}/sessions/end")
def submit_session_end(account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Sign somebody out everywhere."""
    account = get_changeable_account(session, staff, account_id)
    administration.end_sessions(session, account, by=staff, now=clock())
    return redirect(f"/accounts/{account.id}", notice="accounts_sessions_ended")


@router.post("/accounts/{account_id}/second-factor/remove")
def submit_factor_removal(account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Take away the second factor of somebody who has lost app and recovery codes."""
    account = get_changeable_account(session, staff, account_id)
    administration.take_second_factor(session, account, by=staff, now=clock())
    return redirect(f"/accounts/{account.id}", notice="accounts_kept")


@router.get("/units")
def units_page(request: Request, session: DbSession, staff: SignedIn) -> Response:
    """Show the units of the own organisation."""
    return _units(request, session, staff)


@router.post("/units")
def submit_unit(
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    name: Annotated[str, Form(max_length=120)] = "",
    municipalities: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Add a unit."""
    return _keep_unit(request, session, staff, None, name, municipalities, now=clock())


@router.post("/units/{unit_id}")
def submit_unit_change(
    request: Request,
    unit_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    name: Annotated[str, Form(max_length=120)] = "",
    municipalities: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Change a unit."""
    unit = get_changeable_unit(session, staff, unit_id)
    return _keep_unit(request, session, staff, unit, name, municipalities, now=clock())


@router.get("/organisations")
def organisations_page(request: Request, session: DbSession, staff: SignedIn) -> Response:
    """Show the bodies that work here, and a form to add one."""
    return _organisations(request, session, staff)


@router.post("/organisations")
def submit_organisation(
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    organisation: Name = "",
    name: Name = "",
    email: Email = "",
) -> Response:
    """Add a partner body and invite its first administrator."""
    seen_organisations(staff)
    first = NewAccount(email, name, frozenset({Role.ADMINISTRATOR}), ("it",))
    base_url = request.app.state.settings.base_url
    nested = session.begin_nested()
    try:
        administration.add_organisation(
            session, name=organisation, first=first, by=staff, base_url=base_url, now=clock()
        )
    except (AccountRefused, EmailTaken) as refused:
        nested.rollback()
        return _organisations(request, session, staff, refused=refused)
    nested.commit()
    return redirect("/organisations", notice="accounts_invited")


def _list(
    request: Request,
    session: Session,
    staff: Staff,
    *,
    now: datetime,
    q: str = "",
    page: int = 1,
    refused: BackofficeError | None = None,
    filled: NewAccount | None = None,
) -> Response:
    statement = searched(seen_accounts(staff), q)
    accounts, has_more = accounts_by_name(session, statement, skip=(page - 1) * SHOWN, limit=SHOWN)
    invited = invited_ids(session, now=now)
    _note(session, staff, "accounts.listed", "organisation", staff.organisation_id, now=now)
    return render(
        request,
        "staff/accounts.html",
        staff=staff,
        status=refused.status if refused else 200,
        accounts=[(each, state_of(each, invited).value) for each in accounts],
        secured=with_second_factor(session, {each.id for each in accounts}),
        units=units_of(session, staff.organisation_id),
        roles=_in_order(grantable_roles(staff)),
        languages=list(LANGUAGES),
        filled=filled,
        why=_why(request, refused),
        q=q,
        page=page,
        has_more=has_more,
        **_tabs(staff),
    )


def _one(
    request: Request,
    session: Session,
    staff: Staff,
    account: Staff,
    *,
    now: datetime,
    refused: BackofficeError | None = None,
) -> Response:
    _note(session, staff, "staff.read", "staff", account.id, now=now)
    can_change = may_change(staff, account)
    return render(
        request,
        "staff/account.html",
        staff=staff,
        status=refused.status if refused else 200,
        account=account,
        state=state_of(account, invited_ids(session, now=now)).value,
        can_change=can_change,
        is_own=account.id == staff.id,
        is_secured=bool(with_second_factor(session, {account.id})),
        sessions=running_sessions(session, account.id, now=now) if can_change else [],
        units=units_of(session, account.organisation_id),
        roles=_in_order(grantable_roles(staff)),
        languages=list(LANGUAGES),
        topics=_topics(),
        why=_why(request, refused),
        **_tabs(staff),
    )


def _units(
    request: Request, session: Session, staff: Staff, *, refused: BackofficeError | None = None
) -> Response:
    seen_accounts(staff)
    return render(
        request,
        "staff/units.html",
        staff=staff,
        status=refused.status if refused else 200,
        units=units_of(session, staff.organisation_id),
        can_change=may_administer(staff),
        why=_why(request, refused),
        **_tabs(staff),
    )


def _keep_unit(
    request: Request,
    session: Session,
    staff: Staff,
    unit: Unit | None,
    name: str,
    municipalities: str,
    *,
    now: datetime,
) -> Response:
    if not may_administer(staff):
        seen_organisations(staff)
    towns = [" ".join(line.split())[:80] for line in municipalities.replace(",", "\n").splitlines()]
    try:
        administration.keep_unit(
            session, unit, name=name, municipalities=[town for town in towns if town], by=staff, now=now
        )
    except AccountRefused as refused:
        return _units(request, session, staff, refused=refused)
    return redirect("/units", notice="accounts_kept")


def _organisations(
    request: Request, session: Session, staff: Staff, *, refused: BackofficeError | None = None
) -> Response:
    found = session.scalars(seen_organisations(staff).order_by(Organisation.name)).all()
    return render(
        request,
        "staff/organisations.html",
        staff=staff,
        status=refused.status if refused else 200,
        organisations=found,
        why=_why(request, refused),
        **_tabs(staff),
    )


def _tabs(staff: Staff) -> dict[str, bool]:
    return {"has_organisations": may_add_organisations(staff)}


def _topics() -> list[str]:
    """Return the topics that staff may know best: those that lists of conversations name."""
    prefix = "backoffice.intent."
    keys = (key for key in area_texts("backoffice", "it") if key.startswith(prefix))
    return [key.removeprefix(prefix) for key in keys]


def _known(languages: list[str]) -> tuple[str, ...]:
    return tuple(code for code in languages if code in LANGUAGES)


def _in_order(roles: frozenset[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _why(request: Request, refused: BackofficeError | None) -> str | None:
    if refused is None:
        return None
    return sentence(f"backoffice.{refused.message}", interface_language(request), **refused.values)


def _note(session: Session, staff: Staff, action: str, kind: str, subject_id: str, *, now: datetime) -> None:
    audit.record(session, by=staff.id, action=action, subject_kind=kind, subject_id=subject_id, now=now)
