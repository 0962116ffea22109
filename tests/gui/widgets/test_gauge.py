"""The gauge says the same in words, by place and to screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.views.latent.data_support_gauge import DataSupportGauge, gauge_position
from aestudio.gui.views.latent.explorer import MIN_IMAGE_HEIGHT
from aestudio.gui.widgets.gauge import Gauge, GaugeReading

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WORDS = ("none", "edge", "backed")


def painted(needle: Gauge) -> np.ndarray:
    from PySide6.QtGui import QImage

    image = needle.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(int)


@pytest.fixture
def needle(qtbot: QtBot) -> Gauge:
    made = Gauge(WORDS)
    qtbot.addWidget(made)
    made.resize(300, made.sizeHint().height())
    made.show()
    return made


def test_the_needle_stands_where_it_is_told(needle: Gauge) -> None:
    needle.set_reading(GaugeReading(0.5, None, 1), "in the middle")
    middle = painted(needle)
    needle.set_reading(GaugeReading(0.9, None, 1))
    columns = np.flatnonzero(np.abs(painted(needle) - middle)[:8].sum(axis=0))
    assert columns.min() == pytest.approx(150, abs=8)
    assert columns.max() == pytest.approx(8 + 0.9 * 284, abs=8)


def test_word_and_description_go_along(needle: Gauge) -> None:
    assert needle.word == ""
    needle.set_reading(GaugeReading(0.1, 0.2, 0), "nothing is near")
    assert needle.word == "none"
    assert needle.accessibleDescription() == "nothing is near"
    needle.set_reading(None, "no digits yet")
    assert needle.word == ""
    assert needle.accessibleDescription() == "no digits yet"
    waits = painted(needle)
    needle.set_reading(None, "")
    assert not np.array_equal(waits, painted(needle))


def test_it_can_be_read_without_colours(needle: Gauge) -> None:
    """Grey pictures of the three stands differ in the words' weight and in the track."""
    pictures = []
    for part, place in enumerate((0.1, 0.5, 0.9)):
        needle.set_reading(GaugeReading(place, None, part))
        pictures.append(painted(needle))
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert (np.abs(pictures[one] - pictures[other])[18:] > 30).sum() > 50, "the words below the track"


def test_a_share_has_its_place_by_its_power_of_ten() -> None:
    assert gauge_position(1.0) == 1
    assert gauge_position(0.1) == pytest.approx(2 / 3)
    assert gauge_position(0.01) == pytest.approx(1 / 3)
    assert gauge_position(0.0001) == gauge_position(0.0) == 0


@pytest.mark.parametrize("part", [0, 1, 2])
def test_all_words_are_whole_at_the_least_width_of_the_latent_view(qtbot: QtBot, part: int) -> None:
    gauge = DataSupportGauge()
    qtbot.addWidget(gauge)
    needle = gauge.gauge
    needle.resize(MIN_IMAGE_HEIGHT, needle.sizeHint().height())
    needle.set_reading(GaugeReading(0.5, None, part))
    places = [needle.place_of_word(number) for number in range(3)]
    assert tuple(text for _, text in places) == needle.words
    assert all(needle.rect().contains(place.toAlignedRect()) for place, _ in places)
