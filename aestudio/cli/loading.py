"""Loads the data set of a command, with progress, and prints how it was prepared."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.cli.output import one_line, print_notice
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from aestudio.runs.data_record import read_data_record
from aestudio.runs.run_dataset import check_dataset, files_of, is_at, reading_of

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.runs.kept_run import KeptRun


def load(
    name_or_path: str,
    data_dir: Path | None,
    reading: Reading | None = None,
    files: frozenset[str] | None = None,
) -> Dataset:
    """The data set; its notes go to stderr. Raises BadChoice, StudioError.

    reading: how a user's own images are read, None for the way that their data says
    files:   the pictures that are taken of a folder or an archive, None for all
    """
    with TerminalProgress() as progress:
        dataset = load_dataset(
            name_or_path, data_dir=data_dir, progress=progress, reading=reading, files=files
        )
    for sentence in dataset.notes:
        print_notice(one_line(sentence))
    return dataset


def load_for(run: KeptRun, name: str | None, data_dir: Path | None) -> Dataset:
    """The data set of this name or path; for None the run's own, which must not have changed.

    If the run's own files were moved, a path at which they are again gives exactly them. Otherwise all that
    is at the path is taken, as anybody's data.

    Raises BadChoice, StudioError.
    """
    record = run.require_record()
    own = reading_of(record)
    if name is None:
        dataset = load(run.origin, data_dir, own, files_of(run.folder, run.origin))
        check_dataset(record, dataset, run.folder)
        return dataset
    if read_data_record(run.folder) is not None and is_at(name) and not is_at(run.origin):
        with suppress(StudioError):
            moved = load(name, data_dir, own, files_of(run.folder, name))
            if not run.difference(moved):
                print_notice("These are the images that the run was trained on, at another place.")
                return moved
    return load(name, data_dir, Reading(record.shape.image))
