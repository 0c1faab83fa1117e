"""The processes from outside: attacks 34, 45 and 55."""

from __future__ import annotations

import json
import logging
import re
import socket
import stat
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import structlog
import yaml

from backoffice.logs import configure_logs
from bot.logs import configure_logging
from deploy.settings import UpSettings, prepare_data_dir
from deploy.supervision import COMMANDS, write_configuration
from tests.attacks.processes import ROOT, free_port, process, wait_for
from tests.attacks.processes import installation as installation

CANARY = "canarino"
"""In everything that a person or a secret could be; no log may hold it."""


def test_attack_34_rasa_has_our_channel_alone_and_no_api() -> None:
    credentials = yaml.safe_load((ROOT / "nlu/credentials.yml").read_text())
    assert list(credentials) == ["nlu.channel.SportelloInput"]
    assert "enable-api" not in "".join(COMMANDS.values())
    assert "host=settings.private_host" in (ROOT / "nlu/serve.py").read_text()
    told = (ROOT / "nlu/settings.py").read_text()
    assert "private_host: str = _LOOPBACK" in told
    assert '_LOOPBACK: Final = "127.0.0.1"' in told


def test_attack_34_the_actions_listen_on_loopback_and_want_their_secret(tmp_path: Path) -> None:
    port = free_port()
    told = {
        "SPORTELLO_DATA_DIR": str(tmp_path),
        "SPORTELLO_ACTIONS_PORT": str(port),
        "SPORTELLO_HOST": "0.0.0.0",
        "SPORTELLO_SERVICE_TOKEN": "t",
        "SPORTELLO_BACKOFFICE_URL": f"http://127.0.0.1:{free_port()}",
    }
    with process("actions", tmp_path / "log", **told) as actions:
        wait_for(f"http://127.0.0.1:{port}/health", actions, well=False)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=2)
        call = {"next_action": "action_tell_case_status", "sender_id": "x.1", "tracker": {}}
        for headers in ({}, {"Authorization": "Bearer t"}, {"Authorization": b"Bearer \xe9"}):
            answer = httpx.post(f"http://127.0.0.1:{port}/webhook", json=call, headers=headers)  # type: ignore[arg-type]
            assert answer.status_code == 401


def test_attack_34_what_people_wrote_is_no_other_user_s_of_the_machine(tmp_path: Path) -> None:
    settings = UpSettings(_env_file=None, data_dir=tmp_path / "var")
    prepare_data_dir(settings.data_dir)
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    for name in ("secret_key", "service_token"):
        assert stat.S_IMODE((settings.data_dir / name).stat().st_mode) == 0o600
    assert "umask=077" in write_configuration(settings).read_text()


def test_attack_45_nothing_takes_an_address_from_a_stranger_and_fetches_it() -> None:
    clients = {
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "backoffice", "actions", "nlu")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(
            r"\bhttpx\.(AsyncClient|Client|get|post)\(|\burlopen\(|\brequests\.(get|post)\(", path.read_text()
        )
    }
    # Each speaks to one address, of the settings.
    assert clients == {
        "backoffice/client/connection.py",
        "backoffice/staff/provider_pages.py",
        "bot/assistant.py",
        "bot/rasa_client.py",
        "bot/telegram/gateway_bot.py",
    }
    assert "follow_redirects=True" not in "".join((ROOT / path).read_text() for path in clients)


