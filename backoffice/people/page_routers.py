"""The pages of people, in the order in which an address is looked for."""

from __future__ import annotations

from fastapi import APIRouter

from backoffice.people import (
    duplicates_pages,
    edit_pages,
    household_pages,
    linking_pages,
    pages,
    restricted_pages,
)

PAGE_ROUTERS: tuple[APIRouter, ...] = (
    duplicates_pages.router,  # before `pages`: `/persons/duplicates` is nobody's id
    pages.router,
    edit_pages.router,
    restricted_pages.router,
    household_pages.router,
    linking_pages.router,
)
