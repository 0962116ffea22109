"""The digits of a run: where they are found again, and whether they are still the same ones."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.datasets.catalogue import comes_from_here, load_dataset
from aestudio.datasets.saved_dataset import MOST_KEPT, SUFFIX, size_of, write_saved_dataset
from aestudio.errors import StudioError
from aestudio.memory import in_words
from aestudio.progress import silent
from aestudio.storage.os_errors import writing

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.progress import Progress
    from aestudio.runs.run_record import RunRecord

FILE = f"own{SUFFIX}"


def origin_of(record: RunRecord, folder: Path) -> str:
    """What `load_dataset` takes to get the digits of the run in this folder, wherever it was moved to."""
    return str(folder / FILE) if record.dataset == FILE else record.dataset


def load_digits_of(
    record: RunRecord, folder: Path, data_dir: Path | None = None, progress: Progress = silent
) -> Dataset:
    """The digits that the run was trained on; raises StudioError if they are gone or others now."""
    dataset = load_dataset(origin_of(record, folder), data_dir=data_dir, progress=progress)
    check_digits(record, dataset)
    return dataset


def check_digits(record: RunRecord, dataset: Dataset) -> None:
    """Raises StudioError if these are not the digits that the run was trained on."""
    why = difference(record, dataset)
    if why:
        raise StudioError(
            f"These are not the images that the run was trained on: {why}",
            where=dataset.origin,
            advice="Restore the files, or choose a data set to measure on.",
        )


def difference(record: RunRecord, dataset: Dataset) -> str:
    """What is different from the digits that the run was trained on, in words; "" where nothing is known.

    Records of earlier versions only tell how many images the steps were made of.
    """
    if record.data is not None:
        return record.data.difference(dataset.facts)
    images = len(dataset.train)
    trained_on = images - min(record.recipe.training.validation_images, images // 10)
    if record.training_images and record.training_images != trained_on:
        return f"{trained_on:,} images would be trained on instead of {record.training_images:,}"
    return ""


def keep_arrays(folder: Path, dataset: Dataset) -> tuple[str, str]:
    """The origin to train with, and why the digits are not kept with the run, or "".

    A dataset that `load_dataset` gave is found again by its own origin. Any other came as arrays: it is
    written into the run's folder, unless it is too large. Raises StudioError if the disk refuses.
    """
    if comes_from_here(dataset):
        return dataset.origin, ""
    origin, size = str(folder / FILE), size_of(dataset)
    if size > MOST_KEPT:
        return origin, (
            f"The digits take {in_words(size)}, more than the {in_words(MOST_KEPT)} that a run keeps: "
            "it can be evaluated again only where they are given again."
        )
    write_saved_dataset(folder / FILE, dataset)
    return origin, ""


def forget_arrays(folder: Path) -> None:
    """Take back what `keep_arrays` wrote, for a training that never began."""
    with suppress(OSError):
        (folder / FILE).unlink(missing_ok=True)
        folder.rmdir()


def keep_with(folder: Path, origin: str) -> str:
    """What the record of the run in the folder says of digits of this origin.

    Digits that another run keeps are kept by this one as well: the other may be removed. Raises StudioError.
    """
    source = Path(origin)
    if source.suffix != SUFFIX:
        return origin
    target = folder / FILE
    if source.resolve() != target.resolve() and source.is_file() and not target.exists():
        with writing(target):
            try:
                os.link(source, target)
            except OSError:  # another disk, or one that knows no links
                shutil.copyfile(source, target)
    return FILE
