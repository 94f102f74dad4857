"""What podsim adds to kubectl's words: each repaired text is one that the API server takes."""

from __future__ import annotations

import pytest

from podsim import Cluster

GOOD = """\
apiVersion: v1
kind: Pod
metadata:
  name: kubia-manual
spec:
  containers:
  - name: kubia-container
    image: khk9346/kubia
    ports:
    - containerPort: 8080
      protocol: TCP
"""
FLAT = "\n".join(line.strip() for line in GOOD.splitlines()) + "\n"
AS_PASTED = """\
apiVersion: v1
kind: Pod
metadata:
name: kubia-manual
spec:
containers:
- name: kubia-container
    image: khk9346/kubia
    ports:
    - containerPort: 8080
    protocol: TCP
"""


def hints(text: str) -> list[tuple[int | None, str, str | None]]:
    result = Cluster().kubectl("apply -f pod.yaml", files={"pod.yaml": text})
    assert result.returncode == 1
    return [(hint.line, hint.message, hint.fixed_text) for hint in result.hints]


@pytest.mark.parametrize("text", [FLAT, AS_PASTED])
def test_lost_indentation_is_rebuilt(text: str) -> None:
    assert hints(text)[0][2] == GOOD


def test_kubectls_own_error_stays_as_it_is() -> None:
    stderr = Cluster().kubectl("apply -f pod.yaml", files={"pod.yaml": AS_PASTED}).stderr
    assert stderr == "error: error parsing pod.yaml: error converting YAML to JSON: yaml: line 8: mapping values are not allowed in this context\n"


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ("    image: khk", "    imgae: khk", 8, 'did you mean "image"?'),
        ("    - containerPort: 8080", "    - containerport: 8080", 10, 'did you mean "containerPort"?'),
        ("  containers:", "  container:", 6, 'did you mean "containers"?'),
        ("  name: kubia-manual", "  name: kubia-manual\n  labels: {app: yes}", 5, "put it into quotes"),
        ("  name: kubia-manual", "  name: kubia-manual\n  labels: {app: 1}", 5, "put it into quotes"),
    ],
)
def test_a_hint_names_the_line_and_its_repair_is_accepted(right: str, wrong: str, line: int, words: str) -> None:
    found = hints(GOOD.replace(right, wrong))
    assert [(where, words in message) for where, message, _ in found] == [(line, True)]
    fixed = found[0][2]
    assert fixed is not None
    assert Cluster().kubectl("apply -f pod.yaml", files={"pod.yaml": fixed}).stdout == "pod/kubia-manual created\n"


def test_a_field_at_the_wrong_level_is_sent_home() -> None:
    found = hints(GOOD + "    restartPolicy: Never\n    terminationGracePeriodSeconds: 5\n")
    assert [message for _, message, _ in found] == ['"terminationGracePeriodSeconds" belongs into spec, not here']
