"""The slider that smooths the curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider

from aestudio.gui.theme.style import keep_length

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_THOUSANDTHS = 1000
_MOST = 50
_WIDTH = 96


class SmoothingSlider(QSlider):
    """How far curves are smoothed to each side of a point, in thousandths of the epochs of the run."""

    def __init__(self, share: float, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, _MOST)
        keep_length(self, lambda slider, theme: slider.setFixedWidth(theme.px(_WIDTH)))
        self.setToolTip(
            self.tr(
                "How far the bold curves are smoothed to each side, in epochs: training and validation "
                "alike, without lag, never across a changed setting, and less while the curves are short. "
                "The thin curves and the values are not smoothed; the values in brackets are."
            )
        )
        self.setAccessibleName(self.tr("Smoothing"))
        self.setValue(round(_THOUSANDTHS * share))

    @property
    def share(self) -> float:
        """Of the epochs of the run, 0 to 0.05."""
        return self.value() / _THOUSANDTHS
