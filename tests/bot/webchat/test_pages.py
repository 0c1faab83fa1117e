import httpx
import pytest

from tests.bot.fakes import FakeBackoffice, FakeRasa
from translations.catalog import area_texts


async def test_the_page_runs_under_a_strict_policy_and_in_no_frame(http: httpx.AsyncClient) -> None:
    page = await http.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"


async def test_only_the_embedded_page_may_stand_in_a_frame(http: httpx.AsyncClient) -> None:
    page = await http.get("/embed")
    assert page.status_code == 200
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in page.headers


async def test_the_widget_may_be_loaded_by_any_site(http: httpx.AsyncClient) -> None:
    widget = await http.get("/widget.js")
    assert widget.status_code == 200
    assert widget.headers["content-type"].startswith("text/javascript")
    assert widget.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


async def test_static_files_are_asked_for_again_and_not_sent_again(http: httpx.AsyncClient) -> None:
    script = await http.get("/static/chat.js")
    assert script.status_code == 200
    assert script.headers["Cache-Control"] == "no-cache"
    again = await http.get("/static/chat.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304
    assert (await http.get("/static/..%2f..%2fsettings.py")).status_code == 404


@pytest.mark.parametrize("language", ["it", "uk", "ar"])
async def test_the_page_finds_its_words_and_the_languages_to_choose_from(
    http: httpx.AsyncClient, language: str
) -> None:
    answer = await http.get(f"/texts/{language}.json")
    words = answer.json()
    assert words["language"] == language
    assert words["direction"] == ("rtl" if language == "ar" else "ltr")
    assert words["texts"] == area_texts("web", language)
    assert {"code": "uk", "name": "Українська", "direction": "ltr"} in words["languages"]
    again = await http.get(f"/texts/{language}.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_language_that_is_not_spoken_has_no_words(http: httpx.AsyncClient) -> None:
    answer = await http.get("/texts/fr.json")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_the_office_is_told_also_while_the_backoffice_is_away(
    backoffice: FakeBackoffice, http: httpx.AsyncClient
) -> None:
    answer = await http.get("/chat/office", params={"language": "uk"})
    assert answer.json()["name"] == "Comunità Sociale Cremasca"
    backoffice.away = True
    assert (await http.get("/chat/office", params={"language": "uk"})).status_code == 200
    assert (await http.get("/chat/office", params={"language": "ar"})).status_code == 503
    backoffice.away, backoffice.office = False, None
    assert (await http.get("/chat/office", params={"language": "en"})).status_code == 404


async def test_health_names_what_is_down(
    backoffice: FakeBackoffice, rasa: FakeRasa, http: httpx.AsyncClient
) -> None:
    well = await http.get("/health")
    assert (well.status_code, well.json()) == (
        200,
        {"status": "ok", "backoffice": "ok", "rasa": "ok", "telegram": "off"},
    )
    backoffice.away = True
    ill = await http.get("/health")
    assert (ill.status_code, ill.json()["status"], ill.json()["backoffice"]) == (503, "down", "down")
    backoffice.away, rasa.alive = False, False
    assert (await http.get("/health")).json()["rasa"] == "down"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/chat/messages", 405)]
)
async def test_what_does_not_exist_is_a_problem_document(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
