"""`podsim check` as a linter and as a pre-commit hook."""

from __future__ import annotations

from pathlib import Path

import pytest

from podsim import cli

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: team
spec:
  serviceAccountName: robot
  priorityClassName: high
  restartPolicy: Always
  containers:
  - name: app
    image: nginx:1.27
"""


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Writes files and checks what is named; gives exit code and lines."""
    monkeypatch.chdir(tmp_path)

    def run(files: dict[str, str], *names: str) -> tuple[int, list[str]]:
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        code = cli.main(["check", *(names or files)])
        return code, capsys.readouterr().out.splitlines()

    return run


def test_what_other_files_hold_is_not_missed(check) -> None:
    assert check({"pod.yaml": POD}) == (0, [])


def test_every_problem_has_its_place_and_its_repair(check) -> None:
    wrong = POD.replace("Always", "always").replace("name: app", "name: My_App")
    code, lines = check({"pod.yaml": wrong})
    assert code == 1
    assert lines[0] == 'pod.yaml:9:3: spec.restartPolicy: Unsupported value: "always": supported values: "Always", "OnFailure", "Never"'
    assert lines[1:4] == ['  write "Always", not "always"', "    -  restartPolicy: always", "    +  restartPolicy: Always"]
    assert lines[4].startswith('pod.yaml:11:5: spec.containers[0].name: Invalid value: "My_App": a lowercase RFC 1123 label must')
    assert lines[5:] == ["  a name here is small letters, digits and -: write my-app", "    -  - name: My_App", "    +  - name: my-app"]


def test_several_files_and_directories(check) -> None:
    bad = POD.replace("image:", "imgae:")
    files = {"k8s/a.yaml": bad, "k8s/deep/b.yml": bad, "k8s/note.txt": "x", "c.yaml": POD, "d.json": '{"kind": "Pod"}'}
    code, lines = check(files, "k8s", "c.yaml", "d.json", "nosuch.yaml")
    assert code == 1
    assert [line.partition(" ")[0] for line in lines if not line.startswith(" ")] == ["k8s/a.yaml:12:5:", "k8s/deep/b.yml:12:5:", "d.json:1:1:", "nosuch.yaml:1:1:"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n b: 2\n", "bad.yaml:2:2: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"),
        ("- a\n", "bad.yaml:1:1: this is no object: an object has apiVersion, kind and metadata"),
        (POD.replace("v1", "apps/v1"), 'bad.yaml:1:13: resource mapping not found for name: "web" namespace: "team" from "bad.yaml": no matches for kind "Pod" in version "apps/v1" ensure CRDs are installed first'),
        (f"{POD}---\n{POD}", 'bad.yaml:14:1: pods "web" already exists'),
        (f"{POD}---\n{POD.replace('name: web', 'name: other').replace('image', 'imgae')}", 'bad.yaml:25:5: unknown field "spec.containers[0].imgae"'),
    ],
)  # fmt: skip
def test_the_first_line(check, text: str, line: str) -> None:
    code, lines = check({"bad.yaml": text})
    assert (code, lines[0].replace('error when creating "bad.yaml": ', "")) == (1, line)


def test_lost_indentation_is_one_problem_with_the_whole_text_repaired(check) -> None:
    code, lines = check({"flat.yaml": "".join(f"{line.strip()}\n" for line in POD.splitlines())})
    assert code == 1
    assert [line for line in lines if not line.startswith(" ") and line] == lines[:1]
    assert "\n".join(line.removeprefix("    ") for line in lines[3:]).strip() == POD.strip()


def test_an_object_without_a_kind_says_so_at_its_line(check) -> None:
    code, lines = check({"m.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nmetadata: {name: web}\n"})
    assert (code, lines) == (1, ["m.yaml:5:1: kind not set", "  kind is missing: it says what the object is, as in kind: Pod"])
