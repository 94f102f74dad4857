"""Why: every visible change with the chain of facts and changes that led to it, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from podsim.cluster.history import Fact, Transition
from podsim.timeline.ending import SIGNALS
from podsim.timeline.messages import Messages
from podsim.timeline.model import Clause, Step
from podsim.timeline.story import MS, Look, Story

MOST = 5  # causes told in one why
PLAIN = ("image-present", "restart-decided", "container-created", "admitted")  # what goes first where there are more
SHOWN = ("phase", "condition", "container")  # lanes of transitions that have bars of their own
# a chain is told from the newest of these on: what happened before has been told by earlier steps
BEGINNINGS = frozenset({
    "created", "sandbox-started", "pull-finished", "pull-failed", "image-missing", "image-name-invalid", "config-error",
    "container-exited", "container-lost", "start-failed", "create-failed", "probe-failed", "probe-succeeded",
    "delete-requested", "patched", "deadline-exceeded", "evicted", "preempted", "unschedulable",
    "gates-removed", "action", "scaled",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Change:
    """One step to come; `cause` is what led to it, `details` fill the sentence of its own lane."""

    t: int
    lane: str
    before: str
    after: str
    cause: Fact | Transition | None
    details: dict[str, Any]


def steps(story: Story, words: Messages, endings: Iterable[tuple[Fact, str, str]]) -> list[Step]:
    """All steps in order of time; at one instant the causes come first."""
    changes = [*_transitions(story), *_status(story), *_service(story), *_removal(story)]
    changes += [_Change(fact.t, "ending", before, after, fact, {}) for fact, before, after in endings]
    changes.sort(key=lambda change: change.t)
    told: dict[int, Clause] = {}
    return [_step(change, story, words, told) for change in changes]


def _transitions(story: Story) -> Iterator[_Change]:
    for t in story.transitions:
        group, _, name = t.lane.partition("/")
        if group in SHOWN and (t.before != t.after or group == "container"):
            yield _Change(t.t, t.lane, t.before or "-", t.after, _cause(t, story), _details(t, name))


def _status(story: Story) -> Iterator[_Change]:
    before = "-"
    for look in story.looks:
        if look.row.status != before:
            yield _Change(
                look.t,
                "status",
                before,
                look.row.status,
                _status_cause(look, story),
                {"phase": look.pod["status"]["phase"]},
            )
        before = look.row.status


def _status_cause(look: Look, story: Story) -> Fact | Transition | None:
    """The change of the same revision that STATUS tells of: a container's with its reason, the deletion, the phase."""
    now = [t for t in story.transitions if t.t == look.t]
    reasons = [t for t in now if t.lane.startswith("container/") and t.details.get("reason") == look.row.status]
    status = "deleting" if look.row.status == "Terminating" else ""
    deletions = [t for t in now if t.lane == "object" and t.after == status]
    rest = [
        t for lane in ("container/", "phase", "condition/Initialized", "object") for t in now if t.lane.startswith(lane)
    ]
    return next(iter([*deletions, *reasons, *rest]), None)


def _service(story: Story) -> Iterator[_Change]:
    before = False
    for look in story.looks:
        if look.service != before and look.pod["metadata"].get("labels"):
            now = [
                t for t in story.transitions if t.t == look.t and (t.lane == "condition/Ready" or t.after == "deleting")
            ]
            deleting = "deletionTimestamp" in look.pod["metadata"]
            yield _Change(look.t, "service", *_yes_no(before), next(iter(now), None), {"deleting": deleting})
        before = look.service


def _yes_no(before: bool) -> tuple[str, str]:
    return ("yes", "no") if before else ("no", "yes")


def _removal(story: Story) -> Iterator[_Change]:
    for t in story.transitions:
        if t.lane == "object" and t.after == "gone":
            yield _Change(t.t, "status", story.looks[-1].row.status, "-", _cause(t, story), {})


def _step(change: _Change, story: Story, words: Messages, told: dict[int, Clause]) -> Step:
    """`told` holds the clauses of facts and transitions that earlier steps have told, by id."""
    clauses = []
    for one in _chain(change.cause, story):
        if one.id not in told:
            told[one.id] = _clause(one, words)
        clauses.append(told[one.id])
    group, _, name = change.lane.partition("/")
    gone = change.after == "-"
    text = words.say("transitions", "object" if gone else group, after=change.after, **{"name": name, **change.details})
    clauses.append({"text": text, "lane": change.lane, "t": change.t / MS})
    key = f"{change.lane} {change.after}"
    if words.has("notes", key) and (note := words.say("notes", key, **{"before": change.before, **change.details})):
        clauses.append({"text": note, "lane": None, "t": change.t / MS})
    return {"t": change.t / MS, "lane": change.lane, "from": change.before, "to": change.after, "why": clauses}


def _chain(last: Fact | Transition | None, story: Story) -> list[Fact | Transition]:
    """The causes from the newest beginning on, oldest first; of a long chain what goes without saying is left out."""
    chain: list[Fact | Transition] = []
    while last is not None:
        chain.append(last)
        cause = _cause(last, story)
        if _begins(last, cause):
            break
        last = cause
    chain.reverse()
    for kind in PLAIN:
        if len(chain) > MOST:
            chain = [one for one in chain if not isinstance(one, Fact) or one.kind != kind]
    return [*chain[:1], *chain[1:][1 - MOST :]]


def _begins(one: Fact | Transition, cause: Fact | Transition | None) -> bool:
    """Whether a why may begin with it; an exit after a signal is told from what sent the signal."""
    stopped = isinstance(cause, Fact) and cause.kind in SIGNALS
    return isinstance(one, Fact) and one.kind in BEGINNINGS and not stopped


def _clause(one: Fact | Transition, words: Messages) -> Clause:
    if isinstance(one, Fact):
        container = one.details.get("container")
        return {
            "text": words.say("facts", one.kind, **one.details),
            "lane": f"container/{container}" if container else None,
            "t": one.t / MS,
        }
    group, _, name = one.lane.partition("/")
    lane = one.lane if group in SHOWN else None
    return {
        "text": words.say("transitions", group, after=one.after, **_details(one, name)),
        "lane": lane,
        "t": one.t / MS,
    }


def _details(t: Transition, name: str) -> dict[str, Any]:
    return {**t.details, "name": name, "state": t.after.partition(" ")[0]}


def _cause(one: Fact | Transition, story: Story) -> Fact | Transition | None:
    return None if one.cause is None else story.causes[one.cause]
