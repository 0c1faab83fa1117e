"""Booking, moving and cancelling in the chat: what is asked and said, step by step, each with its buttons.

`appointment:<what>:...`: `begin`, `new`, `topic:<need>`, `desk:<desk>:<for>`, `day:<desk>:<for>:<day>`,
`at:<desk>:<for>:<minute>`, `yes:<desk>:<for>:<minute>`, `move|cancel|gone|keep:<appointment>`,
`wait:<desk>:<need>`, `take|pass|stop:<waiting>`. `<for>` is a need, or the appointment that is moved;
`<minute>` counts from 1970.

What is offered is looked up anew with each answer: a button of yesterday that names a place that is gone
says so. Nobody reaches an appointment of another person by a button.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from backoffice.appointment.acts import book_appointment, cancel_appointment, move_appointment
from backoffice.appointment.errors import AlreadyBooked, NoSuchSlot, NotBooked, SlotTaken
from backoffice.appointment.models import Appointment, AppointmentDesk, WaitingForAppointment
from backoffice.appointment.queries import desks_for, own_to_come
from backoffice.appointment.service import FURTHEST, FreeSlot, Wanted, free_slots, get_desk, to_come_at
from backoffice.appointment.telling import choice, own_buttons, titled, values_of
from backoffice.appointment.waiting import give_up, wait_for
from backoffice.appointment.wording import clock_in, day_in, moment_in, short_day_in
from backoffice.audit.service import SERVICE
from backoffice.case.needs import Need
from backoffice.client.schemas import Author, ReplyButton
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Conversation
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from backoffice.person.models import Person
from translations.catalog import text

TOPICS = (Need.DOCUMENTS, Need.HEALTH, Need.WORK, Need.RENT, Need.SCHOOL, Need.OTHER)
"""What is offered as a button; the desk hears the rest."""

DAYS_SHOWN, HOURS_SHOWN = 6, 12


@dataclass(frozen=True)
class Said:
    """One sentence with its buttons, in the person's language."""

    text: str
    buttons: Sequence[ReplyButton] = ()


