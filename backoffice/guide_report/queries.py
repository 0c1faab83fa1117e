"""Counts the review queue of a body for the report; Python sorts them into months, as Italy has them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.guide_report.figures import Figure, by_month
from backoffice.italy import day_in_italy
from backoffice.review.intents import OUT_OF_SCOPE
from backoffice.review.models import ReviewItem

SPAN = timedelta(days=365)
"""How far back the report looks."""


def gap_figures(
    session: Session, organisation_id: str, *, now: datetime
) -> tuple[list[Figure], Counter[str]]:
    """Return the figures of the last twelve months, and the messages without an answer by topic."""
    rows = session.execute(
        select(ReviewItem.given_at, ReviewItem.language, ReviewItem.intent, ReviewItem.guide_gap).where(
            ReviewItem.organisation_id == organisation_id, ReviewItem.given_at > now - SPAN
        )
    ).all()
    all_cells: Counter[tuple[str, str]] = Counter()
    strange: Counter[tuple[str, str]] = Counter()
    gaps: Counter[tuple[str, str]] = Counter()
    topics: Counter[str] = Counter()
    for given_at, language, intent, gap in rows:
        place = day_in_italy(given_at).strftime("%Y-%m"), language
        all_cells[place] += 1
        strange[place] += intent == OUT_OF_SCOPE
        if gap is not None:
            gaps[place] += 1
            topics[gap] += 1
    figures = [
        by_month("not_understood", all_cells),
        by_month("out_of_scope", +strange),
        by_month("guide_gap", gaps),
    ]
    return figures, topics
