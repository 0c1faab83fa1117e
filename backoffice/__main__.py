"""`python -m backoffice`: serves the API and the pages until SIGTERM, then stops within a second or two."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from types import FrameType

gc.disable()  # what is read at the start stays: to look for garbage in it is a sixth of the start

import uvicorn
from fastapi import FastAPI

from backoffice.app import create_app
from backoffice.client.pid_file import pid_file
from backoffice.client.senders import trusted_proxies
from backoffice.client.strict_http import StrictProtocol, room_for_connections
from backoffice.collector import spare_what_stays
from backoffice.logs import configure_logs
from backoffice.rotation.secret import settle_secret
from backoffice.settings import read_settings
from backoffice.staff.accounts import prepare_accounts


class Server(uvicorn.Server):
    """Uvicorn, which also wakes open streams and long polls when it is told to stop."""

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take the signal: first end the streams, or the server would wait for them."""
        self._app.state.broker.close()
        super().handle_exit(sig, frame)


def main() -> None:
    """Serve."""
    os.umask(0o077)  # what people wrote is nobody else's on this machine
    settings = read_settings()
    configure_logs("backoffice", settings.log_level)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    settle_secret(settings)
    app = create_app(settings)
    spare_what_stays()
    prepare_accounts(app.state.database, settings)
    StrictProtocol.most_connections = room_for_connections()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.backoffice_port,
        ws="none",
        http=StrictProtocol,
        forwarded_allow_ips=trusted_proxies(),
        h11_max_incomplete_event_size=64 * 1024,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    # Uvicorn raises the signal once more when it has stopped: the pid file must still be removed then.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    with pid_file(settings.data_dir / "run", "backoffice", port=settings.backoffice_port):
        asyncio.run(Server(app, config).serve())


if __name__ == "__main__":
    main()
