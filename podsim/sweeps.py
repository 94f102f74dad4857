"""Many scenarios at once, on any executor: processes here, Dask or Ray elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from functools import partial
from typing import Any

from podsim.facade import simulate


def sweep(
    manifest: str, scenarios: Iterable[Mapping[str, Any]], until: float = 120, executor: Executor | None = None
) -> Iterator[dict[str, Any]]:
    """The traces (`History.to_trace`) of `manifest` in each of `scenarios`, in their order.

    `until` in seconds. `executor`: any concurrent.futures.Executor, such as Dask's `client.get_executor()`; None: one
    after the other. Raises what `simulate` raises.
    """
    play = partial(trace, manifest, until)
    return (executor.map if executor else map)(play, scenarios)


def trace(manifest: str, until: float, scenario: Mapping[str, Any]) -> dict[str, Any]:
    """One run; at the top of the module so that it can be sent to another process."""
    return simulate(manifest, scenario, until).to_trace()
