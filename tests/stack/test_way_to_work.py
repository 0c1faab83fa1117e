"""From "I look for work" in Ukrainian on Telegram to a regular contract: both chats, desk, first question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.engagement.checks import SAYERS
from backoffice.engagement.jobs import look_after_engagements
from backoffice.engagement.models import Engagement, EngagementCheck
from backoffice.italy import ROME
from backoffice.reminder.jobs import say_reminders
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.settings import Settings
from backoffice.tables import load_tables
from tests.browser.conftest import base_url as base_url
from tests.browser.conftest import browser_type_launch_args as browser_type_launch_args
from tests.stack.dialogue import Dialogue
from tests.stack.forms import CARE_WORK_ANSWERS, CARE_WORK_END, number_in
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack, wait_for
from tests.stack.telegram_citizen import TelegramCitizen
from tests.stack.test_two_bodies import Desk, NewContext
from tests.telegram_emulator.server import TelegramEmulator
from translations.catalog import text

pytestmark = pytest.mark.stack

FAMILY_END = "bot.care_request_form_registered"
FAMILY_ANSWERS = {
    "bot.ask_more_skills": "button:bot.button.done",
    "bot.ask_relation": "button:bot.button.relation_child",
    "bot.ask_care_needs": "button:bot.button.care_skill_elderly",
    "bot.ask_self_sufficient": "button:bot.button.further_no",
    "bot.ask_care_schedules": "button:bot.button.care_needed_live_in",
    "bot.ask_care_municipality": "Crema",
    "bot.ask_start_from": "button:bot.button.date_now",
    "bot.ask_person_name": "Carla",
    "bot.ask_person_phone": "333 123 4567",
    "bot.ask_confirmed": "button:bot.button.confirmed_send",
}
PROOFS = (
    "identity",
    "no_convictions",
    "residence",
    "home_economics",
    "italian",
    "course",
    "permit",
    "italian_declared",
)
LAST_TABLE_ENDS = date(2026, 12, 31)
"""Until when the newest pay table holds (`care_figures/tables`): the contract begins no later."""
CS_LIVE_IN_2026 = "1193.84"


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    load_tables()
    settings = Settings(_env_file=None, data_dir=stack.data_dir)
    opened = Database(settings.url, secret=settings.secret, data_dir=settings.data_dir)
    yield opened
    opened.close()


@pytest.fixture
def care(stack: Stack) -> StaffMember:
    return StaffMember(stack.backoffice_url, "care")


@pytest.fixture
def desk(new_context: NewContext, stack: Stack) -> Desk:
    return Desk(new_context, stack, "care")


def test_a_worker_and_a_family_come_to_a_regular_contract(
    stack: Stack, telegram: TelegramEmulator, database: Database, care: StaffMember, desk: Desk
) -> None:
    oksana = TelegramCitizen(telegram.person(7_700_001, first_name="Oksana", language_code="uk"))
    worker = _registers(oksana, care)
    carla = WebCitizen(stack.bot_url, "it")
    request = _asks_for_help(carla, care)
    assert (request["intake"]["schedules"], request["intake"]["self_sufficient"]) == (["live_in"], False)

    _desk_registers(care, worker)
    match = _both_say_yes(care, oksana, carla, request, worker)
    _interview_and_trial(care, oksana, match)
    contract = _contract(care, match)
    _letter_is_a_pdf(desk, contract)
    assert care.get(f"/care-requests/{request['id']}")["state"] == "contract"

    for path, words in (
        (f"engagements/{contract['id']}", "1.250"),
        (f"workers/{worker['id']}", "Nel registro"),
    ):
        desk.page.goto(f"{desk.address}/care/{path}")
        desk.sees(words)
    _is_asked_how_it_goes(database, care, oksana, contract)


def _registers(oksana: TelegramCitizen, care: StaffMember) -> Any:
    answers = {**CARE_WORK_ANSWERS["uk"], "bot.ask_skills": "button:bot.button.care_skill_elderly"}
    said = Dialogue(oksana, "uk", answers).play("Шукаю роботу доглядальниці", until=CARE_WORK_END)
    case = care.case_numbered(number_in(said))
    assert (case["type"], case["source"], case["language"]) == ("care_work", "telegram", "uk")
    return case


def _asks_for_help(carla: WebCitizen, care: StaffMember) -> Any:
    dialogue = Dialogue(carla, "it", FAMILY_ANSWERS)
    said = dialogue.play("cerco una badante convivente per mia madre a Crema", until=FAMILY_END)
    assert not {"bot.ask_relation", "bot.ask_care_schedules", "bot.ask_care_municipality"} & set(
        dialogue.asked
    )
    case = care.case_numbered(number_in(said))
    assert (case["type"], case["source"], case["municipality"]) == ("care_request", "web", "Crema")
    return case


def _desk_registers(care: StaffMember, worker: Any) -> None:
    """Interview, papers, the person's yes to being shown; without the papers the register stays closed."""
    path = f"/care-workers/{worker['id']}"
    person = f"/persons/{worker['person']['id']}"
    version = care.get(person)["version"]
    _done(
        care.http.patch(f"/api/v1{person}", json={"version": version, "details": {"born_on": "1985-05-17"}})
    )
    _done(care.post(f"{path}/moves", {"to": "interview"}))
    answers = {"permit": "valid", "permit_expires_on": "2028-03-31", "eu_citizen": False, "italian": "enough"}
    held = {"version": care.get(path)["version"], "answers": answers, "words": "Molto precisa."}
    _done(care.http.put(f"/api/v1{path}/interview", json=held))
    refused = care.post(f"{path}/moves", {"to": "eligible"})
    assert refused.status_code == 409, refused.text
    for proof in PROOFS:
        shown = {"is_met": True, "shown_on": utc_now().date().isoformat()}
        _done(care.http.put(f"/api/v1{path}/proofs/{proof}", json=shown))
    for state in ("eligible", "registered"):
        _done(care.post(f"{path}/moves", {"to": state}))
    _done(care.http.put(f"/api/v1{path}/profile", json={"shown": True}))


