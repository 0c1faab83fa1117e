"""The office's contact, for bot and actions."""

from __future__ import annotations

from fastapi import APIRouter

from backoffice.client.schemas import LanguageCode, OfficeContact
from backoffice.database import ReadSession
from backoffice.errors import NotFound
from backoffice.office.queries import front_door_id
from backoffice.office.service import describe_contact, find_office
from backoffice.service_access import ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.get("/office")
def read_office(session: ReadSession, language: LanguageCode = "it") -> OfficeContact:
    """Return the contact of the office that runs the front door."""
    office = find_office(session, front_door_id(session))
    if office is None:
        raise NotFound
    return describe_contact(office, language)
