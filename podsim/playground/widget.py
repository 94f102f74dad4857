"""The playground in Jupyter: the page's own component, answered by the kernel."""

from __future__ import annotations

from typing import Any

import traitlets

from podsim.explorers.widget import ASSETS, KernelWidget
from podsim.playground import opening
from podsim.playground.playing import play


class PlaygroundWidget(KernelWidget):
    """A playground that begins with `kept`: {"session", "t"}. As plain text it is the table of its run."""

    _esm = ASSETS / "playground.js"
    kept = traitlets.Dict().tag(sync=True)
    play = traitlets.Dict().tag(sync=True)

    def __init__(self, kept: dict[str, Any], language: str = "en") -> None:
        super().__init__(kept=kept, play=play(kept["session"], language), language=language)

    def __repr__(self) -> str:
        """The run as a text table."""
        return opening.text(self.play, self.language)
