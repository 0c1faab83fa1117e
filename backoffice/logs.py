"""Logs: JSON lines on standard output, of our own events and of what the libraries say.

They carry ids, never words, names or numbers of people. An exception is logged as its type and
where it happened: its message may hold what somebody wrote.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def configure_logs(process: str, level: str) -> None:
    """Send every log of this process to standard output as JSON lines."""
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    ]
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                lambda _logger, _name, event: {"process": process, **event},
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("uvicorn.access").disabled = True
    for chatty in ("httpx", "httpcore", "alembic", "python_multipart"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def without_words(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and its places in the code."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if event.get("logger") == "asyncio":
        event["event"] = "left_over_error"  # its own sentence quotes exceptions and arguments
    error = info if isinstance(info, BaseException) else (info or (None, None, None))[1]
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        event["at"] = places(error.__traceback__)
        if event.get("event", "").startswith("Exception in ASGI application"):
            event["event"] = "exception_in_application"
    return event


def places(traceback: TracebackType | None) -> list[str]:
    """Return where an exception passed, as `folder/file.py:line`, the innermost last."""
    found = []
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        found.append(f"{path.parent.name}/{path.name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return found[-12:]
