"""The decoded digit, large, and below it one slider per latent dimension."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from aestudio.gui.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.digit_view import DigitView
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.number_box import pad_text
from aestudio.gui.widgets.strip_column import StripColumn

if TYPE_CHECKING:
    from aestudio.gui.session.state import StudioState


class Instrument(QWidget):
    """Moves nothing by itself: `code_moved(float32 (latent,))` says what the hand did."""

    code_moved = Signal(object)
    reset_wanted = Signal()
    sample_wanted = Signal()
    random_wanted = Signal()
    digit_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.picture = DigitView()
        self.picture.setToolTip(self.tr("The code that the sliders stand at, decoded"))
        self.strips = StripColumn(2)
        self.strips.set_unit(self.tr("code units"))
        self.strips.codes_changed.connect(self.code_moved)
        self.start = QSpinBox()
        pad_text(self.start)
        self.start.setToolTip(self.tr("The test digit to start from, by its index in the test set"))
        self.start.setAccessibleName(self.tr("Start digit"))
        self.start.setKeyboardTracking(False)
        self.start.valueChanged.connect(self._digit_chosen)
        dice = IconButton("dice", self.tr("Start from a random test digit (Ctrl+D)"))
        dice.clicked.connect(self.random_wanted)
        back = IconButton("reset-slider", self.tr("All sliders back to the start digit's code (Ctrl+0)"))
        back.clicked.connect(self.reset_wanted)
        sample = IconButton("digit", self.tr("A random code from the prior (Ctrl+P)"))
        sample.clicked.connect(self.sample_wanted)
        start_label = QLabel(self.tr("Start from test digit"))
        set_role(start_label, "muted")
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        row.addWidget(start_label)
        row.addSpacing(theme.px(4))
        row.addWidget(self.start, 1)
        for button in (dice, back, sample):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self.picture, 5)
        column.addLayout(row)
        column.addWidget(self.strips, 4)
        self._setting = False
        self._shown, self._start_shown, self._code_shown = Shown(), Shown(), Shown()

    def _digit_chosen(self, index: int) -> None:
        if not self._setting:
            self.digit_chosen.emit(index)

    def show_state(self, state: StudioState) -> None:
        """Show the code and its picture."""
        digits = state.digits
        last = max(0, len(digits) - 1) if digits is not None else 0
        if self._start_shown.differs(last, state.selected):  # a new range lays the whole column out again
            self._setting = True
            self.start.setRange(0, last)
            self.start.setValue(state.selected)
            self._setting = False
        self.show_point(state)

    def follow_hand(self, state: StudioState) -> float | None:
        """Show code and picture and paint the picture now, before anything else is painted.

        Returns when it stood on the screen, by `time.perf_counter()`; None where it did not change.
        """
        painted = None
        if self._show_picture(state):
            self.picture.repaint()
            painted = time.perf_counter()
        self.show_point(state)
        return painted

    def show_point(self, state: StudioState) -> None:
        """Show the code on the sliders, and its picture where it is another one."""
        exploration, model = state.exploration, state.model
        if exploration.code is None or model is None:
            return
        code = exploration.code
        self._show_picture(state)
        if not self._code_shown.differs(code, model.ranges):
            return
        if len(self.strips.strips) != len(code):
            self.strips.set_count(len(code))
            self.strips.set_unit(self.tr("code units"))
        if model.ranges is not None and len(model.ranges) == len(code):
            low = np.minimum(model.ranges[:, 0], code)
            high = np.maximum(model.ranges[:, 1], code)
            self.strips.set_ranges(low, high)
        self.strips.set_codes(code)

    def _show_picture(self, state: StudioState) -> bool:
        picture = state.exploration.picture
        if not self._shown.differs(picture, state.ink_on_paper):
            return False
        self.picture.set_digit(None if picture is None else as_shown(picture, state.ink_on_paper))
        return True
