"""Tables of single functions of Kubernetes' own libraries, under a fixed clock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from podsim import api
from podsim.api import defaults, image, qos, resources
from podsim.api.quantity import Quantity
from podsim.api.validation import names as name_rules
from podsim.cluster.kubelet import backoff, probing, spec, status
from podsim.cluster.kubelet.backoff import BackOff
from podsim.cluster.kubelet.probing import INITIAL, Tally
from podsim.kubectl import describe, duration, events, get, yaml
from podsim.kubectl.duration import instant
from podsim.kubectl.printer import Options, TablePrinter
from tests.conformance.recordings import Case, Table, unequal

NOW = "2026-07-01T12:00:00Z"
OPTIONS = {
    "Wide": "wide",
    "ShowLabels": "show_labels",
    "WithNamespace": "all_namespaces",
    "NoHeaders": "no_headers",
    "WithKind": "show_kind",
    "ColumnLabels": "label_columns",
}


def quantities(case: Case) -> list[str]:
    """A quantity as read and written, or two of them compared and added."""
    expected = case["expect"]
    if case["kind"] == "pair":
        a, b = Quantity(case["a"]), Quantity(case["b"])
        found = {"cmp": (a > b) - (a < b), "equal": a == b, "sum": str(a + b), "diff": str(a - b)}
    else:
        try:
            value = Quantity(case["input"])
        except ValueError as error:
            return unequal("error", expected.get("error"), str(error))
        found = {"ok": True, "canonical": str(value), "value": value.value, "milliValue": value.milli_value}
    return unequal("quantity", {key: expected.get(key) for key in found}, found)


def classes(case: Case) -> list[str]:
    """The QoS class of a pod."""
    return unequal("class", case["expect"]["statusQOSClass"], qos.qos_class(defaults.apply(case["pod"])))


def requests(case: Case) -> list[str]:
    """What a pod asks for."""
    pod = defaults.apply(case["pod"])
    return unequal("resources", case["expect"], {"requests": resources.pod_requests(pod), "limits": resources.pod_limits(pod)})


def refusal(case: Case) -> str:
    """Why the API server would not have the pod of a case that is compared by its function all the same; "" if it would."""
    try:
        api.create(case["pod"])
    except api.Rejected as refused:
        return str(refused.errors[0])
    return ""


def image_names(case: Case) -> list[str]:
    """The parts of an image reference."""
    expected = case["expect"]
    try:
        read = image.parse(case["image"])
    except ValueError as error:
        return unequal("error", expected.get("error"), str(error))
    found = {"ok": True, "repo": read.repository, "tag": read.tag, "digest": read.digest, "defaultPullPolicy": read.default_pull_policy}
    return unequal("reference", {key: expected.get(key) for key in found}, found)


def names(case: Case) -> list[str]:
    """What is wrong with a name, a port, a label."""
    return unequal("messages", case["expect"]["messages"], list(name_rules.check(case["kind"], case.get("value", case.get("number")))))


def validation(case: Case) -> list[str]:
    """The errors of a manifest, in order."""
    expected = case["expect"]
    try:
        api.create(case["yaml"])
        found = []
    except api.Rejected as refusal:
        found = [str(error) for error in refusal.errors]
    for key in ("decodeError", "strictDecodingError"):
        if key in expected:
            begin = expected[key].partition("<callsite>")[0]  # a place in a build's source
            return [] if begin in " ".join(found) else unequal("error", begin, found)
    wanted = expected["fieldErrors"]
    return unequal("errors", *(map(sorted, (wanted, found)) if case["unordered"] else (wanted, found)))


def phases(case: Case) -> list[str]:
    """Phase and conditions as they follow from the containers."""
    found = status.summarize(case["pod"], terminal=case["podIsTerminal"], regular_container_ever_active=case["regularContainerEverActive"])
    wanted = case["expect"]
    return [
        *unequal("phase", wanted["phase"], found["phase"]),
        *unequal("conditions", bare_conditions(wanted["conditions"]), bare_conditions(found["conditions"])),
    ]


def bare_conditions(conditions: list[Case]) -> dict[str, Case]:
    """Type -> status, reason and message."""
    return {c["type"]: {k: c[k] for k in ("status", "reason", "message") if c.get(k)} for c in conditions}


def back_offs(case: Case) -> list[str]:
    """What a look finds: a wait, or a new attempt that sets the next wait. Delays count from the end of a run or pull."""
    entry: BackOff | None = None
    found: list[Any] = []
    if case["kind"] == "image":
        for at in case["syncAt"]:
            now = round(at * 1000)
            refused = entry is not None and backoff.remaining(entry, entry.updated, now) > 0
            if not refused:
                end = now + round(case["pullSeconds"] * 1000)
                entry = backoff.following(entry, entry.updated if entry else end, end)
            found.append(("ImagePullBackOff" if refused else "pull (fails: ErrImagePull)", entry.delay / 1000 if entry else 0))
        return unequal("looks", [(s["action"], s["backoffSeconds"]) for s in case["expect"]["syncs"]], found)
    start = 0
    for run in case["runs"]:
        ended = start + round(run["runSeconds"] * 1000)
        now = ended + round(run.get("extraDelaySeconds", 0) * 1000)
        wait = backoff.remaining(entry, ended, now)
        refused = entry.delay if entry and wait else 0
        start = now + wait
        entry = backoff.following(entry, ended, start)
        found.append((ended / 1000, refused / 1000, start / 1000, entry.delay / 1000))
    keys = ("exitAt", "backoffSeconds", "restartAllowedAt", "nextBackoffSeconds")
    return unequal("runs", [tuple(run[key] for key in keys) for run in case["expect"]["runs"]], found)


def probe_sequences(case: Case) -> list[str]:
    """Which answers of a probe change its stored result; a new run of the container begins with the initial one."""
    return [problem for kind, thresholds in case["probes"].items() for problem in _answers(kind, thresholds, case["log"])]


def _answers(kind: Any, thresholds: Case, log: list[Case]) -> list[str]:
    container = {"name": "c", "image": "i", f"{kind}Probe": {"exec": {"command": ["check"]}, **thresholds}}
    pod = spec.read({"metadata": {"name": "p", "uid": "u"}, "spec": {"containers": [container]}})
    probe, tally, result = pod.regular[0].probes[kind], Tally(), INITIAL[kind]
    answers: list[tuple[float, str, str | None]] = []  # of the probe: when, what, and the result that it is to change
    wanted: dict[float, str] = {}
    asked: float | None = None
    for entry in log:
        if entry["event"] in ("containerVisible", "containerExited", "kill", "deleted"):
            asked = None  # what is stored now is no answer's doing
            if entry["event"] == "containerVisible":
                tally, result = replace(tally, on_hold=False), INITIAL[kind]
        elif entry["event"] == "stored" and entry["probe"] == kind and asked is not None:
            wanted[asked] = entry["value"]
        elif entry["event"] == "probe" and entry["probe"] == kind:
            asked = entry["t"]
            stored = None
            if entry["value"] != "error":
                tally, stored = probing.count(tally, probe, "Success" if entry["value"] == "success" else "Failure")
            answers.append((asked, entry["value"], stored if stored != result else None))
            result = stored or result
    return unequal(kind, [(t, value, wanted.get(t)) for t, value, _ in answers], answers)


def ages(case: Case) -> list[str]:
    """A duration as kubectl prints ages."""
    seconds = case["ns"] / 1e9
    found = {"human": duration.human_duration(seconds), "short": duration.short_human_duration(seconds)}
    return unequal("age", case["expect"], found)


def pod_tables(case: Case) -> list[str]:
    """`kubectl get pods`: a row with its forms, a table, or a watch."""
    expected = case["expect"]
    options: Any = {OPTIONS[key]: value for key, value in case.get("options", {}).items()}
    if case["kind"] == "table":
        return unequal("table", expected["text"], get.table(case["pods"], NOW, **options))
    if case["kind"] == "watch":
        return unequal("watch", expected["text"], watched(case, Options(**options)))
    found = unequal("cells", expected["cells"], list(get.pod_row(case["pod"], instant(NOW)).cells))
    for form, flags in (("get", {}), ("wide", {"wide": True}), ("showLabels", {"show_labels": True})):
        found += unequal(form, expected[form], get.table([case["pod"]], NOW, **flags))
    return found


def watched(case: Case, options: Options) -> str:
    """What a watch prints."""
    printer, now = TablePrinter("Pod", options), instant(NOW)
    changes = [(event["type"], event["pod"]) for event in case["events"]]
    if case.get("outputWatchEvents"):
        return "".join(printer.text([pod], now, change) for change, pod in [*(("ADDED", pod) for pod in case["initial"]), *changes])
    return printer.text(case["initial"], now) + "".join(printer.text([pod], now) for _, pod in changes)


def descriptions(case: Case) -> list[str]:
    """`kubectl describe pod`."""
    text = describe.pod(case["pod"], case["events"], NOW, show_events=case.get("showEvents", True))
    return unequal("text", case["expect"]["text"], text)


def event_tables(case: Case) -> list[str]:
    """`kubectl events` and `kubectl get events`."""
    flags: Any = {"all_namespaces": case.get("allNamespaces", False), "no_headers": case.get("noHeaders", False)}
    found = unequal("events", case["expect"]["kubectlEvents"], events.table(case["events"], NOW, **flags, types=case.get("types")))
    for form, wide in (("kubectlGetEvents", False), ("kubectlGetEventsWide", True)):
        found += unequal(form, case["expect"][form], TablePrinter("Event", Options(wide=wide, **flags)).text(case["events"], instant(NOW)))
    return found


def written_yaml(case: Case) -> list[str]:
    """An object as YAML."""
    return unequal("yaml", case["yaml"], yaml.dump(case["object"]))


TABLES = (
    Table("lib/quantity", "quantities", quantities),
    Table("lib/qos", "QoS classes", classes),
    Table("lib/podresources", "requests and limits of a Pod", requests),
    Table("lib/imagename", "image references", image_names),
    Table("lib/names", "names, ports, labels", names),
    Table("lib/validation", "validation of Pods", validation),
    Table("lib/podphase", "phase and conditions from container states", phases),
    Table("lib/backoff", "back-off of restarts and pulls", back_offs),
    Table("lib/probe_sequences", "what a probe's answers add up to", probe_sequences),
    Table("lib/duration", "ages", ages),
    Table("lib/printpod", "`kubectl get pods`", pod_tables),
    Table("lib/describe", "`kubectl describe pod`", descriptions),
    Table("lib/events", "`kubectl events`", event_tables),
    Table("lib/yaml", "YAML of stored objects", written_yaml),
)
