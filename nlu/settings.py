"""Settings of the Rasa process, from the environment or `.env` (contract, running.md). Standard library only.

pydantic-settings needs pydantic 2, which Rasa's environment can't have.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent
_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_LOOPBACK: Final = "127.0.0.1"


class WrongSetting(Exception):
    """A setting has a value that can't be used; the message names it in one line."""


@dataclass(frozen=True)
class Settings:
    """Where things lie and who may call."""

    data_dir: Path
    rasa_port: int
    actions_url: str
    service_token: str
    log_level: str
    private_host: str = _LOOPBACK
    """The address that Rasa binds to; other than loopback only in a network that nobody else is in."""
    redis_url: str | None = None
    """Where several Rasa processes keep the lock on a conversation."""
    tracker_url: str | None = None
    """The PostgreSQL database in which they keep their memory."""

    @property
    def models_dir(self) -> Path:
        """Return the folder of the trained models."""
        return self.data_dir / "models"

    @property
    def tracker_file(self) -> Path:
        """Return the SQLite file of the trackers."""
        return self.data_dir / "rasa" / "trackers.sqlite3"

    @property
    def pid_file(self) -> Path:
        """Return the file with the process id."""
        return self.data_dir / "run" / "rasa.pid"

    @property
    def channel_secret(self) -> str:
        """Return what the bot must show our channel; derived, so that the service token is not sent."""
        return channel_secret(self.service_token)

    @property
    def actions_secret(self) -> str:
        """Return what Rasa must show the action server."""
        return _derived(self.service_token, b"action server")


def channel_secret(service_token: str) -> str:
    """Return the secret of Rasa's channel, as hexadecimal digits."""
    return _derived(service_token, b"rasa channel")


def _derived(service_token: str, purpose: bytes) -> str:
    return hmac.new(service_token.encode(), purpose, hashlib.sha256).hexdigest()


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings.

    Raises:
        WrongSetting: one has a value that can't be used, or the service token is nowhere.
    """
    values = {**_dotenv(ROOT / ".env"), **(os.environ if environment is None else environment)}
    data_dir = Path(values.get("SPORTELLO_DATA_DIR") or "var")
    data_dir = data_dir if data_dir.is_absolute() else ROOT / data_dir
    actions_port = _port(values, "SPORTELLO_ACTIONS_PORT", 5055)
    level = (values.get("SPORTELLO_LOG_LEVEL") or "INFO").upper()
    if level not in _LEVELS:
        raise WrongSetting(f"SPORTELLO_LOG_LEVEL must be one of {', '.join(_LEVELS)}.")
    return Settings(
        data_dir=data_dir,
        rasa_port=_port(values, "SPORTELLO_RASA_PORT", 5005),
        actions_url=values.get("SPORTELLO_ACTIONS_URL") or f"http://{_LOOPBACK}:{actions_port}",
        service_token=values.get("SPORTELLO_SERVICE_TOKEN") or _token_file(data_dir),
        log_level=level,
        private_host=values.get("SPORTELLO_PRIVATE_HOST") or _LOOPBACK,
        redis_url=_url(values, "SPORTELLO_REDIS_URL", ("redis", "rediss", "unix")),
        tracker_url=_url(values, "SPORTELLO_TRACKER_URL", ("postgresql",)),
    )


def data_dir() -> Path:
    """Return the data folder alone, for commands that need no secret."""
    values = {**_dotenv(ROOT / ".env"), **os.environ}
    folder = Path(values.get("SPORTELLO_DATA_DIR") or "var")
    return folder if folder.is_absolute() else ROOT / folder


def _token_file(data_dir: Path) -> str:
    path = data_dir / "service_token"
    if not path.is_file():
        raise WrongSetting(
            f"SPORTELLO_SERVICE_TOKEN is not set and {path} does not exist: `make up` makes it."
        )
    return path.read_text(encoding="utf-8").strip()


def _port(values: Mapping[str, str], name: str, default: int) -> int:
    written = values.get(name) or str(default)
    if not written.isdigit() or not 0 < int(written) < 65536:
        raise WrongSetting(f"{name} must be a port number, 1 to 65535.")
    return int(written)


def _url(values: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    written = values.get(name)
    if not written:
        return None
    if urlsplit(written).scheme not in schemes:
        raise WrongSetting(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return written


def _dotenv(path: Path) -> dict[str, str]:
    """Read `NAME=value` lines; quotes around a value are taken away."""
    if not path.is_file():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (
        line.removeprefix("export ").split("=", 1)
        for line in lines
        if "=" in line and not line.startswith("#")
    )
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}
