"""JSON lines on standard output, with ids in them and never words, names or telephone numbers."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor

_QUIET = {
    "httpx": logging.WARNING,  # at INFO it writes whole addresses, the Telegram token among them
    "httpcore": logging.WARNING,
    "telegram": logging.CRITICAL,  # it writes answers that it cannot parse: people's words
    "uvicorn.access": logging.WARNING,
    "asyncio": logging.WARNING,
    "python_multipart": logging.WARNING,
}


def configure_logging(level: str) -> None:
    """Send structlog's and the standard library's records to standard output as JSON lines."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _frames_only,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)


def _frames_only(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and frames: its message may quote what a person wrote."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if event.get("logger") == "asyncio":
        event["event"] = "left_over_error"  # its own sentence quotes exceptions and arguments
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = _frames(error.__traceback__)
    return event


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)][-8:]
