"""The large reconstruction, what belongs to it beside or below it, and the latent sliders at the bottom."""

from __future__ import annotations

import time
from dataclasses import astuple
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from aestudio.gui.state.capabilities import no_encoder
from aestudio.gui.state.condition_state import model_condition
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.shown_step import step_of_point
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, is_theme_change, keep_length
from aestudio.gui.views.latent.data_support_gauge import DataSupportGauge
from aestudio.gui.views.latent.explorer_layout import ControlsSize, Division, divide, place
from aestudio.gui.views.latent.sliders.latent_sliders import LatentSliders
from aestudio.gui.views.latent.sliders.objective_weights import ObjectiveWeights
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_chooser import ConditionChooser
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.widgets.number_box import WholeBox
from aestudio.gui.widgets.slider_column import MINIMUM_SLIDERS
from aestudio.gui.widgets.slider_painting import ROW_HEIGHT

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QHBoxLayout

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.widgets.slider_column import SliderColumn

ALL_SLIDERS = 10
"""This many sliders are visible without paging before the image is made larger."""
GOOD_IMAGE = 220
"""Logical pixels of the image's side for which the controls beside it are split, if that helps."""
MIN_IMAGE_HEIGHT = 280  # logical pixels that the image gets beside a picker: ten for each of MNIST's
_LEAST_WIDTH = 288
_LEAST_IMAGE = 140  # in a low window: five pixels for each of an image of MNIST
_CONTROLS, _LEAST_CONTROLS = 240, 172  # width that is good for the controls, and the least
_LONGER_TRACK = 30  # what makes the sliders of the weights easy to use
_ONE_LINE = 560  # width from which the number of the image and the gauge are side by side, below the image
_TITLE_WIDTH = 256  # of the controls, from which a title is written beside the number of the test image
_START_COLUMN = 56  # width of the number of the test image and its buttons, as a column beside the image
# From this size on, all weights of the objective are unfolded; in a narrow part beside few sliders only.
_HEIGHT_FOR_ALL_WEIGHTS, _WIDTH_FOR_ALL_WEIGHTS, _FEW = 560, 396, 1 / 3
_SEVERAL = 5  # sliders; more of them would leave nothing to an image with its controls below
_SHARE_OF_MANY = 0.45  # of the height, for the sliders of a code of more numbers
_PICKER_SHARE = 0.58  # of the height that image and picker share in a low window
# Least heights of a slider: where the image would be smaller than is good, and to an audience.
_LOW_ROW, _PRESENTED_ROW = 26, 19
_PRESENTED_IMAGE = 0.4  # of the height, from which the sliders have their usual height
_GAP = 8