def _both_say_yes(
    care: StaffMember, oksana: TelegramCitizen, carla: WebCitizen, request: Any, worker: Any
) -> str:
    fitting = care.get(f"/care-requests/{request['id']}/workers")["items"]
    assert worker["id"] in {each["worker"]["id"] for each in fitting}
    match = _done(care.post("/care-matches", {"request": request["id"], "worker": worker["id"]}))["id"]
    moves = f"/care-matches/{match}/moves"
    heard = len(oksana.person.received)
    _done(care.post(moves, {"act": "offer", "pay_eur": "1250.00"}))
    yes = text("system.button.care_yes", "uk")
    offer = wait_for(
        "the offer on Telegram",
        lambda: next((m for m in oksana.heard_after(heard) if "Crema" in m["text"]), None),
        context=oksana.transcript,
    )
    assert "Carla" not in offer["text"]
    oksana.press(yes)

    meet = text("system.button.care_meet", "it")
    profile = wait_for(
        "the profile on the web",
        lambda: next((m for m in carla.messages() if meet in {b["label"] for b in m["buttons"]}), None),
        context=carla.transcript,
    )
    assert "Оксана" not in profile["text"]
    carla.press(meet)
    wait_for(
        "both are interested",
        lambda: care.get(f"/care-matches/{match}")["state"] == "both_interested",
        context=carla.transcript,
    )
    return str(match)


def _interview_and_trial(care: StaffMember, oksana: TelegramCitizen, match: str) -> None:
    moves = f"/care-matches/{match}/moves"
    tomorrow = datetime.combine(_today() + timedelta(days=1), time(10), tzinfo=ROME)
    heard = len(oksana.person.received)
    _done(care.post(moves, {"act": "interview", "at": tomorrow.isoformat(), "place": "Sportello, Crema"}))
    wait_for(
        "the date of the interview on Telegram",
        lambda: any("10:00" in m["text"] for m in oksana.heard_after(heard)) or None,
        context=oksana.transcript,
    )
    days = {"from_on": _start().isoformat(), "until_on": (_start() + timedelta(days=7)).isoformat()}
    _done(care.post(moves, {"act": "trial", **days}))


