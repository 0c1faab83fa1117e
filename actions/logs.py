"""Logs as JSON lines on standard output: ids, names of actions and times, never words of people."""

from __future__ import annotations

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
    logging.basicConfig(level=logging.WARNING, format='{"level": "%(levelname)s", "logger": "%(name)s"}')
