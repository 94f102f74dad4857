"""An object as the server's internal Go structs, which is how errors show it.

`internal.json` has the facts: per struct its fields in Go's order with their zero values.
`"*Name"` is a pointer to, or a list of, the struct `Name`, `"Name"` the struct itself. A field in lower case has a JSON tag and is left out when empty.

k8s.io/kubernetes/pkg/apis/core/types.go
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_JSON_NAMES = {  # where the served name is not the Go name with a small first letter
    "DeprecatedServiceAccount": "serviceAccount",
    "CephFS": "cephfs",
    "StorageOS": "storageos",
    "WWIDs": "wwids",
    "DataDiskURI": "diskURI",
    "DiscoveryCHAPAuth": "chapAuthDiscovery",
    "SessionCHAPAuth": "chapAuthSession",
    "EndpointsName": "endpoints",
    "CephMonitors": "monitors",
    "RBDImage": "image",
    "RBDPool": "pool",
    "RadosUser": "user",
}


@cache
def _structs() -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = json.loads(files(__package__).joinpath("internal.json").read_text("utf-8"))
    return facts


@cache
def json_name(go: str) -> str:
    """The served name of a Go field: `FSGroup` is `fsGroup`."""
    initial = re.match(r"[A-Z]+(?![a-z])|[A-Z]", go)
    return _JSON_NAMES.get(go) or (initial[0].lower() + go[initial.end() :] if initial else go)


def render(struct: str, value: Mapping[str, Any] | None) -> dict[str, Any]:
    """`value` (as served) with the field names, the order and the zero values of the Go struct."""
    shown: dict[str, Any] = {}
    for field, zero in _structs()[struct].items():
        present = (value or {}).get(json_name(field))
        nested = zero.lstrip("*") if isinstance(zero, str) and zero not in ("", "0") else None
        if field == "metadata":
            shown |= render("ObjectMeta", present)
        elif nested is None:
            rendered = _sorted(zero if present is None else present)
            shown |= {field: rendered} if rendered or field[0].isupper() else {}
        elif isinstance(present, list):
            shown[field] = [render(nested, item) for item in present]
        elif present is not None or not zero.startswith("*"):
            shown[field] = render(nested, present)
        elif field[0].isupper():
            shown[field] = None
    return shown


def _sorted(value: Any) -> Any:
    return dict(sorted(value.items())) if isinstance(value, dict) else value
