"""The guide for staff: its topics, one as the chat tells it, one sentence in all languages, what is to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.acting import Acting, ActingDep
from backoffice.client.schemas import GuideSource
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.guide.desk_view import (
    TRANSLATED,
    find_topic,
    places_of,
    said_in,
    see_sentence,
    topic_lines,
    totals,
    waiting_in,
)
from backoffice.guide.errors import SentenceChanged, SentenceRefused
from backoffice.guide.models import GuideTaskKind
from backoffice.guide.permissions import (
    may_edit_italian,
    require_editor,
    require_reader,
    require_reviewer,
    require_translator,
)
from backoffice.guide.queries import dates_of_topics, names_of, open_tasks, verifications_of
from backoffice.guide.readability import HARD_BELOW
from backoffice.guide.service import edit_italian, review, save_draft, undo
from backoffice.guide.topics import GuideEntry, read_guide
from backoffice.guide.verifying import LONGEST_SPAN, verify_topic
from backoffice.italy import day_in_italy
from backoffice.posted import day_typed
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text as sentence
from translations.languages import SOURCE

router = APIRouter(prefix="/guide", include_in_schema=False)

Chosen = Annotated[str, Query(max_length=10)]
Words = Annotated[str, Form(max_length=8000)]
Reason = Annotated[str, Form(max_length=1000)]
Version = Annotated[int, Form(ge=0, le=10**9)]
Code = Annotated[str, Form(max_length=36)]


@router.get("")
def topics_page(request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show every topic with its dates and how its translations stand."""
    require_reader(staff)
    lines = topic_lines(session, today=day_in_italy(clock()))
    return render(
        request,
        "guide/topics.html",
        staff=staff,
        lines=lines,
        totals=totals(lines),
        languages=TRANSLATED,
    )


@router.get("/tasks")
def tasks_page(request: Request, session: ReadSession, staff: SignedIn, language: Chosen = "") -> Response:
    """Show what is to do, in the reader's languages or another."""
    require_reader(staff)
    mine = [code for code in TRANSLATED if code in staff.languages]
    chosen = [language] if language in TRANSLATED else (mine or list(TRANSLATED))
    to_translate, to_review = waiting_in(session, chosen)
    return render(
        request,
        "guide/tasks.html",
        staff=staff,
        to_translate=to_translate,
        to_review=to_review,
        to_verify=open_tasks(session, GuideTaskKind.VERIFY),
        chosen=language if language in TRANSLATED else "",
        mine=mine,
        languages=TRANSLATED,
    )


@router.get("/topics/{topic}")
def topic_page(
    request: Request,
    topic: str,
    session: ReadSession,
    staff: SignedIn,
    clock: ClockDep,
    language: Chosen = "",
) -> Response:
    """Show a topic as the chat tells it, in Italian and beside it in another language."""
    return _show_topic(request, session, staff, topic, clock, language)


@router.post("/topics/{topic}/verification")
def submit_verification(
    request: Request,
    topic: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    valid_to: Annotated[str, Form(max_length=10)],
    source_note: Reason,
) -> Response:
    """Confirm today that a topic still holds, until a day."""
    require_editor(staff)
    try:
        until = day_typed(valid_to)
        verify_topic(session, topic, valid_to=until, source_note=source_note, by=staff, now=clock())
    except SentenceRefused as refused:
        return _show_topic(request, session, staff, topic, clock, "", refused=refused, typed=source_note)
    return redirect(f"/guide/topics/{topic}", notice="guide_verified")


@router.get("/sentences/{key}")
def sentence_page(
    request: Request, key: str, session: ReadSession, staff: SignedIn, language: Chosen = ""
) -> Response:
    """Show one sentence in every language, with the history of the one that was chosen."""
    return show_sentence(request, session, staff, key, language)


@router.post("/sentences/{key}/italian")
def submit_italian(
    key: str, acting: ActingDep, text: Words, version: Version, reason: Reason = ""
) -> Response:
    """Change the Italian sentence; what cannot be kept comes back with the reason and nothing lost."""
    require_editor(acting.staff)
    act = partial(edit_italian, acting.session, key, text, version=version, reason=reason)
    return _act_on_sentence(acting, key, SOURCE, act, notice="guide_saved", typed=text, why=reason)


@router.post("/sentences/{key}/{language}/draft")
def submit_draft(key: str, language: str, acting: ActingDep, text: Words, version: Version) -> Response:
    """Keep a translation to be reviewed."""
    require_translator(acting.staff, language)
    act = partial(save_draft, acting.session, key, language, text, version=version)
    return _act_on_sentence(
        acting, key, language, act, notice="guide_draft_saved", query=f"?language={language}", typed=text
    )


