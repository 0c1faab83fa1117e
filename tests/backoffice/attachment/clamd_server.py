"""A server that speaks clamd's INSTREAM on a real socket and knows one virus."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VIRUS = b"$INVENTED-VIRUS-OF-THE-TESTS$"


class ClamdServer:
    """What it has seen is in `seen`; `answer`, when set, is said to everything."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.answer: bytes | None = None

    def verdict(self, content: bytes) -> bytes:
        self.seen.append(content)
        if self.answer is not None:
            return self.answer
        return b"stream: Invented.Virus FOUND\0" if VIRUS in content else b"stream: OK\0"


@contextmanager
def clamd_at(path: Path | None = None) -> Iterator[tuple[ClamdServer, str]]:
    """Run one at a path, or at a free port of the loopback interface; give it and its address."""
    clamd = ClamdServer()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if self.rfile.read(10) != b"zINSTREAM\0":
                self.wfile.write(b"UNKNOWN COMMAND\0")
                return
            content = b""
            while length := struct.unpack(">I", self.rfile.read(4))[0]:
                content += self.rfile.read(length)
            self.wfile.write(clamd.verdict(content))

    kind = socketserver.ThreadingTCPServer if path is None else socketserver.ThreadingUnixStreamServer
    with kind(("127.0.0.1", 0) if path is None else str(path), Session) as server:  # type: ignore[arg-type]
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield clamd, f"unix:{path}" if path else f"127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
