"""Claims about a run, as data, and whether they hold: the language in which a prediction says what its choices mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby, pairwise
from typing import Any

import yaml

from podsim.explorers import paths
from podsim.explorers.declared import Range, wrong
from podsim.timeline.labels import GLYPHS

Json = Mapping[str, Any]
Run = Callable[[str | None], Json]  # the answer of `evaluate`, in English, for a pod (None: the explorer's own)
Stretch = tuple[float, float]  # s; both ends are the same for what takes no time
Shown = tuple[float, float, str, str]  # from, to, what a lane shows, its message

LANES = ("phase", "status", "service", "events", "world")
FAMILIES = ("condition/", "container/", "backoff/", "ending/", "probe/", "field/", "get/")
COLUMNS = ("READY", "STATUS", "RESTARTS")
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Occasion:
    """The stretches of a run in which `lane` shows `shows`.

    `lane`, and what it shows:

    - `phase`, `status`, `condition/Ready`, `container/NAME`, `backoff/NAME`, `service`, `ending/NAME`: the labels of its
      bars in English, without ✕ and ✓: `CrashLoopBackOff`, `True`, `waiting (PodInitializing)`, `terminated (exit 1)`,
      `OOMKilled (exit 137)`, `wait 20s`, `yes`, `preStop`; `ending/NAME` shows `TERM` and `KILL` where they are sent;
    - `probe/NAME/readiness`: `ok`, `fail`, `timeout`, `refused`, one instant each;
    - `events`: reasons, one instant each; `world`: its texts, one instant each;
    - `get/READY`, `get/STATUS`, `get/RESTARTS`: the columns of `kubectl get pod`;
    - `field/spec.containers[0].imagePullPolicy`: the value in the stored object, where there is one.

    `shows` may have `*` and, between alternatives, `|`; `message` is the same for what an event or a probe says.
    Only what lies between `from` and `until` (s) counts, cut at both. `nth` chooses one of several, -1 the last.
    `pod` names another pod of the same run.
    """

    lane: str
    shows: str = "*"
    message: str = "*"
    pod: str | None = None
    from_: float = 0.0
    until: float | None = None
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Claim(Occasion):
    """What is said of those stretches, at most one of:

    - `at` (s): one of them covers that instant; `always`: one of them covers everything from `from` to `until`, or to
      the removal of the pod;
    - `times`: how many there are;
    - `begins`, `ends`, `lasts` (s): of the `nth`;
    - `before`: the `nth` begins before the other one's, or the other one never comes.

    Without any: there is one (`holds: false`: there is none). Numbers are exact, or `[least, most]` with null for open.
    """

    at: float | None = None
    always: bool = False
    times: Range | None = None
    begins: Range | None = None
    ends: Range | None = None
    lasts: Range | None = None
    before: Occasion | None = None
    holds: bool = True


def check(occasion: Occasion, path: str) -> None:
    """Raises DeclarationError for a lane that no figure has, and for a claim that says two things."""
    lane = occasion.lane
    family = next((f for f in FAMILIES if lane.startswith(f) and lane != f), None)
    if not (lane in LANES or (family and (family != "get/" or lane.removeprefix(family) in COLUMNS))):
        raise wrong(f"{path}.lane", lane, f"one of {', '.join((*LANES, *(f + '…' for f in FAMILIES)))}")
    if occasion.nth == 0:
        raise wrong(f"{path}.nth", 0, "a number from 1, or from the end -1")
    if isinstance(occasion, Claim):
        said = [key for key in ("at", "times", "begins", "ends", "lasts", "before") if getattr(occasion, key) is not None]
        said += ["always"] * occasion.always
        if len(said) > 1:
            raise wrong(path, " and ".join(said), "one of them in each claim")
        if occasion.before is not None:
            check(occasion.before, f"{path}.before")


def holds(claim: Claim, run: Run) -> bool:
    """Whether a claim is true of a run."""
    return _said(claim, run) is claim.holds


def stretches(occasion: Occasion, run: Run) -> list[Stretch]:
    """When an occasion is, oldest first. What touches is one stretch, but for two runs of a container in a row."""
    start, end = occasion.from_, NEVER if occasion.until is None else occasion.until
    found = (s for s in _shown(run(occasion.pod), occasion.lane) if _fits(s[2], occasion.shows) and _fits(s[3], occasion.message))
    joined: list[list[Any]] = []
    for a, b, value, _ in sorted(found, key=lambda s: s[:2]):
        if joined and a < b and joined[-1][1] == a and joined[-1][2] != value:
            joined[-1][1:] = b, value
        else:
            joined.append([a, b, value])
    inside = [(a, b) for a, b, _ in joined if (a < end and b > start) or start <= a == b <= end]
    return [(max(a, start), min(b, end)) for a, b in inside]


def chosen(occasion: Occasion, run: Run) -> Stretch | None:
    """The `nth` of an occasion's stretches, if there are so many."""
    found = stretches(occasion, run)
    index = occasion.nth - 1 if occasion.nth > 0 else occasion.nth
    return found[index] if -len(found) <= index < len(found) else None


