"""JSON lines with ids and kinds, never words of people.

Rasa logs texts, slots and whole trackers (reliability.md 1.2, rows 11 and 12): its structlog fields that
may hold them are dropped, its plain messages are kept from WARNING up and shortened to their kind, and an
exception is logged as its class and place without its message.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog

_PERSONAL: Final = frozenset(
    {
        "text",
        "message",
        "parse_data",
        "parse_data_text",
        "parse_data_entities",
        "parse_data_intent",
        "rasa_events",
        "slot_values",
        "prediction_events",
        "json_body",
        "entities",
        "user_message",
        "tracker",
        "events",
        "exc_info",
        "exception",
    }
)
_OURS: Final = ("nlu", "translations")
_RECORD_FIELDS: Final = frozenset(vars(logging.makeLogRecord({}))) | {"taskName"}


def configure(level: str) -> None:
    """Send everything to standard output as JSON lines; `level` is for our own loggers."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name in ("sanic.root", "sanic.error", "sanic.access", "rasa", "apscheduler"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.WARNING)
        logger.propagate = True
    # Warnings quote what they warn of: a payload, an entity's value.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[drop_personal, structlog.stdlib.add_log_level, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )


def drop_personal(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove the fields of a structlog event that may hold what a person said."""
    for name in _PERSONAL & event.keys():
        del event[name]
    return event


class JsonFormatter(logging.Formatter):
    """One JSON object a line; of an exception the classes and the place, not the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._event(record),
            **_extra(vars(record)),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _place(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)

    def _event(self, record: logging.LogRecord) -> str:
        if record.name.split(".")[0] in _OURS:
            return record.getMessage()
        # Another's sentence may hold anything: its place says which sentence it was.
        return f"{record.module}.{record.funcName}:{record.lineno}"


def _extra(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _RECORD_FIELDS | _PERSONAL}


def _place(trace: Any) -> str:
    frames = traceback.extract_tb(trace)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
