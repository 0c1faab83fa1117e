"""A person gets everything that is held about them, by hand, after a look at who asks; and nobody else's."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import jsonschema
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.accompaniment.models import Tenancy
from backoffice.audit.models import AuditEntry
from backoffice.conversation.models import Conflict, Message
from backoffice.housing_match.models import MatchSide, RefusalReason
from backoffice.housing_match.service import refuse
from backoffice.housing_need.service import need_of
from backoffice.own_copy.errors import AlreadyAnswered, AskedAlready, NoLongerThere
from backoffice.own_copy.models import IdentityCheck, OwnCopy, RefusedBecause
from backoffice.own_copy.permissions import answerable_copies
from backoffice.own_copy.readable import make_readable, shown_words
from backoffice.own_copy.service import ask_for_copy, refuse_copy, release_copy, require_ready
from backoffice.own_copy.shape import schema
from backoffice.own_copy.writings import writings_of
from backoffice.person.models import RestrictedOpening
from backoffice.retention.erase import erase_person
from backoffice.rights.choices import answer_choice
from backoffice.rights.wording import day_of
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from backoffice.viewing.service import ask_for_viewing
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_organisation, create_staff, sign_in
from tests.backoffice.homes import create_listing, create_match, create_owner
from tests.backoffice.own_copy.lives import Life, copy_of, let_answer, live_together, released
from translations.catalog import text

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "own-copy.schema.json"
MINE, OTHER = "canarina", "passero"
INNER = {"nota-internal", "nota-cultural", "nota-filo"}


@pytest.fixture
def staff(session: Session) -> Staff:
    return create_staff(session, roles=frozenset({Role.CASEWORKER, Role.COORDINATOR}))


@pytest.fixture
def partner(session: Session) -> Organisation:
    return create_organisation(session, name="Cooperativa Ponte")


@pytest.fixture
def life(session: Session, staff: Staff, partner: Organisation) -> Life:
    return Life(session, MINE, staff, partner, "ar")


# --- What is in it ------------------------------------------------------------------------------


def test_the_copy_holds_everything_that_was_written_about_the_person(life: Life) -> None:
    let_answer(life)
    told = copy_of(life).model_dump_json()
    words = ("nome", "dato", "parola", "permesso", "salute", "-telefono", "-indirizzo", "messaggio", "cerca")
    for word in (*words, "nota-shared", "obiettivo", "azione", "carta", "perché"):
        assert re.search(f"{MINE}[ -]?{word}", told), word
    for word in ("Cooperativa Ponte", "trovare casa", "Trovare un alloggio", "case.read"):
        assert word in told
    assert life.staff.name not in told


def test_the_file_is_of_the_documented_shape(life: Life) -> None:
    let_answer(life)
    assert json.loads(SCHEMA.read_text()) == schema()
    file = json.loads(copy_of(life).model_dump_json())
    jsonschema.validate(file, schema(), cls=jsonschema.Draft202012Validator)
    assert file["format"] == "sportello.own-copy/1"


def test_nothing_of_anybody_else_is_in_it(
    session: Session, staff: Staff, life: Life, partner: Organisation
) -> None:
    other = Life(session, OTHER, staff, partner, "ar")
    live_together(life, other, "Bimba Esempio")
    let_answer(life, other)
    readable = make_readable(made := copy_of(life))
    for told in (made.model_dump_json(), "\n".join(shown_words(readable))):
        assert OTHER not in told
        assert other.case.number not in told
        assert "Bimba Esempio" in told
    hers = copy_of(other)
    assert MINE not in hers.model_dump_json()
    assert "Bimba" not in hers.model_dump_json()  # it is not she who told of the household
    assert hers.household is not None
    assert (hers.household.size, hers.household.members, hers.household.facts) == (3, [], None)


def test_cases_of_another_body_are_not_in_it(session: Session, life: Life, partner: Organisation) -> None:
    case = create_case(session, person=life.person, organisation=partner, intake={"note": "altrove"})
    told = copy_of(life).model_dump_json()
    assert case.number not in told
    assert "altrove" not in told


def test_internal_writings_go_along_where_somebody_ticked_them_and_are_counted_otherwise(life: Life) -> None:
    found = {
        each.words.split()[1]: each.id
        for each in writings_of(life.session, life.person, life.case.organisation_id)
    }
    assert set(found) == INNER
    copy = copy_of(life, found["nota-internal"], "note:nonsense")
    told = copy.model_dump_json()
    assert [word for word in sorted(INNER) if word in told] == ["nota-internal"]
    assert copy.left_out == 2


# --- Who gets it --------------------------------------------------------------------------------


def test_attack_4_whoever_holds_the_chat_is_told_to_come_and_gets_nothing_there(life: Life) -> None:
    before = life.session.scalars(select(Message.id)).all()
    for _ in range(2):
        answer_choice(life.session, life.conversation, "rights:copy", now=NOW)
    said = life.session.scalars(select(Message).where(Message.id.not_in(before)).order_by(Message.seq)).all()
    assert [MINE in each.text for each in said] == [False, False]
    assert all(day_of(NOW + timedelta(days=30), "ar") in each.text for each in said)
    assert said[0].text != said[1].text
    asked = life.session.scalars(answerable_copies(life.staff)).one()
    assert asked.conversation_id == life.conversation.id
    release_copy(life.session, asked, identity=IdentityCheck.KNOWN, writings=(), by=life.staff.id, now=NOW)
    newest = life.session.scalars(
        select(Message).order_by(Message.created_at.desc(), Message.seq.desc())
    ).first()
    assert newest is not None
    assert newest.text == text("system.copy_given", "ar")


def test_somebody_of_whom_there_is_only_a_chat_is_told_so(session: Session) -> None:
    conversation = create_conversation(session, language="zh")
    answer_choice(session, conversation, "rights:copy", now=NOW)
    assert session.scalars(select(Message.text)).one() == text("system.copy_no_record", "zh")
    assert session.scalars(select(OwnCopy)).all() == []


def test_who_must_get_no_messages_gets_no_notice(life: Life) -> None:
    assert life.person.known is not None
    life.person.known.document = {"contact": {"no_messages": True}}
    before = len(life.session.scalars(select(Message.id)).all())
    asked = ask_for_copy(
        life.session, life.person, by="service", now=NOW, conversation_id=life.conversation.id
    )
    refuse_copy(life.session, asked, RefusedBecause.NOT_IDENTIFIED, by=life.staff.id, now=NOW)
    assert len(life.session.scalars(select(Message.id)).all()) == before


def test_a_request_waits_once_and_is_answered_once(life: Life) -> None:
    asked = released(life)
    with pytest.raises(AlreadyAnswered):
        refuse_copy(life.session, asked, RefusedBecause.REPEATED, by=life.staff.id, now=NOW)
    ask_for_copy(life.session, life.person, by=life.staff.id, now=NOW)
    with pytest.raises(AskedAlready):
        ask_for_copy(life.session, life.person, by=life.staff.id, now=NOW)


def test_only_who_released_it_makes_the_files_and_only_for_two_hours(life: Life, session: Session) -> None:
    asked = released(life)
    require_ready(session, asked, by=life.staff.id, form="pdf", now=NOW + timedelta(minutes=119))
    for by, later in ((create_staff(session).id, 0), (life.staff.id, 120)):
        with pytest.raises(NoLongerThere):
            require_ready(session, asked, by=by, form="pdf", now=NOW + timedelta(minutes=later))
    assert session.scalars(select(RestrictedOpening.staff_id)).all() == [life.staff.id]
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("own_copy.%"))).all()
    assert acts == ["own_copy.asked", "own_copy.released", "own_copy.read"]


async def test_the_desk_asks_releases_and_downloads(
    http: httpx.AsyncClient, session: Session, life: Life, clock: FrozenClock
) -> None:
    me = sign_in(session, life.staff)
    session.commit()
    asked = (await http.post(f"/api/v1/persons/{life.person.id}/copies", headers=me)).json()
    path = f"/api/v1/copies/{asked['id']}"
    assert (await http.get(f"{path}/file", headers=me)).status_code == 410
    writings = (await http.get(f"{path}/writings", headers=me)).json()["items"]
    sent = {"identity": "document", "writings": [writings[0]["id"]]}
    assert (await http.post(f"{path}/release", json=sent, headers=me)).json()["identity"] == "document"
    file = (await http.get(f"{path}/file", headers=me)).json()
    assert file["left_out"] == len(writings) - 1
    pdf = await http.get(f"/copies/{asked['id']}/file.pdf", headers=me)
    assert pdf.headers["content-disposition"].startswith("attachment")
    assert pdf.headers["cache-control"] == "private, no-store"
    listed = (await http.get("/api/v1/copies", headers=me)).json()["items"]
    assert [each["person"] for each in listed] == [life.person.id]
    page = await http.get("/copies", headers={**me, "Accept": "text/html"})
    assert f"{MINE} nome" in page.text


async def test_who_has_a_conflict_with_the_person_knows_of_no_request(
    http: httpx.AsyncClient, session: Session, life: Life
) -> None:
    asked = ask_for_copy(session, life.person, by="service", now=NOW)
    session.add(Conflict(conversation_id=life.conversation.id, staff_id=life.staff.id, at=NOW))
    me = sign_in(session, life.staff)
    session.commit()
    assert (await http.get(f"/api/v1/copies/{asked.id}/writings", headers=me)).status_code == 404
    assert (await http.post(f"/api/v1/persons/{life.person.id}/copies", headers=me)).status_code == 404
    assert (await http.get("/api/v1/copies", headers=me)).json()["items"] == []


def test_an_erased_person_leaves_no_request(life: Life) -> None:
    released(life)
    erase_person(life.session, life.person.id, by="x", now=NOW)
    assert life.session.scalars(select(OwnCopy)).all() == []


def test_homes_viewings_and_the_contract_are_in_it_and_nothing_of_an_owner(life: Life) -> None:
    session, owner = life.session, create_owner(life.session, name=f"Proprietaria {OTHER}")
    need_of(session, life.case, now=NOW)
    listing = create_listing(session, owner=owner)
    match = create_match(session, case=life.case, listing=listing)
    viewing = ask_for_viewing(session, match, by="service", now=NOW)
    viewing.meeting_place, viewing.form = f"{MINE} in piazza", {"words": f"{MINE} muffa"}
    made_by = {"created_by": "x", "created_at": NOW}
    session.add(Tenancy(match_id=match.id, case_id=life.case.id, rent_eur_month=557, **made_by))
    refuse(session, match, MatchSide.SEEKER, RefusalReason.OTHER, words=f"{MINE} no", by="service", now=NOW)
    readable = make_readable(made := copy_of(life))
    for told in (made.model_dump_json(), "\n".join(shown_words(readable))):
        for word in (listing.code, f"{MINE} in piazza", f"{MINE} no", "557"):
            assert word in told
        assert OTHER not in told
    assert f"{MINE} muffa" in made.model_dump_json()
