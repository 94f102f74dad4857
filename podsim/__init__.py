"""podsim: the life of a Kubernetes Pod, simulated and measured against recordings of Kubernetes v1.37.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from podsim.api.schema import KUBERNETES
from podsim.facade import Cluster, History, simulate

if TYPE_CHECKING:
    from podsim.explorers import explore, predict
    from podsim.playground.opening import play
    from podsim.sweeps import sweep

__all__ = ["KUBERNETES", "Cluster", "History", "explore", "play", "predict", "simulate", "sweep"]


def __getattr__(name: str) -> Any:
    """`explore`, `play`, `predict` and `sweep` are loaded when they are asked for."""
    if name == "sweep":
        from podsim.sweeps import sweep

        return sweep
    if name in ("explore", "predict"):
        from podsim import explorers

        return getattr(explorers, name)
    if name == "play":
        from podsim.playground.opening import play

        return play
    raise AttributeError(name)
