"""Takes a file in and gives it out: checked, drawn anew, looked at by the scanner, encrypted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backoffice.attachment import files, sealing
from backoffice.attachment.kinds import PICTURES, UNKNOWN, media_type_of
from backoffice.attachment.models import Attachment, ScanState, Storage
from backoffice.attachment.pictures import draw_anew
from backoffice.clamd import Clamd, ClamdAway
from backoffice.database import new_id
from backoffice.errors import BackofficeError
from backoffice.settings import Settings


class KindRefused(BackofficeError):
    """The file is none of those that are taken: pictures, sound, film, PDF."""

    status = 415

    def __init__(self) -> None:
        super().__init__("error.file_kind_refused", way_out="error.file_kind_refused.way_out")


@dataclass(frozen=True)
class StoredFile:
    """A file that lies in the data folder; its row (`service.store_attachment`) is not written yet.

    `sha256` is that of what was sent; `size_bytes`, `media_type`, `width`, `height` and
    `preview_bytes` are those of what is kept.
    """

    attachment_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    wrapped_key: bytes
    scan_state: ScanState
    width: int | None = None
    height: int | None = None
    preview_bytes: int | None = None


@dataclass(frozen=True)
class Vault:
    """Where files lie, the key that wraps theirs, and who looks for viruses, if anybody."""

    data_dir: Path
    key: bytes
    scanner: Clamd | None = None

    @classmethod
    def of(cls, settings: Settings) -> Vault:
        """Return the vault of an installation."""
        scanner = Clamd.at(settings.clamd) if settings.clamd else None
        return cls(settings.data_dir, sealing.installation_key(settings.secret), scanner)

    def take(self, content: bytes, *, conversation_id: str | None) -> StoredFile:
        """Check a file and write it, encrypted. It may take seconds: call it in a thread.

        A file in which a virus was found is kept as it came, so that it can be looked into; nobody is
        given it, and no decoder touches it.

        Raises:
            KindRefused: it is not on the list.
            PictureUnreadable, PictureTooLarge, PicturesBusy: see `pictures.draw_anew`.
            NoRoom: the disk is full, or nearly so.
        """
        media_type = media_type_of(content)
        if media_type == UNKNOWN:
            raise KindRefused
        state = self.scan(iter((content,)))
        if media_type not in PICTURES or state is ScanState.INFECTED:
            return self._keep(content, None, _Facts(content, media_type, state), conversation_id)
        drawn = draw_anew(content, media_type)
        facts = _Facts(content, drawn.media_type, state, drawn.width, drawn.height)
        return self._keep(drawn.full, drawn.preview, facts, conversation_id)

    def scan(self, content: Iterator[bytes]) -> ScanState:
        """Return what is known of viruses in these bytes."""
        if self.scanner is None:
            return ScanState.NOT_SCANNED
        try:
            return ScanState.INFECTED if self.scanner.finds_virus(content) else ScanState.CLEAN
        except ClamdAway:
            return ScanState.SCAN_FAILED

    def size_of(self, row: Attachment, *, preview: bool = False) -> int:
        """Return how long a file's content is.

        Raises:
            OSError: it is not there.
            Unreadable: it is none of ours.
        """
        on_disk = files.path_of(self.data_dir, row.file_name, preview=preview).stat().st_size
        return sealing.plain_bytes(on_disk) if row.storage is Storage.SEALED else on_disk

    def read(self, row: Attachment, *, preview: bool = False, start: int, stop: int) -> Iterator[bytes]:
        """Give a file's content from `start` up to `stop`, in pieces.

        Raises:
            OSError: it is not there.
            Unreadable: the key is destroyed or another one, the row is not where it was, or the bytes
                are not those that were written.
        """
        with files.path_of(self.data_dir, row.file_name, preview=preview).open("rb") as file:
            if row.storage is Storage.PLAIN:
                file.seek(start)
                yield file.read(stop - start)
                return
            owner = _owner(row.id, preview=preview)
            yield from sealing.open_sealed(file, self._key_of(row), belongs_to=owner, start=start, stop=stop)

    def bind(self, row: Attachment) -> None:
        """Bind a key to the conversation that its file has come to belong to; a second time changes nothing.

        Raises:
            Unreadable: the key is another installation's.
        """
        if row.wrapped_key is None or row.conversation_id is None or sealing.is_bound(row.wrapped_key):
            return
        owner = {"attachment_id": row.id, "conversation_id": row.conversation_id}
        row.wrapped_key = sealing.wrap(self._key_of(row), self.key, **owner)

    def _key_of(self, row: Attachment) -> bytes:
        if row.wrapped_key is None:
            raise sealing.Unreadable
        return sealing.unwrap(
            row.wrapped_key, self.key, attachment_id=row.id, conversation_id=row.conversation_id
        )

    def _keep(
        self, content: bytes, preview: bytes | None, facts: _Facts, conversation_id: str | None
    ) -> StoredFile:
        number, name, key = new_id(), files.new_name(), sealing.new_key()
        wrapped = sealing.wrap(key, self.key, attachment_id=number, conversation_id=conversation_id)
        try:
            self._write(name, content, key, owner=_owner(number))
            if preview is not None:
                self._write(name, preview, key, owner=_owner(number, preview=True), preview=True)
        except BaseException:
            files.discard(self.data_dir, name)
            raise
        return StoredFile(
            attachment_id=number,
            name=name,
            media_type=facts.media_type,
            size_bytes=len(content),
            sha256=hashlib.sha256(facts.sent).hexdigest(),
            wrapped_key=wrapped,
            scan_state=facts.scan_state,
            width=facts.width,
            height=facts.height,
            preview_bytes=None if preview is None else len(preview),
        )

    def _write(self, name: str, content: bytes, key: bytes, *, owner: str, preview: bool = False) -> None:
        path = files.path_of(self.data_dir, name, preview=preview)
        files.write(path, sealing.seal(content, key, belongs_to=owner), size_bytes=len(content))


@dataclass(frozen=True)
class _Facts:
    sent: bytes
    media_type: str
    scan_state: ScanState
    width: int | None = None
    height: int | None = None


def _owner(attachment_id: str, *, preview: bool = False) -> str:
    return f"{attachment_id}/{'preview' if preview else 'full'}"
