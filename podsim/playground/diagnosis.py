"""What a status pasted from a real cluster says, line by line, and what probably happened. The rules are data: rules.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

import yaml

from podsim.api import manifest
from podsim.api.manifest import Document, ParseError
from podsim.api.yamltypes import Path
from podsim.checking import Problem
from podsim.cluster.clock import EPOCH, read_stamp
from podsim.explorers import declared, paths
from podsim.explorers.declarations import said
from podsim.kubectl.get import pod_row
from podsim.playground import incidents, messages, problems
from podsim.playground.predicates import holds
from podsim.timeline.messages import Messages

Json = dict[str, Any]
PARTS = {"initContainerStatuses": "initContainers", "containerStatuses": "containers", "ephemeralContainerStatuses": "ephemeralContainers"}
SURE = ("certain", "likely", "possible")
OWN_VOLUMES = ("secret", "configMap", "persistentVolumeClaim", "csi", "nfs")  # that may be missing
DETAILS = ("reason", "message", "status", "type", "lastTransitionTime", "startedAt", "finishedAt", "exitCode")  # that sentences may name, "" where not there
FINISHED = ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Rule:
    """A hypothesis and when it holds; see rules.yaml."""

    id: str
    of: Literal["container", "object"]
    sure: Literal["certain", "likely", "possible"]
    when: Mapping[str, Any]
    evidence: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


@cache
def rules() -> tuple[tuple[Rule, ...], Mapping[str, str]]:
    """The rules, the surest first, and the commands that they name."""
    data = yaml.safe_load((files("podsim.playground") / "rules.yaml").read_text("utf-8"))
    found = [declared.read(Rule, rule, f"rules[{n}]") for n, rule in enumerate(data["rules"])]
    return tuple(sorted(found, key=lambda rule: SURE.index(rule.sure))), data["commands"]


def diagnose(text: str, language: str = "en") -> Json:
    """{"problems", "pods"} of what `kubectl get -o yaml` (or json) printed: pods, lists of them, and what makes pods."""
    words = messages.load(language)
    bare = "".join(" \n" if line.startswith("$ ") else line for line in text.splitlines(keepends=True))
    try:
        documents = [manifest.document(bare)] if bare.lstrip().startswith("{") else manifest.parse(bare)
    except ParseError as error:
        return {"problems": [problems.said(text, Problem(error.line or 1, error.column or 1, str(error)), "error", words)], "pods": []}
    lines = text.splitlines()
    found: list[Json] = []
    wrong: list[Json] = []
    for item in (one for whole in documents for one in manifest.items(whole)):
        try:
            found.append(_of_object(item, lines, words))
        except (KeyError, TypeError, AttributeError, ValueError):
            wrong.append(problems.said(text, Problem(item.line, 1, words.say("diagnosis", "no-status")), "error", words))
    return {"problems": wrong, "pods": found}


@dataclass(frozen=True)
class Patient:
    """An object, or one container of it: what paths of rules begin at. `place` and `spec_place` are where they are written."""

    document: Document
    place: Path = ()
    spec_place: Path = ()
    init: bool = False
    name: str = ""

    def resolve(self, path: str) -> Path | None:
        """Where a rule's path is in the object; None for `fact` and for what is not there."""
        head, _, rest = path.partition(".")
        tail = paths.parse(rest) if rest else ()
        if head == "pod":
            return tail
        if head == "condition":
            conditions = self.at(("status", "conditions")) or ()
            index = next((n for n, one in enumerate(conditions) if one["type"] == tail[0]), None)
            return None if index is None else ("status", "conditions", index, *tail[1:])
        if head == "spec":
            return (*self.spec_place, *tail) if self.spec_place else None
        if head == "ended":
            ends = [(*self.place, one, "terminated") for one in ("state", "lastState")]
            end = next((one for one in ends if self.at(one)), None)
            return None if end is None else (*end, *tail)
        return (*self.place, *paths.parse(path))

    def at(self, path: Path) -> Any:
        """The value there, or None."""
        return paths.get(self.document.object, path)

    def value(self, path: str) -> Any:
        """The value at a rule's path, or the fact."""
        if path.startswith("fact."):
            return self.facts.get(path.removeprefix("fact."))
        place = self.resolve(path)
        return None if place is None else self.at(place)

    @cached_property
    def facts(self) -> Json:
        """What takes more than one value to see."""
        obj = self.document.object
        status, spec = obj.get("status") or {}, obj.get("spec") or {}
        every = [one for part in PARTS for one in status.get(part) or ()]
        own = self.at(self.place) if self.place else {}
        ended = self.value("ended") if self.place else None
        message = str(paths.get(own, ("state", "waiting", "message")) or "")
        refusals = [rule.when["state.waiting.message"] for rule in rules()[0] if rule.id in ("image-private", "image-typo")]
        owners = obj["metadata"].get("ownerReferences") or ()
        return {
            "allEnded": all("terminated" in (one.get("state") or {}) for one in every),
            "ended": status.get("phase") in FINISHED,
            "failed": ended is not None and ended.get("exitCode", 0) != 0,
            "init": self.init,
            "othersRun": any("running" in (one.get("state") or {}) for one in every if one["name"] != self.name),
            "owner": owners[0]["kind"] if owners else None,
            "ownVolumes": any(kind in volume for volume in spec.get("volumes") or () for kind in OWN_VOLUMES),
            "probed": any(self.value(f"spec.{probe}") for probe in ("livenessProbe", "startupProbe")),
            "pullRefused": any(holds(pattern, message) for pattern in refusals),
        }


