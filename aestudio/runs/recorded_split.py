"""The parts of a run's images as they were recorded, whatever became of their files since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import take
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.provenance import Provenance
    from aestudio.runs.data_record import DataRecord

    Key = tuple[str, int]  # the name of a file, the number of the image in it


def in_recorded_parts(dataset: Dataset, record: DataRecord) -> Dataset:
    """The data set with each image in the part in which the run had it; images that it had not are left out.

    It is the same object if nothing moved, and where too little is left for a training and a test part.
    """
    found = dataset.provenance
    if found is None:
        return dataset
    keys = _keys(found.row_of, found.file_of, [file.name for file in found.files])
    known = dict(zip(_recorded_keys(record), _parts_of(record), strict=True))
    parts = np.array([known.get(key, -1) for key in keys], np.int64)
    train, test, validation = (np.flatnonzero(parts == part) for part in range(3))
    before = (found.train, found.test, found.validation)
    same = all(map(np.array_equal, before, (train, test, validation)))
    if same or not (len(train) and len(test)) or _repeated(keys):
        return dataset
    return _taken(dataset, found, train, test, validation)


def new_images(dataset: Dataset, record: DataRecord) -> Dataset:
    """The data set with the run's training images, and for testing those whose content it did not have.

    Without any that are new the test part is empty. Raises StudioError for arrays, of which it is not known.
    """
    found = dataset.provenance
    if found is None or found.file_of is None:
        raise StudioError(
            "Which of these images are new is known of pictures in files of their own only",
            where=dataset.origin,
            advice="--files now measures on them as they are now.",
        )
    digests = {file.digest for file in record.source_files}
    new = np.array([file.digest not in digests for file in found.files], np.bool_)[found.file_of]
    train = in_recorded_parts(dataset, record).provenance
    assert train is not None, "it has as many files as the data set"
    chosen = np.setdiff1d(train.train, np.flatnonzero(new))
    return _taken(dataset, found, chosen, np.flatnonzero(new), np.zeros(0, np.int64))


def _taken(
    dataset: Dataset,
    found: Provenance,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    validation: NDArray[np.int64],
) -> Dataset:
    """The data set with these images, by their numbers in the order of reading, in its parts."""
    sets = tuple(part for part in (dataset.train, dataset.test, dataset.validation) if part is not None)
    place = np.empty(len(found.row_of), np.int64)  # of each image, counted through the parts
    place[np.concatenate([found.train, found.test, found.validation])] = np.arange(len(place))
    parts = [replace(take(sets, place[own]), chosen_from=()) for own in (train, test, validation)]
    return replace(
        dataset,
        train=parts[0],
        test=parts[1],
        validation=parts[2] if len(validation) else None,
        provenance=replace(found, train=train, test=test, validation=validation),
    )


def _recorded_keys(record: DataRecord) -> list[Key]:
    file_of = None if record.file_of is None else np.array(record.file_of, np.int64)
    names = [name for name, _, _ in record.files]
    return _keys(np.array(record.row_of, np.int64), file_of, names)


def _keys(
    row_of: NDArray[np.integer], file_of: NDArray[np.integer] | None, names: Sequence[str]
) -> list[Key]:
    """What tells each image; of arrays, which may be in two files, their place in the order of reading."""
    if file_of is None:
        return [("", number) for number in range(len(row_of))]
    files: list[int] = file_of.tolist()
    rows: list[int] = row_of.tolist()
    return [(names[file], row) for file, row in zip(files, rows, strict=True)]


def _parts_of(record: DataRecord) -> list[int]:
    parts = np.full(len(record.row_of), -1, np.int64)
    for number, own in enumerate((record.train, record.test, record.validation)):
        parts[list(own)] = number
    return parts.tolist()


def _repeated(keys: Sequence[Key]) -> bool:
    return len(set(keys)) < len(keys)
