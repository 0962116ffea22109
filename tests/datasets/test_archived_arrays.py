"""Arrays of every kind in an archive: pixels and labels against those that were written."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.io import savemat

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError
from tests.datasets.test_array_names import (
    CLASSES,
    IMAGES,
    TEST_CLASSES,
    TESTED,
    assert_all_read,
    names_of,
)
from tests.datasets.test_sparse_tables import NOMINAL, arff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def idx(array: NDArray[Any]) -> bytes:
    array = array.astype(np.uint8)
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def mat() -> bytes:
    file = io.BytesIO()
    savemat(file, {"images": np.moveaxis(IMAGES, 0, -1), "labels": CLASSES})
    return file.getvalue()


def hdf5() -> bytes:
    library: Any = pytest.importorskip("h5py")
    file = io.BytesIO()
    with library.File(file, "w") as arrays:
        arrays["images"], arrays["labels"] = IMAGES, CLASSES
    return file.getvalue()


FORMS: dict[str, Any] = {
    "mat": lambda: {"own.mat": mat()},
    "hdf5": lambda: {"own.h5": hdf5()},
    "arff": lambda: {"own.arff": arff(NOMINAL).encode()},
    "idx": lambda: {"own-images-idx3-ubyte": idx(IMAGES), "own-labels-idx1-ubyte": idx(CLASSES)},
    "idx.gz": lambda: {
        "a/images-idx3-ubyte.gz": gzip.compress(idx(IMAGES)),
        "a/labels-idx1-ubyte.gz": gzip.compress(idx(CLASSES)),
    },
}


def packed(path: Path, files: Mapping[str, bytes], form: str) -> str:
    name = path / f"own.{form}"
    if form == "zip":
        with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in files.items():
                archive.writestr(file, content)
    else:
        with tarfile.open(name, "w:gz") as archive:
            for file, content in files.items():
                info = tarfile.TarInfo(file)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return str(name)


@pytest.mark.parametrize("form", ["zip", "tar.gz"])
@pytest.mark.parametrize("kind", FORMS)
def test_every_kind(tmp_path: Path, kind: str, form: str) -> None:
    dataset = load_dataset(packed(tmp_path, FORMS[kind](), form))
    assert_all_read(dataset)
    assert_all_read(load_dataset(dataset.origin, reading=dataset.reading))


def test_idx_files_in_two_parts(tmp_path: Path) -> None:
    files = {
        "train-images-idx3-ubyte": idx(IMAGES),
        "train-labels-idx1-ubyte": idx(CLASSES),
        "t10k-images-idx3-ubyte": idx(TESTED),
        "t10k-labels-idx1-ubyte": idx(TEST_CLASSES),
    }
    dataset = load_dataset(packed(tmp_path, files, "zip"))
    np.testing.assert_array_equal(dataset.train.images[:, 0], IMAGES)
    np.testing.assert_array_equal(dataset.test.images[:, 0], TESTED)
    assert names_of(dataset.train) == list(map(str, CLASSES))
    assert names_of(dataset.test) == list(map(str, TEST_CLASSES))


def test_emnist_is_turned_upright_and_several_sets_are_not_mixed(tmp_path: Path) -> None:
    files = {
        "gzip/emnist-letters-train-images-idx3-ubyte.gz": gzip.compress(idx(IMAGES.swapaxes(1, 2))),
        "gzip/emnist-letters-train-labels-idx1-ubyte.gz": gzip.compress(idx(CLASSES)),
    }
    assert_all_read(load_dataset(packed(tmp_path, files, "zip")))
    files["gzip/emnist-digits-train-images-idx3-ubyte.gz"] = gzip.compress(idx(IMAGES))
    with pytest.raises(StudioError, match="2 sets of IDX files"):
        load_dataset(packed(tmp_path, files, "zip"))


@pytest.mark.parametrize("name", ["own-images-idx3-ubyte", "own-images-idx3-ubyte.gz", "own.mat", "own.arff"])
def test_damaged_files_in_it_are_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(StudioError) as caught:
        load_dataset(packed(tmp_path, {name: b"\x1f\x8b no such file"}, "zip"))
    assert name in caught.value.where
