"""The rows of the latent lab, how arithmetic is counted, and the grid's time in a real window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from benchmarks.measures.lab import percentile, rows
from benchmarks.window.decoders import products, quick_recipes

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ONE: dict[str, Any] = {
    "recipe": "vae",
    "products": 330_000,
    "first": [20.0, 30.0],
    "grid": [40.0, 60.0, 50.0],
    "decode": 3.2,
    "forty": [150.0],
    "slider": [float(number) for number in range(1, 101)],
}


def test_rows_hold_medians_and_percentiles_against_the_issue() -> None:
    found = {row.figure: row for row in rows(ONE, {"slider": [10.0] * 99 + [500.0]})}
    grid = found["20 x 20 grid, request to paint"]
    assert (grid.value, grid.target, grid.met, grid.rounds) == (50.0, 100.0, True, (40.0, 60.0, 50.0))
    assert "3 ms" in grid.note
    assert found["dragged slider, median"].value == pytest.approx(50.5)
    assert found["dragged slider, median"].met is False
    assert found["dragged slider, 95th percentile"].value == pytest.approx(95.05)
    assert found["dragged slider while it trains, 95th percentile"].met is True
    assert {row.subject for row in found.values()} == {"vae, 0.33 M multiply-adds"}


def test_without_a_training_there_is_no_row_of_it() -> None:
    assert len(rows(ONE, None)) == 4


def test_percentiles_are_numpys() -> None:
    values = np.random.default_rng(0).random(57).tolist()
    assert percentile(values) == pytest.approx(np.percentile(values, 95))


def test_products_are_counted_by_hand() -> None:
    from aestudio.recipes.library import find_recipe
    from aestudio.training.model import build_model

    vae = find_recipe("vae").with_settings({"latent_size": 4, "hidden": (10,)})
    assert products(build_model(vae)) == 4 * 10 + 10 * 784
    settings = {"latent_size": 3, "channels": (2, 5), "dense_units": 7}
    convolutional = find_recipe("conv-ae").with_settings(settings)
    narrow = 3 * 7 + 7 * (5 * 7 * 7)
    assert products(build_model(convolutional)) == narrow + 5 * 2 * 16 * 7 * 7 + 2 * 1 * 16 * 14 * 14
    recurrent = find_recipe("row-gru-ae").with_settings({"latent_size": 3, "units": 6})
    assert products(build_model(recurrent)) == 28 * (3 * 6 * 3 + 3 * 6 * 6) + 28 * 6 * 28


def test_every_decoder_of_a_shipped_recipe_is_small_and_a_classifier_has_none() -> None:
    found = quick_recipes()
    assert {"vae", "deep-ae", "conv-vae", "conv-vae-2d", "conv-ae"} <= set(found)
    assert "digit-classifier" not in found
    assert max(count for _, count in found.values()) <= 10_000_000


def test_a_hand_waits_for_the_paint_of_every_movement(qtbot: QtBot) -> None:
    from aestudio.gui.widgets.digit_view import DigitView
    from aestudio.gui.widgets.fine_slider import FineSlider
    from benchmarks.window.hand import Hand, hands_told_of_paints

    paint = DigitView.paintEvent
    with hands_told_of_paints():
        slider, picture = FineSlider(), DigitView()
        for widget in (slider, picture):
            qtbot.addWidget(widget)
            widget.resize(300, 300)
            widget.show()
            qtbot.waitExposed(widget)

        def follow(position: int) -> None:
            picture.set_digit(np.full((28, 28), position % 256, np.uint8))

        slider.moved.connect(follow)
        latencies = Hand(slider, picture, 12).drag()
    assert len(latencies) == 12
    assert 0 < min(latencies) <= max(latencies) < 2
    assert DigitView.paintEvent is paint
