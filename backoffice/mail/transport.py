"""Where mail goes: to an SMTP server, or into files of the data folder where none is named."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

PATIENCE_SECONDS = 20.0

_PORTS = {"smtp": 587, "smtps": 465}


class MailNotSent(Exception):
    """The mail could not be handed over; it is tried again."""


class Transport(Protocol):
    """Hands one mail over."""

    def send(self, message: EmailMessage, *, number: str) -> None:
        """Send it. `number` is the mail's id.

        Raises:
            MailNotSent: it was not taken.
        """


@dataclass(frozen=True)
class Folder:
    """Writes each mail into a file `<number>.eml`: for a demo, and for who has no mail server."""

    path: Path

    def send(self, message: EmailMessage, *, number: str) -> None:
        """Write the file, readable by its owner alone."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            target = self.path / f"{number}.eml"
            target.touch(mode=0o600)
            target.write_bytes(message.as_bytes())
        except OSError as error:
            raise MailNotSent from error


@dataclass(frozen=True)
class Smtp:
    """An SMTP server. Over `smtp` a password is only said after STARTTLS."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool

    def send(self, message: EmailMessage, *, number: str) -> None:
        """Hand the mail to the server."""
        message["Message-ID"] = f"<{number}@sportello>"
        try:
            with self._open() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent from error

    def _open(self) -> smtplib.SMTP:
        safe = ssl.create_default_context()
        if self.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=PATIENCE_SECONDS, context=safe
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=safe)
            elif self.user:
                server.close()
                raise MailNotSent  # a password is never said in the open
        if self.user:
            server.login(self.user, self.password)
        return server


def parse_smtp_url(url: str) -> Smtp:
    """Read `smtp://user:password@host:587` or `smtps://...`.

    Raises:
        ValueError: it is neither.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("must be smtp://user:password@host:587 or smtps://user:password@host:465")
    return Smtp(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
    )
