"""The images that are loaded, or being loaded. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.errors import StudioError
    from aestudio.runs.index import KeptRun

DataPhase = Literal["none", "loading", "ready", "failed"]


@dataclass(frozen=True)
class DataState:
    """The dataset: requested name or path, and result.

    run:      for which it is loaded: images that the run was not trained on are refused
    folder:   where to look for data sets; None for the usual folder
    reading:  how a user's own images are read, if somebody has chosen it
    tried:    a folder that takes the place of `folder` once the requested set was loaded from it
    """

    requested: str = "auto"
    phase: DataPhase = "none"
    dataset: Dataset | None = None
    problem: StudioError | None = None
    run: KeptRun | None = None
    folder: Path | None = None
    reading: Reading | None = None
    tried: Path | None = None

    @property
    def usable(self) -> bool:
        """Whether there are images to train on; the old ones, if new ones could not be loaded."""
        return self.dataset is not None and self.phase != "loading"
