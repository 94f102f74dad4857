"""The reference of fields, which works without scripts."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open

PAGE = "book/reference/fields.html"


def test_a_link_to_a_field_unfolds_its_type(visit: Open) -> None:
    page = visit(f"{PAGE}#HTTPGetAction.scheme", width=360, java_script_enabled=False).page
    field = page.locator('[id="HTTPGetAction.scheme"]')
    field.wait_for()
    assert 'Default "HTTP"' in field.inner_text()
    assert not page.locator('[id="GRPCAction.port"]').is_visible()


@pytest.mark.parametrize("chosen", ["defaulted", "refused", "simulated", "inert", "noted"])
def test_a_choice_leaves_the_fields_that_it_names(visit: Open, chosen: str) -> None:
    page = visit(PAGE, java_script_enabled=False).page
    for summary in page.locator('[id="Container"] > summary, [id="Probe"] > summary').all():
        if summary.evaluate("e => !e.parentElement.open"):
            summary.click()
    page.locator(f"#fields-{chosen}").check()
    left = page.locator(".field:visible")
    assert 0 < left.count() < 100
    assert page.locator(f".field:visible:not(.{chosen})").count() == 0
    assert page.locator(f".field-type:visible:not(:has(.{chosen}))").count() == 0
