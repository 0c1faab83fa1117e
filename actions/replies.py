"""What an action says: keys of the catalogues become texts and buttons here, and nowhere else.

Dates, sums and lists are written as each language writes them, always with the digits 0 to 9,
because that is what Italian offices, telephones and contracts show.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal
from rasa_sdk.executor import CollectingDispatcher

from translations import catalog
from translations.languages import LANGUAGES, SUPPORTED

ROME = ZoneInfo("Europe/Rome")
"""Times are stored in UTC and told in the district's own time."""

STAFF_LANGUAGE = "it"
"""What staff read in a summary."""

_LONGEST_PARTICLE = 2
_FIRST_INDIC, _LAST_INDIC = "\u0900", "\u0dff"
_LONGEST_OPENING = 4
_MARKS_BEHIND_A_NAME = " ,;!،。，！।۔"

__all__ = [
    "LANGUAGES",
    "ROME",
    "STAFF_LANGUAGE",
    "SUPPORTED",
    "Button",
    "Replies",
    "language_button",
    "payload",
]


@dataclass(frozen=True)
class Button:
    """A button: its title as it is read, and what it means to Rasa.

    A `lasting` button opens a topic and stays valid for the conversation; another one answers the
    question that it stands under.
    """

    title: str
    payload: str
    lasting: bool = False


def payload(intent: str, **entities: str) -> str:
    """Return what a button means to Rasa: `/inform{"field": "people", "choice": "4"}`."""
    return f"/{intent}{json.dumps(entities)}" if entities else f"/{intent}"


def language_button(code: str) -> Button:
    """Return the lasting button that changes to a language, in that language's own name."""
    return Button(LANGUAGES[code].own_name, payload("change_language", language_name=code), lasting=True)


