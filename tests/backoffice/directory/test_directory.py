"""Who finds what, who may change it, and what happens when a date is past."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.client.client import BackofficeClient
from backoffice.database import Database
from backoffice.directory.errors import EntryChangedMeanwhile, EntryRefused, StillInUse
from backoffice.directory.facts import (
    CostFacts,
    LocationFacts,
    OrganisationFacts,
    PhoneFacts,
    ScheduleFacts,
    ServiceFacts,
    read_facts,
)
from backoffice.directory.jobs import look_after_directory
from backoffice.directory.known import known_id, load_known, read_known
from backoffice.directory.models import DirectoryReview, DirectoryService, ServiceStatus
from backoffice.directory.part_models import DirectoryPhone, DirectoryTranslation
from backoffice.directory.parts import set_costs, set_languages, set_phones, set_schedules, set_translation
from backoffice.directory.permissions import (
    get_editable_location,
    get_editable_organisation,
    get_editable_service,
    may_edit_all,
    open_reviews,
)
from backoffice.directory.queries import ServiceFilters, get_service, search
from backoffice.directory.service import (
    add_location,
    add_organisation,
    add_service,
    change_service,
    confirm_verified,
    give_at,
    remove_location,
    remove_organisation,
    remove_service,
)
from backoffice.directory.topics import TOPICS
from backoffice.errors import NotFound
from backoffice.guide.topics import read_guide
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW, create_front_door, create_organisation, create_staff

BY: dict[str, Any] = {"by": "x", "now": NOW}


def a_service(
    session: Session, name: str = "Sportello", *, town: str = "Crema", **facts: Any
) -> DirectoryService:
    """A service of a body of its own, in one place, open on Wednesdays from nine to twelve."""
    body = add_organisation(session, OrganisationFacts(name=f"Ente {name}"), **BY)
    place = add_location(session, body, LocationFacts(town=town, address="via Inventata 1"), **BY)
    service = add_service(session, body, ServiceFacts(name=name, **facts), **BY)
    give_at(session, service, place, **BY)
    hours = {"freq": "WEEKLY", "byday": "WE", "opens_at": "09:00", "closes_at": "12:00"}
    set_schedules(session, service, [read_facts(ScheduleFacts, hours)], **BY)
    return service


def a_member(session: Session, organisation: Organisation, *roles: Role) -> Staff:
    """Somebody who works there, as a request loads them."""
    staff = create_staff(session, organisation=organisation, roles=frozenset(roles))
    session.refresh(staff, ["organisation"])
    return staff


def names(session: Session, **filters: Any) -> list[str]:
    return [found.service.name for found in search(session, ServiceFilters(**filters), now=NOW)]


def test_a_service_is_found_by_topic_town_language_access_and_by_being_open(session: Session) -> None:
    open_now = a_service(session, "A", topics=["health_care"])
    closed = a_service(session, "B", town="Soncino", topics=["legal_aid"])
    set_schedules(session, closed, [], **BY)
    set_languages(session, closed, ["ur", "en"], **BY)
    set_phones(session, open_now, [PhoneFacts(number="0373 000001", languages=["pa"])], **BY)
    place = get_service(session, closed.id).at_locations[0].location
    place.step_free = True
    session.flush()
    assert names(session, topic="health_care") == ["A"]
    assert names(session, town="soncino") == ["B"]
    assert names(session, language="ur") == ["B"]
    assert names(session, language="pa") == ["A"]
    assert names(session, open_now=True) == ["A"]
    assert names(session, accessible=True) == ["B"]
    assert names(session, words="ente a") == ["A"]
    assert names(session, topic="asylum") == []


def test_the_nearest_comes_first_and_what_has_no_place_last(session: Session) -> None:
    a_service(session, "A")
    a_service(session, "B", town="Soncino")
    line = a_service(session, "0")
    session.delete(get_service(session, line.id).at_locations[0])
    session.flush()
    session.expire_all()
    found = search(session, ServiceFilters(near="Soncino"), now=NOW)
    assert [(each.service.name, each.kilometres) for each in found] == [("B", 0.0), ("A", 15.1), ("0", None)]


def test_only_services_in_use_are_found(session: Session) -> None:
    for number, status in enumerate(ServiceStatus):
        a_service(session, str(number), status=status)
    assert names(session) == ["0"]


def test_what_was_never_checked_or_is_past_its_date_says_call_first(session: Session) -> None:
    today = date(2026, 12, 2)
    a_service(session, "A")
    a_service(session, "B", verified_on=today, valid_to=today)
    a_service(session, "C", verified_on=today - timedelta(days=9), valid_to=today - timedelta(days=1))
    found = search(session, ServiceFilters(), now=NOW)
    assert [each.call_first for each in found] == [True, False, True]


def test_two_who_change_the_same_entry_do_not_overwrite_each_other(session: Session) -> None:
    service = a_service(session)
    seen = service.version
    change_service(session, service, ServiceFacts(name="Nuovo"), seen=seen, **BY)
    with pytest.raises(EntryChangedMeanwhile):
        change_service(session, service, ServiceFacts(name="Altro"), seen=seen, **BY)
    assert service.name == "Nuovo"
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == service.id)).all()
    assert actions.count("directory.service_added") == 1
    assert "directory.service_changed" in actions


def test_a_number_that_stays_keeps_its_translation_and_one_that_goes_takes_it_along(session: Session) -> None:
    service = a_service(session)
    phones = [PhoneFacts(number="112", description="Urgenze"), PhoneFacts(number="113", description="Altro")]
    set_phones(session, service, phones, **BY)
    for phone in session.scalars(select(DirectoryPhone)):
        set_translation(session, phone, "description", "en", "x", **BY)
    set_phones(session, service, phones[:1], **BY)
    kept = session.scalars(select(DirectoryTranslation)).one()
    assert kept.entry_id == session.scalars(select(DirectoryPhone.id)).one()


def test_nothing_that_is_still_in_use_goes_and_a_service_takes_all_that_is_its_own(session: Session) -> None:
    service = a_service(session)
    set_translation(session, service, "name", "en", "Desk", **BY)
    whole = get_service(session, service.id)
    body, place = whole.organisation, whole.at_locations[0].location
    with pytest.raises(StillInUse):
        remove_location(session, place, **BY)
    with pytest.raises(StillInUse):
        remove_organisation(session, body, **BY)
    remove_service(session, service, **BY)
    remove_location(session, place, **BY)
    remove_organisation(session, body, **BY)
    session.flush()
    assert session.scalars(select(DirectoryTranslation)).all() == []


@pytest.mark.parametrize(
    ("kind", "raw", "field"),
    [
        (ServiceFacts, {"name": " "}, "name"),
        (ServiceFacts, {"name": "A", "url": "javascript:alert(1)"}, "url"),
        (ServiceFacts, {"name": "A", "topics": ["witchcraft"]}, "topics"),
        (ServiceFacts, {"name": "A", "verified_on": "2026-12-02", "valid_to": "2026-12-01"}, "valid_to"),
        (ServiceFacts, {"name": "A", "minimum_age": 20, "maximum_age": 3}, "maximum_age"),
        (LocationFacts, {"latitude": "45.3"}, "longitude"),
        (PhoneFacts, {"number": "call me"}, "number"),
        (ScheduleFacts, {"byday": "XX"}, "byday"),
        (ScheduleFacts, {"byday": "1SA", "freq": "WEEKLY"}, "byday"),
        (ScheduleFacts, {"opens_at": "09:00"}, "closes_at"),
        (ScheduleFacts, {"every": 2, "freq": "WEEKLY", "byday": "MO"}, "dtstart"),
        (CostFacts, {"amount": "-1"}, "amount"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(kind: Any, raw: dict[str, Any], field: str) -> None:
    with pytest.raises(EntryRefused) as refused:
        read_facts(kind, raw)
    assert refused.value.fields == (field,)


def test_the_front_door_changes_all_and_a_body_its_own(session: Session) -> None:
    front, partner = create_front_door(session), create_organisation(session)
    mine, others = a_service(session, "A"), a_service(session, "B")
    whole = get_service(session, mine.id)
    whole.organisation.staff_organisation_id = partner.id
    place = whole.at_locations[0].location
    session.flush()
    all_of_it = a_member(session, front, Role.COORDINATOR)
    own = a_member(session, partner, Role.ADMINISTRATOR)
    assert (may_edit_all(all_of_it), may_edit_all(own)) == (True, False)
    for staff, service in ((all_of_it, mine), (all_of_it, others), (own, mine)):
        assert get_editable_service(session, staff, service.id) is service
    assert get_editable_location(session, own, place.id) is place
    with pytest.raises(NotFound):
        get_editable_service(session, own, others.id)
    with pytest.raises(NotFound):
        get_editable_organisation(session, own, others.organisation_id)
    for organisation in (front, partner):
        roles = set(Role) - {Role.COORDINATOR, Role.ADMINISTRATOR}
        with pytest.raises(NotFound):
            get_editable_service(session, a_member(session, organisation, *roles), mine.id)


def test_a_date_that_is_past_opens_one_task_and_checking_again_closes_it(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    front = create_front_door(session)
    coordinator = a_member(session, front, Role.COORDINATOR)
    service = a_service(session, verified_on=date(2026, 1, 1), valid_to=date(2026, 12, 1))
    a_service(session, "Chiuso", status=ServiceStatus.DEFUNCT)
    fresh = a_service(session, "Nuovo", verified_on=date(2026, 12, 2), valid_to=date(2026, 12, 2))
    session.commit()
    assert [look_after_directory(database, clock) for _ in range(2)] == [1, 0]
    review = session.scalars(open_reviews(coordinator)).one()
    assert review.service_id == service.id
    with pytest.raises(EntryRefused):
        confirm_verified(session, service, valid_to=date(2026, 12, 1), source="Telefonata", by="x", now=NOW)
    confirm_verified(
        session, service, valid_to=date(2027, 6, 1), source="Telefonata", by=coordinator.id, now=NOW
    )
    session.commit()
    assert session.scalars(open_reviews(coordinator)).all() == []
    assert session.scalars(select(DirectoryReview.closed_by)).one() == coordinator.id
    session.commit()
    clock.advance(days=1)
    assert look_after_directory(database, clock) == 1
    assert session.scalars(open_reviews(coordinator)).one().service_id == fresh.id


def test_an_empty_directory_begins_with_what_is_known_and_each_entry_says_from_where(
    session: Session,
) -> None:
    assert load_known(session, now=NOW) == sum(len(body.services) for body in read_known())
    assert load_known(session, now=NOW) == 0
    services = session.scalars(select(DirectoryService)).all()
    assert all(service.source for service in services)
    assert len({service.id for service in services}) == len(services)


def test_the_topics_are_those_of_the_guide() -> None:
    assert set(TOPICS) == set(read_guide().topics)


async def test_the_bot_gets_the_nearest_places_in_the_language(
    session: Session, client: BackofficeClient
) -> None:
    load_known(session, now=NOW)
    service = session.get_one(DirectoryService, known_id("service", "caritas-crema", "caritas-italiano"))
    set_translation(session, service, "name", "en", "Italian course", **BY)
    free = CostFacts(option="Adulti", amount=Decimal("12.5"), amount_description="all'anno")
    set_costs(session, service, [free], **BY)
    session.commit()
    found = await client.find_places(topic="italian_course", town="Soncino", language="en")
    assert [place.kilometres for place in found] == [15.1, 15.1]
    course = next(place for place in found if place.service_id == service.id)
    assert (course.name, course.state, course.call_first) == ("Italian course", "closed", True)
    assert course.fees == ["Adulti: €12.50 all'anno"]
    assert [phone.number for phone in course.phones] == ["0373 200533"]
    assert await client.find_places(topic="driving_licence", town=None, language="it") == []


@pytest.fixture
async def anybody(app: FastAPI) -> Any:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://backoffice") as made:
        yield made


async def test_everybody_reads_hsds_page_by_page(session: Session, anybody: httpx.AsyncClient) -> None:
    load_known(session, now=NOW)
    session.commit()
    root = (await anybody.get("/hsds/")).json()
    assert sorted(root) == ["openapi_url", "profile", "version"]
    seen: list[str] = []
    for number in (1, 2, 3):
        page = (await anybody.get("/hsds/services", params={"page": number, "per_page": 15})).json()
        assert (page["total_items"], page["total_pages"], page["page_number"]) == (31, 3, number)
        assert (page["first_page"], page["last_page"], page["empty"]) == (number == 1, number == 3, False)
        assert page["size"] == len(page["contents"])
        seen += [each["id"] for each in page["contents"]]
    assert len(set(seen)) == 31
    beyond = (await anybody.get("/hsds/services", params={"page": 9})).json()
    assert (beyond["empty"], beyond["contents"]) == (True, [])
    whole = (await anybody.get(f"/hsds/services/{known_id('service', 'arci', 'arci-rifugiati')}")).json()
    assert whole["phones"][0]["languages"]
    assert (await anybody.get("/hsds/services/none")).status_code == 404


async def test_hsds_is_narrowed_by_term_body_words_and_moment(
    session: Session, anybody: httpx.AsyncClient
) -> None:
    load_known(session, now=NOW)
    session.commit()

    async def count(**asked: str) -> int:
        found: int = (await anybody.get("/hsds/services", params=asked)).json()["total_items"]
        return found

    terms = (await anybody.get("/hsds/taxonomy_terms", params={"language": "en"})).json()["contents"]
    health = next(each for each in terms if each["code"] == "health_care")
    assert health["name"] != health["code"]
    assert await count(taxonomy_term_id=health["id"]) == 1
    assert await count(organization_id=known_id("body", "caritas-crema")) == 6
    assert await count(search="caritas ascolto") == 1
    assert await count(modified_after="2026-12-03T00:00:00Z") == 0
    assert (await count(modified_after="2026-12-01T00:00:00Z"), await count(taxonomy_id="x")) == (31, 0)


async def test_what_is_not_in_use_is_not_published(session: Session, anybody: httpx.AsyncClient) -> None:
    service = a_service(session, status=ServiceStatus.INACTIVE)
    session.commit()
    for path in ("services", "service_at_locations"):
        assert (await anybody.get(f"/hsds/{path}")).json()["empty"] is True
    assert (await anybody.get(f"/hsds/services/{service.id}")).status_code == 404
