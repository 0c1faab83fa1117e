"""What MkDocs does beyond its own (`hooks` of mkdocs.yml): the repository's documents as pages of a site.

Documents are written for whoever reads them in the repository. For the site links that lead out of `docs/`
are turned, lists get the blank lines and depths that Python-Markdown wants, and a leaflet gives its page
language and direction. Nothing here runs outside of `make docs`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

OF_THE_ROOT = ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
"""Documents at the top of the repository that are pages of the site."""

_SHIM_ELSEWHERE = "https://unpkg.com/iframe-worker/shim"
SHIM_HERE = "vendor/iframe-worker/shim.js"
"""With it the search works in pages that are opened from a folder."""

_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
_LEAFLET = re.compile(r'<div(?P<rtl> dir="rtl")? lang="(?P<language>[a-z]{2})" markdown="1">')
_ITEM = re.compile(r"( *)(?:[*+-]|\d+\.) ")
_THEME_SPEAKS = frozenset({"it", "en", "fr", "es", "ro", "sq", "uk", "ar", "ur", "bn", "zh"})
"""Languages that Material for MkDocs knows words of; the others keep the English ones around their page."""


def on_files(files: Any, config: Any) -> Any:
    """Add the documents at the top of the repository."""
    from mkdocs.structure.files import File

    for name in OF_THE_ROOT:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Turn links and lists of a document into those of the site."""
    return _outside_code(with_links(markdown, page.file.src_uri), with_lists)


def on_page_context(context: Any, *, page: Any, config: Any, **_: Any) -> Any:
    """Say the words around a leaflet in its language, from its side."""
    language, direction = language_of(page.markdown or "")
    config.theme["language"] = language if language in _THEME_SPEAKS else "en"
    config.theme["direction"] = direction
    return context


def on_post_page(output: str, *, page: Any, **_: Any) -> str:
    """Take what the theme would fetch from another host from this site."""
    return output.replace(_SHIM_ELSEWHERE, "../" * page.url.count("/") + SHIM_HERE)


def on_post_template(output_content: str, **_: Any) -> str:
    """Do the same for the page that says that there is none; it may be shown from any folder."""
    return output_content.replace(_SHIM_ELSEWHERE, f"/{SHIM_HERE}")


def language_of(markdown: str) -> tuple[str, str]:
    """Return the language of a document, and `ltr` or `rtl`: English unless it is wrapped in another."""
    found = _LEAFLET.match(markdown.lstrip())
    if found is None:
        return "en", "ltr"
    return found["language"], "rtl" if found["rtl"] else "ltr"


def with_links(markdown: str, document: str) -> str:
    """Return a document whose links lead to pages of the site; what is no page is only named.

    Args:
        markdown: the document.
        document: its path, such as `leaflet/it.md`; of one at the top of the repository its name.
    """
    folder = ROOT if document in OF_THE_ROOT else (ROOT / "docs" / document).parent

    def turned(link: re.Match[str]) -> str:
        words, (path, _, heading) = link[1], link[2].partition("#")
        if re.match(r"[a-z]+:", path) or not path:
            return link[0]
        reached = (folder / path).resolve()
        place = _place(reached)
        if place is None:
            return words if words.startswith("`") else f"{words} (`{reached.relative_to(ROOT)}`)"
        up = "../" * document.count("/")
        return f"[{words}]({up}{place}{'#' + heading if heading else ''})"

    return _outside_code(markdown, lambda prose: _LINK.sub(turned, prose))


def _place(path: Path) -> str | None:
    """Return a file's place in the site, or nothing where it has none."""
    if path == ROOT / "README.md":
        return "index.md"
    if path.parent == ROOT and path.name in OF_THE_ROOT:
        return path.name
    if path.is_relative_to(ROOT / "docs"):
        first = min(path.glob("*.md"), default=path) if path.is_dir() else path
        return first.relative_to(ROOT / "docs").as_posix()
    return None


def with_lists(markdown: str) -> str:
    """Return a document whose lists begin after a blank line, with what hangs in one 4 letters deep."""
    written: list[str] = []
    in_list = False
    for line in markdown.split("\n"):
        item = _ITEM.match(line)
        if item and not in_list and written and written[-1].strip():
            written.append("")
        if item:
            in_list = True
        elif line.strip() and not line.startswith(" "):
            in_list = in_list and bool(written and written[-1].strip())
        written.append(line.replace(item[1], item[1] * 2, 1) if item and in_list else line)
    return "\n".join(written)


def _outside_code(markdown: str, change: Any) -> str:
    parts = re.split(r"(```.*?```)", markdown, flags=re.DOTALL)
    return "".join(part if part.startswith("```") else change(part) for part in parts)
