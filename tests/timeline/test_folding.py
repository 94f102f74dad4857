"""A pod with many init containers: in a figure that would be too high they share a row."""

from __future__ import annotations

from itertools import pairwise

from podsim import simulate
from podsim.timeline import drawing, table, timeline
from podsim.timeline.model import Timeline

CONTAINER = "  - name: {name}\n    image: busybox:1.36\n"


def told(inits: int, regular: int, **ends: int) -> Timeline:
    """Init containers run 4 s and exit 0, or as `ends` says."""
    spec = {"initContainers": [f"init{n}" for n in range(inits)], "containers": [f"app{n}" for n in range(regular)]}
    lists = "".join(f"  {key}:\n" + "".join(CONTAINER.format(name=name) for name in names) for key, names in spec.items() if names)
    runs = {name: {"runs": [{"for": 4, "exit": ends.get(name, 0)}]} for name in spec["initContainers"]}
    history = simulate(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n{lists}", {"containers": runs}, 60)
    return timeline.of(history.record)


def test_finished_init_containers_become_one_lane_in_which_each_is_named() -> None:
    folded = told(3, 6)["folded"]
    assert folded is not None
    assert folded["of"] == ["container/init0", "container/init1", "container/init2"]
    segs = folded["lane"]["segs"]
    assert folded["lane"]["label"] == "3 init containers"
    assert [s[3] for s in segs if s[2] == "up"] == ["init0 running", "init1 running", "init2 running"]
    assert segs[-1][2] == "done"
    assert all(a[1] == b[0] for a, b in pairwise(segs)), segs


def test_an_init_container_that_fails_keeps_its_row() -> None:
    folded = told(3, 6, init2=1)["folded"]
    assert folded is not None
    assert folded["of"] == ["container/init0", "container/init1"]
    assert told(2, 1, init1=1)["folded"] is None
    assert told(1, 8)["folded"] is None


def test_only_a_picture_too_high_folds_them() -> None:
    def rows(one: Timeline) -> list[str]:
        return [row.label for row in drawing.draw(one, 900).rows if row.group == "containers"]

    assert len(rows(told(3, 1))) == 4
    high = told(8, 8)
    assert rows(high)[0] == "8 init containers"
    assert len(rows(high)) == 9


def test_the_table_still_tells_of_each() -> None:
    text = table.text(told(8, 8))
    assert all(f"init{n}" in text for n in range(8))
