"""How fast podsim runs, beside a bare heapq loop over as many events: CPU seconds and their ratio, from one and the same run.

Four tables: the stories, how their cost grows with the number of pods, what an hour of a pod holds in memory, and how
long the explorers take to be evaluated.

python benchmarks/simulate.py [--times 3]
"""

from __future__ import annotations

import argparse
import heapq
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import process_time
from typing import Any

from podsim import Cluster, explorers

Json = dict[str, Any]
PODS_PER_NODE = 100
HOUR = 3600


@dataclass(frozen=True)
class Story:
    """Pods created at once, and how long (s) they are simulated."""

    name: str
    pods: int
    until: int
    container: Json = field(default_factory=dict)
    scenario: Json = field(default_factory=dict)

    def cluster(self) -> Cluster:
        """The cluster before anything happens, with room for all pods."""
        nodes = [{"name": f"node{number}"} for number in range(1, 2 + (self.pods - 1) // PODS_PER_NODE)]
        return Cluster(nodes, self.scenario)

    def play(self, cluster: Cluster) -> None:
        """Creates the pods and lets the time pass."""
        for number in range(self.pods):
            spec = {"containers": [{"name": "app", "image": "nginx", **self.container}]}
            cluster.simulation.server.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"web-{number}"}, "spec": spec})
        cluster.run(self.until)


def probed(period: int) -> Json:
    """Readiness and liveness, each every `period` seconds."""
    probe = {"httpGet": {"port": 80}, "periodSeconds": period}
    return {"readinessProbe": probe, "livenessProbe": probe}


CRASHING = {"containers": {"app": {"runs": [{"for": 5, "exit": 1}]}}}
IDLE = Story("a pod that runs, an hour", 1, HOUR)
CRASH_LOOP = Story("a crash-looping pod, an hour", 1, HOUR, scenario=CRASHING)
TWO_PROBES = Story("two probes each second, an hour", 1, HOUR, probed(1))
HUNDRED = Story("100 pods, two probes each 5 s, 10 min", 100, 600, probed(5))
GROWTH = tuple(Story(f"{number:,} created at once, a minute", number, 60) for number in (1, 10, 100, 1000))


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds."""
    start = process_time()
    work()
    return process_time() - start


def events_of(story: Story) -> int:
    """How many events SimPy processes."""
    cluster, count = story.cluster(), 0
    env = cluster.simulation.env
    step = env.step

    def counted() -> None:
        nonlocal count
        count += 1
        step()

    env.step = counted  # type: ignore[method-assign]
    story.play(cluster)
    return count


def bare_loop(events: int, pods: int) -> None:
    """As many events, one pending per pod: the earliest is taken out and comes again a second later."""
    queue = [(number, number) for number in range(pods)]
    for _ in range(events):
        at, number = queue[0]
        heapq.heapreplace(queue, (at + 1000, number))


def measured(story: Story, times: int) -> tuple[int, float, float]:
    """Events, and the CPU seconds of podsim and of the bare loop, taken in turn."""
    events = events_of(story)
    simulated, bare = [], []
    for _ in range(times):
        cluster = story.cluster()
        simulated.append(seconds(lambda: story.play(cluster)))  # noqa: B023 - called at once
        bare.append(seconds(lambda: bare_loop(events, story.pods)))
    return events, median(simulated), median(bare)


def bytes_held(story: Story) -> int:
    """What the cluster and its history hold at the end."""
    tracemalloc.start()
    cluster = story.cluster()
    story.play(cluster)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


def print_stories(times: int) -> None:
    """What each story costs."""
    print(f"{'story':40}{'CPU':>10}{'events':>10}{'a bare heapq loop':>20}{'ratio':>8}{'simulated':>14}")
    for story in (CRASH_LOOP, TWO_PROBES, HUNDRED, GROWTH[-1]):
        events, taken, bare = measured(story, times)
        faster = f"{story.until * story.pods / taken:,.0f} ×"
        print(f"{story.name:40}{taken:>8.3f} s{events:>10,}{bare * 1000:>17.1f} ms{taken / bare:>8.0f}{faster:>14}")


def print_growth(times: int) -> None:
    """What a pod costs among more and more of them."""
    print(f"\n{'pods':40}{'CPU':>10}{'a pod':>13}{'events a pod':>15}")
    for story in GROWTH:
        events, taken, _ = measured(story, times if story.pods < 1000 else 1)
        print(f"{story.name:40}{taken:>8.3f} s{taken / story.pods * 1000:>10.1f} ms{events / story.pods:>15.1f}")


def print_memory() -> None:
    """What an hour leaves behind; the empty cluster is taken off."""
    print(f"\n{'memory':40}{'a pod-hour':>10}")
    empty = bytes_held(Story("", 0, 0))
    for story in (IDLE, CRASH_LOOP, TWO_PROBES):
        print(f"{story.name:40}{(bytes_held(story) - empty) / 1024:>7.0f} KiB")


def print_explorers(times: int) -> None:
    """How long one evaluation takes, the declaration once read."""
    print(f"\n{'explorer':40}{'CPU':>10}{'simulated':>14}")
    for entry in explorers.catalog():
        until = explorers.evaluate(entry["id"], {})["timeline"]["horizon"]
        taken = median(seconds(lambda: explorers.evaluate(entry["id"], {})) for _ in range(10 * times))  # noqa: B023 - called at once
        print(f"{entry['id']:40}{taken * 1000:>7.1f} ms{f'{until / taken:,.0f} ×':>14}")


def main() -> None:
    """Prints the four tables."""
    parser = argparse.ArgumentParser(description="Measure podsim.")
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    print_stories(times)
    print_growth(times)
    print_memory()
    print_explorers(times)


if __name__ == "__main__":
    main()
