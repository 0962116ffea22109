"""Tables, .npy and .mat files, also in archives: pixels and labels against numpy's own reading."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.io import savemat

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

PIXELS = IMAGES.reshape(COUNT, -1)
PIXEL_NAMES = [f"pixel{number}" for number in range(144)]
LETTERS = np.array(list("abcdefghijk"))[CLASSES]


def lines(columns: list[Any], names: list[str] | None, delimiter: str = ",") -> str:
    rows = [] if names is None else [delimiter.join(names)]
    return "\n".join([*rows, *(delimiter.join(map(str, row)) for row in zip(*columns, strict=True))]) + "\n"


COLUMNS = list(PIXELS.T)
TABLES: dict[str, tuple[str, Any]] = {
    "Kaggle's": (lines([CLASSES, *COLUMNS], ["label", *PIXEL_NAMES]), CLASSES),
    "without names": (lines([CLASSES, *COLUMNS], None), CLASSES),
    "label last": (lines([*COLUMNS, CLASSES], None), CLASSES),
    "label last, named": (lines([*COLUMNS, CLASSES], [*PIXEL_NAMES, "class"]), CLASSES),
    "letters": (lines([LETTERS, *COLUMNS], ["Letter", *PIXEL_NAMES]), LETTERS),
    "letters without names": (lines([LETTERS, *COLUMNS], None), LETTERS),
    "a number of the row": (lines([range(COUNT), CLASSES, *COLUMNS], ["id", "label", *PIXEL_NAMES]), CLASSES),
    "semicolons": (lines([CLASSES, *COLUMNS], ["label", *PIXEL_NAMES], ";"), CLASSES),
    "tabulators": (lines([CLASSES, *COLUMNS], None, "\t"), CLASSES),
    "no labels": (lines(COLUMNS, PIXEL_NAMES), None),
    "byte order mark": ("\ufeff" + lines([CLASSES, *COLUMNS], ["label", *PIXEL_NAMES]), CLASSES),
    "0 to 1": (lines([CLASSES, *(PIXELS.T / 255)], ["label", *PIXEL_NAMES]), CLASSES),
}


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("form", TABLES)
def test_every_layout_of_a_table(tmp_path: Path, form: str, zipped: bool) -> None:
    text, classes = TABLES[form]
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    if zipped:
        with zipfile.ZipFile(tmp_path / "own.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, "data/own.csv")
        path = tmp_path / "own.zip"
    assert_all_read(load_dataset(str(path)), classes)


@pytest.mark.parametrize("zipped", [False, True])
def test_a_training_and_a_test_table(tmp_path: Path, zipped: bool) -> None:
    tested = list(TESTED.reshape(9, -1).T)
    texts = {
        "mnist_train.csv": lines([CLASSES, *COLUMNS], ["label", *PIXEL_NAMES]),
        "mnist_test.csv": lines([TEST_CLASSES, *tested], ["label", *PIXEL_NAMES]),
    }
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
            archive.write(tmp_path / name, name)
    dataset = load_dataset(str(tmp_path / ("own.zip" if zipped else "mnist_train.csv")))
    np.testing.assert_array_equal(dataset.train.images[:, 0], IMAGES)
    np.testing.assert_array_equal(dataset.test.images[:, 0], TESTED)
    assert names_of(dataset.train) == list(map(str, CLASSES))
    assert names_of(dataset.test) == list(map(str, TEST_CLASSES))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"a,b,c\n1,2,3\n", "no square images"),
        (lines([CLASSES, *COLUMNS], None).replace("255", "white", 1).encode(), "else than numbers"),
        (lines([CLASSES, *COLUMNS], None).encode() + b"1,2\n", "numbers of columns|else than numbers"),
        (bytes(1000), "no table of text"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=sentence) as caught:
        load_dataset(str(path))
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    ("images", "labels"),
    [("X_train", "y_train"), ("x", "y"), ("train_images", "train_labels"), ("imgs", "labels")],
)
@pytest.mark.parametrize("form", ["file", "pair", "folder", "zip"])
def test_npy_files(tmp_path: Path, images: str, labels: str, form: str) -> None:
    files = [tmp_path / f"{name}.npy" for name in (images, labels)]
    for file, array in zip(files, (IMAGES, CLASSES), strict=True):
        np.save(file, array)
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        for file in files:
            archive.write(file, file.name)
    paths = {"file": files[0], "pair": ",".join(map(str, files)), "zip": tmp_path / "own.zip"}
    dataset = load_dataset(str(paths.get(form, tmp_path)))
    assert_all_read(dataset)
    assert_all_read(load_dataset(dataset.origin, reading=dataset.reading))


def test_npz_in_an_archive(tmp_path: Path) -> None:
    inner = io.BytesIO()
    np.savez(inner, x_train=IMAGES, y_train=CLASSES)
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        archive.writestr("a/mnist.npz", inner.getvalue())
    assert_all_read(load_dataset(str(tmp_path / "own.zip")))


@pytest.mark.parametrize("kind", ["objects", "cut off"])
def test_npy_files_that_are_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "images.npy"
    np.save(path, np.array([IMAGES, None], object) if kind == "objects" else IMAGES)
    if kind == "cut off":
        path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(StudioError, match=r"\.npy file cannot be read") as caught:
        load_dataset(str(path))
    assert caught.value.where == str(path)


MATRICES: dict[str, dict[str, Any]] = {
    "as SVHN": {"X": np.moveaxis(IMAGES, 0, -1)[:, :, None], "y": CLASSES[:, None]},
    "images first": {"images": IMAGES, "labels": CLASSES},
    "(H, W, N)": {"data": np.moveaxis(IMAGES, 0, -1), "labels": CLASSES},
    "columns of pixels": {"x": PIXELS.T, "y": CLASSES},
    "whole numbers as float64": {"images": IMAGES.astype(float), "labels": CLASSES.astype(float)},
    "in a structure": {"set": {"images": IMAGES, "labels": CLASSES[:, None]}},
}


@pytest.mark.parametrize("form", MATRICES)
@pytest.mark.parametrize("compressed", [False, True])
def test_mat_files(tmp_path: Path, form: str, compressed: bool) -> None:
    savemat(tmp_path / "own.mat", MATRICES[form], do_compression=compressed)
    assert_all_read(load_dataset(str(tmp_path / "own.mat")))


def test_emnist_s_mat_file_is_turned_upright(tmp_path: Path) -> None:
    sideways = IMAGES.swapaxes(1, 2).reshape(COUNT, -1)
    part = {"images": sideways, "labels": CLASSES[:, None], "writers": CLASSES[:, None]}
    table = {"train": part, "test": part, "mapping": np.array([[0, 48], [1, 49]])}
    savemat(tmp_path / "emnist-letters.mat", {"dataset": table})
    dataset = load_dataset(str(tmp_path / "emnist-letters.mat"))
    np.testing.assert_array_equal(dataset.train.images[:, 0], IMAGES)
    np.testing.assert_array_equal(dataset.test.images[:, 0], IMAGES)
    assert names_of(dataset.train) == list(map(str, CLASSES))


def test_names_in_cells_of_a_mat_file(tmp_path: Path) -> None:
    names = np.array([f"Zählung {number}" for number in range(11)], object)
    savemat(tmp_path / "own.mat", {"images": IMAGES, "labels": CLASSES, "class_names": names})
    assert_all_read(load_dataset(str(tmp_path / "own.mat")), [names[label] for label in CLASSES])


@pytest.mark.parametrize("compressed", [False, True])
def test_damage_in_a_mat_file_never_ends_the_process(tmp_path: Path, compressed: bool) -> None:
    """scipy's reader does: it takes a damaged type of number for a place in memory."""
    path = tmp_path / "own.mat"
    savemat(path, {"x": IMAGES[:4], "y": CLASSES[:4]}, do_compression=compressed)
    content, random = path.read_bytes(), np.random.default_rng(0)
    for _ in range(100):
        damaged = bytearray(content)
        for place in random.integers(0, min(len(content), 400), 4):
            damaged[place] = random.integers(0, 256)
        path.write_bytes(damaged)
        with suppress(StudioError):
            load_dataset(str(path))


@pytest.mark.parametrize("content", [b"", b"MATLAB 7.3 MAT-file" + bytes(200), bytes(500), b"x" * 500])
def test_damaged_mat_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.mat"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"\.mat file|array of images") as caught:
        load_dataset(str(path))
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    ("name", "advice"),
    [("a.pkl", "pickle"), ("a.pt", "torch.load"), ("a.feather", "pandas"), ("a.doc", "Folder of images")],
)
def test_kinds_that_are_not_read_say_how_to_convert(tmp_path: Path, name: str, advice: str) -> None:
    (tmp_path / name).write_bytes(b"x" * 100)
    with pytest.raises(StudioError, match="kind cannot be read") as caught:
        load_dataset(str(tmp_path / name))
    assert advice in caught.value.advice