def test_attack_55_no_word_name_number_or_secret_is_in_any_log(installation: Path) -> None:
    log = installation / "log"
    backoffice_port, bot_port, rasa, telegram = free_port(), free_port(), free_port(), free_port()
    told = {
        "SPORTELLO_DATA_DIR": str(installation),
        "SPORTELLO_DATABASE_URL": f"sqlite:///{installation / 'sportello.db'}",
        "SPORTELLO_BACKOFFICE_PORT": str(backoffice_port),
        "SPORTELLO_BOT_PORT": str(bot_port),
        "SPORTELLO_RASA_PORT": str(rasa),
        "SPORTELLO_ACTIONS_PORT": str(rasa),
        "SPORTELLO_TELEGRAM_TOKEN": f"123456789:{CANARY}-telegram",
        "SPORTELLO_TELEGRAM_API_URL": f"http://127.0.0.1:{telegram}",
        "SPORTELLO_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{bot_port}",
        "SPORTELLO_SERVICE_TOKEN": f"{CANARY}-service",
        "SPORTELLO_SECRET_KEY": f"{CANARY}-key",
        "SPORTELLO_LOG_LEVEL": "DEBUG",
    }
    with ExitStack() as running:
        backoffice = running.enter_context(process("backoffice", log, **told))
        bot = running.enter_context(process("bot", log, **told))
        wait_for(f"http://127.0.0.1:{backoffice_port}/health", backoffice)
        wait_for(f"http://127.0.0.1:{bot_port}/health", bot, well=False)
        _say_everything(f"http://127.0.0.1:{bot_port}", f"http://127.0.0.1:{backoffice_port}")
        for each in (bot, backoffice):
            each.terminate()
            each.wait(timeout=10)
    said = log.read_text()
    assert "telegram.not_opened" in said
    assert "webhook.forged" in said
    assert [line for line in said.splitlines() if CANARY in line] == []
    assert [line for line in said.splitlines() if not line.startswith("{")] == []


def _say_everything(bot: str, backoffice: str) -> None:
    with httpx.Client(base_url=bot, timeout=20) as http:
        token = http.post("/chat/sessions", json={"language": "it"}).json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        number = "00000000-0000-4000-8000-00000000000{}"
        sent = http.post("/chat/messages", json={"id": number.format(1), "text": f"mi chiamo {CANARY}"})
        assert sent.status_code == 202
        http.post("/chat/messages", json={"id": number.format(1), "text": f"altro {CANARY}"})
        http.post("/chat/messages", content=f'{{"id": "{CANARY}", "text": 7, "{CANARY}": 1}}')
        http.post("/chat/attachments", files={"file": (CANARY, CANARY.encode(), "text/plain")})
        http.get(f"/chat/attachments/{CANARY}", params={"q": CANARY})
        http.get(f"/{CANARY}\r\n".strip(), headers={"Authorization": f"Bearer {CANARY}", "X-A": CANARY})
        secret = {"X-Telegram-Bot-Api-Secret-Token": CANARY}
        http.post("/telegram/webhook", json={"update_id": 1, "text": CANARY}, headers=secret)
    with httpx.Client(base_url=backoffice, timeout=20) as http:
        http.post("/api/v1/auth/token", data={"username": f"{CANARY}@x.example", "password": CANARY})
        http.post("/sign-in", data={"email": CANARY, "password": CANARY, "csrf": CANARY, "next": CANARY})
        http.get(f"/conversations/{CANARY}", params={"q": CANARY}, headers={"Cookie": f"sportello={CANARY}"})
        service = {"Authorization": f"Bearer {CANARY}-service", "Idempotency-Key": CANARY}
        message = {"channel": "web", "external_id": CANARY, "conversation_id": CANARY, "kind": "text"}
        for text in (CANARY, f"{CANARY}\0", f"{CANARY}\ud800"):
            body = {**message, "text": text}
            content = {
                "content": json.dumps(body),
                "headers": {**service, "Content-Type": "application/json"},
            }
            http.post("/api/v1/service/messages", **content)  # type: ignore[arg-type]
        http.post("/api/v1/service/turns/claim", json={"worker": CANARY, "wait_seconds": 0}, headers=service)
        far = {"after": "9" * 30}
        http.get(f"/api/v1/service/conversations/{CANARY}/messages", params=far, headers=service)
    for address in (bot, backoffice):
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=5) as raw:
            raw.sendall(f"{CANARY} / {CANARY}\r\n\r\n".encode())
            raw.recv(100)


def test_attack_55_an_error_left_over_in_the_loop_is_logged_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configurations: list[Callable[[], None]] = [
        lambda: configure_logs("backoffice", "INFO"),
        lambda: configure_logging("INFO"),
    ]
    try:
        for configure in configurations:
            configure()
            error = ValueError(CANARY)
            logging.getLogger("asyncio").error("Task exception was never retrieved %r", error, exc_info=error)
    finally:
        root.handlers[:], root.level = before, level
        structlog.reset_defaults()
    said = capsys.readouterr().out
    assert said.count("left_over_error") == 2
    assert said.count("ValueError") == 2
    assert CANARY not in said
