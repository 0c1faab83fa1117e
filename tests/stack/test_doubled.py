"""Two of each process behind nginx, with PostgreSQL and Redis: one of each killed while people talk.

The long form is `make campaign DOUBLED=1`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.rasa_pool import rendezvous
from tests.campaign.campaign import report
from tests.campaign.doubled import DoubledCampaign
from tests.campaign.installation import Installation, run_doubled_installation
from tests.stack.dialogue import Dialogue
from tests.stack.doubled import DOUBLED, KINDS, DoubledStack, skip_where_missing
from tests.stack.forms import HOUSING_ANSWERS, HOUSING_END, number_in
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import wait_for
from tests.stack.test_kills import check_history
from tests.telegram_emulator.server import TelegramEmulator, run_emulator

pytestmark = [pytest.mark.stack, pytest.mark.postgres, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def telegram_here() -> Iterator[TelegramEmulator]:
    with run_emulator("4242:invented-token-of-two-bots") as emulator:
        yield emulator


@pytest.fixture(scope="module")
def two_of_each(
    tmp_path_factory: pytest.TempPathFactory, telegram_here: TelegramEmulator
) -> Iterator[Installation]:
    skip_where_missing()
    folder = tmp_path_factory.mktemp("doubled")
    with run_doubled_installation(folder, telegram_here, seed=20261126) as installation:
        yield installation


@pytest.fixture
def doubled(two_of_each: Installation) -> DoubledStack:
    assert isinstance(two_of_each.stack, DoubledStack)
    return two_of_each.stack


def test_a_dialogue_goes_on_at_the_other_rasa_while_its_own_is_away_and_comes_back(
    two_of_each: Installation, doubled: DoubledStack
) -> None:
    citizen = WebCitizen(doubled.bot_url, "it", headers=two_of_each.new_caller())
    own, other = rasas_of(doubled, citizen)
    killed: list[int] = []
    taken_by_other = turns_of(doubled, other)

    def interrupt(step: int) -> None:
        if step == 2:
            assert turns_of(doubled, other) == taken_by_other, "turns went to both while both were there"
            killed.append(doubled.kill(own))

    dialogue = Dialogue(citizen, "it", HOUSING_ANSWERS, interrupt)
    number = number_in(dialogue.play("cerco casa a Crema, siamo in 4", until=HOUSING_END))
    assert killed
    assert turns_of(doubled, other) > taken_by_other
    check_history(citizen, sent=len(dialogue.asked) + 1)
    caseworker = StaffMember(doubled.backoffice_url, "caseworker", two_of_each.new_caller())
    assert caseworker.case_numbered(number)["intake"]["people"] == 4

    doubled.wait_until_back(own, killed[0])
    taken = turns_of(doubled, own)

    def is_home() -> bool:
        citizen.ask("Dove siete?")
        return turns_of(doubled, own) > taken

    wait_for(f"the conversation is at {own} again", is_home, seconds=60, pause=1)


def test_a_page_at_one_backoffice_hears_of_what_the_other_has_stored(
    two_of_each: Installation, doubled: DoubledStack
) -> None:
    citizen = WebCitizen(doubled.bot_url, "en", headers=two_of_each.new_caller())
    conversation = str(citizen.session["conversation_id"])
    mediator = StaffMember(doubled.address("backoffice-1"), "mediator.uk")
    message = {
        "channel": "web",
        "external_id": f"{citizen.session['session']}:{uuid.uuid4()}",
        "conversation_id": conversation,
        "kind": "text",
        "text": "Good morning from the other backoffice",
    }
    token = (doubled.data_dir / "service_token").read_text().strip()
    with mediator.http.stream("GET", "/live/events", timeout=30) as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("event: ready"))
        stored = httpx.post(
            f"{doubled.address('backoffice-2')}/api/v1/service/messages",
            json=message,
            headers={"Authorization": f"Bearer {token}"},
        )
        assert stored.is_success, stored.text
        heard = (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        assert next(event for event in heard if event.get("conversation") == conversation)
    seen = mediator.get(f"/conversations/{conversation}/messages")["items"]
    assert message["text"] in [each["text"] for each in seen]


def test_one_of_each_killed_loses_doubles_or_reorders_no_word(
    tmp_path: Path, two_of_each: Installation, telegram_here: TelegramEmulator
) -> None:
    two_of_each.leave_out()
    campaign = DoubledCampaign(tmp_path, "doubled", len(KINDS), seed=20261126, say=print, strictly=True)
    outcome = campaign.run_on(two_of_each, telegram_here)
    assert outcome.is_good, report(outcome)
    assert [kill.process for kill in outcome.kills] == list(DOUBLED[: len(KINDS)])
    assert outcome.accepted > len(KINDS)
    assert outcome.delivered > 0


def test_nginx_has_written_down_no_address_of_a_person(doubled: DoubledStack) -> None:
    logs = [(doubled.folder / "nginx" / name).read_text() for name in ("access.log", "error.log")]
    assert logs[0], "nothing went through nginx"
    assert "10.0.0." not in "".join(logs)


def rasas_of(stack: DoubledStack, citizen: WebCitizen) -> tuple[str, str]:
    """Return which Rasa a conversation belongs to, and the other."""
    names = dict(zip(stack.rasas, ("rasa-1", "rasa-2"), strict=True))
    first, second = rendezvous(str(citizen.session["conversation_id"]), stack.rasas)
    return names[first], names[second]


def turns_of(stack: DoubledStack, rasa: str) -> int:
    """Return how many turns a Rasa has answered."""
    return stack.log_of(rasa).count('"turn answered"')
