"""The guide over HTTP, for the actions and for staff (contract, running.md, "Backoffice API")."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from backoffice.client.schemas import GuideAnswer, GuideCopy
from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep
from backoffice.guide.answers import answer_topic, copy_guide
from backoffice.guide.words import CatalogueWords
from backoffice.service_access import is_service
from backoffice.staff.errors import NotSignedIn
from backoffice.staff.sessions import find_signed_in
from backoffice.staff.sign_in import bearer_token, session_cookie
from translations.languages import SOURCE


def require_service_or_staff(request: Request, database: DatabaseDep, clock: ClockDep) -> None:
    """Let our own processes and anybody who is signed in through. Only for endpoints that change nothing.

    The database is opened for staff only: bot and actions are answered while it is being written.

    Raises:
        NotSignedIn: neither the service token nor a running session.
    """
    if is_service(request):
        return
    token = bearer_token(request) or session_cookie(request)
    if token is None:
        raise NotSignedIn
    with database.read() as session:
        if find_signed_in(session, token, now=clock()) is None:
            raise NotSignedIn


router = APIRouter(prefix="/api/v1/guide", tags=["guide"], dependencies=[Depends(require_service_or_staff)])


@router.get("")
def read_guide_copy(clock: ClockDep, language: Annotated[str, Query(max_length=35)] = SOURCE) -> GuideCopy:
    """Return the whole guide in a language, so that others can answer while we are away."""
    return copy_guide(words=CatalogueWords(), language=language, now=clock())


@router.get("/{topic}")
def read_guide_topic(
    topic: str, clock: ClockDep, language: Annotated[str, Query(max_length=35)] = SOURCE
) -> GuideAnswer:
    """Answer a topic of the guide; in Italian when the language is not one of ours.

    Raises:
        NotFound: the guide has no such topic.
    """
    return answer_topic(topic, words=CatalogueWords(), language=language, now=clock())
