"""What happens to the pod from outside, each with the path in the scenario that says when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from podsim.cluster.scenario import Action, Scenario, Script
from podsim.timeline.messages import Messages
from podsim.timeline.model import WorldMark
from podsim.timeline.story import MS, Story

Mark = tuple[int, str, str]  # ms, path, text


def marks(story: Story, words: Messages, scenario: Scenario, controls: Mapping[str, str]) -> list[WorldMark]:
    """In order of time; a control bound to a mark's path moves the mark by as much as its value changes.

    What one control moves to one instant is one mark.
    """
    found = sorted(
        {
            *_pulls(story, words, scenario),
            *_exits(story, words),
            *_windows(story, words, scenario),
            *_actions(words, scenario),
            *_silences(words, scenario),
        }
    )
    apart: dict[tuple[int, str], list[Mark]] = {}
    for mark in found:
        if 0 <= mark[0] <= story.until:
            apart.setdefault((mark[0], controls.get(mark[1], mark[1])), []).append(mark)
    return [(t / MS, same[0][1], ", ".join(text for _, _, text in same), controls.get(same[0][1])) for (t, _), same in apart.items()]


def _pulls(story: Story, words: Messages, scenario: Scenario) -> Iterator[Mark]:
    """The end of the first pull of each image."""
    seen: set[str] = set()
    for fact in story.facts_of("pull-finished", "pull-failed"):
        image = fact.details["image"]
        if image not in seen:
            seen.add(image)
            failed = fact.kind == "pull-failed"
            name = scenario.image_key(image)
            known = scenario.images.get(name)
            key = "error" if failed else "repull" if known and known.present else "pull"
            yield fact.t, f"images.{name}.{key}", words.say("world", "pull", failed=failed)


def _exits(story: Story, words: Messages) -> Iterator[Mark]:
    """The first run of each container that ends by itself; later runs show in its lane."""
    ended: set[str] = set()
    stopping: set[str] = set()
    for fact in story.facts_of("container-exited", "start-failed", "term-sent", "container-started"):
        name = fact.details["container"]
        if fact.kind == "term-sent":
            stopping.add(name)
        elif fact.kind == "container-started":
            stopping.discard(name)
        elif name not in ended and name not in stopping:
            ended.add(name)
            failed = fact.kind == "start-failed"
            text = words.say("world", "start" if failed else "exit", **fact.details)
            yield fact.t, f"containers.{name}.runs[0].{'start_error' if failed else 'for'}", text


def _windows(story: Story, words: Messages, scenario: Scenario) -> Iterator[Mark]:
    """Where what a probe asks begins to fail and where it recovers, in the run it belongs to."""
    started: dict[str, list[int]] = {}
    for fact in story.facts_of("container-started"):
        started.setdefault(fact.details["container"], []).append(fact.t)
    for name, script in scenario.containers.items():
        for run, start in enumerate(started.get(name, ())[:1]):
            yield from _windows_of(name, script, run, start, words)


def _windows_of(name: str, script: Script, run: int, start: int, words: Messages) -> Iterator[Mark]:
    for probe in ("startup", "readiness", "liveness"):
        for number, window in enumerate(getattr(script.probes, probe)):
            if window.result == "ok" or window.run not in (None, run):
                continue
            path = f"containers.{name}.probes.{probe}[{number}]"
            yield (
                start + round(window.from_ * MS),
                f"{path}.from",
                words.say("world", "probe", probe=probe, **{window.result: True}),
            )
            if window.to is not None:
                yield start + round(window.to * MS), f"{path}.to", words.say("world", "probe", probe=probe, ok=True)


def _actions(words: Messages, scenario: Scenario) -> Iterator[Mark]:
    for number, action in enumerate(scenario.actions):
        verb, _, _ = (action.kubectl or "").strip().partition(" ")
        yield round(action.at * MS), f"actions[{number}].at", words.say("world", _kind(action), verb=verb)


def _silences(words: Messages, scenario: Scenario) -> Iterator[Mark]:
    """Where a node falls silent and where it is heard of again."""
    for number, node in enumerate(scenario.nodes or ()):
        for span, silence in enumerate(node.silent):
            path = f"nodes[{number}].silent[{span}]"
            yield round(silence.from_ * MS), f"{path}.from", words.say("world", "silent", node=node.name)
            if silence.to is not None:
                yield round(silence.to * MS), f"{path}.to", words.say("world", "silent", node=node.name, back=True)


def _kind(action: Action) -> str:
    if action.kubectl is not None:
        return "kubectl"
    if action.force_delete or action.delete is not None:
        return "delete"
    if action.evict is not None or action.pressure is not None:
        return "evict" if action.pressure is None else "pressure"
    if action.patch_node is not None or action.patch_node_status is not None:
        return "node"
    return "patch" if action.create is None else "create"
