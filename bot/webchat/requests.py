"""What a page may send, and nothing else: unknown fields are refused (attack 33)."""

from __future__ import annotations

import json
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.requests import Request

from bot.messages import storable
from bot.webchat.problems import RequestRefused
from translations.languages import SUPPORTED

TEXT_LIMIT = 4096
"""Characters of one message, as on Telegram."""

_LANGUAGE = r"^[a-z]{2}$"


def _has_words(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return storable(text)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SessionBody(_Body):
    """`POST /chat/sessions`. A language that the assistant does not speak is only a wish."""

    language: Annotated[str, Field(pattern=_LANGUAGE)] | None = None


class MessageBody(_Body):
    """`POST /chat/messages`: a text or a press on a button, under a number made by the page."""

    id: UUID
    text: Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_has_words)] | None = None
    button: Annotated[str, Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> MessageBody:
        if (self.text is None) == (self.button is None):
            raise ValueError("exactly one of text and button is needed")
        return self


class LanguageBody(_Body):
    """`PUT /chat/language`."""

    language: Annotated[str, Field(pattern=_LANGUAGE)]


AnyBody = TypeVar("AnyBody", bound=_Body)


async def read_body(request: Request, kind: type[AnyBody]) -> AnyBody:
    """Read a JSON body; an empty one counts as `{}`.

    Raises:
        RequestRefused: 422, with the fields that are wrong and without what was in them.
    """
    content = await request.body()
    try:
        return kind.model_validate(_whole(json.loads(content or b"{}")))
    except (ValueError, RecursionError) as error:
        if not isinstance(error, ValidationError):
            fields = [{"field": "body", "message": "not JSON"}]
            raise RequestRefused(422, "The request is not as it should be.", errors=fields) from None
        fields = [
            {"field": ".".join(map(str, one["loc"])) or "body", "message": one["msg"]}
            for one in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise RequestRefused(422, "The request is not as it should be.", errors=fields) from None


def _whole(document: object) -> object:
    """Replace half characters: a phone that cuts an emoji in two must not lose the words around it."""
    if not isinstance(document, dict):
        return document
    return {
        storable(name): storable(value) if isinstance(value, str) else value
        for name, value in document.items()
    }


def supported_language(language: str) -> str:
    """Return the language.

    Raises:
        RequestRefused: 422, the assistant does not speak it here.
    """
    if language not in SUPPORTED:
        fields = [{"field": "language", "message": f"one of {', '.join(SUPPORTED)}"}]
        raise RequestRefused(422, "This language is not spoken here.", errors=fields)
    return language


def sequence_number(value: str | None) -> int:
    """Return the number after which messages are wanted; none means from the beginning.

    Raises:
        RequestRefused: 422, not a whole number from 0.
    """
    if value is None or value == "":
        return 0
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        fields = [{"field": "after", "message": "a whole number from 0"}]
        raise RequestRefused(422, "The number is not as it should be.", errors=fields)
    return int(value)
