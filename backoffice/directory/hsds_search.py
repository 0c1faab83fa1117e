"""By what the lists of HSDS are narrowed, each parameter as the specification's API reference names it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from translations.languages import SOURCE

Language = Annotated[str, Field(max_length=35)]
Id = Annotated[str | None, Field(max_length=36)]


class Listing(BaseModel):
    """A page of what says all the words; `language` is ours."""

    search: Annotated[str | None, Field(max_length=200)] = None
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    per_page: Annotated[int, Field(ge=1, le=100)] = 25
    language: Language = SOURCE


class FullListing(Listing):
    """`full` with all that belongs to each."""

    full: bool = False


class PlacedListing(FullListing):
    """Services, or services in their places."""

    taxonomy_term_id: Id = None
    taxonomy_id: Id = None
    organization_id: Id = None
    modified_after: AwareDatetime | None = None


class ServiceListing(PlacedListing):
    """Services; `minimal` their ids alone."""

    minimal: bool = False


class TermListing(Listing):
    """Terms, of one taxonomy or of all."""

    taxonomy_id: Id = None
