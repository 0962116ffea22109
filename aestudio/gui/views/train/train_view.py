"""The Train view: a large plot of the loss, a small one per loss term, and reconstructions that improve.

With several phases the large plot shows the loss of the first one; the small plots are grouped by phase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.metrics_request import QuickMetrics
from aestudio.gui.inference.requests.reconstruction_row_request import ReconstructionRow
from aestudio.gui.plots.numbers import tick_number
from aestudio.gui.state.curve_recipe import recipe_of_curves
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, keep_length
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.image_offer import image_offer
from aestudio.gui.views.shared.selected_images import SelectedImages
from aestudio.gui.views.shared.visible_height import GivenSizeWatch, given_size, scroll_area_around
from aestudio.gui.views.train.collapse_notice import CollapseNotice
from aestudio.gui.views.train.metrics_panel import WIDTH, MetricsPanel
from aestudio.gui.views.train.phase_steps import PhaseSteps
from aestudio.gui.views.train.sampled_classes import SampledClasses
from aestudio.gui.views.train.smoothing_slider import SmoothingSlider
from aestudio.gui.views.train.train_texts import row_hint, row_tip, why_empty
from aestudio.gui.views.view import View
from aestudio.gui.widgets.glossary import OF_LOSSES, explanation, set_term
from aestudio.gui.widgets.image_grid import GAP, ImageGrid
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.number_label import NumberLabel
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.objective import Term
    from aestudio.recipes.recipe import Recipe

IMAGES = 8
# Logical pixels below which a part is too small to read: the view scrolls instead.
_LEAST_PLOT, _AROUND_IMAGES = 138, 32
# A lower view spends its height on the curves: the titles of the axes are elsewhere, and images are closer.
_LOW, _GAP_IF_LOW = 560, 4
_LEAST_IMAGES = 5  # beside the table of metrics; where fewer fit, the table is not shown
_BESIDE_IMAGES = 16  # between them and the table of metrics
_LARGEST_SCALE, _IMAGES_SHARE = 4, 0.29  # of the images; of the height that they may take
METRICS_SECONDS = 1.0  # at least, between two tables of metrics while a training runs
TERMS_MILLISECONDS = 450  # at least, between two updates of the small plots while a training runs


class TrainView(View):
    """Redraws the plots only if there are new points, the row of images only if there is a newer result."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        from aestudio.gui.plots.curve_plot import CurvePlot
        from aestudio.gui.plots.small_multiples import SmallMultiples

        self.plot = CurvePlot()
        self.terms = SmallMultiples()
        self.terms.name_x(self.tr("Epochs"))
        self.image_row = ImageGrid()
        self.image_row.set_columns(IMAGES)
        self.image_row.clicked.connect(self._clicked)
        self.image_row.describe = self._describe_image
        self.images_mark = ChannelMark(self.image_row, ReconstructionRow.channel)
        self.classes = SampledClasses()
        self.metrics = MetricsPanel()
        self.metrics.wanted.connect(session.evaluation.measure)
        self.metrics.cancelled.connect(session.evaluation.cancel)
        self._pace = RequestPacing(METRICS_SECONDS)
        self.collapse = CollapseNotice()
        self.phases = PhaseSteps(session)
        self._selection = SelectedImages()
        self.smoothing = SmoothingSlider(session.state.smoothing)
        self.smoothing_width = NumberLabel(self.tr("± {} epochs").format("0.025"), role="muted")
        self._epochs = session.state.recipe.training.epochs
        self.logarithmic = QCheckBox(self.tr("Logarithmic"))
        self._shown = Shown()
        self._since_terms, self._terms_shown = QElapsedTimer(), Shown()
        self._row_shown, self._checkpoint_shown = Shown(), Shown()
        self._presented = self._has_terms = False
        self._curves_are = (self.tr("Loss"), "", "")  # title, unit and phase
        self._columns = IMAGES
        self._row_state: StudioState | None = None  # while its images are put into the row
        self._lay_out()

    def _clicked(self, cell: int) -> None:
        snapshot = self.session.state.snapshot
        if snapshot is not None and not snapshot.architecture.encodes:
            return  # samples: no images of the data set
        self.session.explore.select(self._selection.number(self.session.state, cell % self._columns))

    def _describe_image(self, cell: int) -> Offer:
        """What the context menu offers of an image: above test images, below what is made of them."""
        state, snapshot = self.session.state, self.session.state.snapshot
        if snapshot is not None and not snapshot.architecture.encodes:
            return Offer(
                what=self.tr("Sample"), terms=("sample",), step=state.step_of(ReconstructionRow.channel)
            )
        number = self._selection.number(state, cell % self._columns)
        made = self.tr("Reconstruction") if cell >= self._columns else ""
        return image_offer(state, number, made=made, channel=ReconstructionRow.channel)

    def _lay_out(self) -> None:
        self.smoothing.valueChanged.connect(self._smooth)
        self.smoothing.valueChanged.connect(lambda _: self._keep_choice(self.smoothing.isSliderDown()))
        self.smoothing.sliderReleased.connect(lambda: self._keep_choice(dragged=False))
        self.smoothing_width.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.logarithmic.setToolTip(self.tr("Logarithmic or linear loss axis"))
        self.logarithmic.toggled.connect(self._set_logarithmic)
        self.logarithmic.setChecked(self.session.state.logarithmic)
        self.heading = label(self.tr("Loss"), "label")
        set_term(self.heading, "loss", "validation")
        smoothing = label(self.tr("Smoothing"))
        set_term(smoothing, "smoothing")
        keep_length(self.plot, lambda plot, theme: plot.setMinimumHeight(theme.px(_LEAST_PLOT)))
        self._first_line = row(
            self.heading,
            fill(self.collapse),
            smoothing,
            self.smoothing,
            self.smoothing_width,
            self.logarithmic,
        )
        column(
            self._first_line,
            self.phases,
            fill(self.plot, 5),
            fill(self.terms, 2),
            # as high as its images, so that plots without small ones below have their place
            row(fill(column(self.image_row, self.classes, gap=GAP)), self.metrics, gap=_BESIDE_IMAGES),
            on=self,
        )
        self._smooth()
        keep_length(self, lambda view, _: view._keep_both_rows())
        self.image_row.image_size_changed.connect(self._keep_both_rows)
        self._size_watch = GivenSizeWatch(self)
        self._size_watch.changed.connect(self._keep_both_rows)
        self.plot.x_hovered.connect(self.terms.set_hover_x)
        self.terms.x_hovered.connect(self.plot.set_hover_x)
        self.plot.x_range_chosen.connect(self.terms.set_x_range)
        self.terms.x_range_chosen.connect(self.plot.set_x_range)

    def _keep_both_rows(self) -> None:
        """Keep the height of images and reconstructions, as large as the height of the view allows.

        They are enlarged twice if the plots keep their smallest height, and more in a high view.
        """
        layout = self.layout()
        assert layout is not None
        given, image_width = given_size(self), self.image_row.image_size[1]
        beside = given.width() - current_theme().px(WIDTH + _BESIDE_IMAGES)
        table = self.metrics.least_height()
        gap = current_theme().px(GAP)
        self._set_low(given.height() < current_theme().px(_LOW))
        columns = min(IMAGES, (beside - gap) // (2 * image_width + gap))  # enlarged twice
        room = columns >= _LEAST_IMAGES
        images = self.image_row.minimumHeight() + self.classes.taken_height
        row_height = max(images, 0 if self.metrics.isHidden() else table)
        width = beside if room else given.width()
        self._show_columns(columns if room else IMAGES)
        across = width // self._columns // image_width  # larger ones do not fit
        most = max(_IMAGES_SHARE * given.height(), self._rows_height(1))
        others = layout.totalMinimumSize().height() - row_height
        terms = self.terms.minimumSizeHint().height() + layout.spacing() if self._has_terms else 0
        with_terms = others + (terms if self.terms.isHidden() else 0)
        with_terms += self.phases.fit(given.height() - with_terms - self._rows_height(1), layout.spacing())
        fit = self._rows_height(2) <= given.height() - with_terms
        # To an audience digits that can be seen are worth more than the curve of each term.
        self.terms.setVisible(self._has_terms and (fit or not self._presented))
        if fit or (self._presented and self._rows_height(2) <= given.height() - (with_terms - terms)):
            most = max(most, self._rows_height(2))
        left = given.height() - with_terms
        if room and not self._presented and (table <= left or self._rows_height(1) > left):
            most = max(most, table)  # the plots give way; if the view scrolls, the table is further down
        scales = range(1, max(1, min(across, _LARGEST_SCALE)) + 1)
        heights = [self._rows_height(scale) for scale in scales]
        enlarged = most if fit or self.classes.isHidden() else self._rows_height(1)
        height = max(height for height in heights if height <= enlarged)
        self.image_row.setFixedHeight(height - self.classes.taken_height)
        self.metrics.setVisible(room and table <= max(height, most))

    def _show_columns(self, columns: int) -> None:
        """Show this many images: fewer leave the table its place without becoming too small."""
        if columns != self._columns:
            self._columns = columns
            self.image_row.set_columns(columns)
            if self._row_state is None:
                self._show_row(self.session.state)

    def _set_presented(self, presented: bool) -> None:
        if presented != self._presented:
            self._presented = presented
            self._keep_both_rows()

    def _rows_height(self, scale: int) -> int:
        """Of images and reconstructions, or of samples and their classes."""
        rows = 2 if self.classes.isHidden() else 1
        around = _AROUND_IMAGES - (3 * (GAP - _GAP_IF_LOW) if self.plot.low else 0)
        images = rows * (scale * self.image_row.image_size[0] + current_theme().px(around) // 2)
        return images + self.classes.taken_height

    def _set_low(self, low: bool) -> None:
        if low != self.plot.low:
            self.plot.set_low(low)
            self.image_row.set_gap(_GAP_IF_LOW if low else GAP)
            self._name_curves()

    def _name_curves(self) -> None:
        """Say above the plot what its curves are; with the unit if the axis does not say it and it fits."""
        title, unit, phase = self._curves_are
        whole = self.tr("{}, phase “{}”").format("{}", phase) if phase else "{}"
        text, with_unit = whole.format(title), whole.format(f"{title} [{unit}]")
        needed = self.heading.fontMetrics().horizontalAdvance(with_unit)
        says_it = self.plot.low and unit and needed <= self._heading_room()
        self.heading.setText(with_unit if says_it else text)

    def _heading_room(self) -> int:
        """The width beside what is in the line of the heading, and beside the bar of a view that scrolls."""
        layout = self._first_line
        beside = layout.minimumSize().width() - self.heading.minimumSizeHint().width()
        area = scroll_area_around(self)
        bar = 0 if area is None else area.verticalScrollBar().sizeHint().width()
        return given_size(self).width() - bar - beside

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_both_rows()
        self._name_curves()

    def _smooth(self) -> None:
        width = self.smoothing.share * self._epochs
        self.plot.set_smoothing(width)
        self.terms.set_smoothing(width)
        self._say_smoothing()

    def _say_smoothing(self) -> None:
        """Say over which width the curves are smoothed now; without curves, how they will be."""
        width = self.plot.smoothed_over or self.smoothing.share * self._epochs
        text = self.tr("± {} epochs").format(tick_number(width, 2)) if width else self.tr("off")
        self.smoothing_width.set_text(text)
        self._name_curves()  # beside a longer number there may be no room for the unit

    def _keep_choice(self, dragged: bool) -> None:
        """Keep smoothing and axis for the next start; a dragged slider once it is released."""
        if not dragged:
            smoothing, logarithmic = self.smoothing.share, self.logarithmic.isChecked()
            self.session.preferences.choose_curves(smoothing=smoothing, logarithmic=logarithmic)

    def _set_logarithmic(self, logarithmic: bool) -> None:
        self.plot.set_logarithmic(logarithmic)
        self.terms.set_logarithmic(logarithmic)
        self._keep_choice(dragged=False)

    def requests(self, state: StudioState) -> Iterable[Request]:
        """Reconstructions of the first eight images by the newest snapshot, and metrics of the model."""
        images = self._selection.of(state)
        if state.snapshot is None or images is None:
            return ()
        row_of_images = ReconstructionRow(state.snapshot, images, min(IMAGES, len(images)))
        metrics = self.metrics.request(state, self._pace.snapshot(state, QuickMetrics.channel))
        parts = (row_of_images, metrics, self.classes.request(state))
        return tuple(one for one in parts if one is not None)

    def show_state(self, state: StudioState) -> None:
        """Show new points and newer images."""
        self._set_presented(state.presentation)
        training = state.shown_run
        series = (training.training, training.validation, training.parent)
        parts = (*series, training.changes, training.started, training.phase)
        recipe = recipe_of_curves(state)
        if self._shown.differs(*parts, recipe):
            self._show_curves(recipe, training)
        for plot in (self.plot, self.terms):
            plot.set_clipping(state.clip_outliers)
        history_checkpoint = state.history.shown_checkpoint
        if self._checkpoint_shown.differs(history_checkpoint):
            at = None if history_checkpoint is None else history_checkpoint.epoch
            step = "" if history_checkpoint is None else f"{history_checkpoint.step:,}"
            self.plot.set_marker(at, self.tr("step {}").format(step) if step else "")
            self.terms.set_marker(at)
        self._show_row(state)
        if any([self.phases.show_state(state), self.classes.show_state(state)]):
            self._keep_both_rows()
        self.metrics.show_state(state)
        self.collapse.show_state(state)

    @property
    def columns(self) -> int:
        """How many images are shown, each with its reconstruction."""
        return self._columns

    def _show_row(self, state: StudioState) -> None:
        """Show newer images, or another number of them."""
        images = state.value(ReconstructionRow.channel)
        if self._row_shown.differs(images, state.ink_on_paper, self._columns):
            shown = np.zeros((0, *shown_shape(state).array), np.uint8)
            if images is not None:
                shown = self._of_columns(state, images)
            columns, self._row_state = self._columns, state
            self.image_row.set_images(as_shown(shown, state.ink_on_paper))
            self._row_state = None
            if self._columns != columns:  # these images have another size
                self._show_row(state)
                return
            self.image_row.setToolTip("" if images is None else row_tip(state))
        self.image_row.set_hint(row_hint(state))
        self.images_mark.show_state(state)

    def _of_columns(self, state: StudioState, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Of the images, and of their reconstructions if there are any, as many as there are columns."""
        both = state.snapshot is not None and state.snapshot.architecture.reconstructs
        rows = images.reshape(2 if both else 1, -1, *images.shape[1:])
        return rows[:, : self._columns].reshape(-1, *images.shape[1:])

    def _show_curves(self, recipe: Recipe, training: RunState) -> None:
        from aestudio.gui.plots.small_multiples import SmallPlot
        from aestudio.gui.views.shared.live_changes import change_marks
        from aestudio.gui.views.train.run_curves import curves_of_term, epochs_of

        terms, phases = recipe.objective.terms(), recipe.objective.phases()
        first = terms[0]
        self._curves_are = first.title, first.unit, phases[0].title if len(phases) > 1 else ""
        self._name_curves()
        self.plot.set_axis_titles(self.tr("Epochs"), f"{first.title} [{first.unit}]")
        if self._epochs != (epochs := epochs_of(training, recipe)):
            self._epochs = epochs
            self._smooth()
        curves = curves_of_term(training, recipe, first)
        end = max((float(curve.x[-1]) for curve in curves if len(curve.x)), default=None)  # of a kept run
        if training.started is not None:
            end = float(training.started.epochs)
        self.plot.set_expected_end(end)
        self.terms.set_expected_end(end)
        self.plot.set_empty_text("" if curves else why_empty(self.session.state))
        self.plot.set_curves(curves)
        marks = change_marks(training, recipe)
        for plot in (self.plot, self.terms):
            plot.set_changes(marks)
        self._say_smoothing()
        others = [term for term in terms[1:] if not term.same_as]
        # The small plots cost as much as the large one: during a training they are updated less often, but at
        # once when they are still those of another run.
        another = self._terms_shown.differs(recipe, training.run, training.folder)
        shown_lately = self._since_terms.isValid() and self._since_terms.elapsed() < TERMS_MILLISECONDS
        if training.phase == "running" and shown_lately and not another:
            return
        self._since_terms.start()
        self._has_terms = bool(others)  # otherwise the large plot has their place, see _keep_both_rows
        groups = [("", others)]
        if len(phases) > 1:
            groups = [(one.title, [term for term in others if term.phase == one.name]) for one in phases]
            groups.append(("", [term for term in others if not term.phase]))
        self.terms.set_terms(
            tuple(
                SmallPlot(
                    term.title, curves_of_term(training, recipe, term), title, term.unit, _explanation(term)
                )
                for title, members in groups
                for term in members
            )
        )
        self._keep_both_rows()


def _explanation(term: Term) -> str:
    """The glossary's sentences about a term of the loss and its unit; "" if it has none."""
    keys = [OF_LOSSES[term.name]] if term.name in OF_LOSSES else []
    return explanation(*keys, *(["nats"] if term.unit.startswith("nats") else []))
