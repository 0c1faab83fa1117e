"""`python -m backoffice.review.export` (`make nlu-export`): the labelled messages as Rasa training data.

Written to standard output, grouped by language and meaning as `nlu/data/` has them. What a mediator labelled
is read once more by a person before it goes into the data: `docs/adding-a-language.md` says how.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import yaml

from backoffice.database import Database
from backoffice.review.models import ReviewItem
from backoffice.review.queries import labelled_items
from backoffice.settings import read_settings


def main() -> None:
    """Write every labelled message of the settings' database."""
    settings = read_settings()
    database = Database(settings.url, secret=settings.secret)
    try:
        with database.read() as session:
            sys.stdout.write(as_training_data(labelled_items(session)))
    finally:
        database.close()


def as_training_data(items: Sequence[ReviewItem]) -> str:
    """Return labelled messages, in the order of `labelled_items`, as one file of Rasa's training data."""
    blocks: list[dict[str, Any]] = [
        {"intent": intent, "metadata": {"language": language}, "examples": _examples(group)}
        for (language, intent), group in groupby(items, key=lambda item: (item.language, item.intent))
    ]
    return yaml.dump(
        {"version": "3.1", "nlu": blocks}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )


class _Text(str):
    """A text of several lines, written as a block."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes `_Text` with `|`, as people write examples."""


def _block(dumper: _Dumper, text: _Text) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")


_Dumper.add_representer(_Text, _block)


def _examples(items: Iterable[ReviewItem]) -> _Text:
    # Rasa reads [words](entity) in an example: brackets that a person typed are no marks.
    texts = dict.fromkeys(item.text.translate(_BRACKETS) for item in items)
    return _Text("".join(f"- {text}\n" for text in texts))


_BRACKETS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")"})


if __name__ == "__main__":
    main()
