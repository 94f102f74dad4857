"""How the grace period of a pod's first stop was spent: one budget for the preStop hook and for what follows TERM."""

from __future__ import annotations

from podsim.explorers.panels.picture import Part, Picture, Row
from podsim.explorers.panels.scene import Say, Scene
from podsim.timeline import ending, story
from podsim.timeline.scale import reading

MS = 1000


def picture(scene: Scene, say: Say) -> Picture:
    """The period as granted, what was spent of it in turn, and how the process ended."""
    told = story.read(scene.record)
    stopping = (fact for fact in told.facts_of("hook-started", "term-sent") if fact.details.get("hook") != "postStart")
    stopped = next((fact.details["container"] for fact in stopping), "")
    hooks, stops = ending.stretches(told, stopped)
    begins = min((found[0][0].t for found in (hooks, stops) if found), default=0)
    pod = [look.pod for look in told.looks if look.t <= begins][-1]
    granted = float(pod["metadata"].get("deletionGracePeriodSeconds", pod["spec"]["terminationGracePeriodSeconds"]))
    spent = {name: (found[0][1] - found[0][0].t) / MS if found else 0.0 for name, found in (("preStop", hooks), ("TERM", stops))}
    killed = any(stretch[2] for stretch in (*hooks[:1], *stops[:1]))
    over = max(sum(spent.values()) - granted, 0)
    left = max(granted - sum(spent.values()), 0)
    parts = [Part(seconds, f"{name} {reading(seconds)}", "end") for name, seconds in spent.items() if seconds]
    verdict = say("grace", "killed" if killed else "ended" if stops else "nothing")
    return Picture(
        say("grace", "title", grace=granted),
        [
            Row(say("grace", "granted"), [Part(granted, reading(granted), "yes"), *([Part(over, f"+{reading(over)}", "no")] if over else [])]),
            Row(say("grace", "spent"), [*parts, *([Part(left, say("grace", "left", remaining=left))] if left else [])], mark=granted if over else None),
            Row(say("grace", "end"), [Part(1, verdict, "fail" if killed else "done" if stops else "no")]),
        ],
    )
