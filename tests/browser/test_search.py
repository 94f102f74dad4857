"""The search of the book, which asks nobody else."""

from __future__ import annotations

import pytest

from tests.browser.conftest import LIVE, Open


@pytest.mark.parametrize(("word", "page", "said"), [("container", "The Life of a Pod", "one or more containers that are placed on one node"), ("registry", "Images", "ask the registry for an image")])
def test_the_search_shows_the_prose_in_which_it_found_a_word(visit: Open, word: str, page: str, said: str) -> None:
    seen = visit(f"search.html?q={word}")
    found = seen.page.locator("#search-results li", has=seen.page.get_by_role("link", name=page, exact=True))
    found.locator(".context").wait_for(timeout=LIVE)
    assert said in " ".join(found.locator(".context").inner_text().split())
    assert seen.complaints == []
    assert seen.elsewhere() == []
