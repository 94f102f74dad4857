"""apply's patch and its merge, by the schema's merge keys."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podsim.api import patch


def pod(*containers: dict[str, Any], **meta: Any) -> dict[str, Any]:
    return {"kind": "Pod", "metadata": {"name": "web", **meta}, "spec": {"containers": list(containers)}}


@pytest.mark.parametrize(
    ("original", "modified", "live", "expected"),
    [
        (pod(), pod(), pod(uid="1"), {}),
        (pod(), pod(labels={"a": "b"}), pod(uid="1"), {"metadata": {"labels": {"a": "b"}}}),
        (pod(labels={"a": "b"}), pod(labels={}), pod(labels={"a": "b", "c": "d"}), {"metadata": {"labels": {"a": None}}}),
        (pod({"name": "c", "image": "x:1"}), pod({"name": "c", "image": "x:2"}), pod({"name": "c", "image": "x:1", "tty": True}), {"spec": {"$setElementOrder/containers": [{"name": "c"}], "containers": [{"name": "c", "image": "x:2"}]}}),
        (pod({"name": "c"}, {"name": "d"}), pod({"name": "c"}), pod({"name": "c"}, {"name": "d"}), {"spec": {"$setElementOrder/containers": [{"name": "c"}], "containers": [{"$patch": "delete", "name": "d"}]}}),
        (pod({"name": "d"}), pod({"name": "c"}, {"name": "d"}), pod({"name": "d"}), {"spec": {"$setElementOrder/containers": [{"name": "c"}, {"name": "d"}], "containers": [{"name": "c"}]}}),
    ],
)
def test_what_apply_sends(original: dict[str, Any], modified: dict[str, Any], live: dict[str, Any], expected: dict[str, Any]) -> None:
    assert patch.three_way_merge(original, modified, live, "Pod") == expected


def test_foreign_fields_stay_and_dropped_ones_go() -> None:
    live = pod({"name": "c", "image": "x:1", "imagePullPolicy": "Always", "env": [{"name": "A", "value": "1"}]}, labels={"a": "1", "theirs": "1"})
    original = pod({"name": "c", "image": "x:1", "env": [{"name": "A", "value": "1"}]}, labels={"a": "1"})
    modified = pod({"name": "c", "image": "x:2"}, labels={})
    merged = patch.apply(live, patch.three_way_merge(original, modified, live, "Pod"))
    assert merged == pod({"name": "c", "image": "x:2", "imagePullPolicy": "Always"}, labels={"theirs": "1"})


@pytest.mark.parametrize(
    ("type_", "change", "expected"),
    [
        ("merge", {"spec": {"containers": [{"name": "d"}]}}, [{"name": "d"}]),
        ("strategic", {"spec": {"containers": [{"name": "d"}]}}, [{"name": "d"}, {"name": "c", "image": "x"}]),
        ("strategic", {"spec": {"$setElementOrder/containers": [{"name": "c"}, {"name": "d"}], "containers": [{"name": "d"}]}}, [{"name": "c", "image": "x"}, {"name": "d"}]),
        ("strategic", {"spec": {"$setElementOrder/containers": [{"name": "d"}, {"name": "c"}], "containers": [{"name": "d"}]}}, [{"name": "d"}, {"name": "c", "image": "x"}]),
        ("strategic", {"spec": {"containers": [{"name": "c", "image": None}]}}, [{"name": "c"}]),
        ("strategic", {"spec": {"containers": [{"$patch": "delete", "name": "c"}]}}, []),
        ("strategic", {"spec": {"containers": [{"$patch": "replace"}, {"name": "d"}]}}, [{"name": "d"}]),
        ("strategic", {"spec": {"$patch": "replace", "containers": [{"name": "d"}]}}, [{"name": "d"}]),
        ("strategic", {"spec": {"$retainKeys": ["containers"], "containers": [{"name": "c", "tty": True}]}}, [{"name": "c", "image": "x", "tty": True}]),
        ("json", [{"op": "replace", "path": "/spec/containers/0/image", "value": "y"}], [{"name": "c", "image": "y"}]),
        ("json", [{"op": "add", "path": "/spec/containers/-", "value": {"name": "d"}}], [{"name": "c", "image": "x"}, {"name": "d"}]),
    ],
)
def test_kinds_of_patches(type_: patch.Type, change: Any, expected: list[dict[str, Any]]) -> None:
    assert patch.apply(pod({"name": "c", "image": "x"}), change, type_)["spec"]["containers"] == expected


def test_single_values_leave_a_list_of_their_own() -> None:
    live = {"kind": "Pod", "metadata": {"name": "web", "finalizers": ["a/b", "c/d"]}}
    assert patch.apply(live, {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a/b"]}})["metadata"] == {"name": "web", "finalizers": ["c/d"]}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"spec": {"containers": [{"image": "x"}]}}, "map: map[image:x] does not contain declared merge key: name"),
        ({"spec": {"$patch": "nope"}}, "unknown patch type: nope in map: map[$patch:nope]"),
        ({"spec": {"containers": ["x"]}}, "list element types are not identical: [[map[name:c]] [x]]"),
        ({"spec": {"containers": [["x"]]}}, "list element types are not identical: [[map[name:c]] [[x]]]"),
        ({"spec": {"containers": [{"$patch": "delete"}]}}, "map: map[$patch:delete] does not contain declared merge key: name"),
        ({"spec": {"containers": [{"$patch": "merge", "name": "c"}]}}, "merging lists cannot yet be specified in the patch"),
        ({"spec": {"$setElementOrder/containers": "x"}}, "expected a []interface {}, but received a string"),
        ({"spec": {"$setElementOrder": []}}, "invalid patch format of setElementOrder list"),
        ({"spec": {"$setElementOrder/containers": [{"name": "c"}], "containers": [{"name": "d"}]}}, "The order in patch list:\n[map[name:d]]\n doesn't match $setElementOrder list:\n[map[name:c]]\n"),
        ({"spec": {"$retainKeys": ["volumes"], "containers": []}}, "invalid patch format of retainKeys"),
        ({"metadata": {"$deleteFromPrimitiveList": ["a/b"]}}, "invalid patch format of primitive list"),
    ],
)
def test_a_patch_that_cannot_be_merged(change: Any, text: str) -> None:
    with pytest.raises(patch.BadPatchError) as caught:
        patch.apply(pod({"name": "c"}), change)
    assert str(caught.value) == text


def test_a_json_patch_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="missing path"):
        patch.apply(pod(), [{"op": "remove", "path": "/spec/nothing"}], "json")


plain = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2) | st.dictionaries(st.sampled_from("xy"), st.integers(0, 2), max_size=2), max_size=3)


@given(plain, plain, plain)
def test_after_apply_nothing_is_left_to_apply(original: dict[str, Any], modified: dict[str, Any], live: dict[str, Any]) -> None:
    merged = patch.apply(live, patch.three_way_merge(original, modified, live, ""))
    assert patch.three_way_merge(modified, modified, merged, "") == {}
    assert all(merged[k] == v or isinstance(v, dict) for k, v in modified.items())
