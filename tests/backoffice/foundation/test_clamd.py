from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice.clamd import Clamd, ClamdAway
from tests.backoffice.attachment.clamd_server import VIRUS, ClamdServer, clamd_at


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[ClamdServer, Clamd]]:
    with clamd_at(tmp_path / "clamd.ctl" if request.param == "unix" else None) as (server, address):
        yield server, Clamd.at(address)


def test_a_file_is_given_whole_and_a_virus_is_found(clamd: tuple[ClamdServer, Clamd]) -> None:
    server, scanner = clamd
    large = bytes(300_000)
    assert not scanner.finds_virus([large, b"end"])
    assert scanner.finds_virus([b"before", VIRUS])
    assert server.seen == [large + b"end", b"before" + VIRUS]


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK and more\0", b"", b"x" * 10_000]
)
def test_an_answer_that_is_none_is_no_verdict(clamd: tuple[ClamdServer, Clamd], answer: bytes) -> None:
    server, scanner = clamd
    server.answer = answer
    with pytest.raises(ClamdAway):
        scanner.finds_virus([b"x"])


def test_a_scanner_that_is_not_there_or_says_nothing_is_away(tmp_path: Path) -> None:
    with pytest.raises(ClamdAway):
        Clamd.at(f"unix:{tmp_path / 'none'}").finds_virus([b"x"])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ClamdAway):
            Clamd.at(address).finds_virus([b"x"], seconds=0.2)


def test_an_address_is_a_path_or_a_host_and_a_port() -> None:
    assert Clamd.at("unix:/run/clamav/clamd.ctl") == Clamd(path="/run/clamav/clamd.ctl")
    assert Clamd.at("localhost:3310") == Clamd.at("tcp:localhost:3310") == Clamd(host="localhost", port=3310)
    assert Clamd.at("[::1]:3310") == Clamd(host="::1", port=3310)
    for wrong in ("", "clamd", "unix:clamd.ctl", "localhost:", "localhost:port", "localhost:99999"):
        with pytest.raises(ValueError, match="host:port"):
            Clamd.at(wrong)
