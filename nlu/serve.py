"""`python -m nlu.serve`: Rasa with our channel alone, one process, no HTTP API.

Sanic is set up here and not by `rasa.core.run`, whose import brings TensorFlow, every other channel and
Rasa's own test suite. One process: conversations are spread over several by their id, not by Sanic's
workers, whose locks don't hold between processes (reliability.md 1.2, rows 3 and 4).
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import warnings
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

import yaml

from nlu import without_tensorflow
from nlu.logs import configure
from nlu.model_files import NoModel, newest_model
from nlu.settings import Settings, WrongSetting, read_settings
from translations.languages import SUPPORTED

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.core.lock_store import LockStore
    from sanic import Sanic

_ENDPOINTS: Final = Path(__file__).parent / "endpoints.yml"
_SHARED_TRACKERS: Final = "nlu.tracker_store.SharedTrackerStore"
_LARGEST_BODY_BYTES: Final = 256 * 1024
_SHUTDOWN_SECONDS: Final = 1.0
_log = logging.getLogger("nlu.serve")  # as a program, __name__ is __main__


def main() -> int:
    """Serve until SIGTERM or SIGINT; return the exit status."""
    os.umask(0o077)  # the tracker holds what people wrote
    try:
        settings = read_settings()
        model = newest_model(settings.models_dir)
    except (WrongSetting, NoModel) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    configure(settings.log_level)
    _write_pid(settings.pid_file)
    try:
        gc.disable()  # what is read at the start stays: to look for garbage in it lengthens the start
        app = create_app(settings, model)
        gc.freeze()
        gc.enable()
        configure(settings.log_level)  # Rasa's imports change it
        app.run(host=settings.private_host, port=settings.rasa_port, workers=1, access_log=False, debug=False)
    finally:
        _remove_pid(settings.pid_file)
    return 0


def create_app(settings: Settings, model: Path) -> Sanic:
    """Return the application with its agent loaded: it answers nothing before it can answer everything."""
    without_tensorflow.install(in_server=True)
    warnings.filterwarnings("ignore")
    from rasa.core.channels.channel import register
    from sanic import Sanic, response

    from nlu import patches
    from nlu.channel import SportelloInput
    from nlu.lock_store import can_lock

    patches.apply()
    app = Sanic("sportello_rasa", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _LARGEST_BODY_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = _SHUTDOWN_SECONDS
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.agent = load_agent(settings, model)
    register([SportelloInput(settings.channel_secret)], app, route="/webhooks/")

    @app.get("/")
    async def health(_request: Any) -> Any:
        if not await can_lock(app.ctx.agent.lock_store):
            return response.json({"status": "down", "redis": "down"}, status=503)
        return response.json({"status": "ok", "model": app.ctx.agent.model_id})

    @app.after_server_start
    async def read_the_word_lists(_app: Any, _loop: Any) -> None:
        app.add_task(_read_word_lists(app.ctx.agent))

    @app.after_server_stop
    async def hang_up(_app: Any, _loop: Any) -> None:
        await app.ctx.agent.action_endpoint.aclose()

    @app.after_server_start
    async def say_so(_app: Any, _loop: Any) -> None:
        _log.info("ready", extra={"port": settings.rasa_port, "model": model.name})

    return app


async def _read_word_lists(agent: Agent) -> None:
    """Understand something in each language: else the first person of each waits until its words are read."""
    from rasa.core.channels.channel import UserMessage

    for language in sorted(SUPPORTED):
        await agent.processor.parse_message(UserMessage("?", metadata={"language": language}))
        await asyncio.sleep(0)  # who writes meanwhile comes in between


def load_agent(settings: Settings, model: Path) -> Agent:
    """Return Rasa's agent, connected as nlu/endpoints.yml says."""
    from rasa.core.agent import Agent
    from rasa.shared.utils.common import class_from_module_path

    from nlu.action_endpoint import ActionEndpoint

    endpoints = _read_endpoints(settings)
    store = endpoints["tracker_store"]
    agent = Agent.load(
        model,
        generator=class_from_module_path(endpoints["nlg"]["type"])(),
        tracker_store=class_from_module_path(store.pop("type"))(**store),
        lock_store=_lock_store(settings),
        action_endpoint=ActionEndpoint(**endpoints["action_endpoint"]),
    )
    # Rasa tells only its own generator which responses the domain has.
    agent.nlg.responses = agent.domain.responses
    return agent


def _lock_store(settings: Settings) -> LockStore | None:
    """Return the locks that several processes share; None is Rasa's own, in memory."""
    if settings.redis_url is None:
        return None
    from nlu.lock_store import SharedLockStore

    return SharedLockStore(settings.redis_url)


def _read_endpoints(settings: Settings) -> dict[str, dict[str, Any]]:
    """Read endpoints.yml with our settings put in; Rasa's own reader remembers the first values for good."""
    template = Template(_ENDPOINTS.read_text(encoding="utf-8"))
    values = {
        "SPORTELLO_ACTIONS_URL": settings.actions_url,
        "SPORTELLO_ACTIONS_SECRET": settings.actions_secret,
        "SPORTELLO_TRACKER_FILE": str(settings.tracker_file),
    }
    endpoints: dict[str, dict[str, Any]] = yaml.safe_load(template.substitute(values))
    if settings.tracker_url is not None:  # not through the template: YAML is no place for a password
        endpoints["tracker_store"] = {"type": _SHARED_TRACKERS, "url": settings.tracker_url}
    return endpoints


def _write_pid(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{os.getpid()}\n", encoding="ascii")


def _remove_pid(path: Path) -> None:
    """Remove the file unless the next process has written its own already."""
    if path.is_file() and path.read_text(encoding="ascii").strip() == str(os.getpid()):
        path.unlink()


if __name__ == "__main__":
    sys.exit(main())
