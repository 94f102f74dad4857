"""Sessions as stories: a manifest, what is typed at which instant, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.explorers.declared import DeclarationError
from podsim.playground.playing import play

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
  - name: app
    image: nginx:1.27
    readinessProbe:
      httpGet: {path: /, port: 80}
      periodSeconds: 1
"""
DEPLOYMENT = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: quiet}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      initContainers:
      - {name: schema, image: busybox:1.36}
      containers:
      - name: app
        image: shop:2
        envFrom: [{configMapRef: {name: settings}}]
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80}]}
"""
STATEFUL = DEPLOYMENT.replace("kind: Deployment", "kind: StatefulSet").replace("replicas: 2", "replicas: 2\n  serviceName: shop")


def session(manifest: str = POD, *commands: tuple[float, str], **rest: Any) -> dict[str, Any]:
    typed = [{"at": at, "line": line} for at, line in commands]
    return {"manifest": manifest, "commands": typed, "until": 120, **rest}


def statuses(answer: dict[str, Any]) -> list[tuple[float, str]]:
    return [(row[0], row[2]) for row in answer["run"]["kubectl"]["get"]]


class TestRun:
    def test_a_pod_runs_and_is_watched(self):
        answer = play(session())
        assert answer["problems"] == []
        assert answer["run"]["pod"] == "web"
        assert statuses(answer)[-1][1] == "Running"
        assert answer["end"] == 120
        assert answer["stopped"] is None

    def test_every_stored_line_has_its_origin(self):
        made = play(session())["run"]["manifest"]
        lines = made["stored"].splitlines()
        assert len(lines) == len(made["origins"])
        by = dict(zip((line.lstrip("- ") for line in lines), made["origins"], strict=True))
        assert by["image: nginx:1.27"]["line"] == 9
        assert by["restartPolicy: Always"]["by"] == "default of the API"

    def test_several_documents_and_the_pods_they_lead_to(self):
        answer = play(session(DEPLOYMENT))
        assert [(o["kind"], o["name"], o["line"]) for o in answer["objects"] if o["line"]] == [("ConfigMap", "settings", 1), ("Deployment", "shop", 6), ("Service", "shop", 22)]
        assert [(pod["owner"], pod["gone"]) for pod in answer["pods"]] == [("Deployment/shop", None)] * 2
        assert any(o and o["line"] == 19 for o in answer["run"]["manifest"]["origins"])

    def test_the_pod_asked_for_is_watched_and_the_first_where_it_is_not_there(self):
        pods = [pod["pod"] for pod in play(session(DEPLOYMENT))["pods"]]
        assert play(session(DEPLOYMENT, pod=pods[1]))["run"]["pod"] == pods[1]
        assert play(session(DEPLOYMENT, pod="other"))["run"]["pod"] == pods[0]

    def test_pods_whose_names_end_alike(self):
        text = POD + "---\n" + POD.replace("name: web", "name: a-web")
        assert play(session(text, pod="a-web"))["run"]["pod"] == "a-web"
        other = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n---\n" + POD + "---\n" + POD.replace("name: web", "name: web\n  namespace: team")
        answer = play(session(other, pod="team/web"))
        assert ([pod["pod"] for pod in answer["pods"]], answer["run"]["pod"]) == (["default/web", "team/web"], "team/web")

    def test_no_pods_no_run(self):
        answer = play(session("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"))
        assert (answer["run"], answer["pods"]) == (None, [])

    def test_times_in_the_world_come_from_the_scenario_as_text(self):
        scenario = "containers: {app: {runs: [{for: 5, exit: 1}]}}"
        assert ("Error" in dict(map(reversed, statuses(play(session(scenario=scenario)))))) is True

    def test_no_session(self):
        with pytest.raises(DeclarationError, match=r"commands\[0\]\.at: -1"):
            play(session(POD, (-1, "kubectl get pods")))
        with pytest.raises(DeclarationError, match="manifest is missing"):
            play({})


class TestPrompt:
    def test_the_past_is_the_same_and_the_timeline_goes_on_from_the_command(self):
        before, after = play(session()), play(session(POD, (30, "kubectl delete pod web --grace-period=5")))
        assert [row for row in statuses(after) if row[0] < 30] == [row for row in statuses(before) if row[0] < 30]
        assert (30.0, "Terminating") in statuses(after)
        entry = after["transcript"][0]
        assert (entry["at"], entry["returncode"], entry["stdout"]) == (30, 0, 'pod "web" deleted from default namespace\n')
        assert 0 < entry["waited"] < 5
        assert after["pods"][0]["gone"] == pytest.approx(30 + entry["waited"], abs=0.01)

    def test_later_commands_are_played_again_on_what_the_new_one_made(self):
        late = (60, "kubectl get pod web")
        assert play(session(POD, late))["transcript"][0]["stdout"].splitlines()[1].startswith("web")
        there = play(session(POD, late, (30, "kubectl delete pod web")))["transcript"]
        assert [(entry["index"], entry["at"]) for entry in there] == [(1, 30), (0, 60)]
        assert "NotFound" in there[1]["stderr"]

    def test_a_watch_is_interrupted_by_the_next_command_and_still_waits_at_the_end(self):
        transcript = play(session(POD, (0, "kubectl get pod -w"), (40, "kubectl get pod -w")))["transcript"]
        assert [(e["at"], e["waited"], e["returncode"], e["interrupted"]) for e in transcript] == [(0, 40, 130, True), (40, 80, None, False)]
        assert "ContainerCreating" in transcript[0]["stdout"]

    def test_commands_of_one_instant_run_one_after_the_other(self):
        scenario = {"containers": {"app": {"on_term": {"after": 10}}}}
        first, second = play(session(POD, (30, "kubectl delete pod web"), (30, "kubectl get pods"), scenario=scenario))["transcript"]
        assert not first["interrupted"]
        assert (second["at"], second["stderr"]) == (30 + first["waited"], "No resources found in default namespace.\n")

    def test_a_command_after_the_end_is_left_out(self):
        assert play(session(POD, (121, "kubectl get pods")))["transcript"] == []

    @pytest.mark.parametrize(
        ("line", "code", "said"),
        [
            ("k get pods", 0, ""),
            ("get pods", 0, ""),
            ("", 0, ""),
            ("# a note", 0, ""),
            ("ls -l", 127, "sh: ls: not found"),
            ("sleep 10", 127, "move the playhead"),
            ("kubectl get pods | grep web", 2, "without pipes"),
            ("kubectl get pods -o jsonpath='{.items[*].metadata.name}|'", 0, ""),
            ("kubectl get 'pods", 2, "No closing quotation"),
            ("kubectl frobnicate", 1, 'unknown command "frobnicate"'),
        ],
    )
    def test_words(self, line: str, code: int, said: str):
        entry = play(session(POD, (20, line)))["transcript"][0]
        assert (entry["returncode"], said in entry["stderr"]) == (code, True)

    def test_the_manifest_is_a_file_and_hints_repair_it(self):
        text = POD.replace("image:", "imgae:")
        entry = play(session(text, (5, "kubectl apply -f manifest.yaml")))["transcript"][0]
        assert entry["returncode"] == 1
        assert applied(text, entry["hints"][0]["fixes"][0]["edits"]) == POD


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    lines = text.splitlines(keepends=True)
    offset = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    for edit in reversed(edits):
        a, b = (offset[edit[end]["line"] - 1] + edit[end]["column"] - 1 for end in ("from", "to"))
        text = text[:a] + edit["text"] + text[b:]
    return text


class TestProblems:
    def test_a_field_that_is_not_known_and_its_repair(self):
        text = POD.replace("containers:", "contaners:")
        (problem,) = play(session(text))["problems"]
        assert (problem["from"], problem["to"]) == ({"line": 7, "column": 3}, {"line": 7, "column": 12})
        assert 'unknown field "spec.contaners"' in problem["message"]
        assert problem["fixes"][0]["edits"] == [{"from": {"line": 7, "column": 8}, "to": {"line": 7, "column": 8}, "text": "i"}]
        assert applied(text, problem["fixes"][0]["edits"]) == POD

    def test_what_is_wrong_with_one_object_leaves_the_others(self):
        text = POD.replace("name: app", "name: App_1") + "---\n" + POD.replace("name: web", "name: good")
        answer = play(session(text))
        assert [(p["severity"], p["from"]["line"]) for p in answer["problems"]] == [("error", 8)]
        assert [pod["pod"] for pod in answer["pods"]] == ["good"]

    def test_lost_indentation(self):
        text = "\n".join(line.strip() for line in POD.splitlines())
        (problem,) = play(session(text))["problems"]
        assert play(session(applied(text, problem["fixes"][0]["edits"])))["problems"] == []

    def test_text_that_is_no_yaml(self):
        (problem,) = play(session("kind: [Pod\n"))["problems"]
        assert problem["source"] == "manifest"
        assert "error converting YAML to JSON" in problem["message"]

    def test_warnings_have_their_place(self):
        text = POD + "    env:\n    - {name: A, value: a}\n    - {name: A, value: b}\n"
        (problem,) = play(session(text))["problems"]
        assert (problem["severity"], problem["from"]["line"]) == ("warning", 15)

    @pytest.mark.parametrize(
        ("scenario", "said", "line"),
        [
            ({"containers": {"app": {"runs": [{"fore": 5}]}}}, "containers.app.runs[0].fore", 1),
            ("a: 1\nb: [", "expected the node content", 2),
            ("- a", "a map", 1),
        ],
    )
    def test_a_scenario_that_cannot_be_read(self, scenario: Any, said: str, line: int):
        answer = play(session(scenario=scenario))
        (problem,) = answer["problems"]
        assert (problem["source"], said in problem["message"], problem["from"]["line"]) == ("scenario", True, line)
        assert (answer["run"], answer["scenario"]) == (None, None)


class TestBudget:
    def test_an_hour_with_a_probe_every_second_passes(self):
        assert play(session(until=3600))["stopped"] is None

    @pytest.mark.parametrize(
        ("text", "until"),
        [
            (DEPLOYMENT.replace("replicas: 2", "replicas: 2000000000"), 120),
            (POD, 1e8),
            (STATEFUL.replace("replicas: 2", "replicas: 2000000000\n  podManagementPolicy: Parallel"), 60),
        ],
    )
    def test_what_would_never_end_stops(self, text: str, until: float):
        answer = play(session(text, until=until))
        assert answer["stopped"]["at"] == answer["end"] < until
        assert answer["stopped"]["why"].startswith("stopped at ")
        assert answer["run"]["timeline"]["horizon"] == pytest.approx(answer["end"], abs=0.01)

    def test_a_command_that_waits_is_stopped_too(self):
        answer = play(session(POD, (30, "kubectl get pods -w"), until=1e8))
        assert answer["stopped"]["at"] > 3600
        assert answer["transcript"] == []
