"""Loads the data set of a command, with progress, and prints how it was prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.cli.output import one_line, print_notice
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.runs.run_dataset import check_dataset, reading_of

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.runs.kept_run import KeptRun


def load(name_or_path: str, data_dir: Path | None, reading: Reading | None = None) -> Dataset:
    """The data set; its notes go to stderr. Raises BadChoice, StudioError.

    reading: how a user's own images are read, None for the way that their data says
    """
    with TerminalProgress() as progress:
        dataset = load_dataset(name_or_path, data_dir=data_dir, progress=progress, reading=reading)
    for sentence in dataset.notes:
        print_notice(one_line(sentence))
    return dataset


def load_for(run: KeptRun, name: str | None, data_dir: Path | None) -> Dataset:
    """The data set of this name or path; for None the run's own, which must not have changed.

    Raises BadChoice, StudioError.
    """
    record = run.require_record()
    reading = reading_of(record) if name is None else Reading(record.shape.image)
    dataset = load(name or run.origin, data_dir, reading)
    if name is None:
        check_dataset(record, dataset)
    return dataset
