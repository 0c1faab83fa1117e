"""`GET /health`: whether this process and what it depends on answer (contract, running.md)."""

from __future__ import annotations

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backoffice.database import DatabaseDep

log = structlog.get_logger(__name__)
router = APIRouter(tags=["health"])


@router.get("/health")
def health(database: DatabaseDep) -> JSONResponse:
    """Answer 200 when the database answers, else 503; the one entry beside `status` says so."""
    try:
        with database.read() as session:
            session.execute(text("SELECT 1 FROM conversation LIMIT 1"))
    except SQLAlchemyError as error:
        log.error("database_down", error=type(error).__name__)
        return JSONResponse({"status": "down", "database": "down"}, 503)
    return JSONResponse({"status": "ok", "database": "ok"})
