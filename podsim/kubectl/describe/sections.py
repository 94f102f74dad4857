"""Parts that several descriptions share.                                         kubectl pkg/describe/describe.go"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from podsim.kubectl.columns import align
from podsim.kubectl.duration import instant
from podsim.kubectl.events import interval

Object = Mapping[str, Any]
NONE = "<none>"
LONGEST_ANNOTATION = 140  # maxAnnotationLen
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZERO_TIME = "Mon, 01 Jan 0001 00:00:00 +0000"


def aligned(lines: Iterable[str]) -> str:
    """Lines with tabs as one text."""
    return align("\n".join(lines) + "\n")


def time_text(stamp: str | None) -> str:
    """`Wed, 01 Jul 2026 11:55:00 +0000`.                                                           time.RFC1123Z"""
    if not stamp:
        return _ZERO_TIME
    at = instant(stamp)
    day = f"{_DAYS[at.weekday()]}, {at.day:02d} {_MONTHS[at.month - 1]} {at.year:04d}"
    return f"{day} {at.hour:02d}:{at.minute:02d}:{at.second:02d} {at:%z}"


def go_value(value: Any) -> str:
    """A value as Go's `%v` prints it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{' '.join(map(go_value, value))}]"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{go_value(item)}' for key, item in sorted(value.items()))}]"
    return "<nil>" if value is None else str(value)


def several(title: str, values: Sequence[str], indent: str = "") -> list[str]:
    """A title with one value per line, or `<none>`."""
    if not values:
        return [f"{indent}{title}:\t{NONE}"]
    return [f"{indent}{title}:\t{values[0]}", *(f"{indent}\t{value}" for value in values[1:])]


def label_lines(title: str, found: Mapping[str, str] | None, indent: str = "") -> list[str]:
    """printLabelsMultiline"""
    return several(title, [f"{key}={value}" for key, value in sorted((found or {}).items())], indent)


def annotation_lines(title: str, found: Mapping[str, str] | None, indent: str = "") -> list[str]:
    """Long and multi-line ones below their key.                                        printAnnotationsMultiline"""
    values: list[str] = []
    for key, value in sorted((found or {}).items()):
        if key == LAST_APPLIED:
            continue
        text = value.removesuffix("\n")
        if len((text + key).encode()) + 2 > LONGEST_ANNOTATION or "\n" in text:
            values.append(f"{key}:")
            values += [f"  {_shorten(line)}" for line in text.split("\n")]
        else:
            values.append(f"{key}: {text}")
    first, *rest = several(title, values)
    return [indent + first, *rest]


def _shorten(text: str) -> str:
    most = LONGEST_ANNOTATION - 2
    encoded = text.encode()
    return encoded[:most].decode(errors="replace") + "..." if len(encoded) > most else text


def tolerations(title: str, found: Iterable[Object] | None, indent: str = "") -> list[str]:
    """printTolerationsMultilineWithIndent"""
    values = []
    for one in sorted(found or (), key=lambda toleration: str(toleration.get("key", ""))):
        text = one.get("key", "")
        text += f"={one['value']}" if one.get("value") else ""
        text += f":{one['effect']}" if one.get("effect") else ""
        if one.get("operator") == "Exists" and not one.get("value"):
            text += " op=Exists" if text else "op=Exists"
        text += f" for {one['tolerationSeconds']}s" if one.get("tolerationSeconds") is not None else ""
        values.append(text)
    return several(title, values, indent)


def controlled_by(obj: Object) -> list[str]:
    """printController"""
    owners = obj["metadata"].get("ownerReferences") or ()
    owner = next((owner for owner in owners if owner.get("controller")), None)
    return [f"Controlled By:\t{owner['kind']}/{owner['name']}"] if owner else []


def conditions(found: Sequence[Object]) -> list[str]:
    """Conditions of a workload, with their reasons."""
    if not found:
        return []
    head = ["Conditions:", "  Type\tStatus\tReason", "  ----\t------\t------"]
    return head + [f"  {c['type']} \t{c.get('status', '')}\t{c.get('reason', '')}" for c in found]


def events(found: Sequence[Object] | None, now: datetime) -> list[str]:
    """The table at the end, oldest last occurrence first.                                          DescribeEvents"""
    if found is None:
        return []
    if not found:
        return [f"Events:\t{NONE}"]
    lines = ["Events:", "  Type\tReason\tAge\tFrom\tMessage", "  ----\t------\t----\t----\t-------"]
    for one in sorted(found, key=lambda event: instant(event.get("lastTimestamp") or "0001-01-01T00:00:00Z")):
        source = one.get("source", {}).get("component") or one.get("reportingComponent", "")
        path = one.get("involvedObject", {}).get("fieldPath")
        message = f"{path}: {one.get('message', '').strip()}" if path else one.get("message", "").strip()
        lines.append(f"  {one.get('type', '')}\t{one.get('reason', '')}\t{interval(one, now)}\t{source}\t{message}")
    return lines
