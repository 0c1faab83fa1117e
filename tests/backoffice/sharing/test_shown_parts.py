"""Of the cases that somebody may read, `shows` finds the very ones that `sees` finds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import readable_cases, sees, shows
from backoffice.client.schemas import CaseType, WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.models import Conflict
from backoffice.handoff.service import claim
from backoffice.sharing.models import BreakGlass, BreakGlassReason, ShareKind
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW, create_conversation, create_front_door, create_staff
from tests.backoffice.sharing.conftest import Bodies
from tests.backoffice.sharing.shares import an_offer, create_share


@pytest.fixture
def staff(session: Session, bodies: Bodies) -> list[Staff]:
    """Two bodies' people of every role, and cases: shared, in need, of a conflict, held, of nobody else."""
    everybody = [
        create_staff(session, roles=frozenset({role}), organisation=body)
        for body in (create_front_door(session), bodies.partner)
        for role in Role
    ]
    for each in everybody:
        each.asks_at = NOW
    part_by_part(session, bodies)
    in_need(session, bodies.worker)
    held_and_of_kin(session, everybody, create_front_door(session))
    create_case(session, organisation=bodies.partner)
    session.commit()
    return [*everybody, bodies.owner, bodies.worker, bodies.outsider]


def part_by_part(session: Session, bodies: Bodies) -> None:
    """Share a case for each part, of a desk's type and of no desk's, and one whose share is over."""
    for part in CasePart:
        for type in (CaseType.HOUSING, CaseType.RECEPTION):
            offer = an_offer(bodies.partner, CasePart.SUMMARY, part, kind=ShareKind.SHARE)
            create_share(
                session, create_case(session, type=type), offer, by=bodies.owner, accepted_by=bodies.worker
            )
    over = an_offer(bodies.partner, days=1, now=NOW - timedelta(days=3))
    before = NOW - timedelta(days=3)
    create_share(session, create_case(session), over, by=bodies.owner, accepted_by=bodies.worker, now=before)


def in_need(session: Session, opener: Staff) -> None:
    for hours in (-1, 3):
        session.add(
            BreakGlass(
                case_id=create_case(session).id,
                staff_id=opener.id,
                organisation_id=opener.organisation_id,
                reason=BreakGlassReason.MINOR_AT_RISK,
                words="un bambino da solo a casa",
                opened_at=NOW - timedelta(hours=2),
                until=NOW + timedelta(hours=hours),
            )
        )


def held_and_of_kin(session: Session, everybody: list[Staff], body: Organisation) -> None:
    """Let a mediator hold one conversation, and state everybody's conflict in another, both with a case."""
    mediator = next(each for each in everybody if each.has_role(Role.MEDIATOR))
    held, of_kin = create_conversation(session), create_conversation(session)
    make_wait(session, held, reason=WaitingReason.ASKED, now=NOW)
    claim(session, held.id, staff=mediator, epoch=held.epoch, now=NOW)
    for conversation in (held, of_kin):
        create_case(session, conversation=conversation, organisation=body)
    for each in everybody:
        session.add(Conflict(conversation_id=of_kin.id, staff_id=each.id, at=NOW))


def found(session: Session, *conditions: ColumnElement[bool]) -> set[str]:
    return set(session.scalars(select(Case.id).where(*conditions)))


def test_shows_and_sees_find_the_same_of_readable_cases(session: Session, staff: list[Staff]) -> None:
    kinds = set()
    for each in staff:
        readable = set(session.scalars(readable_cases(each).with_only_columns(Case.id)))
        for part in CasePart:
            shown = readable & found(session, shows(each, part))
            assert shown == found(session, sees(each, part)), (each.roles, part)
            kinds.add((bool(shown), shown == readable, each.organisation_id))
    hidden = [kind for kind in kinds if not kind[1]]
    assert hidden, "somebody reads a case and is not shown a part of it"
    assert {kind[0] for kind in kinds} == {True, False}


def test_shows_alone_lets_nobody_read(session: Session, bodies: Bodies, staff: list[Staff]) -> None:
    """It holds for cases that may not be read: whoever asks with it asks for readable ones too."""
    planner = next(each for each in staff if each.has_role(Role.PLANNER))
    assert found(session, shows(planner, CasePart.PERSON))
    assert not found(session, sees(planner, CasePart.PERSON))
