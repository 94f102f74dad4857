"""The text of `kubectl get` for Pods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from podsim.kubectl.duration import instant
from podsim.kubectl.kindtables import Object
from podsim.kubectl.pods import Row, pod_row
from podsim.kubectl.printer import Options, TablePrinter

__all__ = ["Row", "pod_row", "table"]


def table(
    pods: Iterable[Object],
    now: str | datetime,
    wide: bool = False,
    show_labels: bool = False,
    all_namespaces: bool = False,
    no_headers: bool = False,
    show_kind: bool = False,
    label_columns: Sequence[str] = (),
) -> str:
    """The table of v1 Pods as `kubectl get pods` prints it at `now`; "" without pods."""
    options = Options(wide, show_labels, all_namespaces, no_headers, show_kind, label_columns)
    return TablePrinter("Pod", options).text(pods, instant(now))
