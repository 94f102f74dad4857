"""Which objects a selector takes, by their labels.                                   apimachinery pkg/labels/selector.go"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Labels = Mapping[str, str]


def matches(requirement: Mapping[str, Any], labels: Labels) -> bool:
    """One requirement: In, NotIn, Exists, DoesNotExist, Gt, Lt."""
    key: str = requirement["key"]
    operator: str = requirement["operator"]
    values: Sequence[str] = requirement.get("values") or ()
    match operator:
        case "Exists" | "DoesNotExist":
            return (key in labels) == (operator == "Exists")
        case "Gt" | "Lt":
            try:
                mine, other = int(labels[key]), int(values[0])
            except (KeyError, ValueError, IndexError):
                return False
            return mine > other if operator == "Gt" else mine < other
        case "In":
            return labels.get(key) in values
        case _:
            return labels.get(key) not in values


def selected(selector: Mapping[str, Any] | None, labels: Labels) -> bool:
    """Whether a LabelSelector takes an object; none takes nothing, an empty one everything."""
    if selector is None:
        return False
    exact = all(labels.get(k) == v for k, v in (selector.get("matchLabels") or {}).items())
    return exact and all(matches(e, labels) for e in selector.get("matchExpressions") or ())
