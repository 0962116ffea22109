"""The rows of the Latent view, the counting of multiply-adds, and a dragged slider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from benchmarks.measures.latent import percentile, rows
from benchmarks.window.decoders import multiply_adds, quick_recipes

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

RESULT: dict[str, Any] = {
    "recipe": "vae",
    "multiply_adds": 330_000,
    "first": [20.0, 30.0],
    "grid": [40.0, 60.0, 50.0],
    "decode": 3.2,
    "forty": [150.0],
    "slider": [float(number) for number in range(1, 101)],
}


def test_rows_compare_medians_and_percentiles_with_targets() -> None:
    table = {row.figure: row for row in rows(RESULT, {"slider": [10.0] * 99 + [500.0]})}
    grid = table["20 x 20 grid, request to paint"]
    assert (grid.value, grid.target, grid.met, grid.rounds) == (50.0, 100.0, True, (40.0, 60.0, 50.0))
    assert "3 ms" in grid.note
    assert table["dragged slider, median"].value == pytest.approx(50.5)
    assert table["dragged slider, median"].met is False
    assert table["dragged slider, 95th percentile"].value == pytest.approx(95.05)
    assert table["dragged slider while it trains, 95th percentile"].met is True
    assert {row.subject for row in table.values()} == {"vae, 0.33 M multiply-adds"}


def test_without_a_training_it_has_no_row() -> None:
    assert len(rows(RESULT, None)) == 4


def test_percentiles_agree_with_numpy() -> None:
    values = np.random.default_rng(0).random(57).tolist()
    assert percentile(values) == pytest.approx(np.percentile(values, 95))


def test_multiply_adds_of_known_networks() -> None:
    from aestudio.recipes.library import find_recipe
    from aestudio.training.model import build_model

    vae = find_recipe("vae").with_settings({"latent_size": 4, "hidden": (10,)})
    assert multiply_adds(build_model(Architecture(vae, MNIST))) == 4 * 10 + 10 * 784
    settings = {"latent_size": 3, "channels": (2, 5), "dense_units": 7}
    convolutional = find_recipe("conv-ae").with_settings(settings)
    narrow = 3 * 7 + 7 * (5 * 7 * 7)
    assert (
        multiply_adds(build_model(Architecture(convolutional, MNIST)))
        == narrow + 5 * 2 * 16 * 7 * 7 + 2 * 1 * 16 * 14 * 14
    )
    recurrent = find_recipe("row-gru-ae").with_settings({"latent_size": 3, "units": 6})
    assert (
        multiply_adds(build_model(Architecture(recurrent, MNIST)))
        == 28 * (3 * 6 * 3 + 3 * 6 * 6) + 28 * 6 * 28
    )


def test_decoders_of_shipped_recipes_are_small() -> None:
    table = quick_recipes()
    assert {"vae", "deep-ae", "conv-vae", "conv-vae-2d", "conv-ae"} <= set(table)
    assert "digit-classifier" not in table
    assert max(count for _, count in table.values()) <= 10_000_000


def test_a_drag_has_a_latency_for_every_movement(qtbot: QtBot) -> None:
    from aestudio.gui.widgets.fine_slider import FineSlider
    from aestudio.gui.widgets.image_view import ImageView
    from benchmarks.window.slider_drag import SliderDrag, image_paints_observed

    paint = ImageView.paintEvent
    with image_paints_observed():
        slider, image = FineSlider(), ImageView()
        for widget in (slider, image):
            qtbot.addWidget(widget)
            widget.resize(300, 300)
            widget.show()
            qtbot.waitExposed(widget)

        def follow(position: int) -> None:
            image.set_image(np.full((1, 28, 28), position % 256, np.uint8))

        slider.moved.connect(follow)
        latencies = SliderDrag(slider, image, 12).drag()
    assert len(latencies) == 12
    assert 0 < min(latencies) <= max(latencies) < 2
    assert ImageView.paintEvent is paint
