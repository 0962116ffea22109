"""ARFF, and LIBSVM's tables: pixels and labels against the arrays that they were written from."""

from __future__ import annotations

import bz2
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.datasets import dump_svmlight_file

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError
from tests.datasets.own_forms import numbers
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

    from numpy.typing import NDArray

PIXELS = IMAGES.reshape(COUNT, -1)


def arff(labels: str, label_first: bool = False, sparse: bool = False, name: str = "class") -> str:
    head = [f"@ATTRIBUTE pixel{number} REAL" for number in range(144)]
    own = f"@attribute '{name}' {labels}"
    head = [own, *head] if label_first else [*head, own]
    rows: list[str] = []
    for image, label in zip(PIXELS, CLASSES, strict=True):
        cells = list(map(str, image))
        cells = [str(label), *cells] if label_first else [*cells, str(label)]
        if sparse:
            cells = [f"{place} {cell}" for place, cell in enumerate(cells) if cell != "0"]
        rows.append("{" + ", ".join(cells) + "}" if sparse else ",".join(cells))
    return "\n".join(
        ["% MNIST as OpenML has it", "@relation 'own digits'", "", *head, "", "@data", *rows, ""]
    )


NOMINAL = "{" + ",".join(map(str, range(11))) + "}"


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize(("labels", "name"), [(NOMINAL, "class"), (NOMINAL, "Zahl"), ("integer", "class")])
def test_arff(tmp_path: Path, labels: str, name: str, first: bool, sparse: bool) -> None:
    (tmp_path / "own.arff").write_text(arff(labels, first, sparse, name), encoding="utf-8")
    assert_all_read(load_dataset(str(tmp_path / "own.arff")))


def test_arff_with_names_in_quotes_and_missing_labels(tmp_path: Path) -> None:
    text = arff("{'the one', 'the other', '?'}")
    lines = text.splitlines()
    start = lines.index("@data") + 1
    for number in range(COUNT):
        pixels = lines[start + number].rpartition(",")[0]
        lines[start + number] = f"{pixels},{('?', chr(39) + 'the one' + chr(39))[number % 2]}"
    (tmp_path / "own.arff").write_text("\n".join(lines), encoding="utf-8")
    dataset = load_dataset(str(tmp_path / "own.arff"))
    assert_all_read(dataset, [("no label", "the one")[number % 2] for number in range(COUNT)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no head\n1,2,3",
        "@relation x\n@attribute a real\n@attribute b real\n@data\n{7 1}\n",
        "@data\n" * 3,
    ],
)
def test_what_is_no_arff(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.arff").write_text(text)
    with pytest.raises(StudioError, match=r"ARFF|table") as caught:
        load_dataset(str(tmp_path / "own.arff"))
    assert caught.value.where == str(tmp_path / "own.arff")


def svm(images: NDArray[np.uint8], labels: NDArray[np.int64], zero_based: bool = False) -> bytes:
    file = BytesIO()
    dump_svmlight_file(images.reshape(len(images), -1).astype(float), labels, file, zero_based=zero_based)
    return b"\n".join(line for line in file.getvalue().splitlines() if not line.startswith(b"#"))


@pytest.mark.parametrize("zero_based", [False, True])
@pytest.mark.parametrize("name", ["mnist", "mnist.scale", "own.libsvm", "own.svm", "own.txt", "mnist.bz2"])
def test_libsvm(tmp_path: Path, name: str, zero_based: bool) -> None:
    images = IMAGES.copy()
    images[1, -1, -1] = images[1, 0, 0] = 9
    content = svm(images, CLASSES, zero_based)
    (tmp_path / name).write_bytes(bz2.compress(content) if name.endswith("bz2") else content)
    dataset = load_dataset(str(tmp_path / name))
    pixels = np.concatenate([dataset.train.images, dataset.test.images])[:, 0]
    labels = names_of(dataset.train) + names_of(dataset.test)
    by_content = {image.tobytes(): str(label) for image, label in zip(images, CLASSES, strict=True)}
    assert len(pixels) == COUNT
    assert [by_content[image.tobytes()] for image in pixels] == labels


def test_libsvm_in_two_parts_without_the_blank_end_of_the_images(tmp_path: Path) -> None:
    """LIBSVM's MNIST has 780 numbers a row, because the last pixels are never inked."""
    images, tested = numbers(COUNT, 28, 28), numbers(9, 28, 28)[:, ::-1]
    images[:, 26:], tested[:, 25:] = 0, 0
    images[3, 27, 20] = 250
    (tmp_path / "mnist").write_bytes(svm(images, CLASSES))
    (tmp_path / "mnist.t").write_bytes(svm(tested, TEST_CLASSES))
    dataset = load_dataset(str(tmp_path / "mnist"))
    np.testing.assert_array_equal(dataset.train.images[:, 0], images)
    np.testing.assert_array_equal(dataset.test.images[:, 0], tested)
    assert names_of(dataset.train) == list(map(str, CLASSES))
    assert names_of(dataset.test) == list(map(str, TEST_CLASSES))
    assert any("28 × 28" in note for note in dataset.notes)
    assert TESTED.shape[0] == len(TEST_CLASSES)


@pytest.mark.parametrize("content", [b"1 1:2 3:4 x\n", b"1 1:2 5000000:4 7:1\n", b"1 1:2 3:4 5:6 7:8\n"])
def test_damaged_libsvm(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.libsvm").write_bytes(content)
    with pytest.raises(StudioError):
        load_dataset(str(tmp_path / "own.libsvm"))
