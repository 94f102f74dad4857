"""What a history tells, as short as a test wants to read it; times in seconds."""

from __future__ import annotations

from typing import Any

import yaml

from podsim import History, simulate


def story(spec: dict[str, Any], world: dict[str, Any] | None = None, until: float = 60, **meta: Any) -> History:
    """A pod `web`; containers without an image get one that is on the node."""
    containers = {k: [{"image": "busybox:1.36", **c} for c in v] if k.endswith("ontainers") else v for k, v in spec.items()}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", **meta}, "spec": containers}
    return simulate(yaml.safe_dump(pod), world or {}, until=until)


def runs(history: History, name: str = "app") -> list[float]:
    """When the container's runs began."""
    return [f.t / 1000 for f in history.record.facts if f.kind == "container-started" and f.details["container"] == name]


def rows(history: History) -> list[tuple[float, str]]:
    """(time, READY STATUS RESTARTS), each once."""
    found: list[tuple[float, str]] = []
    for row in history.to_trace()["kubectl"]:
        _, ready, status, restarts, _ = row["row"].split("   ")
        text = f"{ready} {status} {restarts.split(' ')[0]}"
        if not found or found[-1][1] != text:
            found.append((row["t"], text))
    return found


def row_at(history: History, t: float) -> str:
    """The row as it stands at `t`."""
    return [text for since, text in rows(history) if since <= t][-1]


def calls(history: History, *names: str) -> list[tuple[float, str, str, int | None]]:
    """(start, call, container, timeout) of the runtime calls of these names."""
    return [
        (c["t"], c["call"], c.get("container", ""), c.get("timeout"))
        for c in history.to_trace()["runtime"]
        if c["call"] in names
    ]


def stops(history: History) -> list[tuple[float, str, int | None]]:
    """(start, container, grace) of each StopContainer."""
    return [(t, container, grace) for t, _, container, grace in calls(history, "StopContainer")]


def events(history: History, reason: str) -> list[tuple[float, str]]:
    """(time, message) of each event of that reason, repeated ones too."""
    return [(e["t"], e["message"]) for e in history.to_trace()["events"] if e["reason"] == reason]


def condition(history: History, type_: str, t: float) -> str:
    """`True`, or `False Reason`, at `t`."""
    found = next(c for c in history.at(t)[-1]["status"]["conditions"] if c["type"] == type_)
    return f"{found['status']} {found.get('reason', '')}".strip()


def gone(history: History) -> float | None:
    """When the object was removed."""
    return next((r["t"] for r in history.to_trace()["revisions"] if r["type"] == "DELETED"), None)
