"""The `podsim` command as a person or a script meets it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {restartPolicy: Never, containers: [{name: app, image: 'nginx:1.27'}]}\n"
WORLD = "containers: {app: {runs: [{for: 5, exit: 1}]}}\n"


def podsim(*words: str, stdin: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "podsim", *words], input=stdin, capture_output=True, text=True, timeout=60, cwd=cwd)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "world.yaml").write_text(WORLD)
    return tmp_path


def test_run_tells_what_changes_why_and_the_row_at_the_end(files: Path) -> None:
    done = podsim("run", "pod.yaml", "--scenario", "world.yaml", "--until", "20s", cwd=files)
    assert (done.returncode, done.stderr) == (0, "")
    assert "app ran for 5s and exited with code 1" in done.stdout
    assert done.stdout.endswith("NAME   READY   STATUS   RESTARTS   AGE\nweb    0/1     Error    0          20s\n")


def test_standard_input(files: Path) -> None:
    assert podsim("run", "-", "-o", "wide", stdin=POD).stdout.splitlines()[-1].split()[:3] == ["web", "1/1", "Running"]


@pytest.mark.parametrize("output", ["yaml", "json", "describe", "events", "trace", "svg", "html"])
def test_every_output(files: Path, output: str) -> None:
    done = podsim("run", "pod.yaml", "-o", output, cwd=files)
    assert (done.returncode, done.stderr) == (0, "")
    assert "web" in done.stdout


def test_a_trace_is_the_histories_own(files: Path) -> None:
    trace = json.loads(podsim("run", "pod.yaml", "-o", "trace", cwd=files).stdout)
    assert [row["row"].split()[2] for row in trace["kubectl"]][-1] == "Running"


def test_a_figure_is_written_whole(files: Path) -> None:
    assert podsim("run", "pod.yaml", "-o", "figure.svg", cwd=files).returncode == 0
    assert (files / "figure.svg").read_text().startswith("<svg")
    assert sorted(p.name for p in files.iterdir()) == ["figure.svg", "pod.yaml", "world.yaml"]


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (("run", "nosuch.yaml"), "", "podsim: nosuch.yaml: no such file"),
        (("run", "-"), "", "podsim: <stdin> holds no object"),
        (("run", "-"), "- a\n", "podsim: <stdin>:1:1: this is no object"),
        (("run", "-"), "a: 1\n b: 2\n", "podsim: <stdin>:2:1: error converting YAML to JSON: yaml: line 2: mapping values are not allowed"),
        (("run", "-"), POD.replace("image", "imgae"), 'did you mean "image"?'),
        (("run", "pod.yaml", "--until", "soon"), "", "--until"),
        (("run", "pod.yaml", "-o", "pdf"), "", "podsim: -o pdf: no such format"),
    ],
)
def test_bad_input_is_one_message_and_no_traceback(files: Path, words: tuple[str, ...], stdin: str, message: str) -> None:
    done = podsim(*words, stdin=stdin, cwd=files)
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_scenario_names_path_value_and_what_is_allowed(files: Path) -> None:
    (files / "world.yaml").write_text("containers: {app: {runs: [{for: long}]}}\n")
    done = podsim("run", "pod.yaml", "--scenario", "world.yaml", cwd=files)
    assert done.returncode == 1
    assert "containers.app.runs[0].for: 'long' is not allowed; give a number" in done.stderr


def test_check_speaks_as_a_linter_does(files: Path) -> None:
    (files / "bad.yaml").write_text(POD.replace("Never", "Sometimes"))
    done = podsim("check", "pod.yaml", "bad.yaml", cwd=files)
    assert done.returncode == 1
    assert done.stdout.startswith('bad.yaml:4:8: spec.restartPolicy: Unsupported value: "Sometimes"')


def test_explain_names_the_origin_of_every_added_line(files: Path) -> None:
    lines = podsim("explain", "pod.yaml", cwd=files).stdout.splitlines()
    assert any("terminationGracePeriodSeconds: 30" in line and "default of the API" in line for line in lines)


def test_kubectl_in_one_shot_and_as_a_shell(files: Path) -> None:
    assert podsim("kubectl", "apply", "-f", "pod.yaml", cwd=files).stdout == "pod/web created\n"
    shell = podsim("kubectl", stdin="apply -f pod.yaml\nget pods\n", cwd=files)
    assert "pod/web created" in shell.stdout
    assert "web" in shell.stdout.split("created", 1)[1]


def test_the_shell_tells_the_time_and_lets_it_pass(files: Path) -> None:
    shell = podsim("kubectl", stdin="kubectl apply -f pod.yaml\ntime\nwait 1m\n# a comment\nuntil 2m\ntime\nhelp\nget pods\nquit\nget nodes\n", cwd=files)
    lines = shell.stdout.splitlines()
    assert (shell.returncode, shell.stderr) == (0, "")
    assert lines[:3] == ["pod/web created", "0s", "120s"]
    assert "until 2m" in shell.stdout
    assert lines[-1].split() == ["web", "1/1", "Running", "0", "2m"]


def test_the_shell_ends_with_the_last_commands_exit_code(files: Path) -> None:
    shell = podsim("kubectl", stdin='get "pods\nwait for it\nget pod nope\n', cwd=files)
    assert shell.returncode == 1
    assert shell.stderr.splitlines()[0] == 'podsim: get "pods: No closing quotation'
    assert shell.stderr.splitlines()[-1] == 'Error from server (NotFound): pods "nope" not found'


def test_kubectls_error_comes_first_and_the_hint_below_it(files: Path) -> None:
    (files / "typo.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    imgae: nginx\n")
    done = podsim("kubectl", "apply", "-f", "typo.yaml", cwd=files)
    assert done.returncode == 1
    refusal = 'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imgae"'
    assert done.stderr.splitlines() == [
        f'Error from server (BadRequest): error when creating "typo.yaml": {refusal}',
        'podsim: typo.yaml:7:5: no field "imgae" here: did you mean "image"?',
        "  -    imgae: nginx",
        "  +    image: nginx",
    ]


def test_explain_shows_the_pods_of_a_workload_and_the_lines_of_their_template(files: Path) -> None:
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {app: d}}\n  template:\n    metadata: {labels: {app: d}}\n"
    (files / "d.yaml").write_text(f"{text}    spec:\n      containers:\n      - name: app\n        image: nginx:1.27\n")
    _, pod = podsim("explain", "d.yaml", cwd=files).stdout.split("---\n")
    assert next(line for line in pod.splitlines() if "image: nginx:1.27" in line).endswith(" line 11")
    assert "pod-template-hash" in pod


@pytest.mark.parametrize("words", [("run", "pod.yaml", "-o", "trace"), ("explain", "pod.yaml"), ("--help",), ("kubectl", "explain", "pod", "--recursive")])
def test_a_closed_pipe_is_no_traceback(files: Path, words: tuple[str, ...]) -> None:
    done = subprocess.run(f"{sys.executable} -m podsim {' '.join(words)} | head -c 1", shell=True, capture_output=True, text=True, timeout=60, cwd=files)  # noqa: S602
    assert done.stderr == ""


def test_output_to_a_pipe_has_no_colours(files: Path) -> None:
    assert "\x1b[" not in podsim("run", "pod.yaml", cwd=files).stdout


@pytest.fixture
def heard() -> Iterator[None]:
    """Ctrl-C reaches children even where the tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_ends_a_shell_with_130(files: Path) -> None:
    shell = subprocess.Popen(
        [sys.executable, "-u", "-m", "podsim", "kubectl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=files,
        env={**os.environ},
    )
    assert shell.stdin
    assert shell.stdout
    shell.stdin.write("get ns\n")
    shell.stdin.flush()
    shell.stdout.readline()
    shell.send_signal(signal.SIGINT)
    _, stderr = shell.communicate(timeout=20)
    assert shell.returncode == 130
    assert "Traceback" not in stderr
