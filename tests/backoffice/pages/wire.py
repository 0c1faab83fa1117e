"""A wire between browser and backoffice that a test cuts, or that answers like a proxy without a server."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import StrEnum
from urllib.parse import urlsplit

_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class State(StrEnum):
    """What becomes of a connection."""

    WHOLE = "whole"
    CUT = "cut"
    BAD_GATEWAY = "bad gateway"


class Wire:
    """Carries bytes to the backoffice while it is whole; changing its state ends what it carries."""

    def __init__(self, to: str) -> None:
        address = urlsplit(to)
        self._to = (str(address.hostname), int(address.port or 0))
        self._state = State.WHOLE
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def become(self, state: State) -> None:
        """Change the state; what is on its way now is lost."""
        self._state = state
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        """Carry nothing any more."""
        self.become(State.CUT)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near:
            if self._state is State.BAD_GATEWAY:
                with suppress(OSError):
                    near.recv(65536)
                    near.sendall(_BAD_GATEWAY)
            elif self._state is State.WHOLE:
                with suppress(OSError), socket.create_connection(self._to) as far:
                    self._open += [near, far]
                    back = threading.Thread(target=_carry, args=(far, near), daemon=True)
                    back.start()
                    _carry(near, far)
                    back.join()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
