"""The desk arranges a viewing on its page; what cannot be comes back as it was typed."""

from __future__ import annotations

import httpx
from sqlalchemy.orm import Session

from backoffice.staff.roles import Role
from backoffice.viewing.models import Viewing, ViewingState
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_staff, sign_in
from tests.backoffice.viewing.test_viewings import asked


async def test_a_date_in_the_past_comes_back_with_place_and_why(
    session: Session, http: httpx.AsyncClient
) -> None:
    viewing, _conversation = asked(session, "it")
    desk = create_staff(session, roles=frozenset({Role.HOUSING_DESK}))
    headers = {**sign_in(session, desk), "Accept-Language": "it"}
    number = viewing.id
    session.commit()
    form = {"moment": "2026-11-01T10:00", "place": "davanti alla chiesa", "interpreter": "uk"}
    answer = await http.post(f"/viewings/{number}/fix", data=form, headers=headers)
    assert answer.status_code == 422
    for told in ("Questa data è già passata.", "davanti alla chiesa", 'value="2026-11-01T10:00"'):
        assert told in answer.text
    session.expire_all()
    assert session.get_one(Viewing, number).state is ViewingState.ASKED
    session.commit()
    form["moment"] = "2026-12-10T10:00"
    answer = await http.post(f"/viewings/{number}/fix", data=form, headers=headers)
    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(Viewing, number).state is ViewingState.FIXED
