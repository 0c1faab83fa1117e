"""The directory over HTTP for the bot and for staff (contract, running.md, "Backoffice API")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from babel.numbers import format_currency
from fastapi import APIRouter, Query

from backoffice.client.schemas import LanguageCode, PhoneFound, PlaceFound, PlacesFound
from backoffice.clock import ClockDep
from backoffice.database import ReadSession
from backoffice.directory.models import ServiceAtLocation
from backoffice.directory.part_models import DirectoryCostOption, DirectoryPhone
from backoffice.directory.queries import (
    FoundPlace,
    FoundService,
    ServiceFilters,
    languages_of,
    schedules_of,
    search,
)
from backoffice.directory.words import Words, words_in
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from backoffice.staff.service_or_staff import ServiceOrStaff
from translations.languages import LANGUAGES, SOURCE

router = APIRouter(prefix="/api/v1/services", tags=["directory"], dependencies=[ServiceOrStaff])

Name = Annotated[str | None, Query(max_length=80)]


@router.get("")
def find_services(
    session: ReadSession,
    clock: ClockDep,
    language: LanguageCode = SOURCE,
    topic: Name = None,
    town: Name = None,
    speaks: Annotated[str | None, Query(pattern=r"^[a-z]{2,3}$")] = None,
    open_now: bool = False,
    accessible: bool = False,
    near: Name = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
) -> PlacesFound:
    """Return services in use, each in each of its places, the nearest to the town `near` first, else by name.

    `language` is that of the texts, `speaks` one that is spoken there; `town` leaves out all other places.
    """
    now = clock()
    filters = ServiceFilters(topic, town, speaks, open_now, accessible, near, words=q)
    words = words_in(session, language if language in LANGUAGES else SOURCE)
    today = day_in_italy(now)
    found = list(_pairs(search(session, filters, now=now)))
    if near:
        found.sort(key=lambda pair: _distance(pair[1]))
    begin = _after(found, cursor)
    shown = found[begin : begin + limit]
    more = begin + limit < len(found)
    return PlacesFound(
        items=[_out(service, place, words, today=today) for service, place in shown],
        next=_mark(shown[-1]) if more else None,
    )


Pair = tuple[FoundService, FoundPlace | None]


def _pairs(services: Iterable[FoundService]) -> Iterable[Pair]:
    for service in services:
        if not service.places:
            yield service, None
        for place in service.places:
            yield service, place


def _distance(place: FoundPlace | None) -> tuple[bool, float]:
    kilometres = place.kilometres if place else None
    return kilometres is None, kilometres or 0


def _mark(pair: Pair) -> str:
    service, place = pair
    return place.at_location.id if place else service.service.id


def _after(found: Sequence[Pair], cursor: str | None) -> int:
    if not cursor:
        return 0
    places = [_mark(pair) for pair in found]
    if cursor not in places:
        raise NotFound
    return places.index(cursor) + 1


def _out(found: FoundService, place: FoundPlace | None, words: Words, *, today: date) -> PlaceFound:
    service, at = found.service, place.at_location if place else None
    location, opening = at.location if at else None, place.opening if place else found.opening
    say = words.say
    schedules = [each for each in schedules_of(service, at) if each.opens_at is None]
    costs = [each for each in service.cost_options if _holds(each, today)]
    return PlaceFound(
        service_id=service.id,
        place_id=location.id if location else None,
        name=say(service, "name") or "",
        body=say(service.organisation, "name") or "",
        topics=service.topics,
        description=say(service, "description"),
        eligibility=say(service, "eligibility_description"),
        how_to_apply=say(service, "application_process"),
        interpretation=say(service, "interpretation_services"),
        alert=say(service, "alert"),
        fees=[*filter(None, [say(service, "fees_description")]), *(_cost(each, words) for each in costs)],
        is_free=bool(costs) and all(each.amount == 0 and not each.option for each in costs),
        documents=[text for each in service.required_documents if (text := say(each, "document"))],
        place_name=say(location, "name") if location else None,
        address=location.address if location else None,
        town=location.town if location else None,
        kilometres=place.kilometres if place else None,
        step_free=location.step_free if location else None,
        phones=[_phone(each, words) for each in _phones(found, at)],
        email=service.email or service.organisation.email,
        url=service.url or service.organisation.website,
        languages=list(languages_of(service, at)),
        state=opening.state,
        closes_at=opening.closes_at,
        opens_next=opening.opens_next,
        hours_words=[text for each in schedules if (text := say(each, "description"))],
        source=service.source,
        verified_on=service.verified_on,
        call_first=found.call_first,
    )


def _holds(cost: DirectoryCostOption, day: date) -> bool:
    return (cost.valid_from or day) <= day <= (cost.valid_to or day)


def _cost(cost: DirectoryCostOption, words: Words) -> str:
    """Return `Adulti: 30,46 €`, as the language writes it."""
    amount = "" if cost.amount is None else format_currency(cost.amount, cost.currency, locale=words.language)
    parts = " ".join(filter(None, [amount, words.say(cost, "amount_description")]))
    return ": ".join(filter(None, [words.say(cost, "option"), parts]))


def _phones(found: FoundService, at: ServiceAtLocation | None) -> Iterable[DirectoryPhone]:
    """Return the numbers to call: those of service and place; those of the body where there are none."""
    service = found.service
    nearer = [*(at.phones if at else ()), *service.phones, *(at.location.phones if at else ())]
    return nearer or service.organisation.phones


def _phone(phone: DirectoryPhone, words: Words) -> PhoneFound:
    return PhoneFound(
        number=phone.number,
        description=words.say(phone, "description"),
        languages=sorted(each.code for each in phone.languages),
    )