class Replies:
    """The messages that one action says, in one language, in order."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.said: list[tuple[str, tuple[Button, ...]]] = []

    def say(self, key: str, *, buttons: Iterable[Button] = (), **values: str) -> None:
        """Say the text of a key, with buttons below it."""
        self.say_text(self.text(key, **values), buttons=buttons)

    def say_text(self, text: str, *, buttons: Iterable[Button] = ()) -> None:
        """Say a text that is already in the person's language."""
        self.said.append((text, tuple(buttons)))

    def text(self, key: str, **values: str) -> str:
        """Return the text of a key."""
        return catalog.text(key, self.language, **values)

    def count(self, key: str, count: int, **values: str) -> str:
        """Return the form of a key that fits the number; `{count}` is the number."""
        return catalog.plural(key, self.language, count, **values)

    def button(self, key: str, payload: str, *, lasting: bool = False) -> Button:
        """Return a button whose title is the key `bot.button.<key>`."""
        return Button(self.text(f"bot.button.{key}"), payload, lasting)

    def day(self, day: date) -> str:
        """Write a day: "1 febbraio 2027"."""
        return format_date(day, format="long", locale=_locale(self.language))

    def month(self, day: date) -> str:
        """Write a month: "febbraio 2027"."""
        return format_skeleton("yMMMM", day, locale=_locale(self.language))

    def weekday(self, number: int) -> str:
        """Name a day of the week, Monday 0."""
        name: str = get_day_names("wide", context="stand-alone", locale=_locale(self.language))[number]
        return name[:1].upper() + name[1:]

    def time(self, moment: datetime) -> str:
        """Write a moment as the district's clocks show it: "lunedì 30 novembre 2026, 09:00".

        The day stands as the language orders it: "2026年11月30日星期一, 09:00".
        """
        local = moment.astimezone(ROME)
        return f"{format_date(local, format='full', locale=_locale(self.language))}, {local:%H:%M}"

    def euros(self, amount: int | Decimal) -> str:
        """Write a sum: "1.200 €", "78,50 €", the sign always behind as on Italian papers."""
        cents = None if amount == int(amount) else "#,##0.00"
        return f"{format_decimal(amount, format=cents, locale=_locale(self.language))}\N{NO-BREAK SPACE}€"

    def enumeration(self, parts: Sequence[str]) -> str:
        """Write several things in a row, the last one with the language's own "and"."""
        return format_list(list(parts), locale=_locale(self.language))

    def language_name(self, code: str) -> str:
        """Name a language, in the language of the conversation where Babel knows how."""
        return _locale(self.language).languages.get(code) or code

    def code_typed(self, typed: str, titles: Mapping[str, str]) -> str | None:
        """Return the code whose button's words stand in a typed text, in this language or in Italian.

        `titles`: code -> key of its button. `bot.words.<key>` may list further words, with commas. Of
        several the longest words win: "not open-ended" before "open-ended".
        """
        heard = f" {_folded(typed)} "
        found = [
            (len(words), code)
            for code, title in titles.items()
            for words in self._words(title)
            if words and _stands_in(words, heard)
        ]
        return max(found, key=lambda match: match[0])[1] if found else None

    def code_worded(self, typed: str, words: Mapping[str, str]) -> str | None:
        """Return the code whose words, which no catalogue has, stand in a typed text; the longest win."""
        heard = f" {_folded(typed)} "
        folded = {code: _folded(text) for code, text in words.items()}
        found = [(len(text), code) for code, text in folded.items() if text and _stands_in(text, heard)]
        return max(found, key=lambda match: match[0])[1] if found else None

    def is_question(self, typed: str) -> bool:
        """Tell whether a text asks something: a question mark, or a word that questions begin with."""
        heard = f"{_folded(typed)} "
        return any(mark in typed for mark in "?？؟") or any(
            words and heard.startswith(f"{words} ") for words in self._words("question")
        )

    def without_opening(self, typed: str, key: str) -> str:
        """Return a text without words that `bot.words.<key>` lists and that it begins with: "mi chiamo"."""
        words = typed.split()
        openings = set(self._words(key)) - {""}
        for count in range(min(len(words) - 1, _LONGEST_OPENING), 0, -1):
            if _folded(" ".join(words[:count])) in openings:
                return " ".join(words[count:])
        # Chinese writes no spaces: 我叫王小明.
        written = [opening.replace(" ", "") for opening in openings if _is_chinese(opening[0])]
        longest = max((o for o in written if typed.startswith(o) and typed != o), key=len, default="")
        return typed.removeprefix(longest)

    def without_closing(self, typed: str, key: str) -> str:
        """Return a text without what `bot.words.<key>` lists and it ends with: "... hai", "merci"."""
        words = typed.split()
        closings = set(self._words(key)) - {""}
        while len(words) > 1 and _folded(words[-1]) in closings:
            words.pop()
        return " ".join(words).rstrip(_MARKS_BEHIND_A_NAME)

    def contains(self, typed: str, key: str) -> bool:
        """Tell whether one of the words that `bot.words.<key>` lists stands anywhere in a typed text."""
        heard = f" {_folded(typed)} "
        return any(words and f" {words} " in heard for words in self._words(key))

    def begins_with(self, typed: str, key: str) -> bool:
        """Tell whether a typed text begins with one of the words that `bot.words.<key>` lists."""
        heard = _folded(typed)
        return any(words and f"{heard} ".startswith(f"{words} ") for words in self._words(key))

    def is_typed(self, typed: str, key: str) -> bool:
        """Tell whether a typed text is one of the words that `bot.words.<key>` lists, and nothing else."""
        return _folded(typed) in set(self._words(key)) - {""}

    def send(self, dispatcher: CollectingDispatcher) -> None:
        """Hand all that was said to Rasa."""
        for text, buttons in self.said:
            dispatcher.utter_message(
                text=text,
                buttons=[{"title": b.title, "payload": b.payload, "lasting": b.lasting} for b in buttons],
            )

    def _words(self, title: str) -> Iterator[str]:
        for language in (self.language, STAFF_LANGUAGE):
            if catalog.has(f"bot.button.{title}"):
                yield _folded(catalog.text(f"bot.button.{title}", language))
            if catalog.has(f"bot.words.{title}"):
                yield from map(_folded, catalog.text(f"bot.words.{title}", language).split(","))


def _stands_in(words: str, heard: str) -> bool:
    """Tell whether words stand in a text; "sì" and "no" count at its beginning alone: "si può"."""
    place = heard.find(f" {words} ")
    return place == 0 if len(words) <= _LONGEST_PARTICLE else place >= 0


def _folded(text: str) -> str:
    """Take away case, accents and punctuation.

    The vowel signs of Indic scripts are letters, not accents. Each Chinese character is a word of its own.
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(
        f" {letter} " if _is_chinese(letter) else letter if _is_letter_like(letter) else " "
        for letter in letters
        if not unicodedata.combining(letter) or _is_indic(letter)
    )
    return " ".join(plain.split())


def _is_chinese(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


def _is_letter_like(letter: str) -> bool:
    return letter.isalnum() or letter in "_\u200c\u200d" or _is_indic(letter)


def _is_indic(letter: str) -> bool:
    return _FIRST_INDIC <= letter <= _LAST_INDIC and unicodedata.category(letter) in ("Mn", "Mc", "Lo", "Nd")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language if language in LANGUAGES else STAFF_LANGUAGE)
