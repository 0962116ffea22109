"""HDF5 files, and MATLAB's of version 7.3: pixels and labels against what h5py wrote."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError
from tests.datasets.test_array_names import (
    CLASSES,
    COUNT,
    IMAGES,
    TEST_CLASSES,
    TESTED,
    assert_all_read,
    names_of,
)

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = np.array([f"Zählung {label}" for label in CLASSES])
FORMS: dict[str, tuple[dict[str, Any], Any]] = {
    "images, labels": ({"images": IMAGES, "labels": CLASSES}, CLASSES),
    "x, y": ({"x": IMAGES, "y": CLASSES}, CLASSES),
    "in a group": ({"set/images": IMAGES, "set/labels": CLASSES}, CLASSES),
    "flat": ({"data": IMAGES.reshape(COUNT, -1), "label": CLASSES}, CLASSES),
    "one channel": ({"images": IMAGES[:, None], "labels": CLASSES[:, None]}, CLASSES),
    "0 to 1": ({"images": IMAGES / 255, "labels": CLASSES}, CLASSES),
    "one hot": ({"images": IMAGES, "labels": np.eye(11)[CLASSES]}, CLASSES),
    "texts of bytes": ({"images": IMAGES, "labels": TEXTS.astype(object)}, TEXTS),
    "without labels": ({"images": IMAGES}, None),
}


@pytest.fixture(scope="module")
def h5py() -> Any:
    return pytest.importorskip("h5py")


def written(h5py: Any, path: Path, arrays: dict[str, Any], **options: Any) -> str:
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array, **(options if np.ndim(array) > 1 else {}))
    return str(path)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_every_layout(h5py: Any, tmp_path: Path, form: str, packed: bool) -> None:
    arrays, classes = FORMS[form]
    options = {"chunks": True, "compression": "gzip"} if packed else {}
    dataset = load_dataset(written(h5py, tmp_path / "own.h5", arrays, **options))
    assert_all_read(dataset, classes)
    assert_all_read(load_dataset(dataset.origin, reading=dataset.reading), classes)


@pytest.mark.parametrize("names", [("x_{}", "y_{}"), ("{}/images", "{}/labels"), ("{}_set_x", "{}_set_y")])
def test_parts(h5py: Any, tmp_path: Path, names: tuple[str, str]) -> None:
    arrays = dict(
        zip(
            [name.format(part) for part in ("train", "test") for name in names],
            (IMAGES, CLASSES, TESTED, TEST_CLASSES),
            strict=True,
        )
    )
    dataset = load_dataset(written(h5py, tmp_path / "own.hdf5", arrays))
    np.testing.assert_array_equal(dataset.train.images[:, 0], IMAGES)
    np.testing.assert_array_equal(dataset.test.images[:, 0], TESTED)
    assert names_of(dataset.train) == list(map(str, CLASSES))
    assert names_of(dataset.test) == list(map(str, TEST_CLASSES))


def test_matlab_7_3(h5py: Any, tmp_path: Path) -> None:
    """MATLAB writes (H, W, N) with its dimensions in the other order, behind a head of 512 bytes."""
    path = tmp_path / "own.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        letters = np.frombuffer(b"digits", np.uint8).astype(np.uint16)[:, None]
        arrays = {
            "images": (np.moveaxis(IMAGES, 0, -1), "uint8"),
            "labels": (CLASSES[:, None].astype(float), "double"),
            "title": (letters, "char"),
        }
        for name, (array, kind) in arrays.items():
            file.create_dataset(name, data=array.T).attrs["MATLAB_class"] = np.bytes_(kind)
        file.create_group("#refs#").create_dataset("a", data=np.zeros((50, 9, 9)))
    head = b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM"
    path.write_bytes(head + path.read_bytes()[len(head) :])
    assert_all_read(load_dataset(str(path)))


def test_nothing_is_read_from_other_files(h5py: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(IMAGES.tobytes())
    written(h5py, tmp_path / "other.h5", {"images": IMAGES})
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file.create_dataset("images", IMAGES.shape, "u1", external=[(str(secret), 0, h5py.h5f.UNLIMITED)])
        file["x"] = h5py.ExternalLink("other.h5", "images")
        layout = h5py.VirtualLayout(IMAGES.shape, "u1")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "images", IMAGES.shape)
        file.create_virtual_dataset("data", layout)
    with pytest.raises(StudioError, match="images"):
        load_dataset(str(tmp_path / "own.h5"))


def test_an_array_that_was_never_written_takes_no_memory(h5py: Any, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file.create_dataset("images", (10_000_000, 28, 28), "u1", chunks=(100, 28, 28))
    with pytest.raises(StudioError, match="memory"):
        load_dataset(str(tmp_path / "own.h5"))
    with h5py.File(tmp_path / "own.h5", "w") as file:
        file.create_dataset("images", (1_000_000, 28, 28), "u1", chunks=(100, 28, 28))
    with pytest.raises(StudioError, match="unpack"):
        load_dataset(str(tmp_path / "own.h5"))


@pytest.mark.parametrize("content", [b"", b"x" * 1000, b"\x89HDF\r\n\x1a\n" + bytes(300)])
def test_damaged_files(h5py: Any, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.h5"
    path.write_bytes(content)
    with pytest.raises(StudioError, match="HDF5 file cannot be read") as caught:
        load_dataset(str(path))
    assert caught.value.where == str(path)


@pytest.mark.parametrize("name", ["own.h5", "own.mat"])
def test_without_the_library_the_command_is_said(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "h5py", None)
    (tmp_path / name).write_bytes(bytes(512) + b"\x89HDF\r\n\x1a\n")
    with pytest.raises(StudioError, match="need the library h5py, which is not installed") as caught:
        load_dataset(str(tmp_path / name))
    assert caught.value.advice.endswith("-m pip install h5py")
