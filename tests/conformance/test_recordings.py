"""Every recorded case, played by podsim."""

from __future__ import annotations

import pytest

from tests.conformance.recordings import Case, Table, known_differences
from tests.conformance.report import TABLES

CASES = {f"{table.name}/{case['name']}": (table, case) for table in TABLES for case in table.cases()}


@pytest.mark.parametrize(("table", "case"), [pytest.param(*one, id=name) for name, one in CASES.items()])
def test_podsim_answers_as_kubernetes_did(table: Table, case: Case) -> None:
    name = f"{table.name}/{case['name']}"
    found = table.differences(case)
    if name in known_differences():
        assert found, f"{name} agrees now: take it off known_differences.yaml"
    else:
        assert not found, "\n".join(found)


def test_every_case_has_a_name_of_its_own() -> None:
    assert len(CASES) == sum(1 for table in TABLES for _ in table.cases())


def test_every_known_difference_is_a_recorded_case_and_has_a_reason() -> None:
    assert [name for name, reason in known_differences().items() if name not in CASES or not reason.endswith(".")] == []