def _of_object(document: Document, lines: Sequence[str], words: Messages) -> Json:
    obj = document.object
    row = pod_row(obj, EPOCH) if obj["kind"] == "Pod" else None
    known = _hypotheses(document, lines, words) if obj["status"] is not None else []
    return {
        "kind": obj["kind"],
        "namespace": obj["metadata"].get("namespace", "default"),
        "name": obj["metadata"]["name"],
        "ready": row.ready if row else "",
        "status": row.status if row else "",
        "restarts": row.restart_count if row else 0,
        "lines": list(_lines(document, words)),
        "hypotheses": known,
    }


def _patients(document: Document) -> Iterator[Patient]:
    """The object, then its containers."""
    obj = document.object
    yield Patient(document)
    for statuses, part in PARTS.items():
        specs = {one["name"]: n for n, one in enumerate((obj.get("spec") or {}).get(part) or ())}
        for number, one in enumerate((obj.get("status") or {}).get(statuses) or ()):
            spec: Path = ("spec", part, specs[one["name"]]) if one["name"] in specs else ()
            sidecar = bool(spec) and paths.get(obj, (*spec, "restartPolicy")) == "Always"
            yield Patient(document, ("status", statuses, number), spec, part == "initContainers" and not sidecar, one["name"])


def _hypotheses(document: Document, lines: Sequence[str], words: Messages) -> list[Json]:
    patients = list(_patients(document))
    found: dict[tuple[str, str], Json] = {}
    for rule in rules()[0]:
        for patient in patients:
            if bool(patient.place) == (rule.of == "container") and all(holds(wanted, patient.value(path)) for path, wanted in rule.when.items()):
                found.setdefault((rule.id, patient.name), _hypothesis(rule, patient, lines, words))
    return list(found.values())


def _hypothesis(rule: Rule, patient: Patient, lines: Sequence[str], words: Messages) -> Json:
    obj, incident = patient.document.object, incidents.load().get(rule.id)
    asked = [path for path, wanted in rule.when.items() if wanted != "absent"]
    places = {place for path in (*asked, *rule.evidence) if (at := patient.resolve(path)) and patient.at(at) is not None and (place := patient.document.position(at))}
    names = {
        "pod": obj["metadata"]["name"],
        "container": patient.name,
        "namespace": f" -n {space}" if (space := obj["metadata"].get("namespace", "default")) != "default" else "",
        "node": (obj.get("spec") or {}).get("nodeName", "NODE"),
        "owner": _owner(obj),
    }
    return {
        "id": rule.id,
        "title": said(incident.title, words.language) if incident else words.say("hypotheses", rule.id),
        "because": said(incident.look, words.language) if incident else words.say("because", rule.id),
        "sure": rule.sure,
        "container": patient.name or None,
        "evidence": [{"line": line, "text": lines[line - 1].strip()} for line, _ in sorted(places)],
        "next": [{"command": rules()[1][one].format(**names), "look": words.say("look", one)} for one in rule.next],
        "incident": rule.id if incident else None,
    }


def _owner(obj: Json) -> str:
    """The workload's name: a ReplicaSet's without the hash that a Deployment gave it."""
    owners = obj["metadata"].get("ownerReferences") or ()
    if not owners:
        return "NAME"
    name = str(owners[0]["name"])
    return name.rpartition("-")[0] or name if owners[0]["kind"] == "ReplicaSet" else name


def _lines(document: Document, words: Messages) -> Iterator[Json]:
    """Every line of the status that there is a sentence for, in the order of the text."""
    found = []
    for path, place in document.positions.items():
        key = ".".join(str(step) for step in path if isinstance(step, str)) if path else ""
        key = key.replace("initContainerStatuses", "containerStatuses").replace("ephemeralContainerStatuses", "containerStatuses")
        if key.startswith(("status.", "metadata.deletion")) and words.has("lines", key) and path[-1] != key:
            says = words.say("lines", key, **_details(document, path))
            if says:
                found.append({"line": place[0], "path": paths.plain(path), "says": says})
    yield from sorted(found, key=lambda one: int(str(one["line"])))


def _details(document: Document, path: Path) -> Json:
    """The value, its neighbours, the container, and for a run its length."""
    around = paths.get(document.object, path[:-1])
    container = paths.get(document.object, (*path[:3], "name")) if "ontainerStatuses" in str(path[1:2]) else ""
    near = {k: v for k, v in around.items() if isinstance(v, str | int | bool)} if isinstance(around, dict) else {}
    seconds = _length(near.get("startedAt"), near.get("finishedAt"))
    last = "last" if "lastState" in path else ""
    return {**dict.fromkeys(DETAILS, ""), **near, "value": paths.get(document.object, path), "container": container or "", "seconds": seconds, "last": last}


def _length(start: Any, end: Any) -> Any:
    """How long a run took, in seconds; "" where the stamps do not tell."""
    try:
        took = (read_stamp(end) - read_stamp(start)).total_seconds()
    except (TypeError, ValueError):
        return ""
    return took if 0 <= took < 10 * 365 * 86400 else ""
