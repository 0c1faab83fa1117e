"""What the bot's process must know, from the environment or `.env` (contract, running.md, "Settings")."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ENV_PREFIX = "SPORTELLO_"


class BotSettings(BaseSettings):
    """Addresses, secrets and limits. Every name is an environment variable with the prefix `SPORTELLO_`."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    bot_port: int = Field(default=8000, ge=0, le=65535)
    backoffice_port: int = Field(default=8001, ge=1, le=65535)
    actions_port: int = Field(default=5055, ge=1, le=65535)
    rasa_port: int = Field(default=5005, ge=1, le=65535)
    backoffice_url: str | None = None
    actions_url: str | None = None
    rasa_url: str | None = None
    """One address of Rasa, or several with commas between them: conversations are spread over them."""
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_url: str | None = None
    secret_key: SecretStr | None = None
    service_token: SecretStr | None = None
    metrics_token: SecretStr | None = None
    """What Prometheus shows at `/metrics`; without it only this machine may look."""
    chat_sessions_per_minute: int = Field(default=60, ge=1)
    """How many web conversations one client address may open in a minute."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("telegram_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().partition(":")[0].isdigit():
            raise ValueError("a bot token is '<number>:<letters>', as @BotFather gives it")
        return token

    @field_validator("backoffice_url", "actions_url", "telegram_api_url", "telegram_webhook_url")
    @classmethod
    def _is_http(cls, url: str | None) -> str | None:
        return None if url is None else _checked(url)

    @field_validator("rasa_url")
    @classmethod
    def _are_http(cls, urls: str | None) -> str | None:
        if urls is None:
            return None
        addresses = [_checked(each.strip()) for each in urls.split(",") if each.strip()]
        if not addresses or len(set(addresses)) < len(addresses):
            raise ValueError("must be addresses with commas between them, each once")
        return ",".join(addresses)

    @property
    def backoffice(self) -> str:
        """Base address of the backoffice."""
        return self.backoffice_url or f"http://127.0.0.1:{self.backoffice_port}"

    @property
    def actions(self) -> str:
        """Base address of the action server."""
        return self.actions_url or f"http://127.0.0.1:{self.actions_port}"

    @property
    def rasas(self) -> list[str]:
        """Base address of each Rasa."""
        return (self.rasa_url or f"http://127.0.0.1:{self.rasa_port}").split(",")

    def read_service_token(self) -> str:
        """Return what the bot shows the backoffice.

        Raises:
            SystemExit: neither the variable nor the file in the data folder is there.
        """
        return self._secret(self.service_token, "service_token")

    def shown_by_scrapers(self) -> str | None:
        """Return what Prometheus must show, if it may come from elsewhere."""
        return self.metrics_token.get_secret_value() if self.metrics_token else None

    def rasa_secret(self) -> str:
        """Return the secret that Rasa's channel demands, in hexadecimal."""
        return derive(self.read_service_token(), "rasa channel")

    def webhook_secret(self) -> str:
        """Return what Telegram must show at the webhook (1 to 256 characters of A-Z a-z 0-9 _ -)."""
        return derive(self._secret(self.secret_key, "secret_key"), "telegram webhook")

    def _secret(self, given: SecretStr | None, name: str) -> str:
        if given is not None:
            return given.get_secret_value()
        path = self.data_dir / name
        if path.is_file() and (secret := path.read_text().strip()):
            return secret
        raise SystemExit(f"{ENV_PREFIX}{name.upper()}: not set, and {path} is not there; `make up` makes it.")


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be an http or https address")
    return url.rstrip("/")


def derive(secret: str, purpose: str) -> str:
    """Return HMAC-SHA256 of a purpose under a secret, in hexadecimal."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def load_settings() -> BotSettings:
    """Read the settings.

    Raises:
        SystemExit: with one line that names the wrong variable.
    """
    try:
        return BotSettings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SystemExit(f"{ENV_PREFIX}{str(first['loc'][0]).upper()}: {first['msg']}") from None
