"""How fast podsim runs: the stories of the book, as simulated seconds per second.

python benchmarks/simulate.py [--times 5]
"""

from __future__ import annotations

import argparse
from statistics import median
from time import perf_counter

from podsim import explorers


def seconds(explorer_id: str) -> float:
    """What one evaluation takes."""
    start = perf_counter()
    explorers.evaluate(explorer_id, {})
    return perf_counter() - start


def main() -> None:
    """Prints how fast the explorers are evaluated."""
    parser = argparse.ArgumentParser(description="Measure podsim.")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    print(f"{'explorer':24}{'simulated':>12}{'takes':>12}{'ratio':>14}")
    for entry in explorers.catalog():
        seconds(entry["id"])  # reads the declaration, once
        taken = median(seconds(entry["id"]) for _ in range(options.times))
        simulated = explorers.evaluate(entry["id"], {})["timeline"]["horizon"]
        print(f"{entry['id']:24}{simulated:>10.0f} s{taken * 1000:>9.1f} ms{f'{simulated / taken:,.0f} ×':>14}")


if __name__ == "__main__":
    main()
