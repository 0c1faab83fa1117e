"""Where a topic of the guide is dealt with: the places of the directory, nearest first, a few at a time.

The buttons are those of the topic itself, with one of these as `choice`: `where`, `where:towns`,
`where:other` and `where:at:<town>:<how many were shown>:<all|mine>`; the town is empty for the whole area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from actions.client import Backoffice
from actions.menu import GUIDE_INTENTS, way_on_buttons
from actions.municipalities import MUNICIPALITIES, town_named, towns_beginning_with
from actions.replies import ROME, STAFF_LANGUAGE, Button, Replies, payload
from actions.slots import slot_set
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import PlaceFound

WHERE = "where"
"""What the `choice` of every button of places begins with; `awaiting` is `where:<topic>` for a typed town."""

LARGEST = ("Crema", "Castelleone", "Soncino", "Pandino", "Offanengo", "Rivolta d'Adda", "Vaiano Cremasco")
"""The towns that get a button at once."""

SHOWN = 3
"""How many places are told in one message: it is read on a small screen."""

_TOWN_SLOTS = ("municipalities", "care_municipality", "home_municipality")
_ALL, _MINE = "all", "mine"


@dataclass(frozen=True)
class Wanted:
    """Which places were asked for; no town: in the whole area. `mine`: where one's language is spoken."""

    topic: str
    town: str | None
    after: int = 0
    mine: bool = False


def where_button(replies: Replies, topic: str) -> Button:
    """Return the lasting button under an answer of the guide."""
    return _button(replies, "where", topic, WHERE)


def asks_where(turn: Turn) -> bool:
    """Tell whether a button of places was pressed."""
    return (turn.value("choice") or "").partition(":")[0] == WHERE


async def tell_where(backoffice: Backoffice, turn: Turn, replies: Replies, topic: str) -> list[Event]:
    """Do what a button of places says."""
    match (turn.value("choice") or "").split(":"):
        case [_, "at", name, after, whose]:
            shown = int(after) if after.isdecimal() else 0
            wanted = Wanted(topic, town_named(name), shown, mine=whose == _MINE)
            return await _tell(backoffice, turn, replies, wanted)
        case [_, "towns"]:
            return _ask_town(turn, replies, topic)
        case [_, "other"]:
            return _ask_town(turn, replies, topic, [t for t in MUNICIPALITIES if t not in LARGEST])
    town = _town_known(turn)
    if town is None:
        return _ask_town(turn, replies, topic)
    return await _tell(backoffice, turn, replies, Wanted(topic, town))


async def take_town(backoffice: Backoffice, turn: Turn, replies: Replies) -> list[Event] | None:
    """Take the town that was typed as the answer; None where none was asked for or stands in the message."""
    topic = _topic_of_town(turn)
    if topic is None:
        return None
    named = [town for town in map(town_named, [*turn.values("municipality"), turn.text]) if town]
    if named:
        return await _tell(backoffice, turn, replies, Wanted(topic, named[0]))
    for part in turn.values("municipality_ambiguous"):
        towns = [town for town in map(town_named, part.split("|")) if town] or towns_beginning_with(part)
        if towns:
            replies.say("bot.town_ambiguous", town=part.partition("|")[0])
            return _ask_town(turn, replies, topic, towns)
    outside = turn.values("municipality_outside")
    if not outside:
        return None
    replies.say("bot.town_outside", town=replies.enumeration(outside))
    return _ask_town(turn, replies, topic)


def _topic_of_town(turn: Turn) -> str | None:
    """Return the topic whose places were asked for last, if the town is what the person was asked."""
    topics = (intent.removeprefix("ask_") for intent in GUIDE_INTENTS)
    return next((topic for topic in topics if turn.text and turn.awaits(f"{WHERE}:{topic}")), None)


def _town_known(turn: Turn) -> str | None:
    """Return the town that the person named last, in whatever message, or in a form."""
    for entity in (*turn.entities, *turn.entities_before):
        name = entity.value
        if entity.name == "choice" and name.startswith(f"{WHERE}:at:"):
            name = name.split(":")[2]
        elif entity.name != "municipality":
            continue
        if town := town_named(name):
            return town
    for slot in _TOWN_SLOTS:
        value = turn.slots.get(slot) or ()
        for name in [value] if isinstance(value, str) else value:
            if town := town_named(str(name)):
                return town
    return None


def _ask_town(turn: Turn, replies: Replies, topic: str, towns: Sequence[str] = LARGEST) -> list[Event]:
    """Ask for the town. Inside a form only by button: what is typed there answers the form."""
    buttons = [Button(town, _choice(topic, _at(Wanted(topic, town))), lasting=True) for town in towns]
    if towns is LARGEST:
        buttons.append(_button(replies, "other_towns", topic, f"{WHERE}:other"))
    buttons.append(_button(replies, "everywhere", topic, _at(Wanted(topic, None))))
    buttons += way_on_buttons(replies)
    replies.say("directory.which_town_press" if turn.active_form else "directory.which_town", buttons=buttons)
    return [] if turn.active_form else [slot_set("awaiting", f"{WHERE}:{topic}")]


async def _tell(backoffice: Backoffice, turn: Turn, replies: Replies, wanted: Wanted) -> list[Event]:
    forget = [slot_set("awaiting", None)] if turn.slots.get("awaiting") else []
    try:
        found = await backoffice.find_places(topic=wanted.topic, town=wanted.town, language=replies.language)
    except BackofficeClientError:
        retry = replies.text("bot.button.retry")
        again = Button(retry, _choice(wanted.topic, _at(wanted)), lasting=True)
        replies.say("directory.unavailable", buttons=[again, *way_on_buttons(replies)])
        return forget
    places = _ordered(found, replies.language, mine=wanted.mine)
    if places:
        _say_places(replies, wanted, places)
    else:
        _say_none(replies, wanted, are_others=bool(found))
    return forget


