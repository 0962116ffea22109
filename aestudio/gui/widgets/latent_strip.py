"""One latent dimension: a slider, its value to type, and a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.fine_slider import STEPS, FineSlider
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.number_box import NumberBox

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent


class LatentStrip(QWidget):
    """`value_changed(float)` comes only from the person: slider, wheel, keys, box, reset.

    A value beyond the range is kept and shown in the box; the slider then stands at its end.
    """

    value_changed = Signal(float)

    def __init__(
        self, label: str, low: float = -3.0, high: float = 3.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._low, self._high = low, high
        self._value = self._reset_value = 0.0
        self._unit = ""
        self._label = QLabel(label)
        self._slider = FineSlider()
        self._box = NumberBox(decimals=2)
        self._reset = IconButton("reset-slider", "", side=16)
        set_role(self._label, "muted")
        self._slider.moved.connect(self._slid)
        self._slider.double_clicked.connect(self.reset)
        self._box.valueChanged.connect(self._typed)
        self._reset.clicked.connect(self.reset)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(current_theme().px(8))
        layout.addWidget(self._label)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._box)
        layout.addWidget(self._reset)
        self._fix_widths()
        self._fit_range(low, high)

    @property
    def value(self) -> float:
        return self._value

    @property
    def label(self) -> str:
        return self._label.text()

    def set_label(self, label: str) -> None:
        self._label.setText(label)
        self._explain()

    def set_value(self, value: float) -> None:
        """Show a value, without a signal."""
        if value == self._value:
            return
        self._value = float(value)
        self._place()

    def _place(self) -> None:
        self._slider.set_position(self._position(self._value))
        if self._box.value() != round(self._value, self._box.decimals()):
            with QSignalBlocker(self._box):
                self._box.setValue(self._value)

    def set_range(self, low: float, high: float) -> None:
        """The ends of the slider, without a signal; raises ValueError unless low < high."""
        if not low < high:
            raise ValueError(f"a range goes up, not from {low} to {high}")
        if (low, high) == (self._low, self._high):
            return
        self._fit_range(low, high)

    def _fit_range(self, low: float, high: float) -> None:
        self._low, self._high = float(low), float(high)
        self._box.setSingleStep((self._high - self._low) / 100)
        self._slider.set_origin(self._position(0.0))
        self._place()
        self._explain()

    def set_reset_value(self, value: float) -> None:
        """Where the reset button and a double click lead; 0 unless told."""
        self._reset_value = float(value)
        self._explain()

    def set_unit(self, unit: str) -> None:
        """Named in the tooltip, for example "standard deviations of the prior"."""
        self._unit = unit
        self._explain()

    def reset(self) -> None:
        """Back to the reset value, as if the person had moved it there."""
        self._by_person(self._reset_value)

    def _position(self, value: float) -> int:
        part = (value - self._low) / (self._high - self._low)
        return round(min(1.0, max(0.0, part)) * STEPS)

    def _slid(self, position: int) -> None:
        self._by_person(self._low + (self._high - self._low) * position / STEPS)

    def _typed(self, value: float) -> None:
        self._by_person(value)

    def _by_person(self, value: float) -> None:
        if value != self._value:
            self.set_value(value)
            self.value_changed.emit(self._value)

    def _explain(self) -> None:
        name = self._label.text()
        unit = f" {self._unit}" if self._unit else ""
        reach = self.tr("{}: from {:.2f} to {:.2f}{}").format(name, self._low, self._high, unit)
        self._slider.setToolTip(self.tr("{}\nDouble click goes back").format(reach))
        self._box.setToolTip(self.tr("{}\nA value beyond it may be typed").format(reach))
        self._reset.set_tip(self.tr("Set {} back to {:.2f}").format(name, self._reset_value))
        self._slider.setAccessibleName(name)
        self._box.setAccessibleName(self.tr("Value of {}").format(name))
        self._label.setToolTip(reach)

    def _fix_widths(self) -> None:
        theme = current_theme()
        self._label.ensurePolished()
        self._label.setMinimumWidth(self._label.fontMetrics().horizontalAdvance("z00"))
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._box.setFixedWidth(self._box.fontMetrics().horizontalAdvance("-00.00") + theme.px(24))
        self._slider.setMinimumWidth(theme.px(96))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if is_theme_change(event):
            self._fix_widths()


def _sample() -> QWidget:
    strip = LatentStrip("z1")
    strip.set_unit("standard deviations of the prior")
    strip.set_value(-1.25)
    return strip


if __name__ == "__main__":
    from aestudio.gui.widgets.alone import show_alone

    raise SystemExit(show_alone(_sample, size="360x80"))