@router.post("/sentences/{key}/{language}/review")
def submit_review(
    key: str,
    language: str,
    acting: ActingDep,
    version: Version,
    italian_version: Version,
    reason: Reason = "",
) -> Response:
    """Publish a translation, as its second reader."""
    require_reviewer(acting.staff, language)
    act = partial(
        review,
        acting.session,
        key,
        language,
        version=version,
        italian_version=italian_version,
        reason=reason,
    )
    return _act_on_sentence(
        acting, key, language, act, notice="guide_reviewed", query=f"?language={language}", why=reason
    )


@router.post("/sentences/{key}/{language}/undo")
def submit_undoing(
    key: str, language: str, acting: ActingDep, revision: Code, version: Version, reason: Reason = ""
) -> Response:
    """Show an earlier version again."""
    require_editor(acting.staff) if language == SOURCE else require_translator(acting.staff, language)
    act = partial(undo, acting.session, key, language, revision, version=version, reason=reason)
    return _act_on_sentence(acting, key, language, act, notice="guide_undone", query=f"?language={language}")


def _act_on_sentence(
    acting: Acting,
    key: str,
    language: str,
    act: Callable[..., object],
    *,
    notice: str,
    query: str = "",
    typed: str | None = None,
    why: str = "",
) -> Response:
    """Act on a sentence and lead back to it; what is refused shows what was written."""
    session, staff = acting.session, acting.staff
    try:
        act(by=staff, now=acting.now)
    except (SentenceRefused, SentenceChanged) as refused:
        return show_sentence(
            acting.request, session, staff, key, language, refused=refused, typed=typed, why=why
        )
    return redirect(f"/guide/sentences/{key}{query}", notice=notice)


def show_sentence(
    request: Request,
    session: Session,
    staff: Staff,
    key: str,
    language: str,
    *,
    refused: SentenceRefused | SentenceChanged | None = None,
    typed: str | None = None,
    why: str = "",
) -> Response:
    """Render one sentence; `typed` and `why` are what somebody wrote and could not be kept."""
    require_reader(staff)
    chosen = language if language in TRANSLATED else SOURCE
    view = see_sentence(session, key, staff, language=chosen)
    return render(
        request,
        "guide/sentence.html",
        staff=staff,
        status=refused.status if refused else 200,
        view=view,
        chosen=chosen,
        opened=view.translation(chosen),
        may_edit=may_edit_italian(staff),
        hard_below=HARD_BELOW,
        refused=_said(refused, interface_language(request)),
        is_moved=isinstance(refused, SentenceChanged),
        typed=typed,
        why=why,
        source=SOURCE,
    )


def _show_topic(
    request: Request,
    session: Session,
    staff: Staff,
    topic: str,
    clock: ClockDep,
    language: str,
    *,
    refused: SentenceRefused | None = None,
    typed: str = "",
) -> Response:
    require_reader(staff)
    entry, today = find_topic(topic), day_in_italy(clock())
    mine = next((code for code in TRANSLATED if code in staff.languages), "ar")
    chosen = language if language in TRANSLATED else mine
    dates, checks = dates_of_topics(session)[topic], verifications_of(session, topic)
    return render(
        request,
        "guide/topic.html",
        staff=staff,
        status=refused.status if refused else 200,
        topic=topic,
        entry=entry,
        sources=_sources_of(entry),
        places=list(places_of(entry)),
        said=said_in(session, entry, chosen),
        dates=dates,
        is_late=today > dates.valid_to,
        checks=checks,
        names=names_of(session, [check.by for check in checks]),
        chosen=chosen,
        languages=TRANSLATED,
        chat_text=sentence,
        may_edit=may_edit_italian(staff),
        refused=_said(refused, interface_language(request)),
        typed=typed,
        today=today,
        latest=today + LONGEST_SPAN,
        source=SOURCE,
    )


def _sources_of(entry: GuideEntry) -> list[GuideSource]:
    parts = [part for case in entry.cases.values() for part in case.parts]
    keys = [*entry.sources, *(key for part in parts for key in part.sources)]
    return [read_guide().sources[key] for key in dict.fromkeys(keys)]


def _said(refused: SentenceRefused | SentenceChanged | None, ui: str) -> str | None:
    return sentence(f"backoffice.{refused.message}", ui, **refused.values) if refused else None
