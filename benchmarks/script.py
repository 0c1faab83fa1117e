"""The dialogues that are played on both sides: a greeting, a question, and a search for a home to its end.

The words are those of invented people in twelve languages (`talk.yml`, `tests/stack/conversations.yml`).
Which question was asked is recognised by the catalogue, as a test does it; so a wrong answer is noticed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.speakers import Answer, LostMessage, Speaker
from tests.stack.forms import HOUSING_END, number_in
from translations.catalog import catalogue
from translations.languages import SUPPORTED

_HERE: Final = Path(__file__).resolve().parent
_ISOLATES: Final = str.maketrans("", "", "\u2066\u2067\u2068\u2069\u200e\u200f")
_LONGEST_FORM: Final = 40

Turn = Callable[[Awaitable[Answer]], Awaitable[Answer]]

LANGUAGES: Final = tuple(sorted(SUPPORTED))


@cache
def _words() -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    talk = yaml.safe_load((_HERE / "talk.yml").read_text(encoding="utf-8"))
    path = _HERE.parent / "tests" / "stack" / "conversations.yml"
    return talk, yaml.safe_load(path.read_text(encoding="utf-8"))


def question(language: str) -> str:
    """Return a question about the services."""
    return _words()[0][language]


async def play(person: Speaker) -> AsyncIterator[tuple[str, Answer]]:
    """Play one dialogue; yield each turn's kind and answer, `form` for those that fill in the form.

    Raises:
        LostMessage: an answer is not one that the dialogue knows, or the request was not registered.
    """
    language, conversation = person.language, _words()[1][person.language]
    yield "greeting", await person.say(conversation["greeting"])
    yield "question", await person.say(question(language))
    answer = await person.say(conversation["opening"])
    yield "opening", answer
    typed = {f"bot.ask_{slot}": words for slot, words in conversation["answers"].items()}
    send = catalogue(language).forms["bot.button.confirmed_send"][0]
    for _ in range(_LONGEST_FORM):
        key = _recognised(answer, language, (HOUSING_END, "bot.ask_confirmed", *typed))
        if key == HOUSING_END:
            number_in("\n".join(answer.texts))
            return
        answer = await (person.press(send) if key == "bot.ask_confirmed" else person.say(typed[key]))
        yield "form", answer
    raise LostMessage(f"{language}: the form has no end")


def _recognised(answer: Answer, language: str, keys: tuple[str, ...]) -> str:
    said = "\n".join(answer.texts).translate(_ISOLATES)
    for key in keys:
        if any(pattern.search(said) for pattern in _patterns(key, language)):
            return key
    raise LostMessage(f"{language}: an answer that the dialogue does not know: {said[:80]}")


@cache
def _patterns(key: str, language: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(r"\s*".join(_pieces(form)), re.DOTALL) for form in catalogue(language).forms[key])


def _pieces(form: str) -> list[str]:
    """Return a form's words as patterns: what is put into its places may be anything, white space too."""
    parts = re.split(r"\{[a-z][a-z0-9_]*\}", form)
    return [".*".join(r"\s+".join(map(re.escape, part.split())) for part in parts)]
