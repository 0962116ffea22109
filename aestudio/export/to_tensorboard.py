"""The curves as TensorBoard reads them: `--to tensorboard`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.sabotage.sabotage_list import marked
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.progress import Progress


def event_file_name(wall_time: float) -> str:
    """The name by which TensorBoard knows an event file."""
    return f"events.out.tfevents.{wall_time:.0f}.aestudio"


def marked_terms(terms: Mapping[str, float], sabotage: str) -> Mapping[str, float]:
    """The terms by the names of their charts: those of a sabotaged training say so."""
    if not sabotage:
        return terms
    return {f"{marked('', sabotage).strip()}/{name}": value for name, value in terms.items()}


def _write(run: ExportedRun, path: Path, options: Any, progress: Progress) -> str:  # noqa: ARG001 - quick
    """A folder for each split, so that training and validation are two lines of one chart."""
    from aestudio.export.tables.event_file import EventFile
    from aestudio.storage.new_folder import new_folder

    points = [point for point in run.points() if isinstance(point, MetricPoint)]
    if not points:
        raise StudioError("This run has no curves", where=run.title, advice="Train it first.")
    now, sabotage = time.time(), run.snapshot().sabotage
    with new_folder(path) as folder:
        for split in sorted({point.split for point in points}):
            (folder / split).mkdir()
            with (folder / split / event_file_name(now)).open("wb") as file:
                events = EventFile(file, now)
                for point in points:
                    if point.split == split:
                        events.add(point.step, marked_terms(point.terms, sabotage), now)
    return f"{len(points):,} points of the curves"


EXPORTER = Exporter(
    name="tensorboard",
    title="TensorBoard",
    summary="A folder with the curves as event files, to be read by TensorBoard.",
    suffix="",
    write=_write,
)
