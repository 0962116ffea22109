"""A user's own MATLAB file (.mat) with arrays of images and labels, as SVHN and EMNIST are published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.datasets.array_set import dataset_of_arrays
from aestudio.datasets.importers.hdf5 import hdf5_arrays
from aestudio.datasets.importers.mat import is_hdf5, mat_arrays
from aestudio.datasets.source import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress

_EMNIST = {"dataset_train_images", "dataset_test_images", "dataset_mapping"}  # the fields of NIST's structure


def _accepts(path: Path) -> bool:
    return path.suffix.lower() == ".mat"


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:
    progress(0, None, "Reading the MATLAB file")
    if is_hdf5(path):
        with hdf5_arrays(path, matlab=True) as arrays:
            return dataset_of_arrays(path, arrays, progress, reading)
    arrays, axes = mat_arrays(path), reading.axes
    if arrays.keys() >= _EMNIST:
        wanted = (
            "dataset_train_images",
            "dataset_train_labels",
            "dataset_test_images",
            "dataset_test_labels",
        )
        arrays = {name.removeprefix("dataset_"): arrays[name] for name in wanted if name in arrays}
        if axes == "auto":
            reading = replace(reading, axes="transposed")
    dataset = dataset_of_arrays(path, arrays, progress, reading)
    return replace(dataset, reading=replace(dataset.reading or reading, axes=axes))


SOURCE = FileSource(
    name="mat",
    title="MATLAB file (.mat)",
    summary="arrays of images and labels; those of version 7.3 need the library h5py",
    order=128,
    accepts=_accepts,
    load=_load,
)
