"""The guide over HTTP, for the actions and for staff (contract, running.md, "Backoffice API")."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backoffice.client.schemas import GuideAnswer, GuideCopy
from backoffice.clock import ClockDep
from backoffice.guide.answers import answer_topic, copy_guide
from backoffice.guide.words import CatalogueWords
from backoffice.staff.service_or_staff import ServiceOrStaff
from translations.languages import SOURCE

router = APIRouter(prefix="/api/v1/guide", tags=["guide"], dependencies=[ServiceOrStaff])


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
