"""The desk sets itself up, books and moves by hand, and notes who came, on its pages."""

from __future__ import annotations

from datetime import timedelta

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.appointment.models import Appointment, AppointmentDesk, AppointmentState
from backoffice.conversation.models import Message
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_conversation, create_front_door, create_staff, send, sign_in

WEEK = ["09:00-12:00", "", "", "", "", "", ""]
FIRST, SECOND = "2026-12-07T08:00:00+00:00", "2026-12-07T08:30:00+00:00"


async def test_from_an_empty_page_to_somebody_who_came(
    session: Session, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    create_front_door(session)
    staff = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    conversation = create_conversation(session)
    person = create_person(session, name="Ada <b>Inventata</b>")
    conversation.language, conversation.person_id = "ar", person.id
    send(session, conversation, "موعد")
    create_case(session, person=person, conversation=conversation)
    http.headers.update({**sign_in(session, staff), "Accept-Language": "it", "Accept": "text/html"})
    session.commit()

    assert "Non ci sono sportelli" in (await http.get("/appointments")).text
    form = {"name": "Sportello", "address": "Via Inventata 1", "hours": WEEK, "is_open": "true"}
    saved = await http.post("/appointments/desks", data=form)
    assert saved.status_code == 303, saved.text
    desk = session.scalars(select(AppointmentDesk)).one()
    session.commit()

    page = await http.get("/appointments/new", params={"person": person.id})
    assert FIRST in page.text
    wanted = {"person": person.id, "desk": desk.id, "topic": "work", "interpreter": "ar"}
    booked = await http.post("/appointments", data={**wanted, "starts_at": FIRST})
    again = await http.post("/appointments", data={**wanted, "starts_at": SECOND})
    assert (booked.status_code, again.status_code) == (303, 409)
    assert "Sposta quello che c&#39;è" in again.text

    where = booked.headers["location"].partition("?")[0]
    shown = await http.get(where, params={"day": "2026-12-07"})
    assert "Ada &lt;b&gt;Inventata" in shown.text
    moved = await http.post(f"{where}/move", data={"starts_at": SECOND})
    told = session.scalars(select(Message.text).where(Message.author == "system")).all()[-1]
    session.commit()
    assert "تم تغيير الموعد" in told
    assert "09:30" in told

    clock.advance(seconds=timedelta(days=5).total_seconds())
    http.headers.update(sign_in(session, staff, now=clock()))
    session.commit()
    where = moved.headers["location"].partition("?")[0]
    closed = await http.post(f"{where}/close", data={"came": "true"})
    assert closed.headers["location"].startswith("/appointments?day=2026-12-07")
    assert "La persona è venuta" in (await http.get("/appointments?day=2026-12-07&view=week")).text
    states = session.scalars(select(Appointment.state).order_by(Appointment.starts_at)).all()
    assert list(states) == [AppointmentState.MOVED, AppointmentState.DONE]


async def test_a_day_that_is_closed_has_no_places_and_can_be_opened_again(
    session: Session, http: httpx.AsyncClient
) -> None:
    create_front_door(session)
    staff = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    http.headers.update({**sign_in(session, staff), "Accept-Language": "it", "Accept": "text/html"})
    session.commit()
    form = {"name": "Sportello", "address": "Via Inventata 1", "hours": WEEK}
    where = (await http.post("/appointments/desks", data=form)).headers["location"].partition("?")[0]
    slots = f"/api/v1/appointment-desks/{where.rsplit('/', 1)[1]}/slots?first=2026-12-07"
    assert len((await http.get(slots)).json()["items"]) == 6
    await http.post(f"{where}/days", data={"day": "2026-12-07", "reason": "festa"})
    assert (await http.get(slots)).json()["items"] == []
    page = (await http.get(where)).text
    assert "chiuso · festa" in page
    session.commit()
    removal = page.partition(f"{where}/days/")[2].partition("/")[0]
    await http.post(f"{where}/days/{removal}/remove")
    assert len((await http.get(slots)).json()["items"]) == 6
    wrong = await http.post("/appointments/desks", data={**form, "hours": ["nove-dodici"]})
    assert wrong.status_code == 422
    assert "09:00-12:30, 14:00-17:00" in wrong.text
