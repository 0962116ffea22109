from __future__ import annotations

import gzip
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import ImageShape
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IMAGES = np.zeros((21, 40, 20), np.uint8)
IMAGES[:, 10:30, 5:15] = np.arange(100, 121, dtype=np.uint8)[:, None, None]
LABELS = (np.arange(21) % 3).astype(np.uint8)


@pytest.fixture
def pair(idx_bytes: Any, tmp_path: Path) -> tuple[Path, Path]:
    images, labels = tmp_path / "my-images-idx3-ubyte", tmp_path / "my-labels-idx1-ubyte"
    images.write_bytes(idx_bytes(IMAGES))
    labels.write_bytes(idx_bytes(LABELS))
    return images, labels


def test_a_pair_is_found_by_either_name(pair: tuple[Path, Path]) -> None:
    for path in pair:
        dataset = load_dataset(str(path))
        assert dataset.train.class_names == ("0", "1", "2")
        assert len(dataset.train) + len(dataset.test) == 21
        notes = " ".join(dataset.notes)
        assert "Scaled" not in notes
        assert dataset.shape.image == ImageShape(1, 40, 20)
        assert "kept for testing" in notes
        for image_set in (dataset.train, dataset.test):
            assert image_set.labels is not None
            brightness = image_set.images[:, 0, 20, 10]  # tells which image it was
            np.testing.assert_array_equal((brightness - 100) % 3, image_set.labels)


def test_gzipped_and_named_apart(pair: tuple[Path, Path], tmp_path: Path) -> None:
    images, labels = tmp_path / "pictures.gz", tmp_path / "answers.gz"
    images.write_bytes(gzip.compress(pair[0].read_bytes()))
    labels.write_bytes(gzip.compress(pair[1].read_bytes()))
    assert load_dataset(f"{images}, {labels}").train.class_names == ("0", "1", "2")
    assert load_dataset(str(images)).train.labels is None


def test_a_test_part_and_a_folder_are_found_by_name(
    write_set: Callable[[Path], Path], tmp_path: Path
) -> None:
    folder = write_set(tmp_path / "own")
    for path in (folder, folder / "train-images-idx3-ubyte"):
        dataset = load_dataset(str(path))
        assert (len(dataset.train), len(dataset.test)) == (20, 10)
        assert not any("kept for testing" in note for note in dataset.notes)


def test_emnist_is_turned_upright_unless_its_axes_are_chosen(idx_bytes: Any, tmp_path: Path) -> None:
    """Runs that were trained by the second rules kept "first" for it, and read the same images again."""
    path = tmp_path / "emnist-letters-train-images-idx3-ubyte"
    path.write_bytes(idx_bytes(IMAGES))
    turned = sorted(image.tobytes() for image in IMAGES.transpose(0, 2, 1))
    as_it_is = sorted(image.tobytes() for image in IMAGES)
    readings = Reading(), Reading(axes="first", rules=2), Reading(axes="first"), Reading(axes="transposed")
    for reading, expected in zip(readings, (turned, turned, as_it_is, turned), strict=True):
        dataset = load_dataset(str(path), reading=reading)
        images = np.concatenate([dataset.train.images, dataset.test.images])[:, 0]
        assert sorted(image.tobytes() for image in images) == expected, reading


