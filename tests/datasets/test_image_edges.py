"""Frames and shadows: framed paper is inverted by what is inside the frame, and both are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_edges import background_levels, edges_of
from aestudio.datasets.reading import Reading
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset

COUNT = 30


def ink() -> NDArray[np.uint8]:
    """Light strokes on black, (30, 28, 28)."""
    images = np.zeros((COUNT, 28, 28), np.uint8)
    images[:, 8:20, 8:20] = numbers(COUNT, 12, 12)
    return images


def framed(images: NDArray[np.uint8], grey: int, at: int = 0) -> NDArray[np.uint8]:
    images = images.copy()
    for row in (at, at + 1, -1 - at, -2 - at):
        images[:, row, at : 28 - at] = grey
        images[:, at : 28 - at, row] = grey
    return images


def _npz(path: Path, images: NDArray[np.uint8]) -> Path:
    np.savez(path / "own.npz", images=images)
    return path / "own.npz"


def _files(path: Path, images: NDArray[np.uint8]) -> Path:
    for number, image in enumerate(images):
        Image.fromarray(image).save(path / f"{number}.png")
    return path


def _many_sizes(path: Path, images: NDArray[np.uint8]) -> Path:
    _files(path, images)
    for number in range(0, COUNT, 2):
        image = Image.open(path / f"{number}.png").resize((56, 112), Image.Resampling.NEAREST)
        image.save(path / f"{number}.png")
    return path


def in_order(dataset: Dataset) -> NDArray[np.uint8]:
    found = dataset.provenance
    assert found is not None
    images = np.empty((COUNT, 28, 28), np.uint8)
    images[found.train], images[found.test] = dataset.train.images[:, 0], dataset.test.images[:, 0]
    return images


@pytest.mark.parametrize("form", [_npz, _files])
@pytest.mark.parametrize("at", [0, 2])
def test_framed_paper_is_inverted_by_what_is_inside(
    tmp_path: Path, form: Callable[..., Path], at: int
) -> None:
    paper = framed(255 - ink(), 0, at)
    dataset = load_dataset(str(form(tmp_path, paper)))
    np.testing.assert_array_equal(in_order(dataset), 255 - paper)
    assert ("have a frame" in " ".join(dataset.notes)) == (at == 0)
    assert "Dark on light, so inverted." in dataset.notes


@pytest.mark.parametrize("form", [_npz, _files])
def test_a_light_frame_around_black_is_not_inverted(tmp_path: Path, form: Callable[..., Path]) -> None:
    black = framed(ink(), 255)
    dataset = load_dataset(str(form(tmp_path, black)))
    np.testing.assert_array_equal(in_order(dataset), black)
    assert f"{COUNT} of them have a frame: what is inside it was taken for the background." in dataset.notes


def test_frames_of_pictures_of_many_sizes(tmp_path: Path) -> None:
    dataset = load_dataset(str(_many_sizes(tmp_path, framed(255 - ink(), 0))))
    assert "Dark on light, so inverted." in dataset.notes
    assert any("have a frame" in note for note in dataset.notes)


@pytest.mark.parametrize("form", [_npz, _files])
def test_kept_runs_of_the_fourth_rules_keep_their_images(tmp_path: Path, form: Callable[..., Path]) -> None:
    paper = framed(255 - ink(), 0)
    dataset = load_dataset(str(form(tmp_path, paper)), reading=Reading(rules=4))
    np.testing.assert_array_equal(in_order(dataset), paper)


def test_a_few_filled_shapes_are_named_and_keep_their_background(tmp_path: Path) -> None:
    images = ink()
    images[:3, 2:26, 2:26] = 255
    dataset = load_dataset(str(_npz(tmp_path, images)))
    np.testing.assert_array_equal(in_order(dataset), images)
    assert "3 of them seem to have a frame, whose grey was taken for the background." in dataset.notes


@pytest.mark.parametrize("form", [_npz, _files])
def test_shadows_on_the_paper_are_said(tmp_path: Path, form: Callable[..., Path]) -> None:
    paper = np.linspace(235, 130, 28)[None, None].repeat(COUNT, 0).repeat(28, 1) * (1 - ink() / 255)
    dataset = load_dataset(str(form(tmp_path, paper.astype(np.uint8))))
    assert "Dark on light, so inverted." in dataset.notes
    assert any(note.startswith(f"The background of {COUNT} of them is uneven") for note in dataset.notes)
    even = load_dataset(str(form(tmp_path, 255 - ink())))
    assert not any("uneven" in note for note in even.notes)


def test_edges_are_what_most_of_each_ring_is() -> None:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (20, 24, 18)).astype(np.uint8)
    images[:, 2:-2, 2:-2] = 250
    images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1] = 5, 5, 5, 5
    low, high, light, dark = edges_of(images).T
    assert (low == 5).all()
    assert (high == 5).all()
    assert (light == 250).all()  # of the second ring
    assert (dark == 250).all()
    levels, notes = background_levels(np.full(20, 5.0), edges_of(images))
    assert (levels == 255).all()
    assert len(notes) == 1


@pytest.mark.parametrize("size", [(8, 8), (9, 20), (1, 1), (3, 40)])
def test_every_size(size: tuple[int, int]) -> None:
    edges = edges_of(np.zeros((5, *size), np.float32))
    assert edges.shape == (5, 4)
    assert not edges.any()
