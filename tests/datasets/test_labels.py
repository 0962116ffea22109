from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.datasets.label_table import label_table
from aestudio.datasets.labels import NO_LABEL, check_counts
from aestudio.datasets.labels import index_labels as index
from aestudio.datasets.reading import Reading
from aestudio.datasets.row_reader import rows_of
from aestudio.errors import StudioError


def index_labels(labels: np.ndarray[Any, Any], where: str) -> tuple[np.ndarray[Any, Any], tuple[str, ...]]:
    return index([rows_of(labels, where)])


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_names_give_the_labels_back(labels: list[int]) -> None:
    indices, names = index_labels(np.array(labels), "")
    assert [int(names[index]) for index in indices] == labels
    assert indices.dtype == np.int64
    assert [int(name) for name in names] == sorted(set(labels))


@pytest.mark.parametrize(
    "labels",
    [
        np.array([2, 0, 1, 2], np.uint8),
        np.array([2.0, 0.0, 1.0, 2.0]),
        np.array([[2], [0], [1], [2]]),
        np.eye(3)[[2, 0, 1, 2]],
        np.array(["2", "0", "1", "2"]),
    ],
)
def test_every_form(labels: np.ndarray[Any, Any]) -> None:
    indices, names = index_labels(labels, "")
    assert indices.tolist() == [2, 0, 1, 2]
    assert names == ("0", "1", "2")


def test_texts_and_gaps() -> None:
    assert index_labels(np.array(["b", "a"]), "")[1] == ("a", "b")
    assert index_labels(np.array([8, 3, 8]), "")[1] == ("3", "8")
    assert index_labels(np.array([True, False]), "")[1] == ("0", "1")


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (np.array([0.5]), "out of range: 0.5"),
        (np.array([np.inf]), "out of range"),
        (np.ones((3, 4)), "single 1 per row"),
        (np.array([["a", "b"]]), "single 1 per row"),
        (np.ones((2, 2, 2)), "cannot be understood"),
        (np.array([1 + 2j]), "cannot be understood"),
        (np.arange(1001), "different labels"),
    ],
)
def test_what_cannot_be_understood(labels: np.ndarray[Any, Any], sentence: str) -> None:
    with pytest.raises(StudioError, match=sentence) as caught:
        index_labels(labels, "my.npz")
    assert caught.value.where == "my.npz"


def test_counts() -> None:
    check_counts(3, 3, "")
    with pytest.raises(StudioError, match="3 images, but 4 labels"):
        check_counts(3, 4, "here")


def test_rows_without_a_one_are_images_without_label() -> None:
    """Beside rows with a single 1, as long as these are more than half; otherwise they are several labels."""
    rows = np.eye(3, dtype=np.int64)[[0, 1, 2, 2, 0]]
    rows[3] = 0
    indices, names = index([rows_of(rows)])
    assert (indices.tolist(), names) == ([0, 1, 2, 3, 0], ("0", "1", "2", NO_LABEL))
    with pytest.raises(StudioError, match="single 1 per row"):
        index([rows_of(rows)], rules=5)
    few = np.zeros((5, 3), np.int64)
    few[0, 1] = 1
    table = label_table([rows_of(few)], Reading())
    assert table.classes is None
    assert "3 labels an image" in table.notes[0]
