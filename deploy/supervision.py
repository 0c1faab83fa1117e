"""The four processes under supervisord, which starts again what dies."""

from __future__ import annotations

import ctypes
import hashlib
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.settings import ROOT, UpSettings

COMMANDS: dict[str, str] = {
    "backoffice": ".venv/bin/python -m backoffice",
    "actions": ".venv/bin/python -m actions",
    "rasa": ".venv-rasa/bin/python -m nlu.serve",
    "bot": ".venv/bin/python -m bot",
}

_STOP_SECONDS = 8
_LONGEST_SOCKET_PATH = 90
_PR_SET_PDEATHSIG = 1


def write_configuration(settings: UpSettings) -> Path:
    """Write supervisord's configuration into the data folder and return its path."""
    run = settings.data_dir.resolve() / "run"
    log = settings.data_dir.resolve() / "log"
    parts = [
        f"[supervisord]\nnodaemon=true\nsilent=true\nlogfile={log}/supervisord.log\nlogfile_maxbytes=5MB\n"
        f"pidfile={run}/supervisord.pid\nidentifier=sportello\ndirectory={ROOT}\nloglevel=info\n"
        "umask=077\n",
        # For `supervisorctl -c <this file> status`; a socket that only the owner can open.
        f"[unix_http_server]\nfile={_socket(run)}\nchmod=0700\n",
        f"[supervisorctl]\nserverurl=unix://{_socket(run)}\n",
        "[rpcinterface:supervisor]\n"
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n",
    ]
    parts += [_program(name, command, log) for name, command in COMMANDS.items()]
    path = run / "supervisord.conf"
    path.write_text("\n".join(parts))
    return path


def start(configuration: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start supervisord; it ends with this process, however that ends."""
    return subprocess.Popen(
        [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
        env=dict(environment),
        cwd=ROOT,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )


def stop(supervisor: subprocess.Popen[bytes]) -> None:
    """Stop every process and wait until none is left."""
    if supervisor.poll() is None:
        supervisor.send_signal(signal.SIGTERM)
    try:
        supervisor.wait(timeout=_STOP_SECONDS + 7)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, so that nothing is left running (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _socket(run: Path) -> Path:
    """The path of a Unix socket holds 107 letters at most; a deep folder gets one under /tmp instead."""
    path = run / "supervisor.sock"
    if len(str(path)) <= _LONGEST_SOCKET_PATH:
        return path
    return (
        Path(tempfile.gettempdir()) / f"sportello-{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.sock"
    )


def _program(name: str, command: str, log: Path) -> str:
    # startretries: a process that cannot start is tried again for ever, with growing pauses, since
    # the fault may lie with a disk or a database that comes back.
    return (
        f"[program:{name}]\ncommand={ROOT}/{command}\ndirectory={ROOT}\n"
        f"autostart=true\nautorestart=true\nstartsecs=1\nstartretries=1000000\n"
        f"stopsignal=TERM\nstopwaitsecs={_STOP_SECONDS}\nstopasgroup=false\nkillasgroup=true\n"
        f"redirect_stderr=true\nstdout_logfile={log}/{name}.log\n"
        f"stdout_logfile_maxbytes=10MB\nstdout_logfile_backups=5\n"
    )