class Chat:
    """One conversation that is about appointments, at one moment. `base_url`: where calendar files are."""

    def __init__(self, session: Session, conversation: Conversation, *, base_url: str, now: datetime) -> None:
        self.session, self.conversation = session, conversation
        self.base_url, self.now = base_url, now
        self.language = conversation.language

    def begin(self, *, changes: bool = False, topic: str | None = None) -> list[Said]:
        """Say what there is and ask what is wanted; nothing where no desk can be booked in the chat.

        `changes`: the person spoke of an appointment that they have. `topic`: the need that they spoke of
        before; it is said, and not asked.
        """
        own = self._own()
        if own:
            return [self._have(appointment) for appointment in own]
        if not desks_for(self.session, self.conversation.organisation_id, None):
            return []
        if changes:
            return [self._say("appointment_none", [self._choice("book", "new")])]
        return self._ask_about(topic)

    def answer(self, parts: Sequence[str]) -> list[Said]:
        """Do and say what a button stands for; one that stands for nothing any more begins again."""
        try:
            return self._answer(parts)
        except (NoSuchSlot, SlotTaken):
            return [self._say("appointment_taken", [self._choice("hours", *self._again(parts))])]
        except NotBooked:
            return [self._say("appointment_too_late", [self._choice("book", "begin")])]
        except AlreadyBooked:
            return [self._have(appointment) for appointment in self._own()]
        except (NotFound, ValueError):
            return self.begin() or [self._say("appointment_too_late")]

    def ask_topic(self) -> list[Said]:
        """Ask what it is about."""
        buttons = [self._choice(f"topic_{need.value}", "topic", need.value) for need in TOPICS]
        return [self._say("appointment_topic", buttons)]

    def _answer(self, parts: Sequence[str]) -> list[Said]:
        match parts:
            case ["begin"]:
                return self.begin() or [self._say("appointment_too_late")]
            case ["new"]:
                return self.ask_topic()
            case ["topic", need]:
                return self._ask_desk(Need(need))
            case ["desk", desk_id, wanted]:
                return self._ask_day(self._desk(desk_id), wanted, day_in_italy(self.now))
            case ["from", desk_id, wanted, day]:
                return self._ask_day(self._desk(desk_id), wanted, date.fromisoformat(day))
            case ["day", desk_id, wanted, day]:
                return self._ask_hour(self._desk(desk_id), wanted, date.fromisoformat(day))
            case ["at", desk_id, wanted, minute]:
                return self._confirm(self._desk(desk_id), wanted, _moment(minute))
            case ["yes", desk_id, wanted, minute]:
                return self._book(self._desk(desk_id), wanted, _moment(minute))
            case ["move", appointment_id]:
                found = self._mine(appointment_id)
                return self._ask_day(self._desk(found.desk_id), found.id, day_in_italy(self.now))
            case ["cancel" | "gone" | "keep" as what, appointment_id]:
                return self._cancel(what, self._mine(appointment_id))
            case ["wait", desk_id, need]:
                return self._wait(self._desk(desk_id), Need(need))
            case ["take" | "pass" | "stop" as what, waiting_id]:
                return self._waits(what, waiting_id)
        raise NotFound

    # --- Choosing -----------------------------------------------------------------------------------

    def _ask_about(self, topic: str | None) -> list[Said]:
        """Go on with a topic that is known and can be chosen; else ask for it."""
        need = next((each for each in TOPICS if each.value == topic), None)
        if need is None or not desks_for(self.session, self.conversation.organisation_id, need):
            return self.ask_topic()
        label = text(f"system.button.appointment_topic_{need.value}", self.language)
        about = text("system.appointment_about", self.language, topic=label)
        first, *rest = self._ask_desk(need)
        buttons = [*first.buttons, self._choice("other_topic", "new")]
        return [Said(f"{about}\n{first.text}", buttons), *rest]

    def _ask_desk(self, need: Need) -> list[Said]:
        desks = desks_for(self.session, self.conversation.organisation_id, need)
        if not desks:
            raise NotFound
        if len(desks) == 1:
            return self._ask_day(self._desk(desks[0].id), need.value, day_in_italy(self.now))
        lines = "\n".join(f"• {desk.name}: {desk.address}" for desk in desks)
        buttons = [titled(desk.name[:40], "desk", desk.id, need.value) for desk in desks]
        return [self._say("appointment_desk", buttons, lines=lines)]

    def _ask_day(self, desk: AppointmentDesk, wanted: str, first: date) -> list[Said]:
        own = self._at(desk)
        if own is not None and own.id != wanted:
            return [self._have(own)]
        days = sorted({day_in_italy(slot.starts_at) for slot in self._free(desk, first=first)})
        if not days:
            return self._nothing_free(desk, wanted)
        buttons = [
            titled(short_day_in(day, self.language), "day", desk.id, wanted, day.isoformat())
            for day in days[:DAYS_SHOWN]
        ]
        if len(days) > DAYS_SHOWN:
            buttons.append(self._choice("more_days", "from", desk.id, wanted, days[DAYS_SHOWN].isoformat()))
        return [self._say("appointment_day", buttons, desk=desk.name)]

    def _ask_hour(self, desk: AppointmentDesk, wanted: str, day: date) -> list[Said]:
        slots = self._free(desk, first=day, last=day)
        if not slots:
            raise SlotTaken
        step = -(-len(slots) // HOURS_SHOWN)
        buttons = [
            titled(clock_in(slot.starts_at), "at", desk.id, wanted, _minute(slot.starts_at))
            for slot in slots[::step]
        ]
        buttons.append(self._choice("more_days", "desk", desk.id, wanted))
        return [self._say("appointment_hour", buttons, day=day_in(day, self.language))]

    def _confirm(self, desk: AppointmentDesk, wanted: str, moment: datetime) -> list[Said]:
        day = day_in_italy(moment)
        if moment not in {slot.starts_at for slot in self._free(desk, first=day, last=day)}:
            raise SlotTaken
        buttons = [
            self._choice("yes", "yes", desk.id, wanted, _minute(moment)),
            self._choice("hours", "day", desk.id, wanted, day.isoformat()),
        ]
        at = moment_in(moment, self.language)
        return [self._say("appointment_confirm", buttons, moment=at, desk=desk.name, address=desk.address)]

    def _book(self, desk: AppointmentDesk, wanted: str, moment: datetime) -> list[Said]:
        if wanted not in tuple(Need):
            return self._move(self._mine(wanted), desk, moment)
        about = Wanted(
            self._person().id,
            wanted,
            self.language,
            self.conversation.id,
            interpreter=self._interpreter(desk),
        )
        made = book_appointment(
            self.session, desk, moment, about, base_url=self.base_url, by=SERVICE, now=self.now
        )
        return self._booked("appointment_booked", made, desk)

    def _move(self, own: Appointment, desk: AppointmentDesk, moment: datetime) -> list[Said]:
        if own.desk_id != desk.id:
            raise NotFound
        instead = move_appointment(
            self.session, own, moment, talk_id=self.conversation.id, by=SERVICE, now=self.now
        )
        return self._booked("appointment_moved", instead, desk)

    def _booked(self, key: str, appointment: Appointment, desk: AppointmentDesk) -> list[Said]:
        parts = [text(f"system.{key}", self.language, **values_of(appointment, desk, self.language))]
        if desk.step_free is not None:
            parts.append(
                text(f"system.appointment_{'step_free' if desk.step_free else 'steps'}", self.language)
            )
        parts.append(text("system.appointment_bring", self.language))
        return [Said("\n\n".join(parts), own_buttons(appointment, self.language))]

    # --- What there is ------------------------------------------------------------------------------

    def _cancel(self, what: str, own: Appointment) -> list[Said]:
        values = {"moment": moment_in(own.starts_at, self.language)}
        if what == "cancel":
            buttons = [self._choice("cancel_yes", "gone", own.id), self._choice("keep", "keep", own.id)]
            return [self._say("appointment_cancel_sure", buttons, **values)]
        if what == "keep":
            return [self._say("appointment_kept", own_buttons(own, self.language), **values)]
        cancel_appointment(self.session, own, None, by=SERVICE, now=self.now, is_told=False)
        return [self._say("appointment_cancelled", [self._choice("book", "new")], **values)]

    def _have(self, appointment: Appointment) -> Said:
        desk = self.session.get_one(AppointmentDesk, appointment.desk_id)
        buttons = [*own_buttons(appointment, self.language), self._choice("another", "new")]
        return self._say("appointment_have", buttons, **values_of(appointment, desk, self.language))

    # --- Waiting ------------------------------------------------------------------------------------

    def _nothing_free(self, desk: AppointmentDesk, wanted: str) -> list[Said]:
        if wanted not in tuple(Need):
            own = self._mine(wanted)
            return [self._say("appointment_full", own_buttons(own, self.language), desk=desk.name)]
        return [
            self._say("appointment_full", [self._choice("wait", "wait", desk.id, wanted)], desk=desk.name)
        ]

    def _wait(self, desk: AppointmentDesk, need: Need) -> list[Said]:
        person = self._person()
        waiting = wait_for(
            self.session,
            desk,
            person.id,
            need.value,
            conversation_id=self.conversation.id,
            by=SERVICE,
            now=self.now,
        )
        return [self._say("appointment_waits", [self._choice("stop", "stop", waiting.id)], desk=desk.name)]

    def _waits(self, what: str, waiting_id: str) -> list[Said]:
        waiting = self.session.get(WaitingForAppointment, waiting_id)
        if waiting is None or waiting.person_id != self.conversation.person_id or waiting.desk_id is None:
            raise NotFound
        if what != "take":
            give_up(self.session, waiting, by=SERVICE, now=self.now)
            return [self._say("appointment_waits_no_more", [self._choice("book", "begin")])]
        moment = waiting.offered_starts_at
        if waiting.ended_at is not None or moment is None:
            return [self._say("appointment_offer_over", [self._choice("book", "begin")])]
        return self._book(self._desk(waiting.desk_id), waiting.topic, moment)

    # --- Looking up ---------------------------------------------------------------------------------

    def _free(self, desk: AppointmentDesk, *, first: date, last: date | None = None) -> list[FreeSlot]:
        return free_slots(
            self.session,
            desk,
            first=max(first, day_in_italy(self.now)),
            last=min(last or date.max, day_in_italy(self.now + FURTHEST)),
            now=self.now,
            person_id=self.conversation.person_id,
        )

    def _desk(self, desk_id: str) -> AppointmentDesk:
        desk = get_desk(self.session, desk_id)
        if desk.organisation_id != self.conversation.organisation_id:
            raise NotFound
        return desk

    def _own(self) -> list[Appointment]:
        person_id = self.conversation.person_id
        return own_to_come(self.session, person_id, now=self.now) if person_id else []

    def _at(self, desk: AppointmentDesk) -> Appointment | None:
        person_id = self.conversation.person_id
        return to_come_at(self.session, desk.id, person_id, now=self.now) if person_id else None

    def _mine(self, appointment_id: str) -> Appointment:
        found = self.session.get(Appointment, appointment_id)
        if found is None or found.person_id != self.conversation.person_id:
            raise NotFound
        if found.starts_at <= self.now or found not in self._own():
            raise NotBooked
        return found

    def _person(self) -> Person:
        """Return who writes; of whom nothing is known yet becomes a person without a name."""
        known = self.conversation.person_id
        if known is not None:
            return self.session.get_one(Person, known)
        person = Person(
            organisation_id=self.conversation.organisation_id, languages=[self.language], created_at=self.now
        )
        self.session.add(person)
        self.session.flush()
        self.conversation.person_id = person.id
        return person

    def _interpreter(self, desk: AppointmentDesk) -> str | None:
        """Return the language that a mediator is wanted for: none where the desk speaks it."""
        return None if self.language in {"it", *desk.languages} else self.language

    def _again(self, parts: Sequence[str]) -> tuple[str, ...]:
        return ("desk", parts[1], parts[2]) if len(parts) > 2 else ("begin",)

    def _choice(self, key: str, *parts: str) -> ReplyButton:
        return choice(key, self.language, *parts)

    def _say(self, key: str, buttons: Sequence[ReplyButton] = (), **values: str) -> Said:
        return Said(text(f"system.{key}", self.language, **values), buttons)


def answer_appointment(
    session: Session, conversation: Conversation, parts: Sequence[str], *, base_url: str, now: datetime
) -> None:
    """Act on a button of an appointment and answer it in the conversation, whose row is locked."""
    for said in Chat(session, conversation, base_url=base_url, now=now).answer(parts):
        write(session, conversation, Draft(Author.SYSTEM, said.text, buttons=said.buttons), now=now)


def _minute(moment: datetime) -> str:
    return str(int(moment.timestamp()) // 60)


def _moment(minute: str) -> datetime:
    if not minute.isdigit() or len(minute) > 9:
        raise NotFound
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=int(minute))
