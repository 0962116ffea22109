"""What files or a folder of the user's hold: a run, a recipe, pictures, or images to look at and train on.

Read on a task's thread: a folder may be on a slow disk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from aestudio.codec.container import SUFFIX as COMPRESSED
from aestudio.datasets.catalogue import file_sources, name_in_folder
from aestudio.datasets.importers.image_files import SUFFIXES
from aestudio.datasets.own_picture import BOXED, read_for_model
from aestudio.datasets.pages.page_looks import digits_on
from aestudio.errors import StudioError
from aestudio.gui.state.pictures import Pictures
from aestudio.gui.workers.searched_folder import MOST_FILES, holds_runs, is_whole_disk, search_pictures
from aestudio.recipes.recipe import read_recipe
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.shared_run import SUFFIXES as SHARED
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.progress import Progress
    from aestudio.recipes.recipe import Recipe

MOST_PICTURES = 40
_BEGINNINGS = (b"PK", b"\0\0", b"\x1f\x8b")
_TELLING = (".npy", ".csv", ".tsv", ".mat", ".tar", ".tgz", ".bz2", ".xz")  # names of images to train on
_KINDS = (
    "a picture, images to train on (.npz, .csv, .zip, IDX, a folder), a recipe (.json), "
    "a compressed file (.aec), a shared run (.aestudio), or the folder of a run"
)


@dataclass(frozen=True)
class FoundRun:
    """The folder of a run."""

    folder: Path


@dataclass(frozen=True)
class FoundSharedRun:
    """A run that somebody shared as one file."""

    path: Path


@dataclass(frozen=True)
class FoundData:
    """Images to look at or to train on. text: as `load_dataset` takes it; folder: whether it is one"""

    text: str
    name: str
    folder: bool = False


@dataclass(frozen=True, eq=False)
class FoundRecipe:
    """A recipe in a file."""

    recipe: Recipe


@dataclass(frozen=True, eq=False)
class FoundCompressed:
    """Pictures decoded from a compressed file, the first ones if it has many.

    count: of all in the file; size: bytes of the file without the model; writer: the model that wrote it
    """

    pictures: Pictures
    count: int
    size: int
    writer: str


Found = FoundRun | FoundSharedRun | FoundData | FoundRecipe | FoundCompressed | Pictures


def find_in_files(paths: Sequence[Path], shape: ImageShape | None, dataset: str, progress: Progress) -> Found:
    """What these files, or this folder, hold.

    shape:   of the images that the shown model encodes; None if there is no such model
    dataset: the name of the loaded data set, which tells how a picture of a digit is prepared

    Raises StudioError for what cannot be opened, and for several things that are not pictures.
    """
    for path in paths:
        with reading(path):
            path.stat()
    if all(is_picture(path) for path in paths):
        if len(paths) == 1 and digits_on(paths[0]):
            return FoundData(str(paths[0]), paths[0].name)  # a page: its digits are cut out
        return _pictures(paths, shape, dataset, progress)
    pair = _idx_pair(paths)
    if pair is not None:
        return pair
    if len(paths) > 1:
        raise StudioError(
            "Several files are opened together only if all are pictures",
            where=f"{paths[0].name}, {paths[1].name}",
            advice="Open a run, a recipe or a set of images by itself.",
        )
    if paths[0].suffix.lower() == COMPRESSED and paths[0].is_file():
        return _compressed(paths[0], shape, progress)
    return _folder(paths[0], progress) if paths[0].is_dir() else _file(paths[0])


def find_in_picture(
    picture: QImage, name: str, shape: ImageShape | None, dataset: str, progress: Progress
) -> Pictures:
    """A picture of the clipboard, as one in a file; raises StudioError as `find_in_files`."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "picture.png")
        if not picture.save(str(path)):
            raise StudioError(
                "The picture on the clipboard cannot be read",
                advice="Save it as a file where it was copied, and open the file.",
            )
        return replace(_pictures([path], shape, dataset, progress), names=(name,))


def is_picture(path: Path) -> bool:
    """Whether a path is that of one image."""
    return path.suffix.lower() in SUFFIXES and path.is_file()


