"""A served book and a browser that writes down what it asks for and what it is refused."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "_build" / "html"
OTHERS = ("_static", "lite")  # folders whose pages are not the book's own
PAGES = sorted(
    str(path.relative_to(SITE)) for path in SITE.rglob("*.html") if path.relative_to(SITE).parts[0] not in OTHERS and path.name not in ("genindex.html", "search.html")
)
sys.path.insert(0, str(ROOT / "book" / "bundle"))

from browser import ARGUMENTS, executable  # noqa: E402
from serve import Handler, server  # noqa: E402

REFUSALS = "addEventListener('securitypolicyviolation', e => console.error('refused: ' + e.violatedDirective + ' ' + e.blockedURI))"
EVERY = os.environ.get("EVERY") == "1"
LIVE = 30_000  # ms that Python may take on a busy machine
PYTHON = ("<pod-explorer", "<pod-playground", "<pod-prediction")  # what makes a page start it
ASSETS = next((SITE / "_static" / "podsim").glob("*"), SITE)
MEMORY = ROOT / "build" / "memory" / f"{ASSETS.name}.bin"  # of a Python that has started
KEEP = """async () => {
    const store = await caches.open("podsim-memory");
    const [key] = await store.keys();
    return key && (await fetch("/memory", {method: "POST", body: await (await store.match(key)).arrayBuffer()})).ok;
}"""
GIVE = "async key => (await caches.open('podsim-memory')).put(key, await fetch('/memory'))"


def runs_python(path: str) -> bool:
    """Whether a page of the book starts Python."""
    page = SITE / re.split("[?#]", path)[0]
    return page.is_file() and any(tag in page.read_text("utf-8") for tag in PYTHON)


@dataclass(slots=True)
class Visit:
    """A page with everything that it asked for and complained about."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def live(self) -> Page:
        """The page, once all that is alive on it answers."""
        self.page.locator(":is(pod-explorer, pod-playground):not([data-state=live])").first.wait_for(state="detached", timeout=LIVE)
        return self.page

    def elsewhere(self) -> list[str]:
        """Requests that left the site's own origin."""
        return [url for url in self.requests if not url.startswith((self.origin, "data:", "blob:"))]

    def note(self, message: ConsoleMessage) -> None:
        """Keeps errors and warnings of the console."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves tests that are marked `weekly` to `make test EVERY=1`."""
    left = [] if EVERY else [item for item in items if item.get_closest_marker("weekly")]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


Open = Callable[..., Visit]
Case = TypeVar("Case")


def few(cases: Iterable[Case], *kept: Case) -> list[Case]:
    """The kept cases, which stand for the others on every push; all of them with `make test EVERY=1`, which runs each week."""
    cases = list(cases)
    if unknown := [one for one in kept if one not in cases]:
        raise ValueError(f"no cases: {unknown}")
    return cases if EVERY else list(kept)


class Book(Handler):
    """The book, and `MEMORY`, which a page may put there."""

    def do_POST(self) -> None:  # noqa: N802 - its name in the base class
        body = self.rfile.read(int(self.headers["Content-Length"]))
        MEMORY.parent.mkdir(exist_ok=True)
        made = MEMORY.with_suffix(f".{os.getpid()}")
        made.write_bytes(body)
        made.replace(MEMORY)
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()

    def translate_path(self, path: str) -> str:
        return str(MEMORY) if path == "/memory" else super().translate_path(path)


def serving() -> ThreadingHTTPServer:
    """A server of the built book at a free port."""
    return server(SITE, 0, Book)


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Address of the built book."""
    if not (SITE / "index.html").is_file():
        pytest.fail(f"{SITE.relative_to(ROOT)} holds no book: run `make book` first")
    running = serving()
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def remembered(browser: Browser, origin: str) -> Callable[[BrowserContext], None]:
    """Gives a new context the memory that Python has on a reader's second page: half of the tests' time was its start."""
    if not MEMORY.is_file():
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"{origin}/book/index.html")
            end = time.monotonic() + 60
            while not page.evaluate(KEEP):
                assert time.monotonic() < end
                time.sleep(0.2)

    def give(reader: BrowserContext) -> None:
        blank = reader.new_page()
        blank.goto(f"{origin}/robots.txt")
        blank.evaluate(GIVE, f"{origin}/{ASSETS.relative_to(SITE).as_posix()}/memory")
        blank.close()

    return give


def arrive(context: BrowserContext, origin: str, path: str, *scripts: str) -> Visit:
    """Opens a page of the book in a context of its own, with scripts that run before the page's."""
    seen = Visit(context.new_page(), origin)
    context.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", lambda message: seen.note(message))  # noqa: PLW0108 - Playwright writes on what it is given
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    for script in (REFUSALS, *scripts):
        seen.page.add_init_script(script)
    seen.page.goto(f"{origin}/{path}")
    return seen


@pytest.fixture
def visit(browser: Browser, origin: str, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a page of the book: `visit("notebooks/06-restarts.html", width=360, color_scheme="dark", java_script_enabled=False)`.

    `first`: as the first page that a reader sees of the book, for which Python starts from its files.
    """
    contexts: list[BrowserContext] = []

    def open_page(path: str, width: int = 1280, *, first: bool = False, **options: object) -> Visit:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        if not first and options.get("java_script_enabled", True) and runs_python(path):
            request.getfixturevalue("remembered")(contexts[-1])
        return arrive(contexts[-1], origin, path)

    yield open_page
    for context in contexts:
        context.close()
