"""New keys: everything still reads, old keys and old secret open nothing, a crash leaves it working."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.attachment import sealing
from backoffice.attachment.models import Attachment
from backoffice.attachment.service import store_attachment
from backoffice.attachment.vault import Vault
from backoffice.audit import service as audit
from backoffice.audit.heads import HEADS_FILE, sign_heads
from backoffice.audit.verify import verify
from backoffice.client.schemas import AttachmentKind
from backoffice.conversation.models import Message
from backoffice.database import Database
from backoffice.encryption import cipher
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.models import DataKey, OrganisationKey
from backoffice.person.models import Person
from backoffice.retention.erase import erase_person
from backoffice.rotation import keys, secret
from backoffice.rotation.keys import rotate_keys
from backoffice.rotation.secret import (
    SecretDoesNotFit,
    SecretIsSetOutside,
    rotate_secret,
    settle_secret,
    wrap_anew,
)
from backoffice.settings import Settings
from tests.backoffice.attachment.samples import JPEG
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_staff, send

OLD = "the old secret"


@pytest.fixture
def installation(url: str, tmp_path: Path) -> Settings:
    """An installation whose secret lies in its file, with somebody in it, and one who was erased."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "secret_key").write_text(OLD)
    made = anew(Settings(_env_file=None, data_dir=data_dir, database_url=url))
    database = Database(url, secret=OLD)
    with database.transaction() as session:
        staff = create_staff(session)
        create_person(session, name="Chi resta")
        gone = create_person(session, name="Chi va")
        conversation = create_conversation(session)
        send(session, conversation, "parole")
        vault = Vault.of(made)
        for owner in (conversation.id, None):
            file = vault.take(JPEG, conversation_id=owner)
            kind = AttachmentKind.PHOTO
            store_attachment(session, file, kind=kind, conversation_id=owner, now=NOW)
        audit.record(session, by=staff.id, action="x", subject_kind="x", subject_id="x", now=NOW)
        session.flush()
        erase_person(session, gone.id, by="x", now=NOW)
    sign_heads(database, data_dir / HEADS_FILE, OLD, now=NOW)
    database.close()
    return made


def anew(settings: Settings, **changes: object) -> Settings:
    """Settings as a process reads them that starts now."""
    return Settings(
        _env_file=None,
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        service_token=SecretStr(SERVICE_TOKEN),
        **changes,  # type: ignore[arg-type]
    )


def reads_everything(settings: Settings) -> bool:
    fresh = anew(settings)
    database = Database(fresh.url, secret=fresh.secret)
    vault = Vault.of(fresh)
    try:
        with database.read() as session:
            assert {person.name for person in session.scalars(select(Person))} == {"Chi resta", None}
            assert session.scalars(select(Message.text)).all() == ["parole"]
            for row in session.scalars(select(Attachment)):
                content = b"".join(vault.read(row, start=0, stop=vault.size_of(row)))
                assert content.startswith(b"\xff\xd8")
            heads = fresh.data_dir / HEADS_FILE
            found = verify(session, heads=heads, secret=fresh.secret, tell=silent)
            return found.broken == []
    finally:
        database.close()


def silent(_words: str) -> None:
    """Tell nobody."""


def test_after_a_rotation_everything_reads_and_the_old_keys_are_destroyed(installation: Settings) -> None:
    database = Database(installation.url, secret=OLD)
    with database.read() as session:
        before = {row.id: row.wrapped for row in session.scalars(select(DataKey))}
        olds = {row.id: row.wrapped for row in session.scalars(select(OrganisationKey))}
    assert rotate_keys(database, now=NOW, tell=silent) == len(before)
    with database.read() as session:
        rows = session.scalars(select(DataKey)).all()
        assert all(row.wrapped is None or row.wrapped != before[row.id] for row in rows)
        assert not {row.organisation_key_id for row in rows} & set(olds)
        for old in session.scalars(select(OrganisationKey).where(OrganisationKey.id.in_(olds))):
            assert (old.retired_at, old.wrapped) == (NOW, b"")
        number, wrapped = next(iter(olds.items()))
        stolen = ring_in(session).unwrap_organisation_key(wrapped, key_id=number)
        for row in rows:
            if row.wrapped is not None:
                with pytest.raises(cipher.Unreadable):
                    cipher.unwrap(row.wrapped, stolen, key_id=row.id)
    database.close()
    assert reads_everything(installation)


