"""Mediation in the demo: an invented hospital that asks, mediators, hours, a request that waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.italy import ROME, day_in_italy
from backoffice.mediation.models import (
    LanguageLevel,
    MediationMode,
    MediationOffer,
    MediationRequest,
    MediationSetting,
    MediationState,
    MediationStep,
)
from backoffice.mediation.roster import ProfileFacts, keep_profile, set_budget, set_roster
from backoffice.mediation.service import accept, approve, ask, offer, report
from backoffice.staff.accounts import DEMO_DOMAIN
from backoffice.staff.models import Gender, Organisation, Staff
from backoffice.staff.roles import Role

Story = Mapping[str, Any]

THURSDAY = 3
ASKED_BEFORE = timedelta(days=4)


def seed_mediation(session: Session, coordinator: Staff, *, now: datetime) -> None:
    """Write the body, the mediators, the hours and the requests of `demo_mediation.yml`.

    Everybody signs in with the demo's password, as the coordinator does.
    """
    stories = yaml.safe_load((Path(__file__).parent / "demo_mediation.yml").read_text(encoding="utf-8"))
    hospital = Organisation(**stories["organisation"])
    session.add(hospital)
    session.flush()
    asking = _staff(session, stories["staff"], hospital.id, coordinator)
    mediators = {each["email"]: _mediator(session, each, coordinator, now) for each in stories["mediators"]}
    year = day_in_italy(now).year
    for slug, hours in stories["budgets"].items():
        body_id = session.scalars(select(Organisation.id).where(Organisation.slug == slug)).one()
        set_budget(
            session,
            organisation_id=coordinator.organisation_id,
            asking_id=body_id,
            year=year,
            quarters=hours * 4,
            by=coordinator.id,
            now=now,
        )
    for story in stories["requests"]:
        _request(session, story, asking, coordinator, mediators, now)
    for told in (MediationStep, MediationOffer):
        session.execute(update(told).values(told_at=now))  # the people are invented: nobody is written to


def _staff(session: Session, story: Story, organisation_id: str, coordinator: Staff) -> Staff:
    made = Staff(
        organisation_id=organisation_id,
        email=story["email"] + DEMO_DOMAIN,
        name=story["name"],
        password_hash=coordinator.password_hash,
        role_names=sorted(Role(role).value for role in story.get("roles", ["mediator"])),
        languages=story["languages"],
        gender=Gender(story["gender"]) if "gender" in story else None,
    )
    session.add(made)
    session.flush()
    return made


def _mediator(session: Session, story: Story, coordinator: Staff, now: datetime) -> Staff:
    made = _staff(session, story, coordinator.organisation_id, coordinator)
    facts = ProfileFacts(
        varieties=story["varieties"],
        levels={language: LanguageLevel(level) for language, level in story["levels"].items()},
        municipalities=tuple(story["municipalities"]),
        certificate=story["certificate"],
        most_hours_month=story["most_hours_month"],
        phone=story["phone"],
    )
    keep_profile(session, made, facts, by=coordinator.id, now=now)
    week = [
        (weekday, *(time.fromisoformat(each) for each in words.split("-")))
        for weekday, times in story["week"].items()
        for words in times
    ]
    set_roster(session, made, week, by=made.id, now=now)
    return made


def _request(
    session: Session,
    story: Story,
    asking: Staff,
    coordinator: Staff,
    mediators: Mapping[str, Staff],
    now: datetime,
) -> None:
    day = _thursday(now) if story.get("thursday") else day_in_italy(now) + timedelta(days=story["days"])
    starts_at = datetime.combine(day, time.fromisoformat(story["at"]), tzinfo=ROME)
    asked_at = min(now, starts_at - ASKED_BEFORE)
    made = MediationRequest(
        organisation_id=coordinator.organisation_id,
        asking_id=asking.organisation_id,
        asked_by=asking.id,
        state=MediationState.REQUESTED,
        language=story["language"],
        setting=MediationSetting(story["setting"]),
        mode=MediationMode.PRESENCE,
        municipality="Crema",
        starts_at=starts_at,
        minutes=story["minutes"],
        gender_wished=Gender(story["gender"]) if "gender" in story else None,
        place=story["place"],
        topic=story["topic"],
        contact=story["contact"],
    )
    ask(session, made, by=asking.id, now=asked_at)
    if "by" not in story:
        return
    approve(session, made, by=coordinator.id, now=asked_at)
    until = asked_at + timedelta(days=1)
    who = mediators[story["by"]]
    (offered,) = offer(session, made, [(who.id, [])], until=until, by=coordinator.id, now=asked_at)
    accept(session, offered, now=asked_at + timedelta(hours=1))
    report(
        session,
        made,
        worked_quarters=story["worked"],
        travel_quarters=story["travel"],
        words=story["report"],
        follow_up_wanted=True,
        by=who.id,
        now=starts_at + timedelta(hours=2),
    )


def _thursday(now: datetime) -> date:
    """Return the next Thursday that is at least two days away."""
    first = day_in_italy(now) + timedelta(days=2)
    return first + timedelta(days=(THURSDAY - first.weekday()) % 7)
