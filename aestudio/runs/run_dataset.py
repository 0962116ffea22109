"""The data set of a run: how it is loaded again, and whether it is still the same."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.datasets.catalogue import comes_from_here, load_dataset
from aestudio.datasets.file_pair import existing, split_pair
from aestudio.datasets.reading import Reading
from aestudio.datasets.saved_dataset import MOST_KEPT, SUFFIX, size_of, write_saved_dataset
from aestudio.errors import StudioError, ignore_problem
from aestudio.memory import in_words
from aestudio.progress import silent
from aestudio.runs.data_record import read_data_record
from aestudio.runs.recorded_split import in_recorded_parts
from aestudio.storage.os_errors import writing

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import OnProblem
    from aestudio.progress import Progress
    from aestudio.runs.run_record import RunRecord

FILE = f"own{SUFFIX}"
_OF_FILES = "Restore the files, or choose a data set to measure on"
_NOW = "; `aestudio evaluate RUN --files now` takes them as they are now."
_OF_A_NAME = (
    "Another version of the program, or another data folder, had other images under this name. The run can "
    "be looked at, and measured on a data set that you choose; to train, start a new run of its recipe."
)


def _advice(origin: str, reading_kept: bool) -> str:
    """What to do about other images than those of the run, at an address or under a name."""
    if not is_at(origin):
        return _OF_A_NAME
    return _OF_FILES + (_NOW if reading_kept else ".")


def origin_of(record: RunRecord, folder: Path) -> str:
    """The origin for `load_dataset` of the run in this folder, also after the folder was moved."""
    return str(folder / FILE) if record.dataset == FILE else record.dataset


def reading_of(record: RunRecord) -> Reading:
    """How the run's images were read; by the first rules, if the record is of an earlier version."""
    recorded = record.data and record.data.reading
    return recorded or Reading(record.shape.image, rules=1)


def load_dataset_of(
    record: RunRecord, folder: Path, data_dir: Path | None = None, progress: Progress = silent
) -> Dataset:
    """The data set that the run was trained on; raises StudioError if it is missing or has changed."""
    # Its reading as well: a user's own images might be prepared in another shape today.
    origin, reading = origin_of(record, folder), reading_of(record)
    files = files_of(folder, origin)
    dataset = load_dataset(origin, data_dir=data_dir, progress=progress, reading=reading, files=files)
    dataset = as_recorded(dataset, folder)
    check_dataset(record, dataset, folder)
    return dataset


def as_recorded(dataset: Dataset, folder: Path) -> Dataset:
    """The data set in the parts that the run in this folder recorded, if it keeps them."""
    kept = read_data_record(folder)
    return dataset if kept is None else in_recorded_parts(dataset, kept)


def files_of(folder: Path, origin: str) -> frozenset[str] | None:
    """The names of the run's own files, None if it keeps none; raises StudioError if nothing is there."""
    kept = read_data_record(folder)
    if kept is not None and not is_at(origin):
        raise StudioError(
            "The images that this run was trained on are not there any more",
            where=origin,
            advice="If they were moved, choose them at their new place: they are compared with the run's.",
        )
    return None if kept is None else kept.names


def is_at(origin: str) -> bool:
    """Whether there is a file or folder at this origin, or both files of a pair."""
    return existing(origin) is not None or split_pair(origin) is not None


def check_dataset(record: RunRecord, dataset: Dataset, folder: Path | None = None) -> None:
    """Raises StudioError if this is not the data set that the run was trained on.

    folder: of the run, to say which files have changed
    """
    why = difference(record, dataset)
    if why:
        kept = None if folder is None else read_data_record(folder)
        files = "" if kept is None else kept.difference(dataset)
        why = f"{why} ({files})" if files else why
        raise StudioError(
            f"These are not the images that the run was trained on: {why}",
            where=dataset.origin,
            advice=_advice(dataset.origin, kept is not None),
        )


def difference(record: RunRecord, dataset: Dataset) -> str:
    """How the data set differs from the one the run was trained on, for people; "" for no known difference.

    Records of earlier versions know only the number of training images.
    """
    if record.data is not None:
        return record.data.difference(dataset.facts)
    images = len(dataset.train)
    trained_on = images - min(record.recipe.training.validation_images, images // 10)
    if record.training_images and record.training_images != trained_on:
        return f"{trained_on:,} images would be trained on instead of {record.training_images:,}"
    return ""


def keep_arrays(folder: Path, dataset: Dataset, on_problem: OnProblem = ignore_problem) -> str:
    """The origin to train with; `on_problem` receives why the images are not kept with the run.

    A data set from `load_dataset` can be loaded again by its origin. Any other was made of arrays: it is
    written into the run's folder, unless it is too large. Raises StudioError if it cannot be written.
    """
    if comes_from_here(dataset):
        return dataset.origin
    size = size_of(dataset)
    if size <= MOST_KEPT:
        write_saved_dataset(folder / FILE, dataset)
    else:
        on_problem(
            StudioError(
                f"The images take {in_words(size)}, more than the {in_words(MOST_KEPT)} that a run keeps",
                advice="The run can be evaluated again only if they are passed again.",
            )
        )
    return str(folder / FILE)


def forget_arrays(folder: Path) -> None:
    """Remove what `keep_arrays` wrote, for a training that never began."""
    with suppress(OSError):
        (folder / FILE).unlink(missing_ok=True)
        folder.rmdir()


def keep_with(folder: Path, origin: str) -> str:
    """The entry `dataset` in the record of the run in this folder, for a data set of this origin.

    A data set that another run keeps is kept by this run as well: the other may be removed.
    Raises StudioError if it cannot be written.
    """
    source = Path(origin)
    if source.suffix != SUFFIX:
        return origin
    target = folder / FILE
    if source.resolve() != target.resolve() and source.is_file() and not target.exists():
        with writing(target):
            try:
                os.link(source, target)
            except OSError:  # another disk, or one without links
                shutil.copyfile(source, target)
    return FILE
