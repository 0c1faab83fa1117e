"""The settings of the action server (contract, running.md, "Settings")."""

from __future__ import annotations

import hashlib
import hmac
import sys
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the action server is told from outside, by environment or `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="SPORTELLO_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Path("var")
    private_host: str = "127.0.0.1"
    """The address to bind to; other than loopback only in a network that nobody else is in."""
    actions_port: int = Field(default=5055, ge=0, le=65535)
    backoffice_port: int = Field(default=8001, ge=1, le=65535)
    backoffice_url: str | None = None
    service_token: SecretStr | None = None
    metrics_token: SecretStr | None = None
    """What Prometheus shows at `/metrics`; without it only this machine may look."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @cached_property
    def backoffice(self) -> str:
        """Where the backoffice is."""
        return self.backoffice_url or f"http://127.0.0.1:{self.backoffice_port}"

    @cached_property
    def rasa_secret(self) -> str:
        """What Rasa must show; derived, so that the service token itself is not sent."""
        return hmac.new(self.token.encode(), b"action server", hashlib.sha256).hexdigest()

    @cached_property
    def shown_by_scrapers(self) -> str | None:
        """What Prometheus must show, if it may come from elsewhere."""
        return self.metrics_token.get_secret_value() if self.metrics_token else None

    @cached_property
    def token(self) -> str:
        """What the backoffice wants to be shown; a missing one ends the process with one line."""
        if self.service_token is not None:
            return self.service_token.get_secret_value()
        path = self.data_dir / "service_token"
        try:
            kept = path.read_text(encoding="utf-8").strip()
        except OSError:
            kept = ""
        if not kept:
            sys.exit(f"SPORTELLO_SERVICE_TOKEN: not set, and {path} cannot be read")
        return kept


def read_settings() -> Settings:
    """Read the settings; a wrong one ends the process with one line that names it."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        # pydantic-settings names the field in some errors and the variable in others.
        name = str(first["loc"][0]).upper().removeprefix("SPORTELLO_")
        sys.exit(f"SPORTELLO_{name}: {first['msg']}")
