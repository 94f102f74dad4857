"""The parts of an image's name, and the pull policy that they give where none is written."""

from __future__ import annotations

from podsim.api import image
from podsim.explorers.panels.picture import Part, Picture, Row
from podsim.explorers.panels.scene import Say, Scene

POLICIES = ("Always", "IfNotPresent", "Never")


def picture(scene: Scene, say: Say) -> Picture:
    """The first container's image as written, in parts, with the default and the stored policy."""
    container = scene.written["spec"]["containers"][0]
    stored = scene.pod["spec"]["containers"][0]["imagePullPolicy"]
    try:
        parsed = image.parse(str(container["image"]))
    except ValueError as malformed:
        parts, default = [Part(1, str(malformed), "fail")], ""
    else:
        parts = [Part(2, parsed.repository, "yes"), Part(1, parsed.tag and f":{parsed.tag}", "yes"), Part(1, parsed.digest and f"@{parsed.digest}", "yes")]
        default = parsed.default_pull_policy
    return Picture(
        say("policy", "title", policy=stored),
        [
            Row(say("policy", "written"), [Part(1, str(container["image"]))]),
            Row(say("policy", "parts"), parts),
            Row(say("policy", "default"), _chosen(default)),
            Row(say("policy", "stored"), _chosen(stored)),
        ],
    )


def _chosen(policy: str) -> list[Part]:
    return [Part(1, one, "done" if one == policy else "no") for one in POLICIES]
