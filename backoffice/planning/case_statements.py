"""Statements about cases: what was asked and not available, how long phases took, how it ended."""

from __future__ import annotations

from sqlalchemy import String, case, cast, exists, func, literal, select, union_all

from backoffice.care_match.models import CareMatch, CareMatchState
from backoffice.case.models import Case, CaseEvent, CaseEventKind
from backoffice.case.needs import Need
from backoffice.client.schemas import CaseType, Phase
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.planning.statements import Statement, counted, is_of, month_of, rows_of, seconds_between

DAY = 86_400
FOUND, NOT_FOUND = "/found", "/not_found"
"""After the kind of case."""
_GONE = (CareMatchState.REFUSED, CareMatchState.WITHDRAWN)


def asked(year: int) -> Statement:
    """Return the cases by the month in which they were opened, a row each: who asked stands sealed with them.

    Of a search for a home and a family's request it is told whether any match stands as it is now.
    """
    home = exists().where(HousingMatch.case_id == Case.id, HousingMatch.state != MatchState.REFUSED)
    worker = exists().where(CareMatch.request_id == Case.id, CareMatch.state.not_in(_GONE))
    what = case(
        ((Case.type == CaseType.HOUSING) & home, CaseType.HOUSING + FOUND),
        (Case.type == CaseType.HOUSING, CaseType.HOUSING + NOT_FOUND),
        ((Case.type == CaseType.CARE_REQUEST) & worker, CaseType.CARE_REQUEST + FOUND),
        (Case.type == CaseType.CARE_REQUEST, CaseType.CARE_REQUEST + NOT_FOUND),
        else_=cast(Case.type, String),
    )
    return rows_of(
        select(Case).where(is_of(Case.opened_at, year)),
        {
            "period": month_of(Case.opened_at, year),
            "place": Case.municipality,
            "what": what,
            "language": Case.language,
            "door": Case.source,
            "body": Case.organisation_id,
            "id": Case.id,
        },
    )


def needs(year: int) -> Statement:
    """Count the needs of the cases that were opened: a case with three needs counts three times."""
    codes = union_all(*(select(literal(need.value).label("code")) for need in Need)).subquery("codes")
    named = cast(Case.needs, String).like(literal('%"') + codes.c.code + literal('"%'))
    return counted(
        select(Case).join(codes, named).where(is_of(Case.opened_at, year)),
        {
            "period": month_of(Case.opened_at, year),
            "place": Case.municipality,
            "need": codes.c.code,
            "language": Case.language,
            "door": Case.source,
        },
    )


def outcomes(year: int) -> Statement:
    """Count cases by the month in which they were closed; one that was opened again is not closed."""
    return counted(
        select(Case).where(is_of(Case.closed_at, year)),
        {
            "period": month_of(Case.closed_at, year),
            "place": Case.municipality,
            "outcome": Case.closing_reason,
            "language": Case.language,
            "case_type": Case.type,
            "body": Case.organisation_id,
        },
    )


def phase_stays(year: int) -> Statement:
    """Count how many whole days cases stayed in a phase, by the month in which they left it."""
    moves = (CaseEventKind.OPENED, CaseEventKind.MOVED, CaseEventKind.CLOSED, CaseEventKind.REOPENED)
    is_first = CaseEvent.kind == CaseEventKind.OPENED
    events = (
        select(
            CaseEvent.case_id,
            case((is_first, Phase.RECEPTION.value), else_=CaseEvent.after).label("phase"),
            CaseEvent.at,
            func.lead(CaseEvent.at, type_=CaseEvent.at.type)
            .over(partition_by=CaseEvent.case_id, order_by=CaseEvent.id)
            .label("left_at"),
        )
        .where(CaseEvent.kind.in_(moves))
        .subquery("events")
    )
    return counted(
        select(Case)
        .join(events, events.c.case_id == Case.id)
        .where(is_of(events.c.left_at, year), events.c.phase != Phase.CLOSED.value),
        {
            "period": month_of(events.c.left_at, year),
            "place": Case.municipality,
            "phase": events.c.phase,
            "language": Case.language,
            "body": Case.organisation_id,
            "days": seconds_between(events.c.at, events.c.left_at) // DAY,
        },
    )
