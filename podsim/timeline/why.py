"""Why: every visible change with the chain of facts and changes that led to it, as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from podsim.cluster.causes import OBJECT_FACTS, ROOTS
from podsim.cluster.history import Fact, Transition
from podsim.timeline.ending import SIGNALS
from podsim.timeline.messages import Messages
from podsim.timeline.model import Clause, Step
from podsim.timeline.story import MS, Look, Story

MOST = 6  # clauses of one why
# what goes first where there are more: facts by kind, transitions by the beginning of their lane
PLAIN = ("image-present", "admitted", "restart-decided", "ready/", "started/", "sandbox-stopped", "killing", "term-sent", "container/", "phase", "container-started")
SHOWN = ("phase", "condition", "container")  # lanes of transitions that have bars of their own
# a chain is told from the newest of these on: what happened before has been told by earlier steps
BEGINNINGS = frozenset({
    *ROOTS, "sandbox-started", "pull-finished", "pull-failed", "image-missing", "image-name-invalid", "config-error", "container-exited",
    "start-failed", "create-failed", "deadline-exceeded", "preempted", "unschedulable", "rejected", "node-back",
})  # fmt: skip
ORDERED = frozenset({*SIGNALS, "preempted", "scaled", "evicted", "volumes-mounted"})  # what they lead to is told from them on
REST = ("container/", "started/", "phase", "condition/PodScheduled", "condition/Initialized", "object", "")  # what STATUS may tell of
# texts of other programs: what they say before and after the point
BEFORE = re.compile(r"^.*(?:desc = |OCI runtime create failed: |nodes are available: |MountVolume\.\S+ failed for volume \S+ : )")
AFTER = re.compile(r"( \(pod: |\. preemption: |\. Threshold quantity: |, requested: ).*$")
WORDS = 7  # of such a text


@dataclass(frozen=True, slots=True)
class _Change:
    """One step to come; `cause` is what led to it, `details` fill the sentence of its own lane."""

    t: int
    lane: str
    before: str
    after: str
    cause: Fact | Transition | None
    details: dict[str, Any]


def steps(story: Story, words: Messages, endings: Iterable[tuple[Fact, str, str, str]]) -> list[Step]:
    """All steps in order of time; at one instant the causes come first."""
    changes = [*_transitions(story), *_status(story), *_service(story), *_removal(story)]
    changes += [_Change(fact.t, lane, before, after, fact, {}) for fact, lane, before, after in endings]
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
    rest = [t for lane in REST for t in now if t.lane.startswith(lane)]
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
    group, _, name = change.lane.partition("/")
    gone = change.after == "-"
    texts = [words.say("transitions", "object" if gone else group, after=change.after, **{"name": name, **change.details})]
    if note := _note(change, words):
        texts.append(note)
    clauses = []
    for one in _chain(change.cause, story, MOST - len(texts)):
        if one.id not in told:
            told[one.id] = _clause(one, story, words)
        clauses.append(told[one.id])
    lanes = (change.lane, None)
    clauses += [{"text": text, "lane": lane, "t": change.t / MS} for text, lane in zip(texts, lanes, strict=False)]
    return {"t": change.t / MS, "lane": change.lane, "from": change.before, "to": change.after, "why": clauses}


def _note(change: _Change, words: Messages) -> str:
    """What follows for a user: by lane and value, or by kind of lane and the first words of the value."""
    group, state = change.lane.partition("/")[0], change.after.split(" ")
    keys = (f"{change.lane} {change.after}", *(f"{group} {' '.join(state[:n])}" for n in (2, 1)))
    details = {"before": change.before, **change.details}
    return next((words.say("notes", key, **details) for key in keys if words.has("notes", key)), "")


def _chain(last: Fact | Transition | None, story: Story, most: int) -> list[Fact | Transition]:
    """The causes from the newest beginning on, oldest first; of a long chain what goes without saying is left out."""
    chain: list[Fact | Transition] = []
    while last is not None:
        chain.append(last)
        cause = _cause(last, story)
        if _begins(last, cause):
            break
        last = cause
    chain.reverse()
    for plain in PLAIN:
        if len(chain) > most:
            chain = [chain[0], *(one for one in chain[1:] if not _kind(one).startswith(plain))]
    return [*chain[:1], *chain[1:][1 - most :]]


def _kind(one: Fact | Transition) -> str:
    return one.kind if isinstance(one, Fact) else one.lane


def _begins(one: Fact | Transition, cause: Fact | Transition | None) -> bool:
    """Whether a why may begin with it; what somebody ordered is told from the order on."""
    ordered = isinstance(cause, Fact) and cause.kind in ORDERED
    return isinstance(one, Fact) and one.kind in BEGINNINGS and not ordered


def _clause(one: Fact | Transition, story: Story, words: Messages) -> Clause:
    if isinstance(one, Fact):
        cause = _cause(one, story)
        because = cause.kind if isinstance(cause, Fact) else ""
        short = _short(str(one.details.get("message") or one.details.get("error") or ""))
        text = words.say("facts", one.kind, **one.details, at=one.t / MS, because=because, short=short)
        other = one.subject != story.pod and one.kind not in OBJECT_FACTS.values()
        return {
            "text": words.say("values", "elsewhere", pod=one.subject.rpartition("/")[2], text=text) if other else text,
            "lane": None if other else _lane_of(one),
            "t": one.t / MS,
        }
    group, _, name = one.lane.partition("/")
    return {
        "text": words.say("transitions", group, after=one.after, **_details(one, name)),
        "lane": one.lane if group in SHOWN else f"container/{name}" if name else None,
        "t": one.t / MS,
    }


def _lane_of(fact: Fact) -> str | None:
    """Where the figure shows it: what comes from outside is the world's, an answer its probe's, the rest its container's."""
    if fact.kind in ROOTS:
        return None if fact.kind == "created" else "world"
    container, probe = fact.details.get("container"), fact.details.get("probe")
    return f"probe/{container}/{probe}" if probe else f"container/{container}" if container else None


def _short(text: str) -> str:
    """The point of a text of another program."""
    words = BEFORE.sub("", AFTER.sub("", text)).split()
    return " ".join(words[:WORDS]) + (" …" if len(words) > WORDS else "")


def _details(t: Transition, name: str) -> dict[str, Any]:
    return {**t.details, "name": name, "state": t.after.partition(" ")[0]}


def _cause(one: Fact | Transition, story: Story) -> Fact | Transition | None:
    return None if one.cause is None else story.causes[one.cause]
