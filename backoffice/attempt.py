"""A change that may be refused on a page: then nothing is changed, and the page says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backoffice.errors import BackofficeError, NotFound


@dataclass(frozen=True)
class Refused:
    """Why a change was refused: keys of the catalogue, the values of the sentence, the single faults."""

    message: str
    way_out: str | None
    values: Mapping[str, str]
    errors: tuple[Mapping[str, str], ...]
    status: int
    error: BackofficeError


def attempt(session: Session, act: Callable[[], None]) -> Refused | None:
    """Act, and return why it was refused, if it was; nothing of it stays then.

    Raises:
        NotFound: it is about something that is not there.
    """
    try:
        with session.begin_nested():
            act()
    except NotFound:
        raise
    except BackofficeError as error:
        return Refused(error.message, error.way_out, error.values, error.errors, error.status, error)
    return None
