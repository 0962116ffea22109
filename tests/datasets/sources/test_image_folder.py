from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import Cancelled, StudioError

if TYPE_CHECKING:
    from pathlib import Path


def draw(path: Path, level: int, *, size: tuple[int, int] = (28, 28), paper: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("L", size, paper)
    width, height = size
    image.paste(level, (width // 4, height // 4, 3 * width // 4, 3 * height // 4))
    image.save(path)


def test_one_subfolder_per_class(tmp_path: Path) -> None:
    for name, level in (("10", 110), ("2", 120), ("cat", 130)):
        for index in range(7):
            draw(tmp_path / name / f"{index}.png", level + index)
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "10" / "._0.png").write_bytes(b"x")
    (tmp_path / "2" / "notes.txt").write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    dataset = load_dataset(str(tmp_path))
    assert dataset.train.class_names == ("2", "10", "cat")
    assert len(dataset.train) + len(dataset.test) == 21
    for image_set in (dataset.train, dataset.test):
        assert image_set.labels is not None
        levels = np.array([120, 110, 130])[image_set.labels]
        np.testing.assert_array_equal(image_set.images[:, 0, 14, 14] // 10 * 10, levels)
    assert dataset.notes[0] == f"21 images read from {tmp_path}."


def test_no_subfolders_and_many_sizes_dark_on_light(tmp_path: Path) -> None:
    sizes = [(28, 28), (56, 56), (100, 50)]
    for index, size in enumerate(sizes):
        draw(tmp_path / f"{index}.png", 0, size=size, paper=255)
    dataset = load_dataset(str(tmp_path))
    assert dataset.train.labels is None
    images = np.concatenate([dataset.train.images, dataset.test.images])[:, 0]
    assert (images[:, 14, 14] == 255).all()
    assert not images[:, 0].any()
    notes = " ".join(dataset.notes)
    assert "Scaled from 3 sizes to fit 28 × 28: 2 of 3 images." in notes
    assert "inverted" in notes
    assert "no subfolders" in notes


@pytest.mark.parametrize("parts", [("train", "test"), ("training", "testing")])
def test_two_parts(tmp_path: Path, parts: tuple[str, str]) -> None:
    for part, count in zip(parts, (5, 2), strict=True):
        for name in ("a", "b"):
            for index in range(count):
                draw(tmp_path / part / name / f"{index}.png", 200)
    dataset = load_dataset(str(tmp_path))
    assert (len(dataset.train), len(dataset.test)) == (10, 4)
    assert dataset.test.class_names == ("a", "b")


def test_a_picture_beside_the_folders_of_classes_is_left_out_and_named(tmp_path: Path) -> None:
    for index, name in enumerate("aabb"):
        draw(tmp_path / name / f"{index}.png", 200 + index)
    draw(tmp_path / "cover.png", 100)
    dataset = load_dataset(str(tmp_path))
    assert dataset.train.class_names == ("a", "b")
    assert len(dataset.train) + len(dataset.test) == 4
    assert any("left out (cover.png)" in note for note in dataset.notes)


def test_a_few_in_subfolders_take_the_labels_away(tmp_path: Path) -> None:
    draw(tmp_path / "chosen" / "0.png", 200)
    for index in range(3):
        draw(tmp_path / f"{index}.png", 201 + index)
    dataset = load_dataset(str(tmp_path))
    assert dataset.train.labels is None
    assert len(dataset.train) + len(dataset.test) == 4
    assert any("in no subfolder" in note for note in dataset.notes)


def test_an_empty_folder_and_a_single_image(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"x")
    with pytest.raises(StudioError, match="no images") as caught:
        load_dataset(str(tmp_path))
    assert caught.value.where == str(tmp_path)
    assert ".png" in caught.value.advice
    draw(tmp_path / "0.png", 200)
    with pytest.raises(StudioError, match="only 1 image"):
        load_dataset(str(tmp_path))


def test_a_broken_image_is_named_and_work_can_be_cancelled(tmp_path: Path) -> None:
    draw(tmp_path / "0.png", 200)
    (tmp_path / "1.png").write_bytes(b"broken")
    with pytest.raises(StudioError, match="cannot be read") as caught:
        load_dataset(str(tmp_path))
    assert caught.value.where == str(tmp_path / "1.png")

    def cancel(done: float, total: float | None, what: str) -> None:
        if total is not None:  # while it looks for images, nobody knows how many there are
            assert total == 2
            raise Cancelled

    with pytest.raises(Cancelled):
        load_dataset(str(tmp_path), progress=cancel)
