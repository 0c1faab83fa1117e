"""Logs as JSON lines on standard output: ids, names of actions and times, never words of people."""

from __future__ import annotations

import json
import logging

import structlog


def configure_logging(level: str) -> None:
    """Send structlog's events to standard output; libraries only speak from warnings on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(),
    )
    # rasa-sdk and httpx log slot names and addresses at lower levels.
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutWords())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class _WithoutWords(logging.Formatter):
    """Who complains, and of which error: another's sentence, and an error's, may hold a person's words."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        return json.dumps({"level": record.levelname.lower(), "logger": record.name, "error": error})
