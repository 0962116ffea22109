"""A user's own .npy files: images, and labels beside them; or a folder of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.array_pictures import array_pictures
from aestudio.datasets.array_set import dataset_of_arrays
from aestudio.datasets.entries import files_below
from aestudio.datasets.file_pair import split_pair
from aestudio.datasets.importers.npy import npy_rows
from aestudio.datasets.own_data import SourceArrays, own_dataset
from aestudio.datasets.parts_beside import note_on_parts, parts_beside
from aestudio.datasets.source import FileSource
from aestudio.datasets.sources import image_folder
from aestudio.printable import shortened
from aestudio.storage.os_errors import reading as reading_file

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.datasets.row_reader import Rows
    from aestudio.progress import Progress

_SUFFIX = ".npy"
_WORDS = (
    ("images", "labels"),
    ("imgs", "labels"),
    ("data", "labels"),
    ("data", "target"),
    ("x", "y"),
    ("X", "y"),
)


def _accepts(path: Path) -> bool:
    if path.is_dir():
        return bool(_files(path))
    return path.suffix.lower() == _SUFFIX


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    """From a folder of arrays, "images,labels", or the images, beside which the labels are looked for."""
    pair = split_pair(str(path))
    if pair is not None:
        parts = [SourceArrays(npy_rows(pair[0]), npy_rows(pair[1]))]
        origin = ",".join(str(file.resolve()) for file in pair)
        return own_dataset(
            pair[0], parts, progress, reading, origin, files=pair, labelled=shortened(pair[1].name, 60)
        )
    if path.is_dir():
        if reading.reads_tables and array_pictures(files_below(path, progress)):
            return image_folder.SOURCE.load(path, progress, reading)
        files = _files(path)
        arrays = {file.stem: npy_rows(file) for file in files}
        return dataset_of_arrays(path, arrays, progress, reading, files=files)
    others = parts_beside(path) if reading.reads_parts_beside else {}
    arrays: dict[str, Rows] = {}
    used: list[Path] = []
    notes: list[str] = []
    for part, file in {"": path, **others}.items():
        suffix = f"_{part or 'train'}" if others else ""
        arrays[f"images{suffix}"] = npy_rows(file)
        used.append(file)
        labels = _labels_beside(file)
        if labels is not None:
            arrays[f"labels{suffix}"] = npy_rows(labels)
            used.append(labels)
            notes += [f"Labels from {labels.name}."] if not part else []
    if others:
        notes.append(note_on_parts(others))
    return dataset_of_arrays(path, arrays, progress, reading, notes, used)


def _files(folder: Path) -> list[Path]:
    with reading_file(folder):
        return sorted(
            entry for entry in folder.iterdir() if entry.suffix.lower() == _SUFFIX and entry.is_file()
        )


def _labels_beside(path: Path) -> Path | None:
    """The file of the same name with the word for labels, "y_train.npy" for "X_train.npy"."""
    words = path.stem.split("_")
    for images, labels in _WORDS:
        if images in words:
            name = "_".join(labels if word == images else word for word in words)
            candidates = [path.with_name(f"{each}{path.suffix}") for each in (name, name.replace("y", "Y"))]
            found = next((file for file in candidates if file.is_file()), None)
            if found is not None:
                return found
    return None


SOURCE = FileSource(
    name="npy",
    title="NumPy files (.npy)",
    summary="a file of images, and one of labels beside it; or a folder of such files",
    order=125,
    accepts=_accepts,
    load=_load,
)
