"""Finds every data set by its name or path; the rest of the program gets its images from here."""

from __future__ import annotations

import importlib
import os
import pkgutil
import weakref
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aestudio.datasets import sources
from aestudio.datasets.auto import load_auto
from aestudio.datasets.file_pair import existing, split_pair
from aestudio.datasets.importers.image_files import SUFFIXES as IMAGE_SUFFIXES
from aestudio.datasets.nearest_names import nearest_names
from aestudio.datasets.published_set import holds_layout
from aestudio.datasets.reading import Reading
from aestudio.datasets.saved_dataset import SUFFIX
from aestudio.datasets.source import DataFolders, FileSource, Source
from aestudio.errors import BadChoice, NoSuchPath, StudioError
from aestudio.paths import cache_folder
from aestudio.printable import shortened
from aestudio.progress import silent
from aestudio.storage.os_errors import is_there, reading

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.image_shape import ImageShape
    from aestudio.progress import Progress

AUTO = "auto"
_SAVE = "and save the arrays with numpy.savez(file, images=..., labels=...)."
_CONVERTED = (
    (
        (".pkl", ".pickle", ".p"),
        f"A pickle can run any program, so it is not read: load it, {_SAVE}",
    ),
    ((".pt", ".pth"), f"It can run any program, so it is not read: torch.load it in Python, {_SAVE}"),
    ((".feather", ".arrow"), f"Read it in Python with pandas, {_SAVE}"),
    ((".rar", ".7z"), "Unpack it, and choose the folder."),
)
_MOST_CHARACTERS = 1000  # of a path in a message
_loaded: weakref.WeakSet[Dataset] = weakref.WeakSet()


@dataclass(frozen=True)
class DatasetInfo:
    """One line of the list of data sets.

    name, title, summary, kind, image: as in its Source
    available: whether it is on this machine already
    where:     the folder or file that holds it, or None
    damaged:   the name of a file of it that is not whole, "" if there is none
    """

    name: str
    title: str
    summary: str
    kind: Literal["download", "generated"]
    image: ImageShape
    available: bool
    where: Path | None
    damaged: str = ""


def load_dataset(
    name_or_path: str,
    *,
    data_dir: Path | None = None,
    progress: Progress = silent,
    image: ImageShape | None = None,
    reading: Reading | None = None,
    files: frozenset[str] | None = None,
) -> Dataset:
    """The data set of this name, or the one at this path.

    name_or_path: "auto" (MNIST if it is here or can be fetched, else built-in digits), one of
                  `dataset_names()`, or a path: a folder of images, a .npz, an IDX file or,
                  separated by a comma, an IDX file of images and one of labels
    data_dir:     a folder that already holds data sets in torchvision's layout, only read; by default
                  the environment's AESTUDIO_DATA; what it lacks is looked for in the user's cache
                  folder and downloaded there
    image:        the shape in which a user's own images are prepared; by default they keep their size and
                  colour, as far as models take them; what has a name or was kept with a run has its shape
    reading:      how a user's own images are read, if not as their data says; instead of `image`
    files:        the names of the pictures that are taken of a folder or an archive, None for all

    Raises BadChoice for an unknown name, StudioError with file and advice for every other error, such as
    a path that leads nowhere, and Cancelled from the progress callback.
    """
    reading = reading or Reading(image)
    dataset = _load(name_or_path, _places(data_dir), progress, reading, files)
    _loaded.add(dataset)
    return dataset


def comes_from_here(dataset: Dataset) -> bool:
    """Whether `load_dataset` made this very data set: its origin and its shape lead to the same again."""
    return dataset in _loaded


def _load(
    name_or_path: str,
    folders: DataFolders,
    progress: Progress,
    reading: Reading,
    files: frozenset[str] | None,
) -> Dataset:
    if name_or_path == AUTO:
        _check_given(folders)
        return load_auto(folders, progress)
    source = _named().get(name_or_path)
    if source is None:
        return _load_path(name_or_path, progress, reading, files)
    if source.kind == "download":
        _check_given(folders)
    return source.load(folders, progress)


def dataset_names() -> tuple[str, ...]:
    """The names that `load_dataset` knows, "auto" first."""
    return AUTO, *_named()


def check_data_folder(data_dir: Path | None = None) -> None:
    """Raises StudioError if the folder of data sets that the user named does not exist."""
    _check_given(_places(data_dir))


def list_datasets(data_dir: Path | None = None) -> tuple[DatasetInfo, ...]:
    """All data sets with a name, and which of them are on this machine; uses no network."""
    folders = _places(data_dir)
    return tuple(_describe(source, folders) for source in _named().values())


def name_in_folder(folder: Path) -> str | None:
    """The first data set with a name that lies in this folder; None if there is none.

    MNIST's name for torchvision's folder of it that is incomplete, too: what is missing is downloaded.
    """
    for info in list_datasets(folder):
        if info.where is not None and info.where.is_relative_to(folder):
            return info.name
    return "mnist" if holds_layout(folder) else None


