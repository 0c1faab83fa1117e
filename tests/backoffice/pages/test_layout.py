from __future__ import annotations

import re

import httpx
import pytest

from backoffice.staff.models import Staff
from backoffice.templating import FOLDER, SECURITY_HEADERS, STATIC
from tests.backoffice.pages.browser import HTML, Browser


async def test_every_answer_carries_the_security_headers(window: Browser, coordinator: Staff) -> None:
    await window.sign_in(coordinator)
    for path in ("/", "/conversations", "/cases", "/cases/none", "/api/v1/cases", "/static/staff.css"):
        answer = await window.get(path)
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value, path
    assert "unsafe" not in SECURITY_HEADERS["Content-Security-Policy"]


async def test_pages_are_kept_by_no_cache_and_files_by_every(window: Browser) -> None:
    page = await window.get("/sign-in")
    assert page.headers["cache-control"] == "no-store"
    address = re.search(r'href="(/static/staff\.css\?v=[0-9a-f]+)"', page.text)
    assert address is not None
    assert "immutable" in (await window.get(address.group(1))).headers["cache-control"]


async def test_a_page_asks_no_third_party_for_anything(window: Browser, coordinator: Staff) -> None:
    await window.sign_in(coordinator)
    for path in ("/", "/conversations", "/cases"):
        html = await window.read(path)
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//', html) == []


@pytest.mark.parametrize("template", sorted(FOLDER.rglob("templates/*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style(template: object) -> None:
    text = open(str(template), encoding="utf-8").read()  # noqa: SIM115, PTH123
    assert re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", text) is None


async def test_an_unknown_page_has_a_way_out(window: Browser, coordinator: Staff) -> None:
    await window.sign_in(coordinator)
    answer = await window.get("/there/is/nothing")
    assert answer.status_code == 404
    assert "Pagina non trovata" in answer.text
    assert 'href="/"' in answer.text


async def test_the_browser_s_language_is_followed_until_one_is_chosen(http: httpx.AsyncClient) -> None:
    english = await http.get("/sign-in", headers={**HTML, "Accept-Language": "en-GB,it;q=0.5"})
    other = await http.get("/sign-in", headers={**HTML, "Accept-Language": "de"})
    assert "Staff sign-in" in english.text
    assert "Accesso operatori" in other.text


def test_the_vendored_files_are_the_ones_that_the_readme_names() -> None:
    import hashlib

    table = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    sums = dict(re.findall(r"\| `([^`]+)` \| [^|]+ \| `([0-9a-f]{64})` \|", table))
    files = {str(path.relative_to(STATIC / "vendor")) for path in (STATIC / "vendor").glob("*/*")}
    assert set(sums) == files
    for name, expected in sums.items():
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == expected


async def test_what_is_personal_is_kept_by_no_cache_and_scripts_write_no_strings_of_their_own(
    http: httpx.AsyncClient,
) -> None:
    answer = await http.get("/sign-in", headers={"Accept": "text/html"})
    policy = answer.headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "camera=()" in answer.headers["Permissions-Policy"]
