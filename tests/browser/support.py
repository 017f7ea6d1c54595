"""Pages of made notes in a real browser, with a record of all that goes wrong there."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from techstock.cli import main
from tests.images.pictures import make_image
from tests.support import make_project

BROWSERS = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "firefox": ("firefox", "firefox-esr")}

_DRAIN = "- 待避: 水門のそばで新しい舟を受けず、流れを見ながら空くのを待つ状態のこと。\n"
_QUEUE = "- Queue: a line of ships that wait before the gate until the water is high enough.\n"
NOTES: dict[str, str | bytes] = {
    "techstock.toml": "",
    "朝/a.md": f"# 朝\n\n{_DRAIN}{_QUEUE}\n- ﾄﾞﾚｲﾝ: 水を抜くこと。\n\n![図](../水門.png)\n\n![](gone.png)\n",
    "夜/b.md": f"# 夜\n\n{_DRAIN}{_QUEUE}  - They pay by length.\n\n"
    "- 復旧: 待避のあとに始めること。\n- 復旧: 別の意味。\n",
    "夜/c.md": "# 式\n\n- 式: 水の深さを測るときに使う式 $a^2$ で、朝と夜に一度ずつ計算しておくもののこと。\n",
    "夜/d.md": "# 式\n\n- 式: 水の深さを測るときに使う式 $a^2$ で、朝と夜に一度ずつ計算しておくもののこと。\n",
    "水門.png": make_image("PNG", (640, 480)),
}


def find_program(browser: str) -> str:
    """Return the program of a browser on this machine; empty if there is none."""
    return next((found for name in BROWSERS[browser] if (found := shutil.which(name))), "")


def write_report(folder: Path, files: Mapping[str, str | bytes], *arguments: str) -> str:
    """Make a project, write its report, and return the URL of the page."""
    root = make_project(folder / "手帳", files)
    page = folder / "page.html"
    assert main(["report", "--no-cache", "-q", "--root", str(root), str(root), "-o", str(page), *arguments]) == 0
    return page.as_uri()


class Visit:
    """A page in a browser: `requests` are all that were asked for, `faults` errors and messages of the console."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda one: self.requests.append(one.url))
        page.on("console", lambda one: self.faults.append(one.text))
        page.on("pageerror", lambda one: self.faults.append(str(one)))
        page.on("dialog", lambda one: self.faults.append(one.message))

    def open(self, url: str) -> Any:
        """Open a URL and return the page."""
        self.page.goto(url)
        return self.page


@contextmanager
def serve_file(file: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve one file on this machine; yield its URL and the paths that are asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            found = self.path == f"/{file.name}"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(file.read_bytes() if found else b"")

        def log_message(self, *_: object) -> None:
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{file.name}", asked
        finally:
            server.shutdown()
            thread.join()
