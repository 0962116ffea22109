from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.published import find, load, read
from aestudio.datasets.published_set import raw_folder
from aestudio.datasets.source import DataFolders
from aestudio.datasets.sources.fashion_mnist import FASHION_MNIST
from aestudio.datasets.sources.mnist import MNIST
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


def test_reads_what_is_in_the_files(
    write_set: Callable[[Path], Path], small_set: Any, tmp_path: Path
) -> None:
    dataset = read(MNIST, write_set(tmp_path))
    np.testing.assert_array_equal(dataset.train.images[:, 0], small_set[MNIST.files[0]])
    np.testing.assert_array_equal(dataset.train.labels, small_set[MNIST.files[1]])
    np.testing.assert_array_equal(dataset.test.images[:, 0], small_set[MNIST.files[2]])
    assert dataset.train.class_names == tuple("0123456789")
    assert dataset.origin == dataset.name == "mnist"
    assert str(tmp_path) in dataset.notes[0]


def test_gzipped_files_do_as_well(write_set: Callable[[Path], Path], tmp_path: Path) -> None:
    plain = read(MNIST, write_set(tmp_path))
    for path in list(tmp_path.iterdir()):
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    np.testing.assert_array_equal(read(MNIST, tmp_path).train.images, plain.train.images)


@pytest.mark.parametrize("named", ["", "MNIST", "MNIST/raw"])
def test_the_user_s_folder_may_be_named_at_three_depths(
    write_set: Callable[[Path], Path], tmp_path: Path, named: str
) -> None:
    write_set(tmp_path / "data" / "MNIST" / "raw")
    folders = DataFolders(tmp_path / "data" / named, tmp_path / "cache")
    assert find(MNIST, folders) == tmp_path / "data" / "MNIST" / "raw"
    assert find(FASHION_MNIST, folders) is None  # its files have the same names


def test_the_user_s_folder_comes_before_the_cache(write_set: Callable[[Path], Path], tmp_path: Path) -> None:
    cache, given = tmp_path / "cache", tmp_path / "given"
    folders = DataFolders(given, cache)
    assert find(MNIST, folders) is None
    write_set(raw_folder(MNIST, cache))
    assert find(MNIST, folders) == raw_folder(MNIST, cache)
    write_set(raw_folder(MNIST, given))
    assert find(MNIST, folders) == raw_folder(MNIST, given)


def test_damage_in_the_user_s_folder_is_named_not_passed_over(
    write_set: Callable[[Path], Path], tmp_path: Path
) -> None:
    folder = write_set(raw_folder(MNIST, tmp_path))
    images = folder / MNIST.files[0]
    images.write_bytes(images.read_bytes()[:-1])
    with pytest.raises(StudioError, match="announces") as caught:
        load(MNIST, DataFolders(tmp_path, tmp_path / "cache"), silent)
    assert caught.value.where == str(images)


@pytest.mark.parametrize(
    ("name", "array", "sentence"),
    [
        ("train-labels-idx1-ubyte", np.zeros(19, np.uint8), "20 images in .* but 19 labels"),
        ("train-labels-idx1-ubyte", np.full(20, 10, np.uint8), "out of range: 10"),
        ("train-labels-idx1-ubyte", np.full(20, -1, np.int8), "out of range: -1"),
        ("train-labels-idx1-ubyte", np.full(20, 0.5, np.float32), "out of range: 0.5"),
        ("t10k-images-idx3-ubyte", np.zeros((10, 27, 28), np.uint8), "not uint8 images of 28 × 28"),
        ("t10k-images-idx3-ubyte", np.zeros((10, 28, 28), np.float32), "not uint8 images of 28 × 28"),
        ("t10k-images-idx3-ubyte", np.zeros((0, 28, 28), np.uint8), "not uint8 images of 28 × 28"),
    ],
)
def test_files_that_do_not_fit(
    write_set: Callable[[Path], Path], idx_bytes: Any, tmp_path: Path, name: str, array: Any, sentence: str
) -> None:
    path = write_set(tmp_path) / name
    path.write_bytes(idx_bytes(array))
    with pytest.raises(StudioError, match=sentence) as caught:
        read(MNIST, tmp_path)
    assert caught.value.where == str(path)


@pytest.mark.mnist
def test_the_real_one(mnist: Dataset) -> None:
    assert (len(mnist.train), len(mnist.test)) == (60_000, 10_000)
    assert mnist.test.labels is not None
    assert mnist.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    levels = np.bincount(mnist.train.images.reshape(-1), minlength=256)
    values = np.arange(256) / 255
    mean = levels @ values / levels.sum()
    assert mean == pytest.approx(0.1307, abs=5e-5)
    assert np.sqrt(levels @ (values - mean) ** 2 / levels.sum()) == pytest.approx(0.3081, abs=5e-5)
    normalised = (values[[0, 255]] - 0.1307) / 0.3081
    assert normalised == pytest.approx([-0.4242, 2.8215], abs=5e-5)


@pytest.mark.mnist
def test_the_floor_of_grey_cross_entropy(mnist: Dataset) -> None:
    levels = np.bincount(mnist.test.images.reshape(-1), minlength=256)
    p = np.arange(1, 255) / 255
    entropy = -(p * np.log(p) + (1 - p) * np.log(1 - p))
    assert levels[1:255] @ entropy / len(mnist.test) == pytest.approx(45.53, abs=0.005)
