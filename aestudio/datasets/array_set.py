"""A data set from named arrays, whatever kind of file they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.array_names import choose_arrays, class_names_in, labelled_by
from aestudio.datasets.class_arrays import rows_of_classes
from aestudio.datasets.own_data import SourceArrays, own_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from aestudio.datasets.array_names import ChosenArrays
    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.datasets.row_reader import Rows
    from aestudio.progress import Progress


def dataset_of_arrays(
    path: Path,
    arrays: Mapping[str, Rows],
    progress: Progress,
    reading: Reading,
    notes: Sequence[str] = (),
    files: Sequence[Path] = (),
) -> Dataset:
    """The data set of those arrays that are images and labels; raises StudioError as `own_dataset`.

    files: all that the arrays are in, if it is not the one at the path
    """
    chosen = choose_arrays({name: rows.shape for name, rows in arrays.items()}, path, max(2, reading.rules))
    parts, names = source_arrays(chosen, lambda name: arrays[name])
    return own_dataset(
        path,
        parts,
        progress,
        reading,
        notes=(*notes, *chosen.notes),
        class_names=names,
        files=files,
        labelled=labelled_by(chosen),
    )


def source_arrays(
    chosen: ChosenArrays, rows: Callable[[str], Rows]
) -> tuple[list[SourceArrays], tuple[str, ...]]:
    """Images and labels of each part, training first, and the names of classes if the file has any.

    rows: reads the array of a name
    """
    if chosen.classes:
        found, names = rows_of_classes(chosen.classes, rows)
        return [SourceArrays(images, labels) for images, labels in found], names
    parts = [SourceArrays(rows(images), rows(labels) if labels else None) for images, labels in chosen.parts]
    return parts, class_names_in(rows(chosen.names)) if chosen.names else ()
