"""What `make up` needs to know before any process runs (contract, running.md, "Settings")."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class UpSettings(BaseSettings):
    """Ports, folders and switches of one installation, from the environment or `.env`."""

    model_config = SettingsConfigDict(env_prefix="SPORTELLO_", env_file=ROOT / ".env", extra="ignore")

    data_dir: Path = ROOT / "var"
    database_url: str | None = None
    host: str = "127.0.0.1"
    bot_port: int = Field(default=8000, ge=1, le=65535)
    backoffice_port: int = Field(default=8001, ge=1, le=65535)
    actions_port: int = Field(default=5055, ge=1, le=65535)
    rasa_port: int = Field(default=5005, ge=1, le=65535)
    demo: bool | None = None

    @property
    def is_demo(self) -> bool:
        """Demo data is the default with the default database only."""
        return self.database_url is None if self.demo is None else self.demo

    @property
    def ports(self) -> dict[str, int]:
        """The port of each process."""
        return {
            "backoffice": self.backoffice_port,
            "actions": self.actions_port,
            "rasa": self.rasa_port,
            "bot": self.bot_port,
        }


def process_environment(settings: UpSettings) -> dict[str, str]:
    """Return the environment for every process: the caller's, `.env`, and what follows from them."""
    return {
        **_dotenv(ROOT / ".env"),
        **os.environ,
        "SPORTELLO_DATA_DIR": str(settings.data_dir.resolve()),
        "SPORTELLO_DEMO": "1" if settings.is_demo else "0",
        "PYTHONUNBUFFERED": "1",
    }


def prepare_data_dir(data_dir: Path) -> None:
    """Make the data folder, for its owner alone, and once the two secrets in it."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in ("run", "log", "models"):
        (data_dir / folder).mkdir(parents=True, exist_ok=True)
    for name in ("secret_key", "service_token"):
        _make_secret(data_dir / name)


def _make_secret(path: Path) -> None:
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))


def _dotenv(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(path).items() if value is not None}
