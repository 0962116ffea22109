"""Finds the run whose model wrote a compressed file."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.codec.carried_model import digest_of, model_digest
from aestudio.codec.opened_file import model_inside
from aestudio.errors import StudioError
from aestudio.runs.index import list_runs
from aestudio.runs.weights_file import WEIGHTS, weights_digest

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.codec.container import Container
    from aestudio.runs.kept_run import KeptRun
    from aestudio.training.events import Snapshot


def model_of(container: Container, path: Path) -> Snapshot:
    """The model of a compressed file: the one inside it, or that of a kept run or a shipped model.

    Raises StudioError if it is nowhere.
    """
    inside = model_inside(container, path)
    if inside is not None:
        return inside
    runs = [
        run for run in list_runs() if run.record is not None and run.record.shape.image == container.shape
    ]
    likely = [run for run in runs if _written_digest(run) == container.digest]
    for run in likely or [run for run in runs if _written_digest(run) is None]:
        with suppress(StudioError):  # a damaged run is not the one
            snapshot = run.snapshot()
            if model_digest(snapshot) == container.digest:
                return snapshot
    raise StudioError(
        "The model that wrote this compressed file is not among the runs here, or was trained further since",
        where=str(path),
        advice="Import its run, or ask for the file with the model in it (compress with the model).",
    )


def _written_digest(run: KeptRun) -> bytes | None:
    """The digest of a run's newest weights as its files tell it; None if they do not."""
    record = run.require_record()
    weights = None if run.status == "interrupted" else weights_digest(run.folder / WEIGHTS)
    return None if weights is None else digest_of(record.recipe, record.shape, weights)
