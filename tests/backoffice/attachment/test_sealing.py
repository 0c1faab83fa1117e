from __future__ import annotations

import io
import os

import pytest

from backoffice.attachment.sealing import (
    PIECE_BYTES,
    Unreadable,
    installation_key,
    is_bound,
    new_key,
    open_sealed,
    plain_bytes,
    seal,
    unwrap,
    wrap,
)

KEY = new_key()
SIZES = [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 3 * PIECE_BYTES + 7]


def sealed(content: bytes, *, belongs_to: str = "a/full") -> bytes:
    return b"".join(seal(content, KEY, belongs_to=belongs_to))


def read(file: bytes, start: int = 0, stop: int | None = None, *, belongs_to: str = "a/full") -> bytes:
    end = plain_bytes(len(file)) if stop is None else stop
    return b"".join(open_sealed(io.BytesIO(file), KEY, belongs_to=belongs_to, start=start, stop=end))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back_as_it_was(size: int) -> None:
    content = os.urandom(size)
    file = sealed(content)
    assert plain_bytes(len(file)) == size
    assert read(file) == content
    assert file[:4] == b"SPF\x01"


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (0, 1),
        (5, 5 + PIECE_BYTES),
        (PIECE_BYTES - 1, PIECE_BYTES + 1),
        (PIECE_BYTES, 2 * PIECE_BYTES),
        (2 * PIECE_BYTES + 3, 3 * PIECE_BYTES + 7),
    ],
)
def test_a_part_is_read_without_the_rest(start: int, stop: int) -> None:
    content = os.urandom(3 * PIECE_BYTES + 7)
    assert read(sealed(content), start, stop) == content[start:stop]


def test_a_large_file_is_read_a_piece_at_a_time() -> None:
    file = io.BytesIO(sealed(bytes(10 * PIECE_BYTES)))
    pieces = open_sealed(file, KEY, belongs_to="a/full", start=0, stop=10 * PIECE_BYTES)
    assert len(next(pieces)) == PIECE_BYTES
    assert file.tell() < 2 * PIECE_BYTES


@pytest.mark.parametrize("at", [0, 3, 4, 12, 300, PIECE_BYTES + 40, -1])
def test_one_bit_that_changed_is_noticed(at: int) -> None:
    file = bytearray(sealed(os.urandom(2 * PIECE_BYTES)))
    file[at] ^= 1
    with pytest.raises(Unreadable):
        read(bytes(file))


def test_pieces_cannot_be_cut_off_left_out_swapped_or_added() -> None:
    head, *pieces = seal(os.urandom(3 * PIECE_BYTES), KEY, belongs_to="a/full")
    first, second, third = pieces
    for forged in (
        [first, second],
        [first, third],
        [second, first, third],
        [first, second, third, third],
        [first, second, third[:-1]],
        [],
    ):
        with pytest.raises(Unreadable):
            read(head + b"".join(forged))


def test_a_file_under_another_name_or_part_is_unreadable() -> None:
    for other in ("b/full", "a/preview"):
        with pytest.raises(Unreadable):
            read(sealed(b"content"), belongs_to=other)


def test_the_same_content_never_looks_the_same() -> None:
    assert sealed(b"content") != sealed(b"content")


def test_a_key_opens_only_for_its_attachment_conversation_and_installation() -> None:
    by = installation_key("secret")
    wrapped = wrap(KEY, by, attachment_id="a", conversation_id="c")
    assert is_bound(wrapped)
    assert KEY not in wrapped
    assert unwrap(wrapped, by, attachment_id="a", conversation_id="c") == KEY
    for key, attachment_id, conversation_id in (
        (by, "b", "c"),
        (by, "a", "d"),
        (by, "a", None),
        (installation_key("another"), "a", "c"),
    ):
        with pytest.raises(Unreadable):
            unwrap(wrapped, key, attachment_id=attachment_id, conversation_id=conversation_id)


def test_a_key_that_is_bound_cannot_be_made_free() -> None:
    by = installation_key("secret")
    wrapped = wrap(KEY, by, attachment_id="a", conversation_id="c")
    with pytest.raises(Unreadable):
        unwrap(b"\0" + wrapped[1:], by, attachment_id="a", conversation_id="d")
