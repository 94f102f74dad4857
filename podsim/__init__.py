"""podsim: the life of a Kubernetes Pod, simulated and measured against recordings of Kubernetes v1.37.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from podsim.facade import Cluster, History, simulate

if TYPE_CHECKING:
    from podsim.explorers import explore

__all__ = ["KUBERNETES", "Cluster", "History", "explore", "simulate"]
KUBERNETES = "v1.37.2"


def __getattr__(name: str) -> Any:
    """`podsim.explore` is loaded when it is asked for."""
    if name == "explore":
        from podsim.explorers import explore

        return explore
    raise AttributeError(name)
