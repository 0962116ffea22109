"""The gauge shows its reading by position, text and accessible description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.data_support_gauge import DataSupportGauge, gauge_position
from aestudio.gui.views.latent.explorer import MIN_IMAGE_HEIGHT
from aestudio.gui.widgets.gauge import Gauge, GaugeReading

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LABELS = ("unsupported", "unusual", "supported")


def painted(gauge: Gauge) -> np.ndarray:
    from PySide6.QtGui import QImage

    image = gauge.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].astype(int)


@pytest.fixture
def gauge(qtbot: QtBot) -> Gauge:
    widget = Gauge("Data support", LABELS)
    qtbot.addWidget(widget)
    widget.resize(300, widget.sizeHint().height())
    widget.show()
    return widget


def test_the_pointer_is_at_the_position_of_the_reading(gauge: Gauge) -> None:
    gauge.set_reading(GaugeReading(0.5, None, 1), "in the middle")
    middle = painted(gauge)
    gauge.set_reading(GaugeReading(0.9, None, 1))
    columns = np.flatnonzero(np.abs(painted(gauge) - middle)[:8].sum(axis=0))
    assert columns.min() == pytest.approx(150, abs=8)
    assert columns.max() == pytest.approx(8 + 0.9 * 284, abs=8)


def test_label_and_description_follow_the_reading(gauge: Gauge) -> None:
    assert gauge.label == ""
    gauge.set_reading(GaugeReading(0.1, 0.2, 0), "nothing is near")
    assert gauge.label == "unsupported"
    assert gauge.accessibleDescription() == "nothing is near"
    gauge.set_reading(None, "no images yet")
    assert gauge.label == ""
    assert gauge.accessibleDescription() == "no images yet"
    hint = painted(gauge)
    gauge.set_reading(None, "")
    assert not np.array_equal(hint, painted(gauge))


def test_it_can_be_read_without_colours(gauge: Gauge) -> None:
    """Grey images of the three readings differ in the weight of the labels and in the track."""
    images = []
    for part, position in enumerate((0.1, 0.5, 0.9)):
        gauge.set_reading(GaugeReading(position, None, part))
        images.append(painted(gauge))
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert (np.abs(images[one] - images[other])[18:] > 30).sum() > 50, "the words below the track"


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
    assert needle.texts() == ("Data support", needle.labels[part])
    needle.set_age("step 1,200, 8 s ago", True)
    title, reading = needle.texts()
    assert reading == f"{needle.labels[part]}: step 1,200, 8 s ago", "before the title, if there is no room"
    assert title in ("Data support", "")


def test_an_aged_reading_is_grey_and_says_its_step(gauge: Gauge) -> None:
    """In one line below the track, in a colour that is legible: nothing lies over it."""
    theme = current_theme()

    def has(colour: str) -> bool:
        image = gauge.grab().toImage()
        return any(
            image.pixelColor(x, y).name() == colour.lower()
            for x in range(image.width())
            for y in range(image.height())
        )

    gauge.set_reading(GaugeReading(0.5, 0.7, 1), "in the middle")
    assert has(theme.accent)
    gauge.set_age("step 1,200, 8 s ago", True)
    assert gauge.aged_label == "unusual: step 1,200, 8 s ago"
    assert not has(theme.accent)
    assert has(theme.muted)
    gauge.set_age("", False)
    assert gauge.aged_label == "unusual"
    assert has(theme.accent)
