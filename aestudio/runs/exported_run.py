"""A kept run as exporters take it (`export/exporter.py`): they know no run folders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aestudio.errors import ignore_problem
from aestudio.runs.shared_run_export import SharedParts, share_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import OnProblem
    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.metrics_file import Point
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class KeptRunExport:
    """An `ExportedRun`.

    load:  gives the images; None for those that the run was trained on
    shown: the weights to export, of an earlier step for instance; None for the newest
    """

    run: KeptRun
    load: Callable[[], Dataset] | None = None
    shown: Snapshot | None = None
    on_problem: OnProblem = ignore_problem

    @property
    def title(self) -> str:
        """The run's name for people."""
        return self.run.title

    def snapshot(self) -> Snapshot:
        """The weights that are exported."""
        return self._newest if self.shown is None else self.shown

    @cached_property
    def _newest(self) -> Snapshot:
        return self.run.snapshot(self.on_problem)

    def dataset(self) -> Dataset:
        """The images, loaded when first asked for."""
        return self._images

    @cached_property
    def _images(self) -> Dataset:
        return self.run.dataset() if self.load is None else self.load()

    def points(self) -> tuple[Point, ...]:
        """The curves and changed settings."""
        return self.run.points()

    def share(self, path: Path, checkpoint: bool, history: bool, progress: Progress) -> int:
        """Write the run as one file; returns its bytes."""
        return share_run(self.run, path, SharedParts(checkpoint=checkpoint, history=history), progress)
