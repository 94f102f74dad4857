"""Statuses as people paste them, and those of the recorded clusters."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from podsim.kubectl import yaml
from podsim.playground import messages
from podsim.playground.diagnosis import diagnose, rules
from podsim.playground.predicates import holds

RECORDED = Path(__file__).parents[1] / "conformance" / "data"
OOM = """\
$ kubectl get pod web -o yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  creationTimestamp: "2024-05-01T10:00:00Z"
spec:
  restartPolicy: Always
  containers:
  - name: app
    image: web:1
    resources:
      limits:
        memory: 64Mi
status:
  phase: Running
  conditions:
  - lastTransitionTime: "2024-05-01T10:00:30Z"
    reason: ContainersNotReady
    status: "False"
    type: Ready
  containerStatuses:
  - name: app
    image: web:1
    imageID: ""
    ready: false
    restartCount: 3
    started: false
    lastState:
      terminated:
        exitCode: 137
        reason: OOMKilled
        startedAt: "2024-05-01T10:00:00Z"
        finishedAt: "2024-05-01T10:00:30Z"
    state:
      waiting:
        reason: CrashLoopBackOff
        message: back-off 40s restarting failed container=app
"""


def only(text: str, language: str = "en") -> dict[str, Any]:
    found = diagnose(text, language)
    assert found["problems"] == []
    (pod,) = found["pods"]
    return pod


def says(pod: dict[str, Any]) -> dict[int, str]:
    return {one["line"]: one["says"] for one in pod["lines"]}


class TestLines:
    def test_each_line_of_the_status_has_its_sentence(self):
        told = says(only(OOM))
        assert told[17].startswith("bound to a node")
        assert told[22] == "Services send no traffic, since 2024-05-01T10:00:30Z"
        assert told[28] == "app has been restarted 3 times"
        assert "128 + 9, KILL" in told[32]
        assert told[33].startswith("the kernel killed")
        assert told[35] == "the run before ended then, after 30s"
        assert "doubling to 5 min" in told[38]

    @pytest.mark.parametrize(("code", "word"), [(1, "program itself"), (126, "may not be executed"), (127, "no such command"), (137, "KILL"), (139, "SEGV"), (143, "TERM"), (42, "ended with 42")])
    def test_exit_codes(self, code: int, word: str):
        assert word in says(only(OOM.replace("exitCode: 137", f"exitCode: {code}")))[32]


class TestHypotheses:
    def test_the_evidence_is_lines_of_the_text_and_the_commands_are_about_this_pod(self):
        first = only(OOM)["hypotheses"][0]
        assert (first["id"], first["sure"], first["container"]) == ("crash-oom", "certain", "app")
        assert {"line": 33, "text": "reason: OOMKilled"} in first["evidence"]
        assert {"line": 15, "text": "memory: 64Mi"} in first["evidence"]
        assert first["next"][0]["command"] == "kubectl logs web -c app --previous -n shop"

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("reason: OOMKilled", "reason: Error", "killed"),
            ("137\n        reason: OOMKilled", "139\n        reason: Error", "segmentation-fault"),
            ("137\n        reason: OOMKilled", "1\n        reason: Error\n        message: 'bind: address already in use'", "port-taken"),
            ("137\n        reason: OOMKilled", "0\n        reason: Completed", "crash-exit-0"),
            ("reason: CrashLoopBackOff", "reason: ImagePullBackOff\n        message: 'dial tcp: i/o timeout'", "crash-oom"),
        ],
    )
    def test_one_line_makes_another_story(self, old: str, new: str, expected: str):
        text = OOM.replace(old, new)
        assert only(text.replace("        message: back-off 40s restarting failed container=app\n", ""))["hypotheses"][0]["id"] == expected

    def test_nothing_is_wrong_with_a_pod_that_is_well(self):
        well = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "a"}]}}
        state = {"name": "a", "ready": True, "restartCount": 0, "state": {"running": {"startedAt": "2024-05-01T10:00:00Z"}}}
        assert only(yaml.dump({**well, "status": {"phase": "Running", "containerStatuses": [state]}}))["hypotheses"] == []


class TestForms:
    def test_json_and_lists_have_lines_too(self):
        obj = {"apiVersion": "v1", "kind": "List", "items": [json.loads(json.dumps(_pod(OOM)))] * 2}
        for text in (json.dumps(obj, indent=2), yaml.dump(obj)):
            pods = diagnose(text)["pods"]
            assert [pod["hypotheses"][0]["id"] for pod in pods] == ["crash-oom", "crash-oom"]
            (line,) = [e["line"] for e in pods[1]["hypotheses"][0]["evidence"] if "OOMKilled" in e["text"]]
            assert "OOMKilled" in text.splitlines()[line - 1]

    @pytest.mark.parametrize("text", ["", "hello", "kind: Pod\nmetadata: {name: a}\n", "[1, 2]", "kind: [", '{"kind": "Pod", "status": {"conditions": 5}, "metadata": {"name": "a"}}', "kind: Pod\nmetadata: {name: a}\nstatus: {containerStatuses: [{}]}"])
    def test_what_is_no_status_is_said(self, text: str):
        found = diagnose(text)
        assert found["pods"] == []
        assert bool(found["problems"]) == bool(text)

    def test_korean(self):
        assert only(OOM, "ko")["hypotheses"][0]["title"] != only(OOM)["hypotheses"][0]["title"]


EXPECTED = {
    "always-exit0": "crash-exit-0", "always-exit1": "crash-exit-1", "always-oom-stable": "crash-oom", "cm-env-missing": "configmap-key-missing",
    "cm-key-missing": "configmap-key-missing", "crash-loop-full": "crash-exit-1", "img-denied": "image-private", "img-invalid-name": "image-name-invalid",
    "img-never-missing": "image-never", "img-notfound": "image-typo", "init-fail-always": "init-loop", "live-http": "liveness-too-strict", "ready-http-refused": "readiness-never",
    "startup-fails": "startup-budget", "start-error": "command-not-found", "unsched-cpu": "pending-cpu", "unsched-selector": "pending-selector",
    "unsched-taint-like": "pending-selector", "deadline-running": "deadline", "sched-gate": "gated", "secret-volume-missing": "volume-missing",
    "never-exit1": "failed-once", "plain-run": None, "never-exit0": None,
}  # fmt: skip
STAMP = re.compile(r"t\+(\d+)s")
RECORDINGS = sorted((RECORDED / "kubelet").glob("*.json"))


@pytest.mark.parametrize("file", RECORDINGS, ids=[file.stem for file in RECORDINGS])
def test_the_statuses_that_real_clusters_had(file: Path):
    recorded = json.loads(STAMP.sub(lambda found: f"2026-01-01T00:{int(found[1]) // 60:02}:{int(found[1]) % 60:02}Z", file.read_text()))
    (written, *_) = pyyaml.safe_load_all(recorded["scenario"]["manifest"])
    stored = [revision for revision in recorded["revisions"] if revision["type"] != "DELETED" and revision["status"] != "="]
    first = set()
    for revision in stored if file.stem in EXPECTED else stored[-1:]:
        obj = {**written, "metadata": {**written["metadata"], **revision["metadata"]}, "status": revision["status"]}
        pod = only(yaml.dump({**obj, "spec": {"restartPolicy": "Always", **written["spec"]}}))
        assert pod["lines"] or revision is stored[0]
        first |= {one["id"] for one in pod["hypotheses"][:1]}
    if file.stem in EXPECTED:
        assert EXPECTED[file.stem] in (first or {None})


def _pod(text: str) -> Any:
    return pyyaml.safe_load(text.partition("\n")[2])


class TestRules:
    def test_every_rule_has_its_words_in_every_language(self):
        for language in ("en", "ko"):
            words = messages.load(language)
            for rule in rules()[0]:
                for command in rule.next:
                    assert command in rules()[1]
                    assert words.say("look", command)

    @pytest.mark.parametrize(
        ("wanted", "value", "expected"),
        [
            (1, 1, True), (1, True, False), ("a", "a", True), ("True", "True", True), (["a", 2], 2, True), ("/b.d/", "abcd", True), ("/b/", None, False),
            ("present", 0, True), ("present", {}, False), ("present", None, False), ("absent", None, True), ("absent", [], True), ("absent", 0, False),
            ("> 0", 1, True), ("> 0", 0, False), ("> 0", None, False), ("< 126", 1, True), ("< 126", 126, False), (True, True, True), (False, None, False),
        ],
    )  # fmt: skip
    def test_predicates(self, wanted: Any, value: Any, expected: bool):
        assert holds(wanted, value) is expected
