"""A data set from named arrays, whatever kind of file they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.array_names import choose_arrays, class_names_in, labelled_by
from aestudio.datasets.own_data import SourceArrays, own_dataset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

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
    parts = [
        SourceArrays(arrays[images], arrays[labels] if labels else None) for images, labels in chosen.parts
    ]
    names = class_names_in(arrays[chosen.names]) if chosen.names else ()
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
