"""The documents as a site, without building it: who finds what, and from which side a page is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import site
from deploy.settings import ROOT
from translations.languages import LANGUAGES

DOCS = ROOT / "docs"


class Loader(yaml.SafeLoader):
    """Reads mkdocs.yml; what it names of Python stays a name."""


Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


def pages(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        for named in entry.values() if isinstance(entry, dict) else [entry]:
            yield from [named] if isinstance(named, str) else pages(named)


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    return yaml.load((ROOT / "mkdocs.yml").read_text(), Loader)  # type: ignore[no-any-return]


def test_the_navigation_names_every_document_once(config: dict[str, Any]) -> None:
    documents = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")]
    assert sorted(pages(config["nav"])) == sorted([*documents, *site.OF_THE_ROOT])


def test_there_is_a_part_for_each_kind_of_reader(config: dict[str, Any]) -> None:
    parts = [next(iter(entry)) for entry in config["nav"]]
    assert parts == ["Sportello", "Citizens", "Staff", "Operators", "Contributors"]


def test_a_leaflet_stands_in_the_navigation_under_its_languages_own_name(config: dict[str, Any]) -> None:
    citizens = next(entry["Citizens"] for entry in config["nav"] if "Citizens" in entry)
    named = {page: name for entry in citizens if isinstance(entry, dict) for name, page in entry.items()}
    assert named == {f"leaflet/{code}.md": language.own_name for code, language in LANGUAGES.items()}


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_leaflet_is_read_from_its_own_side(code: str) -> None:
    leaflet = (DOCS / "leaflet" / f"{code}.md").read_text()
    assert site.language_of(leaflet) == (code, LANGUAGES[code].direction)


def test_other_documents_are_english_from_the_left() -> None:
    assert site.language_of((DOCS / "running.md").read_text()) == ("en", "ltr")


def test_the_site_takes_no_letters_and_no_search_from_others(config: dict[str, Any]) -> None:
    assert config["theme"]["font"] is False
    assert config["extra"]["generator"] is False
    assert not any("http" in str(config.get(name, "")) for name in ("extra_css", "extra_javascript"))
    assert not [path for path in DOCS.rglob("*.md") if "```mermaid" in path.read_text()]
    assert (DOCS / site.SHIM_HERE).is_file()


@pytest.mark.parametrize(
    ("document", "written", "in_the_site"),
    [
        ("index.md", "[the README](../README.md)", "[the README](index.md)"),
        ("security.md", "[how](../SECURITY.md)", "[how](SECURITY.md)"),
        ("leaflet/index.md", "[x](../adding-a-language.md#x)", "[x](../adding-a-language.md#x)"),
        ("architecture.md", "[all](decisions/)", "[all](decisions/0001-record-decisions.md)"),
        ("scaling.md", "[compose](../deploy/compose.yml)", "compose (`deploy/compose.yml`)"),
        ("scaling.md", "[`compose.yml`](../deploy/compose.yml)", "`compose.yml`"),
        ("CONTRIBUTING.md", "[glossary](docs/glossary.md)", "[glossary](glossary.md)"),
        ("index.md", "[there](https://example.org/x)", "[there](https://example.org/x)"),
        ("index.md", "```\n[no](../deploy/x)\n```", "```\n[no](../deploy/x)\n```"),
    ],
)
def test_a_link_leads_to_a_page_of_the_site(document: str, written: str, in_the_site: str) -> None:
    assert site.with_links(written, document) == in_the_site


def test_a_list_begins_after_a_blank_line_and_hangs_four_letters_deep() -> None:
    assert site.with_lists("Look:\n* one\n  * two\n\nEnd") == "Look:\n\n* one\n    * two\n\nEnd"


def test_the_lock_of_the_site_names_no_index() -> None:
    lock = (Path(DOCS) / "requirements.txt").read_text()
    assert "--hash=sha256:" in lock
    assert "http" not in lock
