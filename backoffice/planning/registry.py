"""Every figure of the planning pages. What is not recorded has no figure: `NOT_RECORDED` says what."""

from __future__ import annotations

from backoffice.planning.case_statements import asked, needs, outcomes, phase_stays
from backoffice.planning.chat_statements import deliveries, forms, translations, understanding, waits
from backoffice.planning.desk_statements import (
    guide_gaps,
    mediation_requests,
)
from backoffice.planning.figure import Dimension, Figure, Measure, Unit
from backoffice.planning.people import who_asked

FIGURES = (
    Figure(
        "asked",
        Unit.CASES,
        "case_record",
        {
            "what": (Dimension.WHAT, Dimension.LANGUAGE),
            "door": (Dimension.DOOR,),
            "body": (Dimension.BODY,),
            "age_band": (Dimension.AGE_BAND,),
            "household": (Dimension.HOUSEHOLD,),
            "permit": (Dimension.PERMIT,),
        },
        asked,
        sealed=who_asked,
    ),
    Figure(
        "needs",
        Unit.NEEDS,
        "case_record",
        {"need": (Dimension.NEED,), "language": (Dimension.LANGUAGE,), "door": (Dimension.DOOR,)},
        needs,
    ),
    Figure(
        "mediation_requests",
        Unit.REQUESTS,
        "mediation_request",
        {
            "mediation": (Dimension.MEDIATION, Dimension.LANGUAGE),
            "setting": (Dimension.SETTING,),
            "body": (Dimension.BODY,),
        },
        mediation_requests,
    ),
    Figure(
        "guide_gaps",
        Unit.MESSAGES,
        "review_item",
        {"topic": (Dimension.TOPIC,), "language": (Dimension.LANGUAGE,)},
        guide_gaps,
        has_place=False,
    ),
    Figure(
        "phase_stays",
        Unit.STAYS,
        "case_event",
        {"phase": (Dimension.PHASE,), "language": (Dimension.LANGUAGE,), "body": (Dimension.BODY,)},
        phase_stays,
        measure=Measure.DAYS,
    ),
    Figure(
        "waits",
        Unit.WAITS,
        "floor_change",
        {"human": (Dimension.HUMAN, Dimension.LANGUAGE, Dimension.CHANNEL)},
        waits,
        measure=Measure.MINUTES,
        has_place=False,
    ),
    Figure(
        "outcomes",
        Unit.CASES,
        "case_record",
        {
            "outcome": (Dimension.OUTCOME, Dimension.LANGUAGE),
            "type": (Dimension.CASE_TYPE,),
            "body": (Dimension.BODY,),
        },
        outcomes,
    ),
    Figure(
        "understanding",
        Unit.MESSAGES,
        "inbox_entry",
        {"understood": (Dimension.UNDERSTOOD, Dimension.LANGUAGE, Dimension.CHANNEL)},
        understanding,
        has_place=False,
    ),
    Figure(
        "forms",
        Unit.FORMS,
        "form_course",
        {"sent": (Dimension.SENT, Dimension.LANGUAGE, Dimension.CHANNEL), "form": (Dimension.FORM,)},
        forms,
        has_place=False,
    ),
    Figure(
        "translations",
        Unit.MESSAGES,
        "rendering",
        {"translated": (Dimension.TRANSLATED, Dimension.LANGUAGE, Dimension.CHANNEL)},
        translations,
        has_place=False,
    ),
    Figure(
        "deliveries",
        Unit.MESSAGES,
        "delivery",
        {"delivered": (Dimension.DELIVERED, Dimension.LANGUAGE, Dimension.CHANNEL)},
        deliveries,
        has_place=False,
    ),
)

NOT_RECORDED = ("chat_town", "wait_topic")
"""What people would plan by and no figure tells: `planning.not_recorded.<code>` says why."""


class FigureUnknown(KeyError):
    """No figure has this code."""


def figure_of(code: str) -> Figure:
    """Return a figure by its code.

    Raises:
        FigureUnknown: there is none.
    """
    for figure in FIGURES:
        if figure.code == code:
            return figure
    raise FigureUnknown(code)
