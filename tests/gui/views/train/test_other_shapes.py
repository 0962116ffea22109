"""The row of images of the Train view, for pictures that are not MNIST's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.gui.views.train.train_view import IMAGES, TrainView
from aestudio.gui.widgets.pixmap import packed
from tests.gui.views.canned import OTHER_SETS, blurred, state_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session


def _large() -> Dataset:
    images = np.random.default_rng(0).integers(0, 256, (IMAGES, 3, 64, 64), np.uint8)
    return Dataset("large", "Large", ImageSet(images), ImageSet(images))


@pytest.mark.parametrize("make", [*OTHER_SETS.values(), _large], ids=[*OTHER_SETS, "colour 64x64"])
@pytest.mark.parametrize("height", [430, 690])
def test_originals_and_reconstructions_are_shown_in_full(
    qtbot: QtBot, studio_session: Session, make: Callable[[], Dataset], height: int
) -> None:
    view = TrainView(studio_session)
    qtbot.addWidget(view)
    view.resize(760, height)
    view.show()
    dataset = make()
    images = dataset.test.images[:IMAGES]
    row = np.concatenate([images, blurred(images)])
    state = state_for(studio_session.state, dataset, reconstruction_row=row)
    view.show_state(state)
    qtbot.waitUntil(lambda: view.height() >= view.minimumSizeHint().height())
    view.layout().activate()  # type: ignore[union-attr]
    grid = view.image_row
    columns = view.columns
    assert columns == (IMAGES if images.shape[-1] == 64 else 6 if images.shape[-1] > 20 else 8)
    assert view.metrics.isVisible() == (images.shape[-1] < 64), "large pictures leave it no place"
    assert grid.count == grid._layout.count == 2 * columns, "no reconstruction is cut off"
    assert grid.cell_rect(2 * columns - 1).bottom() <= grid.height()
    assert (grid._pixels[:columns, 0] == packed(row[:columns])).all()
    assert (grid._pixels[columns:, 0] == packed(row[IMAGES : IMAGES + columns])).all()
    view.show_state(replace(state, results={}))
    assert grid.count == 0
