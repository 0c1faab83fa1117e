"""Pages of consents at the desk: the words, the sheet, what was said, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.attachment.vault import Vault
from backoffice.case.models import Case
from backoffice.case.permissions import get_changeable_case
from backoffice.case.queries import organisations
from backoffice.clock import ClockDep
from backoffice.consent.models import ConsentHow
from backoffice.database import Database, DatabaseDep, ReadSession
from backoffice.errors import BackofficeError, NotFound
from backoffice.italy import ROME
from backoffice.referral.forms import proposed_end
from backoffice.rights.paper import (
    PaperText,
    find_standing,
    paper_text,
    record_on_paper,
    withdraw_on_paper,
)
from backoffice.rights.paper_forms import GivenForm, SaidForm, SheetForm
from backoffice.rights.scan import with_scan
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.sign_in import SignedInCaseStaff
from backoffice.templating import redirect, render
from translations.catalog import text
from translations.languages import SOURCE, SUPPORTED

router = APIRouter(prefix="/cases/{case_id}/consents", include_in_schema=False)

HOW = (ConsentHow.SIGNATURE, ConsentHow.ORAL)


@router.get("/new")
def sheet_page(
    request: Request, case_id: str, session: ReadSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Show the form from which the words of the sheet are made."""
    case = get_changeable_case(session, staff, case_id)
    form = SheetForm(language=case.language, until=proposed_end(clock()))
    return _show(request, session, staff, case, form, now=clock())


@router.post("/words")
def show_words(
    request: Request,
    case_id: str,
    form: Annotated[GivenForm, Form()],
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> Response:
    """Show the words as the person reads them, to print or read aloud; below, what they said is recorded."""
    case, now = get_changeable_case(session, staff, case_id), clock()
    try:
        words = paper_text(session, case, form.question(now), form.language, now=now)
    except BackofficeError as refused:
        return _show(request, session, staff, case, form, refused=refused, now=now)
    return _show(request, session, staff, case, form, words=words, now=now)


@router.post("")
async def submit_consent(
    request: Request,
    case_id: str,
    form: Annotated[GivenForm, Form(media_type="multipart/form-data")],
    database: DatabaseDep,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> Response:
    """Record a consent that was signed or said, with its scan."""
    now = clock()

    def write(session: Session, case: Case, document_id: str | None) -> None:
        record_on_paper(
            session,
            case,
            form.question(now),
            form.said(document_id),
            language=form.language,
            version=form.version,
            by=staff.id,
            now=now,
        )

    vault = Vault.of(request.app.state.settings)
    try:
        await with_scan(database, vault, staff, case_id, form, write, now=now)
    except NotFound:
        raise
    except BackofficeError as refused:
        return _show_again(request, database, staff, case_id, form, refused, now)
    return redirect(f"/cases/{case_id}#consents", notice="consent_recorded")


@router.get("/{consent_id}/withdrawal")
def withdrawal_page(
    request: Request,
    case_id: str,
    consent_id: str,
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> Response:
    """Show the consent that is taken back, and the form that does it."""
    case, now = get_changeable_case(session, staff, case_id), clock()
    given = find_standing(session, case, consent_id, now=now)
    body = session.get_one(Organisation, given.organisation_id)
    today = now.astimezone(ROME).date()
    return render(
        request,
        "rights/withdrawal.html",
        staff=staff,
        case=case,
        given=given,
        body=body,
        how=HOW,
        today=today,
    )


@router.post("/{consent_id}/withdrawal")
async def submit_withdrawal(
    request: Request,
    case_id: str,
    consent_id: str,
    form: Annotated[SaidForm, Form(media_type="multipart/form-data")],
    database: DatabaseDep,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> Response:
    """Record that a consent was taken back: what stands on it ends at once."""
    now = clock()

    def write(session: Session, case: Case, document_id: str | None) -> None:
        withdraw_on_paper(session, case, consent_id, form.said(document_id), by=staff.id, now=now)

    vault = Vault.of(request.app.state.settings)
    await with_scan(database, vault, staff, case_id, form, write, now=now)
    return redirect(f"/cases/{case_id}#consents", notice="consent_withdrawn")


def _show_again(
    request: Request,
    database: Database,
    staff: Staff,
    case_id: str,
    form: GivenForm,
    refused: BackofficeError,
    now: datetime,
) -> Response:
    with database.read() as session:
        case = get_changeable_case(session, staff, case_id)
        try:
            words = paper_text(session, case, form.question(now), form.language, now=now)
        except BackofficeError:
            words = None
        return _show(request, session, staff, case, form, words=words, refused=refused, now=now)


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    case: Case,
    form: SheetForm,
    *,
    words: PaperText | None = None,
    refused: BackofficeError | None = None,
    now: datetime,
) -> Response:
    language = words.language if words else SOURCE
    is_foreign = words is not None and language != SOURCE
    bodies = [each for each in organisations(session) if each.id != case.organisation_id]
    return render(
        request,
        "rights/sheet.html",
        staff=staff,
        status=refused.status if refused else 200,
        case=case,
        form=form,
        words=words,
        italian=paper_text(session, case, form.question(now), SOURCE, now=now) if is_foreign else None,
        name_label=text("card.name", language),
        signature_label=text("copy.signature", language),
        refused=refused,
        bodies=bodies,
        parts=[part for part in CasePart if part is not CasePart.SUMMARY],
        languages=SUPPORTED,
        how=HOW,
        today=now.astimezone(ROME).date(),
    )
