"""A data set knows its files with their digests, and the place of each image in them."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets import provenance
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.provenance import LeftOut, Provenance, SourceFile, changed_files
from tests.datasets.own_forms import LABELS, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


def _folder(folder: Path, count: int = 24) -> Path:
    for number, image in enumerate(numbers(count, 28, 28)):
        part = folder / "ab"[number % 2]
        part.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(part / f"{number}.png")
    return folder


def _known(dataset: Dataset) -> Provenance:
    assert dataset.provenance is not None
    return dataset.provenance


def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def test_every_picture_is_named_with_size_and_digest(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "mine")
    found = _known(load_dataset(str(folder)))
    assert found.form == "pictures"
    assert {file.name for file in found.files} == {f"{'ab'[number % 2]}/{number}.png" for number in range(24)}
    for file in found.files:
        path = folder / file.name
        assert (file.size, file.digest) == (path.stat().st_size, _digest(path))


def test_the_place_of_each_image_leads_to_its_pixels(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "mine")
    dataset = load_dataset(str(folder))
    found = _known(dataset)
    assert found.file_of is not None
    assert sorted([*found.train, *found.test]) == list(range(24))
    for part, places in ((dataset.train, found.train), (dataset.test, found.test)):
        for image, place in zip(part.images, places, strict=True):
            file = folder / found.files[found.file_of[place]].name
            np.testing.assert_array_equal(image[0], np.asarray(Image.open(file)))


def test_pages_of_a_file_have_their_numbers(tmp_path: Path) -> None:
    first, *others = [Image.fromarray(image) for image in numbers(10, 28, 28)]
    first.save(tmp_path / "stack.tif", save_all=True, append_images=others)
    found = _known(load_dataset(str(tmp_path / "stack.tif")))
    assert found.row_of.tolist() == list(range(10))
    assert found.file_of is not None
    assert set(found.file_of.tolist()) == {0}
    assert found.decided.stacks == 1


def test_rows_of_two_arrays_begin_at_0_in_each(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", x_train=numbers(9, 28, 28), x_test=numbers(5, 28, 28))
    found = _known(load_dataset(str(tmp_path / "two.npz")))
    assert found.row_of[found.train].tolist() == list(range(9))
    assert found.row_of[found.test].tolist() == list(range(5))
    (file,) = found.files
    assert (file.name, file.digest) == ("two.npz", _digest(tmp_path / "two.npz"))


def test_images_and_labels_of_two_files_are_both_named(tmp_path: Path) -> None:
    np.save(tmp_path / "X_train.npy", numbers(14, 28, 28))
    np.save(tmp_path / "y_train.npy", LABELS)
    found = _known(load_dataset(str(tmp_path / "X_train.npy")))
    assert [file.name for file in found.files] == ["X_train.npy", "y_train.npy"]
    assert found.file_of is None


def test_what_was_decided_is_known(tmp_path: Path) -> None:
    images = np.moveaxis(255 - numbers(40, 28, 28), 0, -1).astype(np.uint16) * 4
    np.savez(tmp_path / "matlab.npz", images=images, labels=np.arange(40) % 4)
    decided = _known(load_dataset(str(tmp_path / "matlab.npz"))).decided
    assert (decided.axes, decided.bottom, decided.top) == ("last", 0, 1020)
    assert (decided.inverted, decided.sizes, decided.labels) == (40, ((28, 28, 40),), "labels")


def test_files_that_are_left_out_are_named_with_the_reason(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "mine")
    (folder / "a" / "zz.png").write_bytes(b"")
    Image.fromarray(numbers(1, 28, 28)[0]).save(folder / "loose.png")
    found = _known(load_dataset(str(folder)))
    expected = {LeftOut("a/zz.png", "broken"), LeftOut("loose.png", "beside the folders of classes")}
    assert set(found.left_out) == expected
    assert len(found.files) == 24


def test_a_folder_and_its_archive_have_the_same_files(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "mine")
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        for path in sorted(folder.rglob("*.png")):
            archive.write(path, path.relative_to(folder))
    plain, packed = (load_dataset(str(tmp_path / name)) for name in ("mine", "mine.zip"))
    assert set(_known(plain).files) == set(_known(packed).files)


def test_a_small_file_is_read_once_also_for_its_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path / "mine")
    opened: list[Path] = []
    original = provenance.open_file

    def counted(path: Path) -> object:
        opened.append(path)
        return original(path)

    monkeypatch.setattr(provenance, "open_file", counted)
    monkeypatch.setattr("aestudio.datasets.importers.image_files.open_file", counted)
    load_dataset(str(folder))
    assert len(opened) == len(set(opened)) == 24


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ({"a": "1", "b": "2"}, ""),
        ({"a": "1"}, "b is gone"),
        ({"a": "1", "b": "3"}, "b has changed"),
        ({"a": "1", "c": "2"}, "b has another name"),
        ({"a": "1", "b": "2", "c": "3"}, "c is new"),
        ({"c": "3", "d": "4"}, "2 files are gone (a, b), 2 files are new (c, d)"),
    ],
)
def test_changed_files_in_words(now: dict[str, str], text: str) -> None:
    def files(digests: dict[str, str]) -> list[SourceFile]:
        return [SourceFile(name, 1, digest) for name, digest in digests.items()]

    assert changed_files(files({"a": "1", "b": "2"}), files(now)) == text