def _ordered(found: Sequence[PlaceFound], language: str, *, mine: bool) -> list[PlaceFound]:
    """Return places that speak the person's language first, then the nearer ones; `mine`: only the first."""
    places = [place for place in found if not mine or _speaks(place, language)]
    if language == STAFF_LANGUAGE:
        return places
    return sorted(places, key=lambda place: not _speaks(place, language))


def _speaks(place: PlaceFound, language: str) -> bool:
    return language in place.languages


def _say_none(replies: Replies, wanted: Wanted, *, are_others: bool) -> None:
    if not are_others:
        replies.say("directory.none", buttons=way_on_buttons(replies))
        return
    everything = _button(replies, "all_places", wanted.topic, _at(Wanted(wanted.topic, wanted.town)))
    replies.say("directory.none_speaking", buttons=[everything, *way_on_buttons(replies)])


def _say_places(replies: Replies, wanted: Wanted, places: Sequence[PlaceFound]) -> None:
    shown = places[wanted.after : wanted.after + SHOWN] or places[:SHOWN]
    parts = [] if wanted.after else [_head(replies, wanted, places)]
    parts += [told(place, replies) for place in shown]
    more = wanted.after + SHOWN < len(places)
    replies.say_text("\n\n".join(parts), buttons=_buttons_below(replies, wanted, more=more))


def _head(replies: Replies, wanted: Wanted, places: Sequence[PlaceFound]) -> str:
    topic = replies.text(f"bot.button.intent_ask_{wanted.topic}")
    if wanted.town is None:
        return replies.text("directory.everywhere", topic=topic)
    is_first = replies.language != STAFF_LANGUAGE and _speaks(places[0], replies.language)
    key = "directory.near_speaking" if is_first and not wanted.mine else "directory.near"
    return replies.text(key, topic=topic, town=wanted.town)


def _buttons_below(replies: Replies, wanted: Wanted, *, more: bool) -> list[Button]:
    topic, buttons = wanted.topic, []
    if more:
        following = Wanted(topic, wanted.town, wanted.after + SHOWN, wanted.mine)
        buttons.append(_button(replies, "more", topic, _at(following)))
    if wanted.mine:
        buttons.append(_button(replies, "all_places", topic, _at(Wanted(topic, wanted.town))))
    elif replies.language != STAFF_LANGUAGE:
        mine = _at(Wanted(topic, wanted.town, mine=True))
        buttons.append(_button(replies, "speaks", topic, mine))
    buttons.append(_button(replies, "other_town", topic, f"{WHERE}:towns"))
    return [*buttons, *way_on_buttons(replies)]


def _button(replies: Replies, key: str, topic: str, choice: str) -> Button:
    return Button(replies.text(f"directory.button.{key}"), _choice(topic, choice), lasting=True)


def _choice(topic: str, choice: str) -> str:
    return payload(f"ask_{topic}", choice=choice)


def _at(wanted: Wanted) -> str:
    whose = _MINE if wanted.mine else _ALL
    return f"{WHERE}:at:{wanted.town or ''}:{wanted.after}:{whose}"


def told(place: PlaceFound, replies: Replies) -> str:
    """Return a place in words: what and where, how to call, when it is open, who speaks what, since when."""
    where = ", ".join(filter(None, (place.address, place.town)))
    lines = [place.name, place.body if place.body != place.name else "", where]
    if place.kilometres:
        lines.append(replies.text("directory.distance", km=str(max(round(place.kilometres), 1))))
    lines += [replies.text("bot.office_phone", phone=phone.number) for phone in place.phones]
    lines.append(when_open(place, replies))
    if replies.language != STAFF_LANGUAGE and _speaks(place, replies.language):
        lines.append(replies.text("directory.speaks_yours"))
    elif place.languages:
        names = replies.enumeration([replies.language_name(code) for code in place.languages])
        lines.append(replies.text("directory.languages", languages=names))
    if place.step_free:
        lines.append(replies.text("directory.accessible"))
    lines.append(_checked(place, replies))
    return "\n".join(line for line in lines if line)


def when_open(place: PlaceFound, replies: Replies) -> str:
    """Tell whether it is open now and when next; where nobody knows, to call or to ask first."""
    if place.state == "open":
        if place.closes_at is None:
            return replies.text("directory.open_now")
        return replies.text("directory.open_until", time=f"{place.closes_at.astimezone(ROME):%H:%M}")
    if place.state == "closed":
        if place.opens_next is None:
            return replies.text("directory.closed" if place.phones else "directory.nothing_known")
        return replies.text("directory.opens_at", when=replies.time(place.opens_next))
    if not place.phones:
        return replies.text("directory.nothing_known")
    return replies.text("directory.hours_unknown")


def _checked(place: PlaceFound, replies: Replies) -> str:
    if place.call_first or place.verified_on is None:
        return replies.text("bot.guide_call_first") if place.phones else ""
    return replies.text(
        "bot.guide_sources", sources=_site(place.source), checked=replies.day(place.verified_on)
    )


def _site(source: str) -> str:
    """Return the site of a web address: the whole of it is too long for a small screen."""
    return urlsplit(source).hostname or source