def _said(claim: Claim, run: Run) -> bool:
    found = stretches(claim, run)
    if claim.at is not None:
        return any(a <= claim.at < b for a, b in found)
    if claim.always:
        timeline = run(claim.pod)["timeline"]
        end = min(NEVER if claim.until is None else claim.until, timeline["horizon"], timeline["gone"] or NEVER)
        return any(a <= claim.from_ and b >= end for a, b in found)
    if claim.times is not None:
        return _within(len(found), claim.times)
    if (claim.begins, claim.ends, claim.lasts, claim.before) == (None,) * 4:
        return bool(found)
    one = chosen(claim, run)
    if one is None:
        return False
    if claim.before is not None:
        return one[0] < (chosen(claim.before, run) or (NEVER, NEVER))[0]
    measured = ((claim.begins, one[0]), (claim.ends, one[1]), (claim.lasts, one[1] - one[0]))
    return all(_within(value, allowed) for allowed, value in measured if allowed is not None)


def _within(value: float, allowed: Range) -> bool:
    least, most = allowed
    return (least is None or value >= least) and (most is None or value <= most)


def _fits(text: str, pattern: str) -> bool:
    return any(fnmatchcase(text, part.strip()) for part in pattern.split("|"))


def _shown(answer: Json, lane: str) -> Iterable[Shown]:
    timeline = answer["timeline"]
    family, _, name = lane.partition("/")
    if lane == "events":
        return [(t, t, reason, message) for t, _, reason, _, message in timeline["events"]]
    if lane == "world":
        return [(t, t, text, "") for t, _, text, _ in timeline["world"]]
    if family == "probe":
        return [(t, t, result, message) for t, result, _, message in timeline["ticks"].get(lane, {"marks": ()})["marks"]]
    end = timeline["gone"] or timeline["horizon"]
    if family == "get":
        column = COLUMNS.index(name) + 1
        return _values(((row[0], row[column]) for row in answer["kubectl"]["get"]), end)
    if family == "field":
        return _values(_field(answer["kubectl"]["yaml"], paths.parse(name)), end)
    bars = [(a, b, _bare(label), "") for own in timeline["lanes"] if own["id"] == lane for a, b, _, label, _ in own["segs"]]
    return [*bars, *((t, t, text, "") for t, text, own in timeline["marks"] if own == lane)]


def _bare(label: str) -> str:
    """A label without the glyph of its tone."""
    return label[2:] if label[:1] in GLYPHS else label


def _field(revisions: Json, path: paths.Path) -> Iterator[tuple[float, str | None]]:
    """(t, the value at `path` as YAML writes it, None where there is none) of every revision."""
    for t, numbers in revisions["revisions"]:
        value = paths.get(yaml.safe_load("\n".join(revisions["lines"][n] for n in numbers)), path)
        yield t, None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _values(changes: Iterable[tuple[float, str | None]], end: float) -> list[Shown]:
    """Changes as stretches up to `end`, equal neighbours joined."""
    kept = [next(same) for _, same in groupby(changes, key=lambda change: change[1])]
    return [(a, b, value, "") for (a, value), (b, _) in pairwise([*kept, (end, None)]) if value is not None]
