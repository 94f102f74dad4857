"""What the API server, the controllers and the scheduler answer to kubectl."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from typing import Any

from podsim import Cluster
from podsim.api import manifest
from tests.conformance.recordings import DATA, Case, Table, stable, unequal

LETTERS = "[bcdfghjklmnpqrstvwxz2456789]"  # of generated names
GENERATED = ((re.compile(r"-[0-9a-z]{8,10}(?=-|\b)"), "-HASH"), (re.compile(rf"-(?:xxxx\d|{LETTERS}{{5}})\b"), "-SUFFIX"))
MANIFEST = "manifest.yaml"


def stored_object(case: Case) -> list[str]:
    """A manifest that is created and applied, each on a cluster of its own."""
    found: list[str] = []
    for verb in ("create", "apply"):
        made, expected = cluster(), case[verb]
        for existing in case.get("existing", ()):
            create(made, existing)
        files = {case["file"]: case["input"]} if "input" in case else {}
        result = made.kubectl([verb, "-f", case["file"], *case.get("flags", ())], files=files)
        found += answer(verb, expected, result, any_order="order_varies" in case or "order_varies" in expected)
        for obj in expected.get("objects", ()):
            shown = made.kubectl(["get", obj["kind"], obj["name"], "-n", obj.get("namespace", "default"), "-o", "yaml"])
            found += unequal(f"{verb}: {obj['kind']} {obj['name']}", stable(obj["yaml"]), stable(shown.stdout or shown.stderr))
    return found


def updates(case: Case) -> list[str]:
    """Commands that change one object step by step."""
    made, found = cluster(), []
    for step in case["steps"]:
        label = " ".join(step["kubectl"])
        files = {MANIFEST: step["manifest"]} if "manifest" in step else {}
        found += answer(label, step, made.kubectl(step["kubectl"], files=files), any_order="order_varies" in step)
        if "gone" in step:
            found += unequal(f"{label}: left", "", made.kubectl("get pod,deployment -o name").stdout)
        if "yaml" in step:
            kind, name = (re.search(rf"^{key}: (\S+)$", step["yaml"], re.MULTILINE)[1] for key in ("kind", "  name"))  # type: ignore[index]
            shown = made.kubectl(["get", kind.lower(), name, "-o", "yaml"])
            found += unequal(f"{label}: stored", stable(step["yaml"]), stable(shown.stdout or shown.stderr))
    return found


def controllers(case: Case) -> list[str]:
    """The pods that controllers make of a workload, and what their events say."""
    made = cluster(nodes=case["nodes"])
    found = unequal("stdout", case["stdout"], create(made, case["input"]).stdout)
    made.run(until=0.5)
    pods = sorted(items(made, "pods"), key=lambda pod: pod["metadata"]["name"])
    told = {generated(f"{e['reason']} {e['message']}") for e in items(made, "events")}
    found += [f"event missing: {reason} {message}" for reason, message in case["events"] if generated(f"{reason} {message}") not in told]
    found += unequal("names", sorted(map(generated, case["pod_names"])), sorted(generated(pod["metadata"]["name"]) for pod in pods))
    for wanted, pod in zip(case["pods"], pods, strict=False):
        meta = pod["metadata"]
        owners = [{k: v for k, v in owner.items() if k != "uid"} for owner in meta.get("ownerReferences", ())]
        spec = {k: v for k, v in pod["spec"].items() if k not in ("nodeName", "affinity")}
        shown = {"labels": meta.get("labels"), "owners": owners, "spec": spec}
        found += unequal(meta["name"], *(generated(json.dumps(one, indent=1, sort_keys=True)) for one in (wanted, shown)))
    return found


def scheduling(case: Case) -> list[str]:
    """Where the scheduler puts the pod `new`, what it says, and what it says after changes."""
    ended = next((e["phase"] for e in case.get("existing", ()) if e["phase"] in ("Succeeded", "Failed")), None)
    runs = [{"for": 0.5, "exit": 0 if ended == "Succeeded" else 1}]
    made = cluster("fixtures-scheduling.yaml", case["nodes"], {"containers": {"c": {"runs": runs}}} if ended else None)
    before = [*case.get("objects", ()), *(e["manifest"] for e in case.get("existing", ()))]
    for number, text in enumerate(before, 1):
        create(made, text if isinstance(text, str) else json.dumps(text))
        made.run(until=number)
    made.run(until=30)
    create(made, case["pod"])
    made.run(until=30.1)
    found = scheduled(made, "at first", case["result"], case.get("choice_varies", ()))
    for number, step in enumerate(case.get("then", ()), 1):
        made.run(until=30 + 10 * number)
        if "add_node" in step:
            made.add_node(step["add_node"])
        else:
            made.kubectl(step["kubectl"])
        made.run(until=35 + 10 * number)
        found += scheduled(made, f"after step {number}", step["result"])
    return found


def scheduled(made: Cluster, label: str, expected: Case, choices: Iterable[str] = ()) -> list[str]:
    """Differences in node, condition and events of the pod `new`; `choices`: nodes of which any would do."""
    pod = json.loads(made.kubectl("get pod new -o json").stdout)
    node = pod["spec"].get("nodeName")
    if choices:
        return [] if node in choices else unequal(f"{label}: node", choices, node)
    conditions = [c for c in pod["status"].get("conditions", ()) if c["type"] == "PodScheduled"]
    told = [[e["type"], e["reason"], stable(e["message"])] for e in items(made, "events --field-selector involvedObject.name=new")]
    return [
        *unequal(f"{label}: node", expected["nodeName"], node),
        *unequal(f"{label}: PodScheduled", expected["scheduled"], [{k: c[k] for k in ("status", "reason", "message") if c.get(k)} for c in conditions]),
        *(f"{label}: event missing: {event}" for event in expected["events"] if [*event[:2], stable(event[2])] not in told),
    ]


def cluster(fixtures: str = "fixtures.yaml", nodes: Iterable[Case] = (), scenario: Case | None = None) -> Cluster:
    """A cluster with the objects that stood in it while the cases were recorded."""
    made = Cluster(nodes=nodes, scenario=scenario)
    for obj in standing(fixtures):
        made.simulation.server.create(deepcopy(obj))
    return made


@cache
def standing(fixtures: str) -> list[Any]:
    """The objects of a file of fixtures."""
    text = (DATA / "api" / fixtures).read_text(encoding="utf-8")
    return [item.object for document in manifest.parse(text, fixtures) for item in manifest.items(document)]


def create(made: Cluster, text: str) -> Any:
    """The result of `kubectl create`."""
    return made.kubectl(["create", "-f", MANIFEST], files={MANIFEST: text})


def items(made: Cluster, what: str) -> list[Case]:
    """The objects that `kubectl get` lists."""
    return list(json.loads(made.kubectl(f"get {what} -o json").stdout or '{"items": []}')["items"])


def answer(label: str, expected: Case, result: Any, *, any_order: bool = False) -> list[str]:
    """Differences in exit status and texts."""
    read = in_any_order if any_order else stable
    return [
        *unequal(f"{label}: exit status", expected["rc"], result.returncode),
        *unequal(f"{label}: stdout", read(expected["stdout"]), read(result.stdout)),
        *unequal(f"{label}: stderr", read(expected["stderr"]), read(result.stderr)),
    ]


def in_any_order(text: str) -> list[str]:
    """The parts of an error whose order Go's maps make random."""
    return sorted(part.strip(" *]") for part in re.split(r"[,\n\[]", stable(text)) if part.strip(" *]"))


def generated(text: str) -> str:
    """`text` without what is made up: hashes of templates and suffixes of names."""
    for pattern, word in GENERATED:
        text = pattern.sub(word, text)
    return stable(text)


TABLES = (
    Table("api/manifests", "what is stored of a manifest: defaults, admission, status", stored_object),
    Table("api/invalid", "what is refused, and in which words", stored_object),
    Table("api/updates", "changes by apply, patch, label, scale, delete", updates),
    Table("api/controllers", "the Pods that controllers make of a workload", controllers),
    Table("api/scheduling", "where a Pod goes, and why it cannot", scheduling),
)
