"""A validation part beside a test part is read, kept apart, and written by `convert`."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.converted import write_converted
from aestudio.datasets.reading import Reading
from tests.datasets.own_forms import colours, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PARTS = ("train", "test", "val")
COUNTS = (20, 8, 6)
IMAGES = dict(zip(PARTS, np.split(numbers(34, 12, 12), np.cumsum(COUNTS)[:2]), strict=True))
LABELS = {part: np.arange(count) % 3 for part, count in zip(PARTS, COUNTS, strict=True)}


def _arrays(images: str, labels: str) -> dict[str, NDArray[Any]]:
    return {images.format(part): IMAGES[part] for part in PARTS} | {
        labels.format(part): LABELS[part] for part in PARTS
    }


def npz(folder: Path) -> str:
    np.savez(folder / "own.npz", **_arrays("{}_images", "{}_labels"))
    return str(folder / "own.npz")


def npy(folder: Path) -> str:
    for name, array in _arrays("x_{}", "y_{}").items():
        np.save(folder / f"{name}.npy", array)
    return str(folder)


def idx(folder: Path) -> str:
    for part in PARTS:
        for kind, array in (("images-idx3", IMAGES[part]), ("labels-idx1", LABELS[part].astype(np.uint8))):
            head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
            (folder / f"{part}-{kind}-ubyte").write_bytes(head + array.tobytes())
    return str(folder)


def pictures(folder: Path) -> str:
    for part, name in zip(PARTS, ("train", "Test", "Validation"), strict=True):
        for number, (image, label) in enumerate(zip(IMAGES[part], LABELS[part], strict=True)):
            path = folder / name / str(label) / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(path)
    return str(folder)


def parquet(folder: Path) -> str:
    writer: Any = pytest.importorskip("pyarrow.parquet")
    arrow: Any = pytest.importorskip("pyarrow")
    for part, name in zip(PARTS, ("train", "test", "validation"), strict=True):
        table = arrow.table({"image": IMAGES[part].tolist(), "label": LABELS[part]})
        writer.write_table(table, folder / f"{name}-00000-of-00001.parquet")
    return str(folder)


@pytest.mark.parametrize("form", [npz, npy, idx, pictures, parquet])
def test_the_parts_and_what_is_converted(tmp_path: Path, form: Any) -> None:
    (tmp_path / "own").mkdir()
    dataset = load_dataset(form(tmp_path / "own"))
    assert dataset.validation is not None
    assert "The validation part (6 images) is neither trained nor tested on." in dataset.notes
    write_converted(tmp_path / "out.npz", dataset)
    with np.load(tmp_path / "out.npz") as file:
        written = dict(file)
    for part in PARTS:
        order = np.argsort(LABELS[part], kind="stable") if form is pictures else np.arange(len(LABELS[part]))
        np.testing.assert_array_equal(written[f"x_{part}"], IMAGES[part][order])
        np.testing.assert_array_equal(written[f"y_{part}"], LABELS[part][order])
    assert written["class_names"].tolist() == ["0", "1", "2"]
    found = dataset.provenance
    assert found is not None
    numbered = np.concatenate([found.train, found.test, found.validation])
    assert sorted(numbered.tolist()) == list(range(34))


@pytest.mark.parametrize("form", [npz, npy, idx, pictures])
def test_kept_runs_leave_it_out(tmp_path: Path, form: Any) -> None:
    dataset = load_dataset(form(tmp_path), reading=Reading(rules=3))
    assert dataset.validation is None
    assert (len(dataset.train), len(dataset.test)) == COUNTS[:2]


def test_what_is_converted_is_read_as_it_was(tmp_path: Path) -> None:
    dataset = load_dataset(npz(tmp_path))
    write_converted(tmp_path / "out.npz", dataset)
    again = load_dataset(str(tmp_path / "out.npz"))
    assert again.facts.difference(dataset.facts) == ""
    assert again.validation is not None
    assert dataset.validation is not None
    assert again.validation.fingerprint == dataset.validation.fingerprint


def test_in_colour_and_without_labels(tmp_path: Path) -> None:
    images = colours(12, 20, 16)
    np.savez(tmp_path / "own.npz", x_train=images[:6], x_test=images[6:9], x_val=images[9:])
    dataset = load_dataset(str(tmp_path / "own.npz"))
    write_converted(tmp_path / "out.npz", dataset)
    with np.load(tmp_path / "out.npz") as file:
        assert set(file.files) == {"x_train", "x_test", "x_val"}
        np.testing.assert_array_equal(file["x_val"], images[9:])