def test_an_archive_whose_name_says_idx(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """It is read as an archive, and a table by_idx.csv in a folder makes it no folder of IDX files."""
    with zipfile.ZipFile(tmp_path / "digits-idx-ubyte.zip", "w") as archive:
        for path in pair:
            archive.write(path, f"digits/{path.name}")
    dataset = load_dataset(str(tmp_path / "digits-idx-ubyte.zip"))
    for part in (dataset.train, dataset.test):
        assert part.labels is not None
        brightness = part.images[:, 0, 20, 10]
        np.testing.assert_array_equal(part.images, IMAGES[brightness - 100][:, None])
        np.testing.assert_array_equal(part.labels, LABELS[brightness - 100])
    np.savez(tmp_path / "my_idx.npz", images=IMAGES, labels=LABELS)
    assert len(load_dataset(str(tmp_path / "my_idx.npz")).train.class_names) == 3
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, image in enumerate(IMAGES):
        Image.fromarray(image).save(folder / f"{number}.png")
    lines = (f"{number}.png,{label}" for number, label in enumerate(LABELS))
    (folder / "by_idx.csv").write_text("\n".join(("file,label", *lines)))
    read = load_dataset(str(folder))
    assert len(read.train) + len(read.test) == 21
    assert read.train.class_names == ("0", "1", "2")


@pytest.mark.parametrize("chosen", ["", "train-images-idx3-ubyte.gz", "train-labels-idx2-int.gz"])
def test_qmnist_as_nist_publishes_it(tmp_path: Path, chosen: str) -> None:
    """Labels are (N, 8) numbers of four bytes: the digit, who wrote it, and where and when."""
    rng = np.random.default_rng(0)
    expected = {}
    for part, count in (("train", 30), ("test", 12)):
        images = rng.integers(0, 100, (count, 28, 28), dtype=np.uint8)
        images[:, 14, 14] = 255
        rows = rng.integers(10, 4000, (count, 8)).astype(">i4")
        rows[:, 0] = np.arange(count) % 10
        images[:, 0], images[:, -1] = 0, 0
        header = struct.pack(">IIII", 0x803, count, 28, 28)
        content = gzip.compress(header + images.tobytes())
        (tmp_path / f"qmnist-{part}-images-idx3-ubyte.gz").write_bytes(content)
        content = gzip.compress(struct.pack(">III", 0xC02, count, 8) + rows.tobytes())
        (tmp_path / f"qmnist-{part}-labels-idx2-int.gz").write_bytes(content)
        expected[part] = images, rows[:, 0]
    dataset = load_dataset(str(tmp_path / f"qmnist-{chosen}" if chosen else tmp_path))
    assert dataset.train.class_names == tuple("0123456789")
    for part, read in (("train", dataset.train), ("test", dataset.test)):
        np.testing.assert_array_equal(read.images[:, 0], expected[part][0])
        np.testing.assert_array_equal(read.labels, expected[part][1])


def test_without_labels(pair: tuple[Path, Path]) -> None:
    pair[1].unlink()
    dataset = load_dataset(str(pair[0]))
    assert dataset.train.labels is None
    assert dataset.train.class_names == ()
    assert "Without labels." in dataset.notes


def test_counts_that_differ_and_labels_taken_for_images(pair: tuple[Path, Path], idx_bytes: Any) -> None:
    pair[1].write_bytes(idx_bytes(LABELS[:-1]))
    with pytest.raises(StudioError, match="21 images, but 20 labels") as caught:
        load_dataset(str(pair[0]))
    assert caught.value.where == str(pair[1])
    pair[0].unlink()
    with pytest.raises(StudioError, match="no images") as caught:
        load_dataset(str(pair[1]))
    assert caught.value.where == str(pair[1])


def test_a_wrong_magic_number(tmp_path: Path) -> None:
    path = tmp_path / "broken-idx3-ubyte"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(StudioError, match="wrong magic number"):
        load_dataset(str(path))


def test_the_right_one_of_two_files_is_named(pair: tuple[Path, Path], idx_bytes: Any) -> None:
    pair[0].write_bytes(idx_bytes(np.full((21, 5, 5), -7, np.int32)))
    with pytest.raises(StudioError, match="black and white") as caught:
        load_dataset(str(pair[0]))
    assert caught.value.where == str(pair[0])
    pair[0].write_bytes(idx_bytes(IMAGES))
    pair[1].write_bytes(idx_bytes(np.full(21, 0.5, np.float32)))
    with pytest.raises(StudioError, match=r"out of range: 0\.5") as caught:
        load_dataset(str(pair[0]))
    assert caught.value.where == str(pair[1])