def _contract(care: StaffMember, match: str) -> Any:
    """Below the minimum it is refused with the sum that is lacking; with enough it comes to be signed."""
    contract = _done(care.post("/engagements", {"match": match}))
    path = f"/engagements/{contract['id']}"
    terms = {
        "tasks": ["care_dependent"],
        "is_trained": False,
        "live_in": True,
        "hours_week": 54,
        "hours_words": "Dal lunedì al sabato; riposo la domenica e il mercoledì pomeriggio.",
        "nights": "none",
        "pay_eur": "1150.00",
        "pay_per": "month",
        "has_board": True,
        "has_lodging": True,
        "place": "Via Inventata 5, Crema",
        "starts_on": _start().isoformat(),
    }
    drafted = _done(care.http.patch(f"/api/v1{path}", json=terms))
    assert drafted["level_by_tasks"] == "CS"
    level = _done(care.http.patch(f"/api/v1{path}", json={"level": "CS"}))
    assert level["level"] == "CS"
    refused = care.post(f"{path}/propose", {})
    assert refused.status_code in (409, 422), refused.text
    assert "43,84" in refused.json()["detail"], refused.text

    _done(care.http.patch(f"/api/v1{path}", json={"pay_eur": "1250.00"}))
    proposed = _done(care.post(f"{path}/propose", {}))
    assert (proposed["minimum_eur"], proposed["level"]) == (CS_LIVE_IN_2026, "CS")
    today = min(_today(), _start() - timedelta(days=1)).isoformat()
    _done(care.post(f"{path}/given", {"on": today}))
    told = datetime.combine(date.fromisoformat(today), time(0, 1), tzinfo=ROME)
    refused = care.post(f"{path}/sign", {"on": today})
    assert [each["field"] for each in refused.json()["errors"]] == ["permit"]
    _done(care.http.put(f"/api/v1{path}/steps/permit", json={"done_on": today}))
    signed = _done(care.post(f"{path}/sign", {"on": today}))
    assert signed["state"] == "signed"
    inps = _done(care.post(f"{path}/inps", {"told_at": told.isoformat(), "number": "INPS-1"}))
    assert inps["inps_late"] is False
    return inps


def _letter_is_a_pdf(desk: Desk, contract: Any) -> None:
    letter = desk.page.request.get(f"{desk.address}/care/engagements/{contract['id']}/letter")
    assert letter.status == 200
    assert letter.body().startswith(b"%PDF-")


def _is_asked_how_it_goes(
    database: Database, care: StaffMember, oksana: TelegramCitizen, contract: Any
) -> None:
    """The first day has come, then a week has passed; an answer that worries opens a case."""
    heard = len(oksana.person.received)
    with database.transaction() as session:
        session.get_one(Engagement, contract["id"]).starts_on = _today()
    look_after_engagements(database, utc_now)
    with database.transaction() as session:
        check = session.scalars(
            select(EngagementCheck)
            .where(EngagementCheck.engagement_id == contract["id"])
            .order_by(EngagementCheck.weeks)
        ).first()
        assert check is not None
        reminder = session.scalars(
            select(Reminder).where(
                Reminder.about_id == check.id, Reminder.kind == ReminderKind.ENGAGEMENT_CHECK
            )
        ).one()
        reminder.due_at = utc_now()
    say_reminders(database, SAYERS, utc_now)
    wait_for(
        "the question how it goes",
        lambda: len(oksana.person.received) > heard or None,
        context=oksana.transcript,
    )
    oksana.press(text("engagement_chat.button.no_rest", "uk"))
    opened = wait_for(
        "a case for the answer that worries",
        lambda: next(
            (c["case"] for c in care.get(f"/engagements/{contract['id']}")["checks"] if c["case"]), None
        ),
        context=oksana.transcript,
    )
    assert opened


def _today() -> date:
    return utc_now().astimezone(ROME).date()


def _start() -> date:
    return min(_today() + timedelta(days=3), LAST_TABLE_ENDS)


def _done(answer: Any) -> Any:
    assert answer.status_code in (200, 201), f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()
