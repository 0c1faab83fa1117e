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
    public_url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")
    """Where people reach the chat from their telephones; the code on a printed card leads there."""

    clamd: str | None = None
    """Where ClamAV's daemon listens (`unix:/path` or `host:port`); without it no file is scanned."""

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
    def is_demo(self) -> bool:
        """Whether demo data and demo accounts are allowed: by default only with the default database."""
        return self.database_url is None if self.demo is None else self.demo

    @cached_property
    def secret(self) -> str:
        """The secret that signing and encryption keys are derived from."""
        return self._secret("secret_key", self.secret_key)

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


def read_settings() -> Settings:
    """Read the settings; a wrong one ends the process with one line that names it."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = re.sub(r"[^A-Z_]", "", str(first["loc"][0]).upper())
        sys.exit(f"SPORTELLO_{name}: {first['msg']}")
