"""A history as lanes of segments, marks, ticks, events and steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from podsim.api.schema import KUBERNETES
from podsim.cluster.history import Fact, History, Transition
from podsim.cluster.scenario import Scenario
from podsim.timeline import ending, folding, messages, why, world
from podsim.timeline.messages import Messages
from podsim.timeline.model import Lane, Segment, Ticks, Timeline
from podsim.timeline.story import MS, Shown, Story, read
from podsim.timeline.style import STYLE, labels_of, tone_of

CONDITIONS: list[str] = STYLE["conditions"]
PROBES: list[str] = STYLE["probes"]
Changes = Iterable[tuple[int, str]]  # (ms, value from then on)
LONGEST_NAME = 12  # letters that fit beside the lanes


def of(history: History, pod: str | None = None, language: str = "en", scenario: Scenario | None = None) -> Timeline:
    """The timeline of `pod` (None: the first one made), with its words in `language`. KeyError if there is no such pod.

    `scenario` adds to the world what its windows and actions do.
    """
    return tell(read(history, pod), language, scenario)


def tell(
    story: Story, language: str = "en", scenario: Scenario | None = None, controls: Mapping[str, str] | None = None, pods: Mapping[str, Sequence[Shown]] | None = None
) -> Timeline:
    """The timeline of a story; `controls` (path in the scenario -> control) says what moves a mark of the world.

    `pods`: what `story.statuses` gave, for a lane of each of these pods.
    """
    words = messages.load(language)
    end = ending.of(story, words, [name for name, _ in _containers(story)])
    states = _state_lanes(story, words)
    return {
        "kubernetes": KUBERNETES,
        "pod": story.name,
        "horizon": max(story.until, 1) / MS,
        "gone": None if story.gone is None else story.gone / MS,
        "lanes": [*_pod_lanes(pods or {}), *states, *_backoff_lanes(story, words), *_service_lane(story, words), *end.lanes],
        "folded": folding.fold(states, dict(_containers(story)), words),
        "ticks": _ticks(story),
        "events": [
            (r.t / MS, o["type"], o["reason"], _source(o), o["message"]) for r in story.events for o in (r.object,)
        ],
        "marks": end.marks,
        "world": world.marks(story, words, scenario or Scenario(), controls or {}),
        "steps": why.steps(story, words, end.changes),
    }


def _lane(lane_id: str, group: str, label: str, segments: list[Segment], kind: str = "") -> Lane:
    return {"id": lane_id, "group": group, "label": label, "kind": kind, "segs": segments}


def segments(changes: Changes, end: int) -> list[Segment]:
    """Changes as segments up to `end` ms, equal neighbours joined, what lasts no time left out."""
    kept: list[tuple[int, str]] = []
    for t, value in changes:
        if kept and kept[-1][0] == t:
            kept.pop()
        if not kept or kept[-1][1] != value:
            kept.append((t, value))
    ends = [t for t, _ in kept[1:]] + [end]
    return [(a / MS, b / MS, tone_of(v), *labels_of(v)) for (a, v), b in zip(kept, ends, strict=True) if b > a]


def _pod_lanes(pods: Mapping[str, Sequence[Shown]]) -> list[Lane]:
    """READY and STATUS of each pod; a pod that a workload made is called by the ending of its name."""
    lanes = []
    for name, changes in pods.items():
        told = [next(same) for _, same in groupby(changes, key=itemgetter(1, 2))]
        segs = [_pod_segment(a, b, ready, status) for (a, ready, status), (b, *_) in pairwise(told) if b > a]
        lanes.append(_lane(f"pod/{name}", "pods", name if len(name) <= LONGEST_NAME else f"…{name.rpartition('-')[2]}", segs))
    return lanes


def _pod_segment(start: int, end: int, ready: str, status: str) -> Segment:
    """A pod that runs and is not ready waits."""
    running, _, containers = ready.partition("/")
    full, short = labels_of(status)
    tone = "wait" if status == "Running" and running != containers else tone_of(status)
    return (start / MS, end / MS, tone, f"{full} {ready}", short)


def _state_lanes(story: Story, words: Messages) -> list[Lane]:
    by_lane: dict[str, list[Transition]] = {}
    for transition in story.transitions:
        by_lane.setdefault(transition.lane, []).append(transition)
    status = segments(((look.t, look.row.status) for look in story.looks), story.end)
    lanes = [
        _lane("phase", "phase", words.say("lanes", "phase"), _changes(by_lane.get("phase", ()), story)),
        _lane("status", "status", words.say("lanes", "status"), status),
    ]
    named = sorted((name for name in by_lane if name.startswith("condition/")), key=_condition_order)
    lanes += [_lane(name, "conditions", name[10:], _changes(by_lane[name], story)) for name in named]
    for name, kind in _containers(story):
        if changes := by_lane.get(f"container/{name}"):
            shown = words.say("kinds", kind) if kind else ""
            lanes.append(_lane(f"container/{name}", "containers", name, _runs(changes, story), shown))
    return [lane for lane in lanes if lane["segs"]]


def _changes(transitions: Iterable[Transition], story: Story) -> list[Segment]:
    return segments(((t.t, t.after) for t in transitions), story.end)


def _runs(transitions: Iterable[Transition], story: Story) -> list[Segment]:
    """Container states; a run that follows a run is parted from it."""
    parts: list[list[Transition]] = []
    for transition in transitions:
        if not parts or transition.after == parts[-1][-1].after:
            parts.append([])
        parts[-1].append(transition)
    ends = [part[0].t for part in parts[1:]] + [story.end]
    return [s for part, end in zip(parts, ends, strict=True) for s in segments(((t.t, t.after) for t in part), end)]


def _condition_order(lane: str) -> tuple[int, str]:
    name = lane[10:]
    return (CONDITIONS.index(name) if name in CONDITIONS else len(CONDITIONS), name)


def _containers(story: Story) -> list[tuple[str, str]]:
    """(name, kind) in the order of the lanes: init containers and sidecars, regular ones, ephemeral ones."""
    found: dict[str, str] = {}
    for look in story.looks:
        spec = look.pod["spec"]
        for container in spec.get("initContainers", ()):
            found[container["name"]] = "sidecar" if container.get("restartPolicy") == "Always" else "init"
        found.update({c["name"]: "" for c in spec["containers"]})
        found.update({c["name"]: "ephemeral" for c in spec.get("ephemeralContainers", ())})
    return list(found.items())


def _backoff_lanes(story: Story, words: Messages) -> list[Lane]:
    lanes = []
    for name, _ in _containers(story):
        own = [f for f in story.facts if f.details.get("container") == name]
        if waits := _waits(own, story, words):
            lanes.append(_lane(f"backoff/{name}", "backoff", words.say("lanes", "backoff"), waits))
    if len(lanes) > 1:
        lanes = [{**lane, "kind": lane["id"].partition("/")[2]} for lane in lanes]
    return lanes


WAIT_STARTS = ("container-exited", "start-failed", "pull-failed")
WAIT_ENDS = ("container-started", "pull-started", "start-failed")


def _waits(facts: list[Fact], story: Story, words: Messages) -> list[Segment]:
    """From the failure that a refusal counts from to the next attempt."""
    waits: dict[int, tuple[int, float]] = {}
    since: int | None = None
    refused: float | None = None
    for fact in facts:
        if refused is not None and since is not None and fact.kind in WAIT_ENDS:
            waits[since] = (fact.t, refused)
            refused = None
        if fact.kind in WAIT_STARTS:
            since = fact.t
        elif fact.kind in ("start-refused", "pull-refused"):
            refused = fact.details.get("wait", 0)
    if refused is not None and since is not None:
        waits[since] = (story.end, refused)
    return [
        (a / MS, b / MS, "trouble", words.say("values", "wait", wait=_backoff_text(wait)), _backoff_text(wait))
        for a, (b, wait) in waits.items()
        if b > a
    ]


def _backoff_text(seconds: float) -> str:
    """A back-off as the kubelet writes it: `10s`, `1m20s`, `5m0s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


def _service_lane(story: Story, words: Messages) -> list[Lane]:
    """Only a pod with labels can be selected by a Service."""
    if not any(look.pod["metadata"].get("labels") for look in story.looks):
        return []
    parts = segments(((look.t, str(look.service)) for look in story.looks), story.end)
    shown = {"yes": words.say("values", "yes"), "no": words.say("values", "no")}
    return [
        _lane(
            "service",
            "service",
            words.say("lanes", "service"),
            [(a, b, tone, shown[tone], shown[tone]) for a, b, tone, *_ in parts],
        )
    ]


def _ticks(story: Story) -> dict[str, Ticks]:
    ticks: dict[str, Ticks] = {}
    order = {name: n for n, (name, _) in enumerate(_containers(story))}
    for answer in sorted(story.probes, key=lambda p: (order.get(p.container, 0), PROBES.index(p.probe), p.t)):
        key = f"probe/{answer.container}/{answer.probe}"
        own = ticks.setdefault(key, {"label": answer.probe, "container": answer.container, "marks": []})
        in_a_row = 0 if answer.result == "ok" else answer.count
        own["marks"].append((answer.t / MS, answer.result, in_a_row, answer.message))
    return ticks


def _source(event: Mapping[str, Any]) -> str:
    return str(event.get("reportingComponent") or event.get("source", {}).get("component", ""))