def _pictures(paths: Sequence[Path], shape: ImageShape | None, dataset: str, progress: Progress) -> Pictures:
    if shape is None:
        raise StudioError(
            "There is no model that could reconstruct a picture",
            where=paths[0].name,
            advice="Train or open an autoencoder first, then open the picture again.",
        )
    if len(paths) > MOST_PICTURES:
        raise StudioError(
            f"{len(paths):,} pictures are too many to be opened one by one",
            where=str(paths[0].parent),
            advice=f"Open up to {MOST_PICTURES}, or the folder that they are in as a data set.",
        )
    images = []
    for done, path in enumerate(paths):
        progress(done, len(paths), "reading pictures")
        images.append(read_for_model(path, "auto", dataset in BOXED, shape).image)
    return Pictures(np.stack(images), tuple(path.name for path in paths))


def _compressed(path: Path, shape: ImageShape | None, progress: Progress) -> FoundCompressed:
    """The pictures in a compressed file, by the model that wrote it, whichever is shown."""
    from aestudio.codec.container import read_container
    from aestudio.codec.opened_file import decompress
    from aestudio.runs.model_of_file import model_of
    from aestudio.training.threads import use_threads

    container = read_container(path)
    if shape != container.shape:
        raise StudioError(
            f"The pictures in it are {container.shape}, and the shown model takes no images of this size",
            where=str(path),
            advice="Show a model of such images first, then open the file again.",
        )
    use_threads()
    snapshot = model_of(container, path)
    images = decompress(container, snapshot, path, progress).pictures[:MOST_PICTURES]
    names = tuple(f"{path.stem} {number}" for number in range(1, len(images) + 1))
    pictures = Pictures(images, names)
    return FoundCompressed(pictures, container.count, container.sizes.without_model, snapshot.recipe.title)


def _idx_pair(paths: Sequence[Path]) -> FoundData | None:
    """Two IDX files, of images and of labels, as one data set."""
    if len(paths) != 2 or not all("idx" in path.name or "ubyte" in path.name for path in paths):
        return None
    labels = [path for path in paths if "label" in path.name or "idx1" in path.name]
    if len(labels) != 1:
        return None
    images = paths[1 - list(paths).index(labels[0])]
    return FoundData(f"{images},{labels[0]}", images.name)


def _folder(folder: Path, progress: Progress) -> Found:
    if (folder / RECORD).is_file():
        return FoundRun(folder)
    if is_whole_disk(folder):
        raise StudioError(
            "This is the whole disk of the system, which is not searched",
            where=str(folder),
            advice="Choose the folder on it that holds the images, or that of a run.",
        )
    if holds_runs(folder):
        raise StudioError(
            "This folder holds several runs",
            where=str(folder),
            advice="Open the folder of one of them.",
        )
    named = name_in_folder(folder) is not None
    if named or any(source.accepts(folder) for source in file_sources() if source.name != "pictures"):
        return FoundData(str(folder), folder.name, folder=True)
    pictures = search_pictures(folder, progress)
    if pictures == "some":
        return FoundData(str(folder), folder.name, folder=True)
    if pictures == "none":
        raise StudioError(
            "There is nothing in this folder that can be opened",
            where=str(folder),
            advice=f"Choose {_KINDS}.",
        )
    raise StudioError(
        f"There are no images among the first {MOST_FILES:,} files of this folder",
        where=str(folder),
        advice="It has more, which are not searched: choose the folder in it that holds the images.",
    )


def _file(path: Path) -> Found:
    if path.name == RECORD:
        return FoundRun(path.parent)
    if path.suffix.lower() in SHARED:
        return FoundSharedRun(path)
    if path.suffix.lower() == ".json":
        return FoundRecipe(read_recipe(path))
    if not any(source.accepts(path) for source in file_sources()):
        raise StudioError("This file cannot be opened", where=str(path), advice=f"Choose {_KINDS}.")
    if not _begins_as_images(path):
        raise StudioError(
            "This file is damaged, or holds no images", where=str(path), advice=f"Choose {_KINDS}."
        )
    return FoundData(str(path), path.name)


def _begins_as_images(path: Path) -> bool:
    """Whether a file begins as .npz, IDX or .gz do: a name alone, as README, is not asked about."""
    if not path.is_file():  # a pipe would never answer
        return False
    if path.suffix.lower() in _TELLING:
        return True
    with reading(path), path.open("rb") as file:
        return file.read(2) in _BEGINNINGS
