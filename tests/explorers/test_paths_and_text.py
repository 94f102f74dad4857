"""Values are written into the text and into the object alike."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from podsim.explorers import paths
from podsim.explorers.written import find

MANIFEST = """\
apiVersion: v1
kind: Pod
metadata:
  name: web  # the name
spec:
  restartPolicy: Always

  containers:
  - name: app
    image: nginx
    args: [a,
           b]
"""
PLACES = {
    "policy": "spec.restartPolicy",
    "image": "spec.containers[0].image",
    "pull": "spec.containers[0].imagePullPolicy",
    "node": "spec.nodeName",
}


@pytest.mark.parametrize(("text", "path"), [
    ("spec.containers[0].image", ("spec", "containers", 0, "image")),
    ('images["nginx:1.27"].pull', ("images", "nginx:1.27", "pull")),
    ("images.khk9346/kubia.pull", ("images", "khk9346/kubia", "pull")),
])  # fmt: skip
def test_paths(text: str, path: paths.Path) -> None:
    assert paths.parse(text) == path


@pytest.mark.parametrize("text", ["spec..x", "spec[", ".spec", "a b[x]"])
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        paths.parse(text)


def test_only_the_lines_of_the_values_change() -> None:
    written = find(MANIFEST, {name: paths.parse(path) for name, path in PLACES.items()})
    text, bound = written.with_values({"policy": "Never", "image": "nginx:1.27", "pull": "Always", "node": None})
    lines = text.splitlines()
    assert bound == {"policy": [6], "image": [10], "pull": [13], "node": []}
    assert [lines[n[0] - 1] for n in bound.values() if n] == [
        "  restartPolicy: Never",
        "    image: nginx:1.27",
        "    imagePullPolicy: Always",
    ]
    assert lines[3] == "  name: web  # the name"


def test_none_takes_the_line_away() -> None:
    text, bound = find(
        MANIFEST, {"policy": ("spec", "restartPolicy"), "image": ("spec", "containers", 0, "image")}
    ).with_values({"policy": None, "image": "b"})
    assert "restartPolicy" not in text
    assert bound == {"policy": [], "image": [9]}


def test_maps_that_were_not_there_are_written_once() -> None:
    places = {
        "limit": "spec.containers[0].resources.limits.memory",
        "request": "spec.containers[0].resources.requests.cpu",
        "more": "spec.containers[0].resources.requests.memory",
        "user": "spec.securityContext.runAsUser",
    }
    text, bound = find(MANIFEST, {name: paths.parse(path) for name, path in places.items()}).with_values(
        {"limit": "1Gi", "request": 2, "more": None, "user": 7}
    )
    assert text.splitlines()[-7:] == [
        "    resources:",
        "      limits:",
        "        memory: 1Gi",
        "      requests:",
        "        cpu: 2",
        "  securityContext:",
        "    runAsUser: 7",
    ]
    assert [text.splitlines()[n - 1].strip() for n in (*bound["limit"], *bound["request"], *bound["user"])] == ["memory: 1Gi", "cpu: 2", "runAsUser: 7"]
    assert bound["more"] == []


@pytest.mark.parametrize(("path", "message"), [
    (("spec", "containers", 1, "image"), r"spec.containers\[1\].image is not in the manifest"),
    (("spec", "containers"), "spec.containers is not a single value"),
    (("spec", "hostAliases", 0, "ip"), r"spec.hostAliases\[0\].ip is not in the manifest"),
])  # fmt: skip
def test_a_path_that_cannot_be_written_is_named(path: paths.Path, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find(MANIFEST, {"it": path})


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(0, 99), st.from_regex(r"[a-z0-9:/. #'-]{1,12}", fullmatch=True)
)


DEEP = {"limit": "spec.containers[0].resources.limits.memory", "request": "spec.containers[0].resources.requests.memory", "user": "spec.securityContext.runAsUser"}


@given(st.fixed_dictionaries(dict.fromkeys(PLACES | DEEP, VALUES)))
def test_text_and_object_agree(values: dict[str, Any]) -> None:
    values["image"] = values["image"] or "x"
    places = {name: paths.parse(path) for name, path in (PLACES | DEEP).items()}
    text, _ = find(MANIFEST, places).with_values(values)
    expected = yaml.safe_load(MANIFEST)
    for name, place in places.items():
        expected = paths.put(expected, place, values[name])
    assert yaml.safe_load(text) == expected
