"""A mirror of Argos's index on this machine, which can be told to behave badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Mirror:
    """Files by path. `cut_after`: how many bytes of the next answers arrive before the line is cut."""

    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    cut_after: list[int] = field(default_factory=list)
    knows_ranges: bool = True
    url: str = ""

    def offer(self, file: Path, version: str = "0.1", *, pair: tuple[str, str] | None = None) -> None:
        """List a package file in the index."""
        source, target = pair or tuple(file.stem.split("_")[:2])
        index = json.loads(self.files.get("/index.json", b"[]"))
        path = f"/files/{file.stem}-{version}.argosmodel"
        index.append(
            {
                "from_code": source,
                "to_code": target,
                "package_version": version,
                "type": "translate",
                "links": ["ipfs://nowhere", path],
            }
        )
        self.files["/index.json"] = json.dumps(index).encode()
        self.files[path] = file.read_bytes()

    def fetched(self) -> list[str]:
        """The package files that were asked for."""
        return [path for path, _ in self.requests if path.startswith("/files/")]


@contextmanager
def run_mirror() -> Iterator[Mirror]:
    """Serve a mirror on a free port of the loopback."""
    mirror = Mirror()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, mirror)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    mirror.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield mirror
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(request: BaseHTTPRequestHandler, mirror: Mirror) -> None:
    """Answer with a file, a part of it, or the beginning of it."""
    wanted = request.headers.get("Range")
    mirror.requests.append((request.path, wanted))
    data = mirror.files.get(request.path)
    if data is None:
        request.send_error(404)
        return
    start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and mirror.knows_ranges else 0
    if start and start >= len(data):
        request.send_response(416)
        request.send_header("Content-Range", f"bytes */{len(data)}")
        request.end_headers()
        return
    request.send_response(206 if start else 200)
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    body = data[start:]
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    is_cut = bool(mirror.cut_after) and request.path.startswith("/files/")
    request.wfile.write(body[: mirror.cut_after.pop(0)] if is_cut else body)
    request.close_connection = True
