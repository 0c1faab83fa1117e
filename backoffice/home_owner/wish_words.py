"""Words that usually are a wish that discriminates, by a list that people have reviewed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from backoffice.home_owner.models import WishGround
from backoffice.search.folding import fold

_LIST = Path(__file__).with_name("discriminating_words.yml")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class FoundWish:
    """Words of the list that stand in a text, and what they discriminate by."""

    phrase: str
    ground: WishGround


def wishes_in(*texts: str | None) -> list[FoundWish]:
    """Return what of the list stands in the texts, each once; words are compared whole."""
    plain = [f" {_plain(text)} " for text in texts if text]
    return [found for found in _known() if any(f" {_plain(found.phrase)} " in text for text in plain)]


@cache
def _known() -> tuple[FoundWish, ...]:
    listed = yaml.safe_load(_LIST.read_text(encoding="utf-8"))
    return tuple(
        FoundWish(phrase, WishGround(ground)) for ground, phrases in listed.items() for phrase in phrases
    )


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))
