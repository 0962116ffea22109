"""Sheets of traversals as files: every pixel of every image against the model's own, PNG and GIF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from aestudio.analysis.traversal_sheet import RankedAxes, axes_by_change
from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.errors import BadChoice, StudioError
from aestudio.export.pictures.traversal_pages import export_traversals
from aestudio.inference.frozen_model import FrozenModel
from tests.gui.conftest import tiny_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot

SHAPES = {
    "digits": DataShape(ImageShape(1, 28, 28), 10),
    "colour 64": DataShape(ImageShape(3, 64, 64), 0),
    "8 by 8": DataShape(ImageShape(1, 8, 8), 0),
    "narrow": DataShape(ImageShape(1, 28, 20), 0),
}


def model(shape: str) -> tuple[Snapshot, FrozenModel, RankedAxes]:
    snapshot = tiny_snapshot("vae", data=SHAPES[shape])
    frozen_model = FrozenModel(snapshot)
    return snapshot, frozen_model, axes_by_change(frozen_model)


def heads(ranked: RankedAxes) -> list[str]:
    return [f"z{number + 1}" for number in range(len(ranked))]


def pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """(C, H, W)"""
    array = np.asarray(picture)
    return array[None] if array.ndim == 2 else np.moveaxis(array, 2, 0)


def decoded(frozen_model: FrozenModel, ranked: RankedAxes, number: int, value: float) -> NDArray[np.uint8]:
    code = np.zeros((1, len(ranked)), np.float32)
    code[0, number] = value
    return frozen_model.decode(code)[0]


def places(page: NDArray[np.uint8], image: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Rows and columns of the page at which exactly this image begins."""
    windows = np.lib.stride_tricks.sliding_window_view(page, image.shape)[0]
    corners = np.argwhere((windows[:, :, :, 0, 0] == image[:, 0, 0]).all(axis=-1))
    return [(int(y), int(x)) for y, x in corners if (windows[y, x] == image).all()]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_image_of_the_png_is_the_model_s(shape: str, tmp_path: Path) -> None:
    snapshot, frozen_model, ranked = model(shape)
    path = tmp_path / "sheet.png"
    size = export_traversals(snapshot, ranked, ranked.neutral, path, heads=heads(ranked), columns=7, rows=4)
    with Image.open(path) as picture:
        assert picture.size == size
        page = pixels(picture)
    scale = max(1, -(-44 // snapshot.data.image.height))
    found = []
    for row, number in enumerate(ranked.order[:4].tolist()):
        for value in (-3.0, 0.0, 2.0):
            image = decoded(frozen_model, ranked, number, value)
            large = np.kron(image, np.ones((1, scale, scale), np.uint8))
            corners = places(page, large)
            assert corners, (row, value)
            found.append((row, value, corners))
    tops = [min(corner[0] for corner in corners) for row, value, corners in found if value == -3.0]
    assert tops == sorted(tops), "the most informative axis is at the top"
    assert (page[:, :10] == 255).all(), "a light page"
    assert (page[:, :, :100] < 100).any(), "with heads on the left"


def test_grey_images_can_be_ink_on_paper(tmp_path: Path) -> None:
    snapshot, frozen_model, ranked = model("digits")
    options: dict[str, Any] = {"heads": heads(ranked), "columns": 7, "rows": 1, "scale": 1, "inverted": True}
    export_traversals(snapshot, ranked, ranked.neutral, tmp_path / "a.png", **options)
    with Image.open(tmp_path / "a.png") as picture:
        page = pixels(picture)
    assert places(page, 255 - decoded(frozen_model, ranked, int(ranked.order[0]), -3.0))


def test_each_axis_swings_in_the_gif(tmp_path: Path) -> None:
    snapshot, frozen_model, ranked = model("digits")
    path = tmp_path / "sheet.gif"
    size = export_traversals(snapshot, ranked, ranked.neutral, path, heads=heads(ranked), scale=2)
    with Image.open(path) as picture:
        assert picture.size == size
        assert picture.info["loop"] == 0
        frames = []
        for index in range(picture.n_frames):  # type: ignore[attr-defined]
            picture.seek(index)
            frames.append(pixels(picture.convert("L")))
    assert len(frames) == 48
    for number in (0, 5):
        for frame, value in ((0, -3.0), (12, 0.0), (24, 3.0)):
            image = decoded(frozen_model, ranked, number, value)
            assert places(frames[frame], np.kron(image, np.ones((1, 2, 2), np.uint8))), (number, value)
    np.testing.assert_array_equal(frames[1], frames[47])


def test_what_cannot_be_written_leaves_no_file(tmp_path: Path) -> None:
    snapshot, _, ranked = model("digits")
    around, named = ranked.neutral, heads(ranked)
    for name, options, match in (
        ("sheet.jpg", {}, ".png or .gif"),
        ("sheet.png", {"columns": 8}, "columns"),
        ("sheet.png", {"rows": 7}, "rows"),
        ("sheet.png", {"scale": 65}, "scale"),
    ):
        with pytest.raises(BadChoice, match=match):
            export_traversals(snapshot, ranked, around, tmp_path / name, heads=named, **options)  # type: ignore[arg-type]
    big = tiny_snapshot("vae", data=SHAPES["colour 64"])
    with pytest.raises(StudioError, match="smaller scale"):
        export_traversals(big, ranked, around, tmp_path / "a.png", heads=named, scale=64)
    assert not list(tmp_path.iterdir())
