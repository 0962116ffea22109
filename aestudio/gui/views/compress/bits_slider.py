"""The slider that sets the number of bits for each number of the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from aestudio.gui.inference.requests.compression_request import MOST_BITS
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.glossary import set_term
from aestudio.gui.widgets.layouts import fill, label, row
from aestudio.gui.widgets.number_label import NumberLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QWheelEvent

START = 6


class _WholeSlider(QSlider):
    """Jumps to the clicked position; follows the mouse wheel only while it has the focus."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position().x())

    def _go_to(self, x: float) -> None:
        margin = current_theme().px(9)
        fraction = (x - margin) / max(1, self.width() - 2 * margin)
        self.setValue(self.minimum() + round(fraction * (self.maximum() - self.minimum())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class BitsSlider(QWidget):
    """`changed(bits)`: 1 to 12."""

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = label(self.tr("Bits per number"), "label")
        set_term(title, "bits")
        self.slider = _WholeSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, MOST_BITS)
        self.slider.setPageStep(1)
        self.slider.setValue(START)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.setAccessibleName(title.text())
        self.slider.setToolTip(
            self.tr(
                "With b bits, each number of the code is rounded to one of 2^b values; b from 1 to {}"
            ).format(MOST_BITS)
        )
        self._value = NumberLabel("00", role="heading")
        self._value.set_text(str(START))
        self.slider.valueChanged.connect(self._moved)
        row(title, fill(self.slider), self._value, gap=12, on=self)

    @property
    def bits(self) -> int:
        """The chosen number of bits."""
        return self.slider.value()

    def set_bits(self, bits: int) -> None:
        """Move the slider; emits `changed` as the user's own movements do."""
        self.slider.setValue(bits)

    def _moved(self, bits: int) -> None:
        self._value.set_text(str(bits))
        self.changed.emit(bits)
