"""`make up`: database, demo data, model, and the four processes, until Ctrl-C or SIGTERM.

Each step does nothing when its work was done already, so that a second start is quick and needs
no network. What goes wrong ends in one sentence that says what to do.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from types import FrameType

from pydantic import ValidationError

from deploy import health, supervision
from deploy.settings import ROOT, UpSettings, prepare_data_dir, process_environment

_HEALTHY_WITHIN_SECONDS = 120
_DEMO_ACCOUNTS = (
    "admin",
    "coordinator",
    "caseworker",
    "mediator.ar",
    "mediator.uk",
    "mediator.ur",
    "mediator.ur2",
    "housing",
    "care",
    "planner",
    "partner",
    "hospital",
)


class CannotStart(Exception):
    """Starting is impossible; the message says why and what to do."""


def main() -> int:
    """Run until stopped; return 0 after a stop, 1 when it could not start or a part gave up."""
    os.umask(0o077)  # what people wrote is nobody else's on this machine
    supervision.die_with_parent()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        return _run(_read_settings(), stopping)
    except CannotStart as error:
        print(f"Sportello did not start: {error}", file=sys.stderr, flush=True)
        return 1


def _read_settings() -> UpSettings:
    try:
        settings = UpSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "SPORTELLO_" + "_".join(str(part) for part in first["loc"]).upper()
        raise CannotStart(f"{name} is wrong: {first['msg']}.") from error
    if os.environ.get("SPORTELLO_FAILPOINTS") and not settings.is_demo:
        raise CannotStart("SPORTELLO_FAILPOINTS kills processes; it is for tests with SPORTELLO_DEMO=1 only.")
    return settings


def _run(settings: UpSettings, stopping: threading.Event) -> int:
    _refuse_taken_ports(settings)
    prepare_data_dir(settings.data_dir)
    environment = process_environment(settings)
    if settings.is_demo:  # in one process: both read nearly the whole backoffice first
        command = [".venv/bin/python", "-m", "backoffice.seed", "--migrate"]
        _step("Database and demo data", command, environment)
    else:
        _step("Database", [".venv/bin/python", "-m", "backoffice.migrations.upgrade"], environment)
    _step("Model", [".venv-rasa/bin/python", "-m", "nlu.train"], environment)
    if stopping.is_set():
        return 0
    supervisor = supervision.start(supervision.write_configuration(settings), environment)
    try:
        return _watch(settings, supervisor, stopping)
    finally:
        print("==> Stopping", flush=True)
        supervision.stop(supervisor)
        print("Stopped. Nothing is left running.", flush=True)


def _watch(settings: UpSettings, supervisor: subprocess.Popen[bytes], stopping: threading.Event) -> int:
    print("==> Starting four processes", flush=True)
    late = health.wait_until_healthy(
        settings.ports,
        timeout_seconds=_HEALTHY_WITHIN_SECONDS,
        on_healthy=lambda name, seconds: print(f"    {name} is healthy after {seconds:.1f} s", flush=True),
        is_running=lambda: supervisor.poll() is None and not stopping.is_set(),
    )
    if stopping.is_set():
        return 0
    if late:
        logs = ", ".join(str(settings.data_dir / "log" / f"{name}.log") for name in late)
        print(
            f"Not healthy yet: {', '.join(late)}. They are being restarted; look into {logs}", file=sys.stderr
        )
    else:
        _say_where_to_go(settings)
    while not stopping.wait(timeout=1):
        if supervisor.poll() is not None:
            print(
                "The supervisor ended by itself; see log/supervisord.log in the data folder.", file=sys.stderr
            )
            return 1
    return 0


def _step(name: str, command: list[str], environment: dict[str, str]) -> None:
    print(f"==> {name}", flush=True)
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        raise CannotStart(f"the step «{name}» failed, its last lines above say why.")


def _refuse_taken_ports(settings: UpSettings) -> None:
    for name, port in settings.ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CannotStart(
                    f"port {port} is in use. Stop what uses it or set SPORTELLO_{name.upper()}_PORT."
                ) from error


def _say_where_to_go(settings: UpSettings) -> None:
    address = settings.host if settings.host != "0.0.0.0" else "127.0.0.1"  # noqa: S104
    print(
        f"\nSportello is ready.\n"
        f"  Chat for citizens   http://{address}:{settings.bot_port}/\n"
        f"  Workplace of staff  http://{address}:{settings.backoffice_port}/\n"
        f"  Logs                {settings.data_dir / 'log'}",
        flush=True,
    )
    if settings.is_demo:
        print("  Demo accounts, all with the password sportello-demo:")
        for name in _DEMO_ACCOUNTS:
            print(f"    {name}@demo.sportello")
    print("Ctrl-C stops everything.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
