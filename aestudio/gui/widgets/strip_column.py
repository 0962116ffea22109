"""A column of latent strips, one per dimension of the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.latent_strip import LatentStrip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray


class StripColumn(QScrollArea):
    """Sliders for codes of any length, scrolling where there are many.

    `codes_changed(float32 (N,))` comes only from the person; `strip_touched(index)` says which one.
    """

    codes_changed = Signal(object)
    strip_touched = Signal(int)

    def __init__(self, count: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = QWidget()
        set_role(self._content, "content")
        self._column = QVBoxLayout(self._content)
        theme = current_theme()
        self._column.setContentsMargins(0, 0, theme.px(8), 0)
        self._column.setSpacing(theme.px(4))
        self._column.addStretch(1)
        self._strips: list[LatentStrip] = []
        self.setWidget(self._content)
        self.setAccessibleName(self.tr("Latent dimensions"))
        self.set_count(count)

    @property
    def strips(self) -> tuple[LatentStrip, ...]:
        return tuple(self._strips)

    @property
    def codes(self) -> NDArray[np.float32]:
        """What the strips say now, float32 (N,)."""
        return np.array([strip.value for strip in self._strips], np.float32)

    def set_count(self, count: int) -> None:
        """As many strips as the code has numbers; those that stay keep their values."""
        while len(self._strips) > count:
            strip = self._strips.pop()
            self._column.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        while len(self._strips) < count:
            index = len(self._strips)
            strip = LatentStrip(f"z{index + 1}")
            strip.value_changed.connect(self._moved)
            self._column.insertWidget(index, strip)
            self._strips.append(strip)
        bar = self.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(self._content.minimumSizeHint().width() + bar)

    def set_labels(self, labels: Sequence[str]) -> None:
        """Names of the dimensions (z1, z2, ... unless told); raises ValueError for another number of them."""
        for strip, label in zip(self._strips, labels, strict=True):
            strip.set_label(label)

    def set_codes(self, codes: ArrayLike) -> None:
        """Show a code (N,), without a signal; raises ValueError for another length."""
        for strip, value in zip(self._strips, np.asarray(codes, np.float64).tolist(), strict=True):
            strip.set_value(value)

    def set_ranges(self, lows: ArrayLike, highs: ArrayLike) -> None:
        """The ends of the sliders, each (N,), without a signal; a range without width gets one."""
        bounds = np.stack([np.asarray(lows, float), np.asarray(highs, float)])
        flat = bounds[1] <= bounds[0]
        bounds[0, flat] -= 1
        bounds[1, flat] = bounds[0, flat] + 2
        for strip, (low, high) in zip(self._strips, bounds.T.tolist(), strict=True):
            strip.set_range(low, high)

    def set_reset_values(self, values: Iterable[float]) -> None:
        """Where the reset of each strip leads."""
        for strip, value in zip(self._strips, values, strict=True):
            strip.set_reset_value(value)

    def set_unit(self, unit: str) -> None:
        """The unit of all codes, named in the tooltips."""
        for strip in self._strips:
            strip.set_unit(unit)

    @Slot()
    def _moved(self) -> None:
        sender = self.sender()
        if isinstance(sender, LatentStrip):
            self.strip_touched.emit(self._strips.index(sender))
        self.codes_changed.emit(self.codes)


def _sample() -> QWidget:
    column = StripColumn(32)
    column.set_codes(np.sin(np.arange(32)) * 2.5)
    return column


if __name__ == "__main__":
    from aestudio.gui.widgets.alone import show_alone

    raise SystemExit(show_alone(_sample, size="360x480"))