def file_sources() -> tuple[FileSource, ...]:
    """The forms in which users may have data of their own."""
    return tuple(source for source in _sources() if isinstance(source, FileSource))


def _places(data_dir: Path | None) -> DataFolders:
    environment = os.environ.get("AESTUDIO_DATA")
    if data_dir is None and environment:
        data_dir = Path(environment)
    return DataFolders(data_dir.expanduser() if data_dir else None, cache_folder() / "datasets")


def _check_given(folders: DataFolders) -> None:
    if folders.given and not (is_there(folders.given) and folders.given.is_dir()):
        raise StudioError(
            "The data folder does not exist",
            where=str(folders.given),
            advice="Correct --data-dir or AESTUDIO_DATA, or leave it out to use the program's own folder.",
        )


def _describe(source: Source, folders: DataFolders) -> DatasetInfo:
    where = source.find(folders)
    damaged = "" if where is None else source.damage(where)
    return DatasetInfo(
        source.name,
        source.title,
        source.summary,
        source.kind,
        source.image,
        available=where is not None,
        where=where,
        damaged=damaged,
    )


@cache
def _sources() -> tuple[Source | FileSource, ...]:
    """The SOURCE of every module in aestudio.datasets.sources, in their order."""
    declared: list[Source | FileSource] = [
        importlib.import_module(f"{sources.__name__}.{module.name}").SOURCE
        for module in pkgutil.iter_modules(sources.__path__)
    ]
    return tuple(sorted(declared, key=lambda source: source.order))


def _named() -> dict[str, Source]:
    return {source.name: source for source in _sources() if isinstance(source, Source)}


def _load_path(text: str, progress: Progress, reading: Reading, files: frozenset[str] | None) -> Dataset:
    pair = split_pair(text)
    first = pair[0] if pair is not None else existing(text)
    if first is not None:
        for source in file_sources():
            if source.accepts(first):
                path = Path(text).expanduser() if pair is not None else first
                return _with_form(_read(source, path, progress, reading, files), source.name)
    if text.endswith(SUFFIX):
        raise StudioError(
            "This run was trained on arrays from Python, which are not kept with it",
            where=text,
            advice="Pass them again in Python (run.evaluate(dataset)), or choose another data set.",
        )
    if "\N{REPLACEMENT CHARACTER}" in text:
        raise StudioError(
            "This name is not valid UTF-8, so that the window cannot open it",
            where=text,
            advice="Rename the file or folder, or name it on the command line: aestudio --dataset ...",
        )
    if first is not None or _names_a_file(text):
        raise _no_such_file(text) if first is None else _unknown_form(first)
    names = ", ".join(dataset_names())
    raise BadChoice("dataset", text, f"{names}, or the path of a folder of images, an .npz or an IDX file")


def _read(
    source: FileSource, path: Path, progress: Progress, reading: Reading, files: frozenset[str] | None
) -> Dataset:
    if files is None or source.load_files is None:
        return source.load(path, progress, reading)
    return source.load_files(path, progress, reading, files)


def _with_form(dataset: Dataset, form: str) -> Dataset:
    found = dataset.provenance
    return dataset if found is None else replace(dataset, provenance=replace(found, form=form))


def _names_a_file(text: str) -> bool:
    """Whether a text that is no path of anything is meant as one, and not as the name of a data set."""
    suffixes = (
        ".npz",
        ".npy",
        ".csv",
        ".mat",
        ".h5",
        ".parquet",
        ".arff",
        ".gz",
        ".idx",
        "ubyte",
        ".zip",
        *IMAGE_SUFFIXES,
    )
    return any(mark in text for mark in ("/", "\\", "~")) or text.strip().lower().endswith(suffixes)


def _no_such_file(text: str) -> StudioError:
    """The error of a path that leads nowhere; raises another one if the system refuses to look there."""
    missing = (FileNotFoundError, NotADirectoryError, ValueError, RuntimeError)
    with reading(Path(text)), suppress(*missing):
        Path(text.strip()).expanduser().stat()
    other = f"one of the data sets that have a name: {', '.join(dataset_names())}"
    return NoSuchPath(shortened(text, _MOST_CHARACTERS), nearest_names(text), other)


def _unknown_form(path: Path) -> StudioError:
    suffix = path.suffix.lower()
    how = next((how for suffixes, how in _CONVERTED if suffix in suffixes), "")
    kinds = ", ".join(source.title for source in file_sources() if source.name != "kept")
    return StudioError(
        "Files of this kind cannot be read as a data set",
        where=str(path),
        advice=how or f"Choose one of these: {kinds}.",
    )


def dataset_menu() -> tuple[tuple[str, str, str], ...]:
    """(name, title, summary) of every data set with a name, without looking at the disk."""
    return tuple((source.name, source.title, source.summary) for source in _named().values())
