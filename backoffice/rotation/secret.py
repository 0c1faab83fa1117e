"""A new secret of the installation. At every moment one of two files opens everything.

    1. `secret_key.next` is written; the old secret opens.
    2. One transaction wraps everything anew; from its commit on the new secret opens.
    3. `secret_key.next` becomes `secret_key`.

Whoever starts asks the database which of the two it is (`settle_secret`), and the other one goes.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from backoffice.attachment import sealing
from backoffice.attachment.models import Attachment
from backoffice.audit.heads import HEADS_FILE, sign_anew
from backoffice.database import Database
from backoffice.encryption import cipher
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.models import OrganisationKey
from backoffice.settings import Settings

SECRET_FILE, NEXT_FILE = "secret_key", "secret_key.next"

_AT_ONCE = 1000


class _Owner(TypedDict):
    attachment_id: str
    conversation_id: str | None


class SecretIsSetOutside(Exception):
    """`SPORTELLO_SECRET_KEY` is set: we cannot change it."""


class SecretDoesNotFit(Exception):
    """The secret at hand opens nothing in this database: nothing is touched."""


def rotate_secret(settings: Settings, *, tell: Callable[[str], None] = print) -> None:
    """Make a new secret and wrap with it what the old one wrapped. Nothing may run meanwhile.

    Raises:
        SecretIsSetOutside: the secret is not in the data folder's file.
        SecretDoesNotFit: the database was written with another one.
    """
    if settings.secret_key is not None:
        raise SecretIsSetOutside
    settle_secret(settings, tell=tell)
    old, new = _read(settings.data_dir / SECRET_FILE), secrets.token_urlsafe(48)
    if not old or _opens(settings.url, old) is False:
        raise SecretDoesNotFit
    _write(settings.data_dir / NEXT_FILE, new)
    database = Database(settings.url, secret=old)
    try:
        with database.transaction() as session:
            count = wrap_anew(session, old=old, new=new)
    finally:
        database.close()
    tell(f"{count} keys wrapped with the new secret")
    settle_secret(settings, tell=tell)


def wrap_anew(session: Session, *, old: str, new: str) -> int:
    """Wrap with a new secret, in one transaction, all that the old one wraps; return how many keys."""
    ring = ring_in(session)
    by = cipher.derived_key(new.encode(), "keys 1")
    count = 0
    for row in session.scalars(select(OrganisationKey).where(OrganisationKey.retired_at.is_(None))):
        key = ring.unwrap_organisation_key(row.wrapped, key_id=row.id)
        row.wrapped = cipher.wrap(key, by, key_id=row.id)
        count += 1
    ring.forget()
    old_key, new_key = sealing.installation_key(old), sealing.installation_key(new)
    after = ""
    while rows := _attachments(session, after):
        for file in rows:
            assert file.wrapped_key is not None
            owner = _Owner(attachment_id=file.id, conversation_id=file.conversation_id)
            is_bound = sealing.is_bound(file.wrapped_key)
            key = sealing.unwrap(file.wrapped_key, old_key, **owner)
            owner["conversation_id"] = owner["conversation_id"] if is_bound else None
            file.wrapped_key = sealing.wrap(key, new_key, **owner)
        count, after = count + len(rows), rows[-1].id
        session.flush()
        session.expunge_all()
    return count


def settle_secret(settings: Settings, *, tell: Callable[[str], None] = print) -> None:
    """End a change of the secret that was interrupted, to the side where the database stands."""
    data_dir = settings.data_dir
    new_file, old_file = data_dir / NEXT_FILE, data_dir / SECRET_FILE
    if settings.secret_key is not None or not new_file.exists():
        return
    new, old = _read(new_file), _read(old_file)
    if not new or not _opens(settings.url, new):
        if not new or _opens(settings.url, old) is not False:
            new_file.unlink()
        return
    sign_anew(data_dir / HEADS_FILE, old_secret=old, secret=new)
    new_file.replace(old_file)
    _sync_folder(data_dir)
    tell(f"{old_file} holds the new secret. Keep a copy of it where the backups are not.")


def _opens(url: str, secret: str) -> bool | None:
    """Tell whether a secret fits a database; None: nothing in it was wrapped yet."""
    database = Database(url, secret=secret)
    try:
        with database.read() as session:
            if not inspect(session.get_bind()).has_table(OrganisationKey.__tablename__):
                return None
            one = select(OrganisationKey).where(OrganisationKey.retired_at.is_(None)).limit(1)
            row = session.scalar(one)
            if row is None:
                return None
            ring_in(session).unwrap_organisation_key(row.wrapped, key_id=row.id)
    except cipher.Unreadable:
        return False
    finally:
        database.close()
    return True


def _attachments(session: Session, after: str) -> list[Attachment]:
    statement = select(Attachment).where(Attachment.wrapped_key.is_not(None), Attachment.id > after)
    return list(session.scalars(statement.order_by(Attachment.id).limit(_AT_ONCE)))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _write(path: Path, secret: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
