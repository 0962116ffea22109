"""A code of any length under sliders."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt

from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.latent_strip import LatentStrip
from aestudio.gui.widgets.strip_column import StripColumn

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def column(qtbot: QtBot) -> StripColumn:
    made = StripColumn(4)
    qtbot.addWidget(made)
    made.resize(360, 300)
    with qtbot.waitActive(made):
        made.show()
    return made


def test_moving_one_gives_the_whole_code(qtbot: QtBot, column: StripColumn) -> None:
    column.set_codes([0.5, -1.0, 2.0, 0.0])
    third = column.strips[2].findChildren(FineSlider)[0]
    third.setFocus()
    with qtbot.waitSignal(column.codes_changed) as caught, qtbot.waitSignal(column.strip_touched) as touched:
        qtbot.keyClick(third, Qt.Key.Key_Left)
    assert touched.args == [2]
    assert caught.args is not None
    codes = caught.args[0]
    assert codes.dtype == np.float32
    assert codes == pytest.approx([0.5, -1.0, 1.97, 0.0], abs=0.005)
    codes[:] = 9
    assert column.codes[0] == 0.5  # what was given out is a copy


def test_setters_do_not_echo(qtbot: QtBot, column: StripColumn) -> None:
    with qtbot.assertNotEmitted(column.codes_changed):
        column.set_codes(np.array([3, 2, 1, 0], np.float32))
        column.set_ranges([-1, -1, -1, 2], [1, 1, 1, 2])
        column.set_labels(["a", "b", "c", "d"])
        column.set_reset_values([0, 1, 2, 3])
        column.set_unit("units")
    assert column.codes.tolist() == [3, 2, 1, 0]
    with pytest.raises(ValueError, match=r"shorter|longer"):
        column.set_codes([1, 2])


def test_the_count_changes_and_nothing_is_left(column: StripColumn) -> None:
    column.set_codes([1, 2, 3, 4])
    column.set_count(64)
    assert column.codes[:4].tolist() == [1, 2, 3, 4]
    column.set_count(2)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(column.findChildren(LatentStrip)) == 2


def test_sixty_four_stay_quick_and_can_be_reached(qtbot: QtBot, column: StripColumn) -> None:
    column.set_count(64)
    codes = np.random.default_rng(0).normal(size=(30, 64))
    start = time.perf_counter()
    for code in codes:
        column.set_codes(code)
    assert (time.perf_counter() - start) / len(codes) < 0.05
    column.strips[63].findChildren(FineSlider)[0].setFocus()
    qtbot.waitUntil(lambda: column.verticalScrollBar().maximum() > 0)
    column.ensureWidgetVisible(column.strips[63])
    assert (
        column.viewport()
        .rect()
        .intersects(
            column.strips[63]
            .rect()
            .translated(column.strips[63].mapTo(column.viewport(), column.rect().topLeft()))
        )
    )
    assert column.horizontalScrollBar().maximum() == 0
