"""Tags of images: they stay with their image, survive in a file of their data set, and become a table."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import ImageSet
from aestudio.errors import StudioError
from aestudio.runs.image_tags_file import (
    ImageTags,
    changed,
    image_digest,
    of_dataset,
    read_tags,
    tags_path,
    untagged,
    write_tag_table,
    write_tags,
)
from aestudio.runs.shared_list import SharedList

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


@pytest.fixture
def entries(few_digits: Dataset) -> tuple[ImageTags, ...]:
    first = replace(untagged("test", few_digits.test, 5), tags=("wrong label",), note="rather a 9\nsee 7")
    second = replace(untagged("train", few_digits.train, 7), tags=("ambiguous", "mein Wort, nicht"[:8]))
    return first, second


def test_what_was_written_is_read_again(entries: tuple[ImageTags, ...], tmp_path: Path) -> None:
    path = tmp_path / "tags.json"
    assert read_tags(path) == ()
    write_tags(path, entries)
    assert read_tags(path) == entries
    path.write_text('{"format": 1, "images": [{"part": "test", "index": -1}]}')
    with pytest.raises(StudioError, match="cannot be read"):
        read_tags(path)


def test_a_tag_never_moves_to_another_image(entries: tuple[ImageTags, ...], few_digits: Dataset) -> None:
    parts = {"test": few_digits.test, "train": few_digits.train}
    assert of_dataset(entries, parts) == {("test", 5): entries[0], ("train", 7): entries[1]}
    shifted = ImageSet(np.roll(few_digits.test.images, 1, axis=0), few_digits.test.labels, ("0",) * 10)
    assert of_dataset(entries, {**parts, "test": shifted}) == {("train", 7): entries[1]}
    short = ImageSet(few_digits.test.images[:5])
    assert of_dataset(entries, {"test": short, "train": short}) == {}
    one = few_digits.test.images[5]
    assert image_digest(one) != image_digest(one.reshape(1, 14, 56)), "the shape belongs to it"


def test_the_file_is_that_of_the_images(few_digits: Dataset) -> None:
    path = tags_path(few_digits)
    assert path == tags_path(replace(few_digits, title="Another title"))
    swapped = replace(few_digits, test=ImageSet(few_digits.test.images[::-1].copy()))
    assert tags_path(swapped) != path
    assert tags_path(replace(few_digits, name="/home/me/../x y")).name.startswith("home-me-x-y-")


def test_changes_replace_what_was_written_about_the_same_image(entries: tuple[ImageTags, ...]) -> None:
    other = replace(entries[0], tags=("ambiguous",), note="")
    assert changed(entries, [other]) == (entries[1], other)
    assert changed(entries, [replace(entries[1], tags=(), note="")]) == (entries[0],)


def test_two_windows_keep_the_tags_of_both(
    entries: tuple[ImageTags, ...], few_digits: Dataset, tmp_path: Path
) -> None:
    path = tmp_path / "tags" / "x.json"
    one, other = (
        SharedList(path, read_tags, write_tags, lambda entry: entry.key, make_folder=True) for _ in range(2)
    )
    also = replace(entries[0], tags=("ambiguous",), note="")
    for window, mine in ((one, (entries[0],)), (other, (also, entries[1]))):
        assert window.request_write(mine)
        window.write_requested()
    parts = {"test": few_digits.test, "train": few_digits.train}
    found = of_dataset(read_tags(path), parts)
    assert set(found) == {("test", 5), ("train", 7)}
    assert found["test", 5].tags == ("wrong label", "ambiguous")
    assert found["test", 5].note == entries[0].note


def test_the_table_has_a_row_for_each_image(entries: tuple[ImageTags, ...], tmp_path: Path) -> None:
    formula = replace(entries[0], index=2, tags=("=1+1",), note="")
    path = tmp_path / "tags.csv"
    assert write_tag_table(path, [entries[1], *entries[:1], formula, replace(formula, tags=())]) == 3
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["index", "set", "label", "tags", "note"]
    assert [row[:2] for row in rows[1:]] == [["2", "test"], ["5", "test"], ["7", "train"]]
    assert rows[1][3] == "'=1+1", "a spreadsheet computes nothing"
    assert rows[2][2:] == [entries[0].label, "wrong label", "rather a 9\nsee 7"]
    assert rows[3][3] == "ambiguous; mein Wor"
