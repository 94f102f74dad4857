"""Serves a folder on this machine only, compressed as a web host would.

python book/bundle/serve.py build/_build/html 8000
"""

from __future__ import annotations

import errno
import gzip
import sys
from email.utils import formatdate
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

HOST = "127.0.0.1"
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".svg": "image/svg+xml"}
COMPRESSED = (".html", ".js", ".mjs", ".css", ".json", ".wasm", ".svg", ".txt")
FOR_EVER = "_static/podsim/"  # folders named after their content


class Handler(SimpleHTTPRequestHandler):
    """Files with the right types, compressed, pages never cached and hashed assets for ever."""

    extensions_map: ClassVar = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        wanted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not wanted or not path.is_file() or path.suffix not in COMPRESSED:
            super().do_GET()
            return
        body = compressed(path, path.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", formatdate(path.stat().st_mtime, usegmt=True))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """Says how long the answer may be kept."""
        keep = "public, max-age=31536000, immutable" if FOR_EVER in self.path else "no-cache"
        self.send_header("Cache-Control", keep)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The book's own page for what is not there."""
        page = Path(self.directory) / "404.html"
        if code == HTTPStatus.NOT_FOUND and page.is_file():
            self.error_message_format = page.read_text(encoding="utf-8").replace("%", "%%")
        super().send_error(code, message, explain)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Only what went wrong."""
        if args and str(args[1] if len(args) > 1 else "").startswith(("4", "5")):
            super().log_message(format, *args)


@lru_cache(maxsize=64)
def compressed(path: Path, _changed: int) -> bytes:
    """The file, gzipped; kept until it changes."""
    return gzip.compress(path.read_bytes(), 6)


def compress_assets(folder: Path) -> None:
    """Compresses the hashed folder beforehand: the first visitor need not wait for it."""
    for file in (folder / FOR_EVER).rglob("*"):
        if file.suffix in COMPRESSED:
            compressed(file, file.stat().st_mtime_ns)


def server(folder: Path, port: int, handler: type[Handler] = Handler) -> ThreadingHTTPServer:
    """A server of `folder`; port 0 takes a free one."""
    return ThreadingHTTPServer((HOST, port), partial(handler, directory=str(folder)))


def main() -> int:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    try:
        running = server(folder, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"port {port} is taken; choose another one: make serve PORT={port + 1}", file=sys.stderr)
        return 1
    compress_assets(folder)
    print(f"the book: http://localhost:{port}   (Ctrl-C ends it)", flush=True)
    try:
        running.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        running.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
