from __future__ import annotations

import pytest

from backoffice.conversation.facts import Fact, Origin, read_facts
from translations.catalog import text


@pytest.mark.parametrize("origin", ["typed", "button", "confirmed"])
def test_what_the_assistant_writes_is_read(origin: str) -> None:
    line = text("bot.fact", "it", label="Affitto", value="600 €", origin=text(f"bot.origin_{origin}", "it"))
    assert read_facts([line]) == [Fact("Affitto: 600 €", Origin(origin))]


@pytest.mark.parametrize("origin", list(Origin))
def test_each_origin_has_its_words(origin: Origin) -> None:
    words = text(f"backoffice.workplace.origin.{origin}", "it")
    assert read_facts([f"Nome: Olena ({words})", f"Nome: Olena [{origin}]"]) == [
        Fact("Nome: Olena", origin),
        Fact("Nome: Olena", origin),
    ]


def test_other_brackets_are_shown_as_they_are() -> None:
    assert read_facts(["Numero 112 (assistente)", "senza origine", "2 (due) stanze"]) == [
        Fact("Numero 112", None, "assistente"),
        Fact("senza origine"),
        Fact("2 (due) stanze"),
    ]
