"""The column of one compared run: title, progress, original and reconstruction, latent map, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QStackedWidget, QWidget

from aestudio.gui.inference.requests.comparison_request import (
    ComparedAtCode,
    ComparedImage,
    ComparedMaps,
    ComparedStyles,
)
from aestudio.gui.plots.numbers import number_text
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.compare.sentences import progress_text
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.collapse_text import collapse_help, collapse_line, report_of
from aestudio.gui.views.shared.split_names import training_name, validation_name
from aestudio.gui.views.shared.tile_scales import least_side
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.inference.requests.comparison_request import ComparedMap
    from aestudio.gui.inference.requests.exploration_request import Inspected
    from aestudio.gui.state.comparison_state import ComparedRun
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import ColourRole
    from aestudio.gui.views.compare.results import AtCursor

COLOURS: tuple[ColourRole, ...] = ("accent", "warn", "good", "text")
SMALLEST, GAP = 56, 2
_BESIDE_MAP = 112  # logical pixels: width of the images beside the map
_UNLIMITED = 16_777_215  # QWIDGETSIZE_MAX, which PySide6 does not declare
_PERCENT = 100
_SHARES, _PRESENTED_SHARES = (2, 5), (5, 5)  # of the height, of images above the map, and of the map


class ComparisonColumn(QWidget):
    """All columns have the same rows, so that runs are compared along a line.

    opened(): open its run in the window
    """

    opened = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from aestudio.gui.views.compare.linked_map import LinkedMap

        self._images_shown, self._head_shown, self._collapse_shown = Shown(), Shown(), Shown()
        self._collapse = "", ""  # the alarm, and what is known of it
        self._run: ComparedRun | None = None
        self._without_code = False  # the images have no codes in this run
        self.title = ElidedLabel()
        self.title.set_mode(Qt.TextElideMode.ElideRight)
        self.status = ElidedLabel(muted=True)
        self.status.set_mode(Qt.TextElideMode.ElideRight)
        self.open = IconButton("folder", self.tr("Open this run in the window"))
        self.open.clicked.connect(self.opened)
        self.original = self._image_view(self.tr("The image that all compared runs encode"))
        self.reconstruction = self._image_view(self.tr("This run's reconstruction of the image"))
        self.at_cursor = self._image_view(self.tr("The decoder's output for the code at the cursor"))
        self.captions = [
            self._caption(self.tr("Image")),
            self._caption(self.tr("Reconstruction")),
            self._caption(""),
        ]
        self.no_image = label("")
        self.no_image.setWordWrap(True)
        self.no_image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.map = LinkedMap()
        self.metrics = [self._metric(), self._metric()]
        self.images = QStackedWidget()
        self.map_mark = ChannelMark(self.map.plot, ComparedMaps.channel)
        self.images_mark = ChannelMark(
            self.images, ComparedImage.channel, ComparedAtCode.channel, ComparedStyles.channel
        )
        self._lay_out(_Dot(COLOURS[number % len(COLOURS)]))

    def offer_at(self, at: QPoint | None) -> Offer:
        """Whose images and map these are, for the names of their files."""
        del at
        run = self._run
        if run is None or run.snapshot is None:
            return Offer()
        return Offer(run=run.run or run.title, step=run.snapshot.step)

    def _image_view(self, tip: str) -> ImageView:
        view = ImageView(smallest=SMALLEST)
        view.set_hint("")
        view.setToolTip(tip)
        view.setAccessibleName(tip)
        return view

    def _caption(self, text: str) -> ElidedLabel:
        caption = ElidedLabel(text, muted=True)
        caption.set_alignment(Qt.AlignmentFlag.AlignHCenter)
        caption.set_mode(Qt.TextElideMode.ElideRight)
        return caption

    def _metric(self) -> ElidedLabel:
        metric = ElidedLabel()
        metric.set_mode(Qt.TextElideMode.ElideRight)
        return metric

    def _lay_out(self, dot: QWidget) -> None:
        theme = current_theme()
        images = QWidget()
        self._grid = grid = QGridLayout(images)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(GAP))
        grid.setVerticalSpacing(theme.px(2))
        # "Reconstruction" is wider than a small image: the other captions share what it leaves.
        self._below = row(gap=GAP)
        self.captions[1].setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.images.addWidget(images)
        self.images.addWidget(self.no_image)
        self._body, self._numbers = column(self.images, self.map, gap=4), column(*self.metrics, gap=4)
        column(
            row(dot, fill(self.title), self.open, gap=6),
            self.status,
            fill(self._body),
            self._numbers,
            gap=4,
            on=self,
        )
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._beside: bool | None = None
        self._in_columns = False
        self._presented = False
        self.set_images_beside_map(False)

    def set_images_beside_map(self, beside: bool) -> None:
        """Put the images beside the map, one below the other, instead of above it in a row: that is lower."""
        if beside == self._beside:
            return
        self._beside = beside
        directions = QBoxLayout.Direction
        for layout in (self._body, self._numbers):
            layout.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._divide_height()
        theme = current_theme()
        self._body.setSpacing(theme.px(8 if beside else 4))
        width = theme.px(_BESIDE_MAP)
        self.images.setMinimumWidth(width if beside else 0)
        self.images.setMaximumWidth(width if beside else _UNLIMITED)
        (self._stack_images if beside else self._align_images)()

    def set_presented(self, presented: bool) -> None:
        """Give the images more of the height: an audience looks at them."""
        self._presented = presented
        self._divide_height()

    def _divide_height(self) -> None:
        above = _PRESENTED_SHARES if self._presented else _SHARES
        for part, share in enumerate((0, _SHARES[1]) if self._beside else above):
            self._body.setStretch(part, share)

    def _take_images(self) -> None:
        for layout in (self._grid, self._below):
            for number in reversed(range(layout.count())):
                layout.takeAt(number)

    def _align_images(self) -> None:
        """Three images in a row, below each its caption, or all captions in a row if it is narrow."""
        self._take_images()
        self._in_columns = self._captions_fit()
        for number, view in enumerate((self.original, self.reconstruction, self.at_cursor)):
            self._grid.addWidget(view, 0, number)
            self._grid.setColumnStretch(number, 1)
        for number, caption in enumerate(self.captions):
            if self._in_columns:
                self._grid.addWidget(caption, 1, number)
            else:
                self._below.addWidget(caption, number != 1)
        if not self._in_columns:
            self._grid.addLayout(self._below, 1, 0, 1, 3)
        self._set_row_stretches((1, 0, 0, 0, 0, 0))

    def _captions_fit(self) -> bool:
        """Whether the widest caption fits below an image, so that all can stand below theirs."""
        shown = [view for view in (self.original, self.reconstruction, self.at_cursor) if not view.isHidden()]
        gaps = current_theme().px(GAP) * (len(shown) - 1)
        each = (self.width() - gaps) // max(1, len(shown))
        return each >= max(caption.sizeHint().width() for caption in self.captions)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._beside and self._captions_fit() != self._in_columns:
            self._align_images()

    def _stack_images(self) -> None:
        """Images below each other, each with its caption."""
        self._take_images()
        views = self.original, self.reconstruction, self.at_cursor
        for number, (view, caption) in enumerate(zip(views, self.captions, strict=True)):
            self._grid.addWidget(view, 2 * number, 0)
            self._grid.addWidget(caption, 2 * number + 1, 0)
            self._grid.setColumnStretch(number, number == 0)
        self._set_row_stretches((0, 0, 1, 0, 1, 0))

    def _set_row_stretches(self, stretches: tuple[int, ...]) -> None:
        for number, stretch in enumerate(stretches):
            self._grid.setRowStretch(number, stretch)

    def set_image_shape(self, shape: ImageShape) -> None:
        """Keep the space that images of this shape need."""
        side = least_side(shape.array, SMALLEST)
        least = side if side > SMALLEST else 0  # 0: the view's own, which a low window may shorten
        for view in (self.original, self.reconstruction, self.at_cursor):
            view.setMinimumSize(least, least)

    def set_narrow(self, narrow: bool) -> None:
        """Hide the original if three images do not fit: the board shows it then."""
        self.original.setVisible(not narrow)
        self.captions[0].setVisible(not narrow)
        self._grid.setColumnStretch(0, 0 if narrow and not self._beside else 1)

    # ---- display ----------------------------------------------------------------------------------

    def show_run(self, compared_run: ComparedRun, step: int, can_open: bool) -> None:
        """Show title, progress and newest loss.

        step: the current step of all runs that are still training; can_open: whether the run can be opened
        """
        self._run = compared_run
        parts = (compared_run, step, can_open)
        if not self._head_shown.differs(*parts):
            return
        self.title.set_text(compared_run.title)
        self._show_status(compared_run, step)
        ended = compared_run.ended
        self.open.setEnabled(can_open)
        series = compared_run.validation if len(compared_run.validation) else compared_run.training
        term = compared_run.recipe.objective.terms()[0]
        # At the end the loss is that of the weights that are kept, which may be older than the last step.
        last = series.last(term.name, None if ended is None else ended.step)
        name = training_name()
        if len(compared_run.validation):
            name = validation_name(compared_run, compared_run.recipe)
        text = self.tr("{} {} ({})")
        number = "" if last is None else number_text(last)
        self.metrics[0].set_text(text.format(term.title, number, name.lower()) if number else "")
        self.metrics[0].setToolTip(f"{name}: {term.title} [{term.unit}]")

    def _show_status(self, compared_run: ComparedRun, step: int) -> None:
        """Say how far the run is; a collapse first, because the step is that of all columns."""
        ended, problem = compared_run.ended, compared_run.problem
        diverged = ended is not None and ended.reason == "diverged"
        if self._collapse_shown.differs(compared_run.code_uses, compared_run.changes, compared_run.snapshot):
            report = report_of(compared_run, compared_run.architecture)
            line, alarm = collapse_line(report)
            told = collapse_help(report, compared_run.architecture, compared_run) if line else ""
            self._collapse = line if alarm else "", told
        collapse, help_text = self._collapse
        progress = progress_text(compared_run, step)
        colour: ColourRole = "bad" if diverged or problem is not None else "warn" if collapse else "muted"
        self.status.set_text(f"{collapse} · {progress}" if colour == "warn" else progress)
        self.status.set_colour(colour)
        lines = [progress, str(problem or (ended.advice if ended is not None else "")), help_text]
        self.status.setToolTip("\n".join(filter(None, lines)))

    def show_steps(self, state: StudioState) -> None:
        """Say of which step map and images are if that is not the newest."""
        self.map_mark.show_state(state)
        comparison, channels = state.comparison, [ComparedImage.channel]
        if comparison.code is not None:
            channels.append(ComparedAtCode.channel)
        if comparison.condition is not None:
            channels.append(ComparedStyles.channel)
        self.images_mark.show_state(state, *channels)

    def show_image(self, inspected: Inspected | None, ink: bool) -> None:
        """Show the image and its reconstruction, or a classifier's prediction; None while there is no result.

        ink: whether images are shown as ink on paper
        """
        if not self._images_shown.differs(inspected, ink):
            return
        probabilities = None if inspected is None else inspected.probabilities
        if inspected is not None and probabilities is not None:
            best = int(probabilities.argmax())
            prediction = self.tr("Predicts the class and decodes nothing. Prediction: {} ({} %).")
            name, percent = one_line(inspected.class_name(best)), _PERCENT * float(probabilities[best])
            self.no_image.setText(prediction.format(name, f"{percent:.0f}"))
        self._without_code = inspected is not None and probabilities is None and inspected.code is None
        if self._without_code:
            self.no_image.setText(self.tr("This model does not encode images."))
        self.images.setCurrentIndex(1 if probabilities is not None or self._without_code else 0)
        self.original.set_image(None if inspected is None else as_shown(inspected.original, ink))
        decoded = None if inspected is None else inspected.reconstruction
        self.reconstruction.set_image(None if decoded is None else as_shown(decoded, ink))
        caption = self.tr("Image")
        if inspected is not None and inspected.label:
            caption = self.tr("Class {}").format(one_line(inspected.label))
        self.captions[0].set_text(caption)
        self._describe_reconstruction(inspected is not None and inspected.condition is not None)

    def _describe_reconstruction(self, told: bool) -> None:
        tip = self.tr("This run's reconstruction of the image")
        if told:
            tip = self.tr("This run's reconstruction of the image, told its class or factors")
        self.reconstruction.setToolTip(tip)

    def show_at_cursor(self, decoded: AtCursor, ink: bool) -> None:
        """Show the image that is decoded at the cursor, and what it was decoded as."""
        image, caption = decoded.image, self.captions[2]
        if self._without_code:  # only the code at the cursor is decoded
            self.images.setCurrentIndex(1 if image is None else 0)
        self.at_cursor.set_image(None if image is None else as_shown(image, ink))
        # Both ends of "From same code, as 4" matter.
        modes = Qt.TextElideMode
        caption.set_mode(modes.ElideMiddle if decoded.told else modes.ElideRight)
        caption.set_text(f"{decoded.whose}, {decoded.told}" if decoded.told else decoded.whose)

    def show_map(self, compared_map: ComparedMap | None, without: str, problem: str = "") -> None:
        """Show the codes of the first test images; None while there is no result.

        without: why images have no codes in this run, or ""; problem: why there is no result, or ""
        """
        if compared_map is None:
            self.map.show_none(problem or self.tr("The map appears with the first codes."))
            self.metrics[1].set_text("")
            return
        self.map.show_codes(compared_map)
        if compared_map.plane is None:
            self.map.set_empty_text(without or self.tr("A map needs two dimensions; this code has one."))
        error = compared_map.squared_error
        text = "" if error is None else self.tr("Squared error {}").format(number_text(error))
        self.metrics[1].set_text(text)
        self.metrics[1].setToolTip(self.tr("Per image, of the test images on the map"))


class _Dot(PaintedWidget):
    """The colour of the run's curve."""

    def __init__(self, role: ColourRole) -> None:
        super().__init__()
        self._role = role
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        side = current_theme().px(10)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(current_theme(), self._role)))
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def arrange(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()
