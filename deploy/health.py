"""Asks the four processes how they are."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping

PATHS = {"backoffice": "/health", "actions": "/health", "rasa": "/", "bot": "/health"}

_PAUSE_SECONDS = 0.2


def is_healthy(name: str, port: int) -> bool:
    """Tell whether a process answers 200 to its liveness call."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", PATHS[name])
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_healthy(
    ports: Mapping[str, int],
    *,
    timeout_seconds: float,
    on_healthy: Callable[[str, float], None],
    is_running: Callable[[], bool],
) -> list[str]:
    """Wait for every process; return the names of those that did not become healthy in time."""
    start = time.monotonic()
    waiting = list(ports)
    while waiting and is_running() and time.monotonic() - start < timeout_seconds:
        for name in [name for name in waiting if is_healthy(name, ports[name])]:
            waiting.remove(name)
            on_healthy(name, time.monotonic() - start)
        time.sleep(_PAUSE_SECONDS if waiting else 0)
    return waiting
