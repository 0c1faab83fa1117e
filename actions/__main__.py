"""`python -m actions`: the action server on 127.0.0.1, until SIGTERM."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from sanic import Sanic

from actions.application import create_application, make_executor
from actions.client import make_client
from actions.logs import configure_logging
from actions.registry import build_steps
from actions.settings import Settings, read_settings


def main() -> None:
    """Build everything once and serve."""
    settings = read_settings()
    configure_logging(settings.log_level)
    client = make_client(settings.backoffice, settings.token)
    executor = make_executor(build_steps(client, now))
    app = create_application(executor, client)

    @app.after_server_start
    async def write_pid(_app: Sanic) -> None:
        _write_pid(settings)

    @app.after_server_stop
    async def close(_app: Sanic) -> None:
        await client.aclose()

    # One process: what is served is what the pid file names, and one SIGTERM stops it.
    app.run(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


def now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


def _write_pid(settings: Settings) -> None:
    path = settings.data_dir / "run" / "actions.pid"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(os.getpid()), encoding="ascii")


if __name__ == "__main__":
    main()