def test_a_rotation_that_was_interrupted_goes_on(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "AT_ONCE", 1)

    def dies(_words: str) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        database = Database(installation.url, secret=OLD)
        with pytest.raises(KeyboardInterrupt):
            rotate_keys(database, now=NOW, tell=dies)
        database.close()
        assert reads_everything(installation)
    database = Database(installation.url, secret=OLD)
    rotate_keys(database, now=NOW, tell=silent)
    with database.read() as session:
        active = session.scalars(
            select(OrganisationKey.organisation_id).where(OrganisationKey.retired_at.is_(None))
        ).all()
        assert len(active) == len(set(active))
    database.close()
    assert reads_everything(installation)


def test_after_a_new_secret_everything_reads_and_the_old_one_opens_nothing(installation: Settings) -> None:
    rotate_secret(installation, tell=silent)
    file = installation.data_dir / "secret_key"
    assert file.read_text() != OLD
    assert file.stat().st_mode & 0o777 == 0o600
    assert not (installation.data_dir / "secret_key.next").exists()
    assert reads_everything(installation)
    database = Database(installation.url, secret=OLD)
    with database.read() as session:
        for row in session.scalars(select(OrganisationKey)):
            with pytest.raises(cipher.Unreadable):
                ring_in(session).unwrap_organisation_key(row.wrapped, key_id=row.id)
        for file_row in session.scalars(select(Attachment)):
            assert file_row.wrapped_key is not None
            with pytest.raises(sealing.Unreadable):
                sealing.unwrap(
                    file_row.wrapped_key,
                    sealing.installation_key(OLD),
                    attachment_id=file_row.id,
                    conversation_id=file_row.conversation_id,
                )
    database.close()


@pytest.mark.parametrize("dies_at", ["before the transaction", "in the transaction", "after the transaction"])
def test_a_crash_at_any_moment_leaves_an_installation_that_opens(
    installation: Settings, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    def die(session: Session, *, old: str, new: str) -> int:
        if dies_at == "in the transaction":
            wrap_anew(session, old=old, new=new)
        raise KeyboardInterrupt

    settled: list[int] = []

    def settle_once(settings: Settings, **how: object) -> None:
        if settled:
            raise KeyboardInterrupt
        settled.append(1)

    with monkeypatch.context() as patched:
        if dies_at == "after the transaction":
            patched.setattr(secret, "settle_secret", settle_once)
        else:
            patched.setattr(secret, "wrap_anew", die)
        with pytest.raises(KeyboardInterrupt):
            rotate_secret(installation, tell=silent)
    assert (installation.data_dir / "secret_key.next").exists()
    assert (installation.data_dir / "secret_key").read_text() == OLD
    settle_secret(installation, tell=silent)
    assert not (installation.data_dir / "secret_key.next").exists()
    is_new = (installation.data_dir / "secret_key").read_text() != OLD
    assert is_new is (dies_at == "after the transaction")
    assert reads_everything(installation)


def test_a_secret_of_the_environment_is_not_changed_behind_its_back(installation: Settings) -> None:
    with pytest.raises(SecretIsSetOutside):
        rotate_secret(anew(installation, secret_key=SecretStr(OLD)), tell=silent)
    assert not (installation.data_dir / "secret_key.next").exists()


def test_a_head_that_was_forged_stays_forged(installation: Settings) -> None:
    heads = installation.data_dir / HEADS_FILE
    heads.write_text(heads.read_text().replace('"seq": 1', '"seq": 2'))
    database = Database(installation.url, secret=OLD)
    with database.transaction() as session:
        session.execute(update(Person).values(languages=[]))
    database.close()
    rotate_secret(installation, tell=silent)
    with pytest.raises(SystemExit, match="signature"):
        reads_everything(installation)


def test_a_secret_that_does_not_fit_is_neither_rotated_nor_thrown_away(installation: Settings) -> None:
    (installation.data_dir / "secret_key").write_text("some other one")
    with pytest.raises(SecretDoesNotFit):
        rotate_secret(installation, tell=silent)
    (installation.data_dir / "secret_key.next").write_text("neither does this")
    settle_secret(installation, tell=silent)
    assert (installation.data_dir / "secret_key.next").read_text() == "neither does this"