class Explorer(QWidget):
    """The reconstruction and the sliders; the controls between them emit signals.

    image_chosen(index in the test set)

    It places its parts itself: which sizes they need depends on the size that it has.
    """

    reset_requested = Signal()
    sample_requested = Signal()
    random_requested = Signal()
    image_chosen = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.image = ImageView()
        self.image.setToolTip(self.tr("Reconstruction: the decoded code of the sliders"))
        self.mark = ChannelMark(self.image)
        self.gauge = DataSupportGauge()
        self.condition = ConditionChooser()
        self.objective_weights = ObjectiveWeights(session)
        self._start_line = self._start_row()
        self.where_to_start = boxed(self._start_line)
        self._controls_column = column(self.condition, self.objective_weights, fill(), gap=_GAP)
        self.controls = boxed(self._controls_column)
        self.sliders = LatentSliders(session)
        for part in (self.image, self.where_to_start, self.gauge, self.controls, self.sliders):
            part.setParent(self)
        self._pixels = 0
        self._presented = False
        self._shown, self._start_shown, self._arranged = Shown(), Shown(), Shown()

    def _start_row(self) -> QHBoxLayout:
        self._start_title = label(self.tr("Test image"))
        self.start = WholeBox()
        self.start.setToolTip(self.tr("The test image to start from, by its index in the test set"))
        self.start.setAccessibleName(self.tr("Start image"))
        self.start.valueChanged.connect(self.image_chosen)
        keep_length(self.start, lambda box, theme: box.setMinimumWidth(theme.px(_START_COLUMN)))
        self.dice = dice = IconButton("dice", self.tr("Start from a random test image (Ctrl+D)"))
        dice.clicked.connect(self.random_requested)
        self.reset = reset = IconButton("reset-slider", "")
        reset.clicked.connect(self.reset_requested)
        sample = IconButton("image", self.tr("A random code from the prior (Ctrl+P)"))
        sample.clicked.connect(self.sample_requested)
        self._start_buttons = (dice, reset, sample)
        line = row(self._start_title, fill(self.start), *self._start_buttons, fill(), gap=4)
        for button in self._start_buttons:  # in a column that is wider
            line.setAlignment(button, Qt.AlignmentFlag.AlignHCenter)
        return line

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
        back = self.tr("All sliders back to the start image's code (Ctrl+0)")
        if without:
            back = self.tr("All sliders back to the code with which this model was opened (Ctrl+0)")
        self.reset.set_tip(back)
        last = max(0, len(images) - 1) if images is not None else 0
        if self._start_shown.differs(last, state.selected):  # a new range lays the whole column out again
            self.start.show_value(state.selected, 0, last)
        self._show_image(state)
        self.mark.show_shown_step(step_of_point(state))
        self.gauge.show_state(state)
        self.condition.show_condition(model_condition(state))
        self.objective_weights.show_state(state)
        self.sliders.show_state(state)
        self._set_presented(state.presentation)
        shape = shown_shape(state)
        self._pixels = max(shape.height, shape.width)
        self._arrange()

    def _set_presented(self, presented: bool) -> None:
        """Leave the audience what it looks at: keys and menus choose another image and code.

        The header of the sliders goes where the controls were, so that the image is as much larger.
        """
        if presented == self._presented:
            return
        self._presented = presented
        self.where_to_start.setVisible(not presented)
        self.sliders.move_header(self._controls_column if presented else None)
        self._arranged.forget()

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

    # ---- layout ---------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        px, controls = current_theme().px, self._controls_size()
        image, gap = px(_LEAST_IMAGE), px(_GAP)
        above = image + gap + controls.height_below
        beside = self.width() >= image + 2 * gap + controls.least_width
        if beside and self.sliders.lines > _SEVERAL:  # where `divide` puts the controls beside a small image
            above = max(image, controls.height)
        return QSize(max(px(_LEAST_WIDTH), controls.least_width), above + gap + self._least_below())

    @property
    def whole_height(self) -> int:
        """The height with an image of the least size and all sliders of a short code, in logical pixels."""
        lines = max(self.sliders.grouped + MINIMUM_SLIDERS, min(self.sliders.lines, ALL_SLIDERS))
        below = self._least_below() if self.sliders.discrete.isVisible() else self.sliders.height_of(lines)
        theme, controls, pixels = current_theme(), self._controls_size(), max(1, self._pixels)
        image = -(-theme.px(_LEAST_IMAGE) // pixels) * pixels  # in whole pixels it is larger than the least
        return max(image, controls.height) + 2 * theme.px(_GAP) + below

    def _controls_size(self) -> ControlsSize:
        """Computed from the parts: the hint of the whole depends on how they are arranged now."""
        px = current_theme().px
        line = (self.start, *self._start_buttons)
        start = 0 if self._presented else max(part.sizeHint().height() for part in line)
        gauge = self.gauge.sizeHint().height()
        header = () if self.sliders.has_header else (self.sliders.header,)
        others = [part for part in (self.condition, self.objective_weights, *header) if not part.isHidden()]
        rest = sum(part.sizeHint().height() + px(_GAP) for part in others) - px(_GAP)
        measured = [part.minimumSizeHint().width() for part in others if part is not self.condition]
        weights = max(measured, default=0)
        least = max(px(_LEAST_CONTROLS), px(_CONTROLS) if self.condition in others else 0, weights)
        # To an audience the image comes first.
        good = 0 if self._presented else max(px(_CONTROLS), weights + px(_LONGER_TRACK))
        in_one_line = self.width() >= px(_ONE_LINE)
        return ControlsSize(
            max(good, least), least, start, gauge, max(0, rest), in_one_line, px(_START_COLUMN), px(_GAP)
        )

    def _least_below(self) -> int:
        """The least height of the sliders, or of what sets a discrete code."""
        sliders = self.sliders
        if not sliders.discrete.isHidden():
            return sliders.discrete.minimumSizeHint().height()
        return sliders.height_of(MINIMUM_SLIDERS + sliders.grouped)

    def _below(self, row_height: int) -> int:
        """What sliders of this height, or what sets a discrete code, are given before the image grows."""
        theme, sliders, height = current_theme(), self.sliders, self.height()
        if not sliders.discrete.isHidden():
            # In a low window the picker shrinks first, but its numbers must be legible.
            free = height - theme.px(_GAP)
            comfortable, least = sliders.discrete.sizeHint().height(), self._least_below()
            shared = max(free - theme.px(MIN_IMAGE_HEIGHT), round(_PICKER_SHARE * free))
            return max(least, min(comfortable, shared))
        lines = max(1, min(sliders.lines, ALL_SLIDERS))
        below = sliders.height_of(lines, row_height)
        if sliders.lines > ALL_SLIDERS and not self._presented:  # to an audience the image comes first
            below = min(
                sliders.height_of(sliders.lines, row_height), max(below, round(_SHARE_OF_MANY * height))
            )
        return below

    def _arrange(self) -> None:
        """Place image, controls and sliders, if anything has changed that their places depend on."""
        theme, size = current_theme(), self.size()
        usual, compact = theme.px(ROW_HEIGHT), theme.px(_PRESENTED_ROW if self._presented else _LOW_ROW)
        below = self._below(usual)
        high = size.height() >= theme.px(_HEIGHT_FOR_ALL_WEIGHTS)
        roomy = size.width() >= theme.px(_WIDTH_FOR_ALL_WEIGHTS) or below <= _FEW * size.height()
        self.objective_weights.open_if_untouched(high and roomy)
        controls, gap = self._controls_size(), theme.px(_GAP)
        changed = (size.width(), size.height(), *astuple(controls), below, self._pixels, theme, compact)
        if not self._arranged.differs(*changed):
            return
        division, good = self._divide(below), theme.px(GOOD_IMAGE)
        if division.side < (_PRESENTED_IMAGE * size.height() if self._presented else good):
            below = self._below(compact)
            division = self._divide(below)
        places = place(division, controls, size.width())
        self.image.setGeometry(*places.image)
        self.where_to_start.setGeometry(*places.start)
        self.gauge.setGeometry(*places.gauge)
        self.controls.setGeometry(*places.rest)
        self._lay_out_start(as_column=division.controls == "split")
        top, bottom = places.end + gap, size.height()
        if not self.sliders.discrete.isHidden():  # its parts would be far from each other
            bottom = min(bottom, top + max(below, self.sliders.discrete.sizeHint().height()))
        else:
            self.sliders.fit_rows(bottom - top, min(self.sliders.lines, ALL_SLIDERS), compact)
        self.sliders.setGeometry(0, top, size.width(), bottom - top)
        self.updateGeometry()

    def _divide(self, below: int) -> Division:
        """Where the image and its controls are, with this height below them."""
        theme = current_theme()
        return divide(
            (self.width(), self.height()),
            self._controls_size(),
            below,
            pixels=max(1, self._pixels),
            least=theme.px(_LEAST_IMAGE),
            good=theme.px(GOOD_IMAGE),
        )

    def _lay_out_start(self, *, as_column: bool) -> None:
        directions = QBoxLayout.Direction
        self._start_line.setDirection(directions.TopToBottom if as_column else directions.LeftToRight)
        wide = self.where_to_start.width() >= current_theme().px(_TITLE_WIDTH)
        self._start_title.setVisible(wide and not as_column)
        self.start.show_arrows(not as_column)
        self._start_line.setStretch(self._start_line.indexOf(self.start), 0 if as_column else 1)
        self._start_line.setStretch(self._start_line.count() - 1, 1 if as_column else 0)

    def event(self, event: QEvent) -> bool:
        """Arrange the parts again when one of them needs another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """The type may be larger now; the parts are told of it after this, and arranged once they know."""
        super().changeEvent(event)
        if is_theme_change(event):
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A presentation begins with another size: what it hides is hidden before the parts are arranged.
        self._set_presented(self._session.state.presentation)
        self._arrange()
