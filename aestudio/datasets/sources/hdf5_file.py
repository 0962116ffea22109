"""A user's own HDF5 file with arrays of images and labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.array_set import dataset_of_arrays
from aestudio.datasets.importers.hdf5 import SUFFIXES, hdf5_arrays
from aestudio.datasets.source import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _accepts(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    with hdf5_arrays(path) as arrays:
        return dataset_of_arrays(path, arrays, progress, reading)


SOURCE = FileSource(
    name="hdf5",
    title="HDF5 file (.h5)",
    summary="arrays of images and labels, in groups or not; needs the library h5py",
    order=125,
    accepts=_accepts,
    load=_load,
)
