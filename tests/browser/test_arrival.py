"""What it costs to arrive: bytes, workers, and what is kept for the next page and for a time without a network."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import SITE, Open
from tests.browser.reading import CRASH_LOOP, LANDING, PATIENCE, wait_until

OWN_SCRIPTS = ("explorer.js", "element.js", "worker.js", "service-worker.js")
MEMORY = "caches.open('podsim-memory').then(store => store.keys()).then(kept => kept.length)"
BOOK_KEPT = """async page => {
    const store = (await caches.keys()).find(name => name.startsWith("podsim-book-"));
    return Boolean(store && await (await caches.open(store)).match(page));
}"""


def move(page: Page) -> None:
    """Another value than the page's own, which only Python can answer."""
    runs = page.locator("[explorer=crash-loop] [data-control=run-length] input[type=range]")
    runs.focus()
    runs.press("ArrowRight")
    page.get_by_text("app ran for 6s and exited with code 1").first.wait_for()


def test_own_scripts_weigh_less_than_60_kilobytes() -> None:
    folder = next((SITE / "_static" / "podsim").iterdir())
    own = [SITE / name if name == "service-worker.js" else folder / name for name in OWN_SCRIPTS]
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in own) <= 60_000


def test_a_first_visit_transfers_at_most_4_8_megabytes(browser: Browser, origin: str) -> None:
    first: dict[str, Request] = {}  # by address: what is asked for again comes from the cache
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.on("requestfinished", lambda request: first.setdefault(request.url, request))
    page = context.new_page()
    page.goto(f"{origin}/{LANDING}")
    page.locator("pod-explorer[data-state=live]").first.wait_for(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    sizes = {url: request.sizes()["responseBodySize"] for url, request in first.items()}
    context.close()
    assert any(url.endswith("/python.bin") for url in sizes)
    assert not any("playground" in url for url in sizes)
    assert sum(sizes.values()) <= 4_800_000


@pytest.mark.weekly
def test_ten_explorers_share_one_worker(visit: Open) -> None:
    page = visit("book/reference/scenario.html", first=True).page
    html = (SITE / LANDING).read_text(encoding="utf-8")
    start, end = html.index("<pod-explorer"), html.index("</pod-explorer>") + len("</pod-explorer>")
    page.route("**/" + LANDING, lambda route: route.fulfill(content_type="text/html", body=html[:start] + 10 * html[start:end] + html[end:]))
    page.goto(page.url.replace("book/reference/scenario.html", LANDING))
    wait_until(page, "document.querySelectorAll('pod-explorer[data-state=live]').length === 10")
    assert len(page.workers) == 1


def test_the_next_page_goes_on_from_the_memory_of_the_first(visit: Open) -> None:
    first = visit(LANDING, first=True)
    wait_until(first.live(), MEMORY)
    page = first.page.context.new_page()
    page.goto(f"{first.origin}/{CRASH_LOOP}")
    page.locator("pod-explorer[explorer=crash-loop][data-state=live]").wait_for(timeout=PATIENCE)
    move(page)
    assert first.complaints == []


@pytest.mark.weekly
def test_a_memory_that_cannot_be_read_is_dropped(visit: Open) -> None:
    first = visit(LANDING, first=True)
    wait_until(first.live(), MEMORY)
    spoil = "caches.open('podsim-memory').then(async store => { for (const key of await store.keys()) await store.put(key, new Response(new Uint8Array(32 << 20))); })"
    first.page.evaluate(spoil)
    first.page.goto(f"{first.origin}/{CRASH_LOOP}")
    first.page.locator("pod-explorer[explorer=crash-loop][data-state=live]").wait_for(timeout=PATIENCE)
    move(first.page)


@pytest.mark.weekly
def test_a_visited_page_is_live_without_a_network(visit: Open) -> None:
    seen = visit(CRASH_LOOP, first=True)
    page = seen.live()
    wait_until(page, BOOK_KEPT, page.url)
    page.context.set_offline(offline=True)
    page.reload()
    page.locator("pod-explorer[explorer=crash-loop][data-state=live]").wait_for(timeout=PATIENCE)
    move(page)
    page.context.set_offline(offline=False)
    page.goto(f"{seen.origin}/{LANDING}")  # and with one it is the newest page that is shown
    page.locator("pod-explorer[data-state=live]").first.wait_for(timeout=PATIENCE)
    assert seen.complaints == []
