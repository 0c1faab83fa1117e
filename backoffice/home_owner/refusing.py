"""A wish that discriminates is refused; what to tell the owner and how to report it goes into the case."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backoffice.case.models import NoteKind
from backoffice.case.planning import ActionWords, add_action, add_goal
from backoffice.case.service import add_note
from backoffice.home_owner.models import HomeOwner, RefusedWish, WishGround
from backoffice.home_owner.offer_case import offer_case_of
from backoffice.home_owner.service import refuse_wish
from backoffice.staff.models import Staff
from translations.catalog import text

REPORTED_WITHIN = timedelta(days=7)


def refuse_and_report(
    session: Session,
    owner: HomeOwner,
    ground: WishGround,
    words: str | None,
    *,
    staff: Staff,
    language: str,
    now: datetime,
) -> RefusedWish:
    """Refuse and count a wish, and put a note and a task into the owner's case, in the writer's language.

    The note holds what the law says and what to tell the owner; the task is to report it to UNAR.
    """
    wish = refuse_wish(session, owner, ground, words, by=staff.id, now=now)
    case = offer_case_of(session, staff, owner, {}, now=now)
    named = text(f"backoffice.wish_ground.{ground.value}", language)
    note = text("backoffice.homes.wish.note", language, ground=named)
    law = text(f"backoffice.homes.wish.{law_of(ground)}", language)
    tell = text("backoffice.homes.wish.tell", language)
    add_note(
        session,
        case,
        author_id=staff.id,
        kind=NoteKind.INTERNAL,
        text="\n".join((note, law, tell)),
        language=language,
        now=now,
    )
    goal_words = text("backoffice.homes.wish.goal", language)
    goal = add_goal(session, case, goal_words, measure=None, by=staff.id, now=now)
    task = ActionWords(text("backoffice.homes.wish.task", language), due_on=(now + REPORTED_WITHIN).date())
    add_action(session, case, goal.id, task, by=staff.id, now=now)
    return wish


def law_of(ground: WishGround) -> str:
    """Return the last part of the key of what is said about a ground: `law`, or `law_family`."""
    return "law_family" if ground is WishGround.FAMILY else "law"
