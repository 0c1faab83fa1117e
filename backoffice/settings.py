"""The settings of the backoffice: environment variables, or the same names in `.env`.

Names and defaults are those of the contract (running.md, "Settings"). A wrong value ends the
process with one line that names the variable.
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backoffice.clamd import Clamd
from backoffice.mail.transport import parse_smtp_url
from backoffice.staff.roles import Role

DATABASE_FILE = "sportello.db"
"""The SQLite database in the data folder, when no URL is given."""


PACKAGES_FOLDER = "translation-packages"
"""The packages of live translation in the data folder, unless told otherwise."""


class Settings(BaseSettings):
    """What the backoffice is told from outside."""

    model_config = SettingsConfigDict(
        env_prefix="SPORTELLO_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Path("var")
    database_url: str | None = None
    host: str = "127.0.0.1"
    backoffice_port: int = Field(default=8001, ge=0, le=65535)
    secret_key: SecretStr | None = None
    service_token: SecretStr | None = None
    metrics_token: SecretStr | None = None
    """What Prometheus shows at `/metrics`; without it only this machine may look."""
    admin_email: str | None = None
    admin_password: SecretStr | None = None
    demo: bool | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    argos_packages_dir: Path | None = None
    libretranslate_url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")
    """A LibreTranslate server, instead of Argos Translate on this machine."""
    libretranslate_key: SecretStr | None = None
    messages_per_minute: int = Field(default=30, ge=1, le=10_000)
    """How many messages a sender may write in a minute; as many at once after a quiet minute."""

    retention_days: str | None = Field(default=None, pattern=r"^[a-z_]+=[1-9]\d*(,[a-z_]+=[1-9]\d*)*$")
    """How long data of a purpose are kept, where not as `retention/policy.py` says: `purpose=days,...`."""
    chat_url: str | None = Field(default=None, pattern=r"^https?://[^\s?#]+$")
    """Where people open the web chat: the QR code of a link code leads there."""
    telegram_bot: str | None = Field(default=None, pattern=r"^\w{5,32}$")
    """The bot's name on Telegram, without @: another QR code leads there."""

    clamd: str | None = None
    """Where ClamAV's daemon listens (`unix:/path` or `host:port`); without it no file is scanned."""

    open_data: bool = False
    """Whether everybody may read the figures at `/open-data`; without it the pages do not exist."""
    ipa_code: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_]{1,20}$")
    """The code in the index of public bodies (IPA) of who publishes them."""

    public_url: str | None = Field(default=None, pattern=r"^https?://[^\s/?#]+$")
    """Where staff open these pages: the beginning of every link in a mail, never taken from a request."""
    smtp_url: SecretStr | None = None
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://...:465`; without it mail becomes files."""
    mail_from: str = "sportello@localhost"
    second_factor_roles: str = ""
    """Roles, with commas between them, that have to have a second factor before they do anything."""
    oidc_issuer: str | None = Field(default=None, pattern=r"^https?://[^\s?#]+$")
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None

    @field_validator("second_factor_roles")
    @classmethod
    def _are_roles(cls, value: str) -> str:
        for name in _names(value):
            Role(name)
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parse_smtp_url(value.get_secret_value())
        return value

    @field_validator("clamd")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None:
            Clamd.at(value)
        return value

    @cached_property
    def url(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{(self.data_dir / DATABASE_FILE).absolute()}"

    @cached_property
    def packages_dir(self) -> Path:
        """Where the packages of live translation lie."""
        return self.argos_packages_dir or self.data_dir / PACKAGES_FOLDER

    @cached_property
    def base_url(self) -> str:
        """The beginning of every link in a mail."""
        return self.public_url or f"http://127.0.0.1:{self.backoffice_port}"

    @cached_property
    def roles_with_second_factor(self) -> frozenset[Role]:
        """The roles that have to have a second factor."""
        return frozenset(Role(name) for name in _names(self.second_factor_roles))

    @cached_property
    def has_provider(self) -> bool:
        """Whether people may sign in at an OpenID provider."""
        return self.oidc_issuer is not None and self.oidc_client_id is not None

    @cached_property
    def is_demo(self) -> bool:
        """Whether demo data and demo accounts are allowed: by default only with the default database."""
        return self.database_url is None if self.demo is None else self.demo

    @cached_property
    def secret(self) -> str:
        """The secret that signing and encryption keys are derived from."""
        return self._secret("secret_key", self.secret_key)

    @cached_property
    def shown_by_scrapers(self) -> str | None:
        """What Prometheus must show, if it may come from elsewhere."""
        return self.metrics_token.get_secret_value() if self.metrics_token else None

    @cached_property
    def token(self) -> str:
        """What bot and actions must show."""
        return self._secret("service_token", self.service_token)

    def _secret(self, name: str, given: SecretStr | None) -> str:
        if given is not None:
            return given.get_secret_value()
        try:
            kept = (self.data_dir / name).read_text(encoding="utf-8").strip()
        except OSError:
            kept = ""
        if not kept:
            sys.exit(f"SPORTELLO_{name.upper()}: not set, and {self.data_dir / name} cannot be read")
        return kept


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


def read_settings() -> Settings:
    """Read the settings; a wrong one ends the process with one line that names it."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = re.sub(r"[^A-Z_]", "", str(first["loc"][0]).upper())
        sys.exit(f"SPORTELLO_{name}: {first['msg']}")
