"""What a learner types at one cluster, and what kubectl prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from podsim import Cluster
from tests.conformance.recordings import Case, Table, stable, unequal

LETTERS = "[bcdfghjklmnpqrstvwxz2456789]"
AGE = re.compile(r"\(?(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:\.\d+)?s)?[),]*")
CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)")
NAMES = (  # what is made up, and addresses
    (re.compile(r"(?<=-hash[=:])\s*[0-9A-Za-z]+\b"), "HASH"),
    (re.compile(rf"-(?:HASH\d+|[0-9a-z]{{8,10}})(?=-(?:xxxx\d+|{LETTERS}{{5}})\b|[\s\"',]|$)"), "-HASH"),
    (re.compile(rf"-(?:xxxx\d+|{LETTERS}{{5}})(?=[\s,\"':.]|$)"), "-SUFFIX"),
    (re.compile(r"\b(?:POD-IP-\d+|HOST-IP|\d{1,3}(?:\.\d{1,3}){3})\b"), "IP"),
    (re.compile(r"containerd://\S+|@sha256:[0-9a-f]+|\.(?:EVENT|[0-9a-f]{16})\b|default-scheduler-\S+"), "ID"),
)


def differences(case: Case) -> list[str]:
    """The commands whose text or exit status is another."""
    made, names = Cluster(scenario=world(case)), OurNames()
    files: dict[str, str] = {}
    found = []
    for step in case["steps"]:
        files.update(step.get("files", {}))
        made.run(until=step["at"])
        interrupted = step.get("interrupted_after")
        result = made.kubectl(names.translate(step["kubectl"], made), files=files, stdin=step.get("stdin"), timeout=interrupted)
        label = f"at {step['at']} s, kubectl {' '.join(step['kubectl'])}"
        if not interrupted:
            found += unequal(f"{label}: exit status", step["rc"], result.returncode)
        found += _lines(label, step["stdout"], result.stdout) + _lines(f"{label}: stderr", step["stderr"], result.stderr)
    return found


def world(case: Case) -> dict[str, Any]:
    """The scenario of a recorded cluster, with the clocks of its kubelet."""
    relist = case.get("relists") or case.get("relist")
    clocks = {"tick": case["syncTick"] % 1, **({"relist": relist} if relist is not None else {})}
    return {**case["scenario"], "kubelet": clocks}


class OurNames:
    """Recorded names (`web-HASH1-xxxx2`: the second Pod made) in the words of a simulation."""

    def translate(self, words: Sequence[str], made: Cluster) -> list[str]:
        """A command line."""
        return [re.sub(r"[\w.-]*-xxxx(\d+)", lambda match: self._pods(made)[int(match[1]) - 1], word) for word in words]

    def _pods(self, made: Cluster) -> list[str]:
        owned = (r.object["metadata"] for r in made.history.record.of_kind("Pod") if "ownerReferences" in r.object["metadata"])
        return list(dict.fromkeys(meta["name"] for meta in owned))


def _lines(label: str, recorded: str, found: str) -> list[str]:
    """Lines that only one of the two has. Rows may stand in any order, as their names are made up; times may be 2 s off."""
    left = _bare(found)
    missing = []
    for line in _bare(recorded):
        match = next((other for other in left if _same(line, other)), None)
        if match is None:
            missing.append(line)
        else:
            left.remove(match)
    return [f"{label}:\n" + "\n".join([*(f"-{line}" for line in missing), *(f"+{line}" for line in left)])] if missing or left else []


def _bare(text: str) -> list[str]:
    text = stable(text)
    for pattern, word in NAMES:
        text = pattern.sub(word, text)
    return text.splitlines()


def _same(a: str, b: str) -> bool:
    ours, theirs = a.split(), b.split()
    return len(ours) == len(theirs) and all(x == y or _near(_seconds(x), _seconds(y)) for x, y in zip(ours, theirs, strict=True))


def _near(a: int | None, b: int | None) -> bool:
    return a is not None and b is not None and abs(a - b) <= 2 + 0.03 * a


def _seconds(word: str) -> int | None:
    """What a word says if it is an age or a time of day."""
    match = CLOCK.fullmatch(word) or AGE.fullmatch(word)
    if match is None:
        return None
    *days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((sum(days) * 24 + hours) * 60 + minutes) * 60 + seconds


TABLES = (Table("transcripts", "what a learner types, and what kubectl prints", differences),)
