"""The large reconstruction, the image to start from, and the latent sliders below."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.views.latent.data_support_gauge import DataSupportGauge
from aestudio.gui.views.latent.sliders.latent_sliders import LatentSliders
from aestudio.gui.widgets.digit_view import DigitView
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.number_box import WholeBox
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.widgets.slider_column import SliderColumn

LEAST_IMAGE = 280  # logical pixels: ten for each pixel of the image
_SLIDERS_WANTED = 9  # with more sliders than this, the image grows first
_HEIGHT_FOR_SLIDERS = 760
_GAP = 6


class Explorer(QWidget):
    """The reconstruction and the sliders; the controls between them emit signals."""

    reset_wanted = Signal()
    sample_wanted = Signal()
    random_wanted = Signal()
    digit_chosen = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.picture = DigitView()
        self.picture.setToolTip(self.tr("Reconstruction: the decoded code of the sliders"))
        self.mark = StepMark(self.picture)
        self.sliders = LatentSliders(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(_GAP))
        self.gauge = DataSupportGauge()
        column.addWidget(self.picture)
        column.addWidget(self.gauge)
        column.addLayout(self._start_row())
        column.addWidget(self.sliders, 1)
        self._setting = False
        self._shown, self._start_shown, self._shared = Shown(), Shown(), Shown()

    def _start_row(self) -> QHBoxLayout:
        theme = current_theme()
        self.start = WholeBox()
        self.start.setToolTip(self.tr("The test digit to start from, by its index in the test set"))
        self.start.setAccessibleName(self.tr("Start digit"))
        self.start.valueChanged.connect(self._digit_chosen)
        dice = IconButton("dice", self.tr("Start from a random test digit (Ctrl+D)"))
        dice.clicked.connect(self.random_wanted)
        back = IconButton("reset-slider", self.tr("All sliders back to the start digit's code (Ctrl+0)"))
        back.clicked.connect(self.reset_wanted)
        sample = IconButton("digit", self.tr("A random code from the prior (Ctrl+P)"))
        sample.clicked.connect(self.sample_wanted)
        start_label = PlainLabel(self.tr("Test digit"))
        set_role(start_label, "muted")
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        row.addWidget(start_label)
        row.addSpacing(theme.px(4))
        row.addWidget(self.start, 1)
        for button in (dice, back, sample):
            row.addWidget(button)
        return row

    @property
    def slider_column(self) -> SliderColumn:
        """The shown page of sliders."""
        return self.sliders.column

    def _digit_chosen(self, index: int) -> None:
        if not self._setting:
            self.digit_chosen.emit(index)

    def show_state(self, state: StudioState) -> None:
        """Show the code and its reconstruction."""
        digits = state.image_set
        last = max(0, len(digits) - 1) if digits is not None else 0
        if self._start_shown.differs(last, state.selected):  # a new range lays the whole column out again
            self._setting = True
            self.start.setRange(0, last)
            self.start.setValue(state.selected)
            self._setting = False
        self._show_image(state)
        point, now = state.exploration, state.snapshot
        step = None if point.image is None else point.step
        self.mark.show_step(step, None if now is None else now.step, state.step_advances)
        self.gauge.show_state(state)
        self.sliders.show_state(state)
        self._share_room(self.size())

    def follow_point(self, state: StudioState) -> float | None:
        """Show the code and its reconstruction, and paint the reconstruction at once.

        Returns the time when it was painted, by `time.perf_counter()`; None if it did not change.
        """
        painted = None
        if self._show_image(state):
            self.picture.repaint()
            painted = time.perf_counter()
        self.sliders.show_point(state)
        return painted

    def _show_image(self, state: StudioState) -> bool:
        picture = state.exploration.image
        if not self._shown.differs(picture, state.ink_on_paper):
            return False
        self.picture.set_digit(None if picture is None else as_shown(picture, state.ink_on_paper))
        return True

    def _share_room(self, room: QSize) -> None:
        """In a low window the sliders come first; then the image grows, then the sliders again."""
        if not self._shared.differs(
            room.width(), room.height(), self.sliders.count, self.sliders.objective_weights.is_open
        ):
            return
        theme, column = current_theme(), self.sliders.column
        parts = (self.gauge, self.start, self.sliders.head, self.sliders.objective_weights)
        rest = sum(part.sizeHint().height() for part in parts) + len(parts) * theme.px(_GAP)
        sliders = min(_SLIDERS_WANTED, max(1, self.sliders.count))
        spare = room.height() - rest - column.height_of(sliders, room.width())
        self.picture.setFixedHeight(max(LEAST_IMAGE, min(room.width(), spare)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not event.oldSize().isValid():
            self.sliders.objective_weights.set_open(
                event.size().height() >= current_theme().px(_HEIGHT_FOR_SLIDERS)
            )
        self._share_room(event.size())
