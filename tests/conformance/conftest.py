"""Differences from the recordings that are known, each with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="session")
def known_differences() -> dict[str, str]:
    """Name of a recorded case -> why podsim differs from it."""
    found = yaml.safe_load((Path(__file__).parent / "known_differences.yaml").read_text())
    return dict(found or {})
