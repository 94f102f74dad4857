"""Texts that were made to hurt: each is answered within 512 MiB and 3 s of CPU, in a process that dies otherwise."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest

from podsim import Cluster, cli
from podsim.cluster.scenario import ScenarioError

MEBIBYTE = 1 << 20
MEMORY, SECONDS = 512 * MEBIBYTE, 3
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: app\n    image: nginx\n"
JSON_POD = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": %s}'
NO_OBJECT = 'error: error validating "STDIN": error validating data: [apiVersion not set, kind not set]'
YAML = "error: error parsing STDIN: error converting YAML to JSON: yaml: "


def bomb(levels: int = 12) -> str:
    """A billion laughs."""
    names = "abcdefghijklmnopqrstuvwxyz"
    return "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(f"{names[i]}: &{names[i]} [{', '.join(['*' + names[i - 1]] * 9)}]\n" for i in range(1, levels))


# name -> the text, and how the answer begins
CASES: dict[str, tuple[str, str]] = {
    "alias bomb": (bomb(), YAML + "document contains excessive aliasing"),
    "anchor in itself": ("a: &a\n  <<: *a\n", YAML + "anchor 'a' value contains itself"),
    "many anchors": ("".join(f"a{i}: &a{i} x\nb{i}: *a{i}\n" for i in range(10_000)), NO_OBJECT),
    "chain of merges": ("a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}, y{i}: 1}}\n" for i in range(1, 3000)), YAML + "exceeded max depth of 10000"),
    "20,000 flow sequences": ("a: " + "[" * 20_000 + "]" * 20_000, YAML + "exceeded max depth of 10000"),
    "20,000 flow mappings": ("a: " + "{a: " * 20_000 + "}" * 20_000, YAML + "exceeded max depth of 10000"),
    "20,000 block sequences": ("- " * 20_000 + "a\n", YAML + "exceeded max depth of 10000"),
    "20,000 JSON objects": ('{"a":' * 20_000 + "1" + "}" * 20_000, "error: error parsing STDIN: json: offset 50001: exceeded max depth"),
    "20,000 JSON arrays": ('{"a":' + "[" * 20_000 + "]" * 20_000 + "}", "error: error parsing STDIN: json: offset 10005: exceeded max depth"),
    "a megabyte of key": (POD.replace("spec:", f"  labels:\n    ? {'k' * MEBIBYTE}\n    : v\nspec:"), 'The Pod "web" is invalid: '),
    "a megabyte of key without ?": (POD.replace("spec:", f"  labels:\n    {'k' * MEBIBYTE}: v\nspec:"), YAML),
    "a megabyte of name": (POD.replace("web", "w" * MEBIBYTE), "The Pod "),
    "a megabyte of image": (POD.replace("nginx", "a/" * (MEBIBYTE // 2) + "!"), 'The Pod "web" is invalid: '),
    "a megabyte of variable": (POD + f"    env: [{{name: '{'a.' * (MEBIBYTE // 2)}!'}}]\n", 'The Pod "web" is invalid: '),
    "a megabyte of annotation": (POD.replace("spec:", f"  annotations: {{a: '{'9' * MEBIBYTE}'}}\nspec:"), 'The Pod "web" is invalid: metadata.annotations: Too long: '),
    "an exponent": (POD + "    ports: [{containerPort: 1e999999999}]\n", "Error from server (BadRequest): "),
    "a megabyte of digits": (POD + f"    ports: [{{containerPort: {'9' * MEBIBYTE}}}]\n", "Error from server (BadRequest): "),
    "a megabyte of decimals": (POD + f"    ports: [{{containerPort: 1.{'9' * MEBIBYTE}}}]\n", ""),
    "a megabyte of hexadecimals": (POD + f"    ports: [{{containerPort: 0x{'f' * MEBIBYTE}}}]\n", "Error from server (BadRequest): "),
    "a megabyte of underscores": (POD + f"    ports: [{{containerPort: 1{'_' * MEBIBYTE}}}]\n", ""),
    "a megabyte of quantity": (POD + f"    resources: {{requests: {{cpu: '{'9' * MEBIBYTE}'}}}}\n", "Error from server (BadRequest): "),
    "a quantity's exponent": (POD + "    resources: {requests: {cpu: '1e999999999'}}\n", "Error from server (BadRequest): "),
    "a small quantity": (POD + "    resources: {requests: {cpu: '1e-9999'}}\n", ""),
    "an exponent in JSON": (JSON_POD % '{"priority": 1e999999999}', "error: error parsing STDIN: json: cannot unmarshal number 1e999999999 into Go value of type float64"),
    "digits in JSON": (JSON_POD % f'{{"priority": {"9" * MEBIBYTE}}}', "error: error parsing STDIN: json: cannot unmarshal number 999"),
    "a megabyte of tag": (POD.replace("name: web", f"name: !{'t' * MEBIBYTE} web"), ""),
    "a megabyte of escaped tag": (POD.replace("name: web", f"name: !{'%41' * (MEBIBYTE // 3)} web"), ""),
    "a megabyte of comment": (POD + "#" * MEBIBYTE, ""),
    "a megabyte of command": (POD + f"    command: '{'c ' * (MEBIBYTE // 2)}'\n", "Error from server (BadRequest): "),
    "a megabyte of line breaks": ("\n" * MEBIBYTE, "error: no objects passed to apply"),
    "200,000 empty documents": ("---\n" * 200_000, "error: no objects passed to apply"),
    "100,000 commented documents": ("---\n# no more\n" * 100_000, "error: no objects passed to apply"),
    "a tab": (POD.replace("  containers", "\tcontainers"), YAML + "line 6: found character that cannot start any token"),
    "a byte order mark": ("\ufeff" + POD, ""),
    "a NUL": (POD.replace("web", "w\0b"), YAML + "control characters are not allowed"),
    "half a surrogate pair": (JSON_POD.replace("web", "\\ud800") % '{"containers": [{"name": "app", "image": "nginx"}]}', 'The Pod "\ufffd" is invalid: '),
    "100,000 equal keys": (POD + "x: 1\n" * 100_000, "Error from server (BadRequest): "),
}


@pytest.mark.parametrize("name", CASES)
def test_every_text_is_answered(name: str) -> None:
    done = subprocess.run([sys.executable, "-m", "tests.test_abuse", name], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout)
    assert answer["stderr"].startswith(CASES[name][1])
    assert answer["returncode"] in (0, 1)
    assert bool(answer["returncode"]) == bool(answer["stderr"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"label pod web a={'b' * MEBIBYTE}", "bash: kubectl: Argument list too long"),
        (f"get pods -l {'(' * 10_000}", "Error from server (BadRequest): Unable to find"),
        (f"get pods -o jsonpath={'{' * 10_000}", "error: error parsing jsonpath"),
        ("get pods '", "error: No closing quotation"),
        ("", ""),
    ],
)
def test_hostile_lines_are_answered(line: str, said: str) -> None:
    assert Cluster().kubectl(line).stderr.startswith(said)


@pytest.mark.parametrize(
    "scenario",
    [
        "text", 7, [], {"nodes": 3}, {"nodes": [None]}, {"nodes": [{"name": []}]}, {"images": []}, {"images": {"nginx": {"pull": -1}}}, {"images": {"nginx": {"pull": "x"}}},
        {"images": {"nginx": {"pull": float("nan")}}}, {"images": {"nginx": {"pull": float("inf")}}}, {"containers": {"app": {"runs": [{"for": -5}]}}},
        {"containers": {"app": {"runs": {"for": 5}}}}, {"containers": {"app": {"runs": [{"exit": "x"}]}}}, {"containers": {"app": {"runs": [{"for": float("nan")}]}}},
        {"actions": [{"at": -1, "delete": {}}]}, {"actions": [{"at": float("nan"), "delete": {}}]}, {"actions": "x"}, {"actions": [[]]}, {"kubelet": {"tick": "x"}},
        {"kubelet": {"relist": [None]}}, {"seed": []}, {"unknown": 1}, {1: 2}, {"containers": {"app": {"hooks": {"preStop": {"takes": -1}}}}},
    ],
)  # fmt: skip
def test_hostile_scenarios_are_refused_in_words(scenario: object) -> None:
    with pytest.raises(ScenarioError) as refusal:
        Cluster(scenario=scenario)  # type: ignore[arg-type]
    assert 0 < len(str(refusal.value)) < 500


@pytest.mark.parametrize("text", ["[" * 5000, "\x00", "a: 2026-99-99"])
def test_hostile_scenario_files_end_in_one_message(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pod.yaml").write_text(POD, encoding="utf-8")
    (tmp_path / "world.yaml").write_text(text, encoding="utf-8")
    assert cli.main(["run", str(tmp_path / "pod.yaml"), "--scenario", str(tmp_path / "world.yaml")]) == 1
    assert f"{tmp_path / 'world.yaml'}" in capsys.readouterr().err


def main() -> None:
    """Answers one case within its limits and prints what kubectl said, shortened, and what it took."""
    cluster, text = Cluster(), CASES[sys.argv[1]][0]
    cluster.kubectl("apply -f -", stdin="{")  # the modules are there, with those of the hints
    start = process_time()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(start) + SECONDS + 1, int(start) + SECONDS + 1))
    result = cluster.kubectl("apply -f -", stdin=text)
    print(json.dumps({"seconds": process_time() - start, "returncode": result.returncode, "stderr": result.stderr[:300]}))


if __name__ == "__main__":
    main()
