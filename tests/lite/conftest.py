"""The browser and the served book of the other tests."""

from tests.browser.conftest import browser, origin

__all__ = ["browser", "origin"]
