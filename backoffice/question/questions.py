"""What a further question is: its kind, its texts in every language, and who may read the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backoffice.client.schemas import FurtherKind
from translations.languages import SUPPORTED

MOST_QUESTIONS = 30
"""More than that nobody answers in a chat."""

MOST_OPTIONS = 20

LONGEST_BUTTON = 24
"""Letters that fit on a button of a 320 px phone with two buttons in a row."""

LONGEST_TITLE = 60
"""Letters of a short name or an option; a button of the chat takes no more than 100, whoever made it."""

LONGEST_SENTENCE = 160
"""Letters that a tired person reads at once; longer questions get a hint."""

LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 2000

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Texts = dict[Language, Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]]
"""A text in several languages; an empty one counts as missing."""

Kind = FurtherKind
"""What an answer is."""

WITH_OPTIONS = frozenset({Kind.ONE_OF, Kind.SEVERAL_OF})
FILTERABLE = WITH_OPTIONS | {Kind.YES_NO}
"""Kinds whose answers are few enough to be looked for."""


class Option(BaseModel):
    """One of the answers that are offered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    label: Texts = {}


class Question(BaseModel):
    """One further question. `code` and `kind` are its own for ever; all else is its version's.

    `title`: its name in a word or two, for lists and buttons. `label`: the question. `why`: why it is asked,
    shown to the person. `help` and `unit` are empty, or there in every language. `minimum` and `maximum`
    bound a whole number.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    kind: Kind
    title: Texts = {}
    label: Texts = {}
    help: Texts = {}
    why: Texts = {}
    unit: Texts = {}
    options: Annotated[tuple[Option, ...], Field(max_length=MOST_OPTIONS)] = ()
    required: bool = False
    sensitive: bool = False
    in_chat: bool = True
    minimum: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] | None = None
    maximum: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] | None = None
    retention_note: Annotated[str, Field(max_length=300)] = ""

    @property
    def is_filterable(self) -> bool:
        """Whether its answers may stand unsealed, to be looked for."""
        return self.kind in FILTERABLE and not self.sensitive

    @property
    def texts(self) -> dict[str, Mapping[str, str]]:
        """Every text by its place: `label`, `option.lift`."""
        named: dict[str, Mapping[str, str]] = {
            "title": self.title,
            "label": self.label,
            "help": self.help,
            "why": self.why,
        }
        if self.kind is Kind.NUMBER:
            named["unit"] = self.unit
        return named | {f"option.{option.code}": option.label for option in self.options}


OPTIONAL_TEXTS = frozenset({"help", "unit"})


@dataclass(frozen=True)
class Fault:
    """Something that keeps a version from being published, or a hint. `field` is a place of `texts`."""

    code: str
    what: str
    field: str = ""
    language: str = ""


def faults_of(questions: list[Question]) -> list[Fault]:
    """Return what must be mended before these questions can be asked."""
    found = [] if questions else [Fault("", "empty")]
    for question in questions:
        found += _faults(question)
    return found


def hints_for(questions: list[Question]) -> list[Fault]:
    """Return what makes these questions hard to read, which keeps nobody from publishing them."""
    return [hint for question in questions for hint in _hints(question)]


def text_of(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language; in Italian where it is missing, then in any."""
    return texts.get(language) or texts.get("it") or next((text for text in texts.values() if text), "")


def _faults(question: Question) -> Iterator[Fault]:
    for field, texts in question.texts.items():
        if field in OPTIONAL_TEXTS and not any(texts.values()):
            continue
        for language in SUPPORTED:
            if not texts.get(language):
                yield Fault(question.code, "missing", field, language)
            elif _is_title(field) and len(texts[language]) > LONGEST_TITLE:
                yield Fault(question.code, "too_long", field, language)
    if question.kind in WITH_OPTIONS and len(question.options) < 2:
        yield Fault(question.code, "too_few_options")
    low, high = question.minimum, question.maximum
    if question.kind is Kind.NUMBER and low is not None and high is not None and low > high:
        yield Fault(question.code, "bounds")


def _hints(question: Question) -> Iterator[Fault]:
    for field, texts in question.texts.items():
        longest = LONGEST_BUTTON if _is_title(field) else LONGEST_SENTENCE
        for language, text in texts.items():
            if len(text) > longest:
                yield Fault(question.code, "long", field, language)


def _is_title(field: str) -> bool:
    return field == "title" or field.startswith("option.")
