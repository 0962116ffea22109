"""A data set from all arrays and tables of an archive or of a folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.datasets.archived_tables import arrays_in
from aestudio.datasets.array_set import dataset_of_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.entries import Entry
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def dataset_of_tables(
    path: Path, entries: list[Entry], progress: Progress, reading: Reading, files: Sequence[Path] = ()
) -> Dataset:
    """The data set of these files; raises StudioError as `arrays_in` and `dataset_of_arrays`.

    files: those that it is read from, if it is not the one at the path
    """
    found = arrays_in(entries, reading.rules)
    upright = found.transposed and reading.axes == "auto"
    read = replace(reading, axes="transposed") if upright else reading
    notes = found.notes if upright or not found.transposed else found.notes[1:]
    dataset = dataset_of_arrays(path, found.arrays, progress, read, notes, files)
    return replace(dataset, reading=replace(dataset.reading or read, axes=reading.axes))
