"""The public pages of the guide: of the last copy, in every language, whatever else is down."""

from __future__ import annotations

import httpx
import pytest

from backoffice.client.guide_copy import GuideCopies
from tests.bot.fakes import FakeBackoffice
from tests.bot.guide_copies import copied_guide
from translations.catalog import text
from translations.languages import SUPPORTED, direction


async def test_the_list_of_topics_names_the_day_of_the_copy_in_italy(
    http: httpx.AsyncClient, copies: GuideCopies, backoffice: FakeBackoffice
) -> None:
    copies.keep(copied_guide())
    backoffice.away = True

    page = await http.get("/guide?language=it")

    assert page.status_code == 200
    assert "25 novembre 2026" in page.text
    assert 'href="/guide/residence_permit?language=it"' in page.text
    assert "112" in page.text


@pytest.mark.parametrize("language", SUPPORTED)
async def test_each_language_has_its_own_words_and_direction(
    http: httpx.AsyncClient, copies: GuideCopies, language: str
) -> None:
    copies.keep(copied_guide(language))

    page = await http.get(f"/guide?language={language}")

    assert f'<html lang="{language}" dir="{direction(language)}">' in page.text
    assert text("guide_copy.choose", language) in page.text
    assert text("bot.button.intent_ask_tax_code", language) in page.text


async def test_a_topic_shows_its_cases_with_sources_and_what_is_to_be_known_of_the_copy(
    http: httpx.AsyncClient, copies: GuideCopies
) -> None:
    copies.keep(copied_guide(is_stale=True))

    page = await http.get("/guide/residence_permit?language=it")

    assert page.status_code == 200
    assert "<summary>Rinnovo</summary>" in page.text
    assert "• Passaporto" in page.text
    assert page.text.count(text("guide_copy.stale", "it")) == 1
    assert "Fonte: Patronato SIAS (2025). Controllato il 23 novembre 2026." in page.text


async def test_a_topic_with_one_case_tells_it_at_once_and_marks_stay_text(
    http: httpx.AsyncClient, copies: GuideCopies
) -> None:
    copies.keep(copied_guide())

    page = await http.get("/guide/tax_code?language=it")

    assert "Tutti." in page.text
    assert "<details" not in page.text
    assert "gratis &lt;b&gt;" in page.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("uk-UA,uk;q=0.9", "uk"), ("de,fr;q=0.8", "fr"), ("", "it"), ("*", "it"), ("x" * 5000, "it")],
)
async def test_without_a_choice_the_browser_says_which_language(
    http: httpx.AsyncClient, copies: GuideCopies, accepted: str, language: str
) -> None:
    copies.keep(copied_guide(language))

    page = await http.get("/guide", headers={"Accept-Language": accepted})

    assert f'<html lang="{language}"' in page.text


async def test_an_unknown_topic_and_a_missing_copy_have_a_way_on(
    http: httpx.AsyncClient, copies: GuideCopies
) -> None:
    copies.keep(copied_guide())

    unknown = await http.get("/guide/football?language=it")
    missing = await http.get("/guide?language=ur")

    assert (unknown.status_code, missing.status_code) == (404, 503)
    assert 'href="/guide?language=it"' in unknown.text
    assert text("guide_copy.none", "ur") in missing.text
    assert "112" in missing.text


async def test_the_pages_run_under_the_same_policy_as_the_chat(
    http: httpx.AsyncClient, copies: GuideCopies
) -> None:
    copies.keep(copied_guide())

    page = await http.get("/guide/tax_code?language=it")

    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "style=" not in page.text
