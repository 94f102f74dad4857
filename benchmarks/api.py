"""What the API costs: creating pods of more and more containers, and reading manifests of up to a mebibyte.

CPU milliseconds beside what PyYAML alone takes to load the same text, in turn in the same run.

python benchmarks/api.py [--times 3]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import yaml

from podsim import Cluster, api
from podsim.api import manifest

KIBIBYTE = 1024
HEAD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
CONTAINER = "  - name: app-{0}\n    image: nginx:1.27\n    resources:\n      requests:\n        cpu: 1m\n        memory: 1Mi\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-{0}\nspec:\n" + "  containers:\n  - name: app\n    image: nginx:1.27\n"
# name -> the text before, one of what is repeated, and what stands between two
SHAPES: dict[str, tuple[str, str, str]] = {
    "containers of one pod": (HEAD + "spec:\n  containers:\n", CONTAINER, ""),
    "variables of one container": (HEAD + "spec:\n  containers:\n  - name: app\n    image: nginx:1.27\n    env:\n", "    - name: VAR_{0}\n      value: text {0}\n", ""),
    "the same in flow style": (HEAD + "spec:\n  containers:\n  - name: app\n    image: nginx:1.27\n    env:\n", "    - {{name: VAR_{0}, value: text}}\n", ""),
    "annotations": ("spec:\n  containers:\n  - name: app\n    image: nginx:1.27\n" + HEAD + "  annotations:\n", "    example.com/key-{0}: text\n", ""),
    "lines of one text": ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  text: |\n", "    line {0} of a long text, and so on\n", ""),
    "pods of a stream": ("", POD, "---\n"),
    "keys with a blank (PyYAML's)": (HEAD + "spec:\n  containers:\n  - name: app\n    image: nginx:1.27\n    env:\n", "    - name : V{0}\n      value: text\n", ""),
    "anchors": (HEAD + "spec:\n  containers:\n  - name: app\n    image: nginx:1.27\n    env:\n", "    - name: &a{0} V{0}\n      value: *a{0}\n", ""),
}


def written(shape: str, size: int) -> str:
    """A manifest of about `size` bytes."""
    head, one, between = SHAPES[shape]
    count = (size - len(head)) // (len(one.format(10_000)) + len(between))
    return head + between.join(one.format(number) for number in range(count))


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The median of the CPU times."""
    taken = []
    for _ in range(times):
        start = process_time()
        work()
        taken.append(process_time() - start)
    return median(taken) * 1000


def print_creates(times: int) -> None:
    """What the server does with one pod: decode, default, admit, validate, store; and its parts without the cluster."""
    print(f"{'containers':>28}{'server':>12}{'a container':>14}{'no admission':>15}{'json.dumps':>13}{'ratio':>8}")
    for count in (1, 10, 100, 1000):
        pod: dict[str, Any] = yaml.safe_load(HEAD + "spec:\n  containers:\n" + "".join(CONTAINER.format(number) for number in range(count)))
        clusters = iter([Cluster() for _ in range(5 * times)])
        served = milliseconds(lambda: next(clusters).simulation.server.create(pod), 5 * times)  # noqa: B023 - called at once
        alone = milliseconds(lambda: api.create(pod), 5 * times)  # noqa: B023
        dumped = milliseconds(lambda: json.dumps(pod), 5 * times)  # noqa: B023
        print(f"{count:>28,}{served:>9.2f} ms{served / count:>11.3f} ms{alone:>12.2f} ms{dumped:>10.3f} ms{served / dumped:>8.0f}")


def print_reads(times: int) -> None:
    """What it takes to read a text, and to answer `kubectl create --dry-run=server`."""
    print(f"\n{'manifest':28}{'KiB':>6}{'read':>12}{'a KiB':>12}{'PyYAML':>12}{'ratio':>8}{'answered':>13}")
    for shape in SHAPES:
        for size in (64, 256, 1024):
            text = written(shape, size * KIBIBYTE)
            read = milliseconds(lambda: manifest.parse(text), times)  # noqa: B023
            bare = milliseconds(lambda: list(yaml.load_all(text, yaml.SafeLoader)), 1)  # noqa: B023
            answered = milliseconds(lambda: Cluster().kubectl("create --dry-run=server -f -", stdin=text), 1)  # noqa: B023
            print(f"{shape:28}{size:>6,}{read:>9.0f} ms{read / size:>9.2f} ms{bare:>9.0f} ms{read / bare:>8.2f}{answered:>10.0f} ms", flush=True)


def main() -> None:
    """Prints the two tables."""
    parser = argparse.ArgumentParser(description="Measure podsim's API.")
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    print_creates(times)
    print_reads(times)


if __name__ == "__main__":
    main()
