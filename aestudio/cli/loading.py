"""Loads the data set of a command, with progress, and prints how it was prepared."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.cli.output import one_line, print_notice
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.errors import BadChoice, StudioError
from aestudio.runs.data_record import read_data_record
from aestudio.runs.recorded_split import in_recorded_parts, new_images
from aestudio.runs.run_dataset import as_recorded, check_dataset, files_of, is_at, reading_of

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


FILES = ("recorded", "now", "new")


def load_for(run: KeptRun, name: str | None, data_dir: Path | None, files: str = FILES[0]) -> Dataset:
    """The data set of this name or path; for None the run's own, which must not have changed.

    files: "now" takes the run's own files as they are now, in the parts that it recorded; "new" tests on
           those that it had not; what differs is said

    If the run's own files were moved, a path at which they are again gives exactly them. Otherwise all that
    is at the path is taken, as anybody's data.

    Raises BadChoice, StudioError.
    """
    record = run.require_record()
    own = reading_of(record)
    if files not in FILES:
        raise BadChoice("--files", files, FILES)
    if files != FILES[0]:
        return _load_changed(run, name or run.origin, data_dir, files)
    if name is None:
        dataset = load(run.origin, data_dir, own, files_of(run.folder, run.origin))
        dataset = as_recorded(dataset, run.folder)
        check_dataset(record, dataset, run.folder)
        return dataset
    if read_data_record(run.folder) is not None and is_at(name) and not is_at(run.origin):
        with suppress(StudioError):
            moved = as_recorded(load(name, data_dir, own, files_of(run.folder, name)), run.folder)
            if not run.difference(moved):
                print_notice("These are the images that the run was trained on, at another place.")
                return moved
    return load(name, data_dir, Reading(record.shape.image))


def _load_changed(run: KeptRun, place: str, data_dir: Path | None, files: str) -> Dataset:
    """The files of a run at this place as they are now; raises StudioError if nothing is left to test on."""
    kept = read_data_record(run.folder)
    if kept is None:
        raise StudioError(
            "This run has no record of the files that it was trained on",
            where=run.name,
            advice="Choose a data set to measure on with --dataset.",
        )
    names = files_of(run.folder, place) if files == "now" else None
    dataset = load(place, data_dir, reading_of(run.require_record()), names)
    print_notice(f"Since the training: {kept.difference(dataset) or 'no file has changed'}.")
    dataset = in_recorded_parts(dataset, kept) if files == "now" else new_images(dataset, kept)
    if not len(dataset.test) or dataset.train.class_names != kept.class_names:
        what = "There are no new images" if not len(dataset.test) else "The classes are others"
        raise StudioError(what, where=place, advice="Choose a data set to measure on with --dataset.")
    return dataset
