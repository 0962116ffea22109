"""The large reconstruction, the image to start from, and the latent sliders below."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from aestudio.gui.state.capabilities import no_encoder
from aestudio.gui.state.condition_state import model_condition
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.shown_step import step_of_point
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.data_support_gauge import DataSupportGauge
from aestudio.gui.views.latent.sliders.latent_sliders import LatentSliders
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_chooser import ConditionChooser
from aestudio.gui.views.shared.visible_height import scroll_area_around, visible_height
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.number_box import WholeBox
from aestudio.gui.widgets.slider_column import MINIMUM_SLIDERS

if TYPE_CHECKING:
    from PySide6.QtCore import QObject, QSize
    from PySide6.QtGui import QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QHBoxLayout

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.widgets.slider_column import SliderColumn

MIN_IMAGE_HEIGHT = 280  # logical pixels: ten for each pixel of an image of MNIST
_PREFERRED_SLIDERS = 9  # when these are visible, the image grows before more sliders are shown
_HEIGHT_FOR_ALL_WEIGHTS = 760  # from this height on, all weights of the objective are unfolded at first
_LEAST_IMAGE = 112  # in a low window
_PICKER_SHARE = 0.58  # of the height that image and picker share in a low window
_GAP = 6


class Explorer(QWidget):
    """The reconstruction and the sliders; the controls between them emit signals.

    image_chosen(index in the test set)
    """

    reset_requested = Signal()
    sample_requested = Signal()
    random_requested = Signal()
    image_chosen = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = ImageView()
        self.image.setToolTip(self.tr("Reconstruction: the decoded code of the sliders"))
        self.mark = ChannelMark(self.image)
        self.sliders = LatentSliders(session)
        self.gauge = DataSupportGauge()
        self.condition = ConditionChooser()
        column(
            self.image, self.gauge, self.condition, self._start_row(), fill(self.sliders), gap=_GAP, on=self
        )
        self._around: QWidget | None = None  # the view of what scrolls around it
        self._shown, self._start_shown, self._divided = Shown(), Shown(), Shown()

    def _start_row(self) -> QHBoxLayout:
        self.start = WholeBox()
        self.start.setToolTip(self.tr("The test image to start from, by its index in the test set"))
        self.start.setAccessibleName(self.tr("Start image"))
        self.start.valueChanged.connect(self.image_chosen)
        self.dice = dice = IconButton("dice", self.tr("Start from a random test image (Ctrl+D)"))
        dice.clicked.connect(self.random_requested)
        reset = IconButton("reset-slider", self.tr("All sliders back to the start image's code (Ctrl+0)"))
        reset.clicked.connect(self.reset_requested)
        sample = IconButton("image", self.tr("A random code from the prior (Ctrl+P)"))
        sample.clicked.connect(self.sample_requested)
        return row(label(self.tr("Test image")), 4, fill(self.start), dice, reset, sample, gap=4)

    @property
    def slider_column(self) -> SliderColumn:
        """The shown page of sliders."""
        return self.sliders.column

    def show_state(self, state: StudioState) -> None:
        """Show the code and its reconstruction."""
        images = state.image_set
        without = no_encoder(state.snapshot)
        for part in (self.start, self.dice):
            part.setEnabled(not without)
        last = max(0, len(images) - 1) if images is not None else 0
        if self._start_shown.differs(last, state.selected):  # a new range lays the whole column out again
            self.start.show_value(state.selected, 0, last)
        self._show_image(state)
        self.mark.show_shown_step(step_of_point(state))
        self.gauge.show_state(state)
        self.condition.show_condition(model_condition(state))
        self.sliders.show_state(state)
        self._divide_height(self.size())

    def follow_point(self, state: StudioState) -> float | None:
        """Show the code and its reconstruction, and paint the reconstruction at once.

        Returns the time when it was painted, by `time.perf_counter()`; None if it did not change.
        """
        painted = None
        if self._show_image(state):
            self.image.repaint()
            painted = time.perf_counter()
        self.sliders.show_point(state)
        return painted

    def _show_image(self, state: StudioState) -> bool:
        image = state.exploration.image
        if not self._shown.differs(image, state.ink_on_paper):
            return False
        self.image.set_image(None if image is None else as_shown(image, state.ink_on_paper))
        return True

    def _divide_height(self, size: QSize) -> None:
        """Set the image's height: small in a low window, so that some sliders fit, larger in a high one."""
        discrete = not self.sliders.discrete.isHidden()
        if not self._divided.differs(
            size.width(),
            size.height(),
            visible_height(self),
            self.sliders.count,
            self.sliders.grouped,
            self.sliders.objective_weights.is_open,
            self.condition.isHidden(),
            discrete,
        ):
            return
        if discrete:
            self._divide_with_picker(size)
            return
        theme, slider_column = current_theme(), self.sliders.column
        every = (self.gauge, self.condition, self.start, self.sliders.header, self.sliders.objective_weights)
        parts = [part for part in every if part is not self.condition or not part.isHidden()]
        others = sum(part.sizeHint().height() for part in parts) + len(parts) * theme.px(_GAP)
        count = min(_PREFERRED_SLIDERS, max(1, self.sliders.count))
        free = size.height() - others - slider_column.height_of(count, size.width())
        # In a low window the image shrinks, so that the last sliders and the headings of levels are visible.
        rows = slider_column.height_of(MINIMUM_SLIDERS + self.sliders.grouped, size.width())
        most = visible_height(self) - others - theme.px(_GAP) - rows
        least = max(theme.px(_LEAST_IMAGE), min(MIN_IMAGE_HEIGHT, most))
        self.image.setFixedHeight(max(least, min(size.width(), free)))

    def _divide_with_picker(self, size: QSize) -> None:
        """The same for a discrete code: picker or chooser have a height of their own."""
        theme, discrete = current_theme(), self.sliders.discrete
        parts = (self.gauge, self.condition, self.start, self.sliders.objective_weights)
        others = sum(part.sizeHint().height() for part in parts if part.isVisible())
        free = visible_height(self) - others - 4 * theme.px(_GAP)
        comfortable, least = discrete.sizeHint().height(), discrete.minimumSizeHint().height()
        # In a low window the picker shrinks first, but its numbers must be legible.
        shared = max(free - theme.px(MIN_IMAGE_HEIGHT), round(_PICKER_SHARE * free))
        picker = max(least, min(comfortable, shared))
        self.image.setFixedHeight(max(theme.px(_LEAST_IMAGE), min(size.width(), free - picker)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._around is None and (area := scroll_area_around(self)) is not None:
            self._around = area.viewport()
            self._around.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Divide the height again if the window gets lower: a view that scrolls keeps its own size."""
        if watched is self._around and event.type() == QEvent.Type.Resize:
            self._divide_height(self.size())
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not event.oldSize().isValid():
            self.sliders.objective_weights.set_open(
                event.size().height() >= current_theme().px(_HEIGHT_FOR_ALL_WEIGHTS)
            )
        self._divide_height(event.size())
