"""The compared runs as columns side by side, with what links them above and their curves below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.inference.requests.comparison_request import ComparedImage, ComparedMaps
from aestudio.gui.state.capabilities import no_codes
from aestudio.gui.state.condition_state import compared_condition
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.compare.column import GAP, SMALLEST, ComparisonColumn
from aestudio.gui.views.compare.results import at_cursor, current_result, problem_of
from aestudio.gui.views.compare.sentences import link_sentence, only_generators
from aestudio.gui.views.shared.condition_chooser import ConditionChooser
from aestudio.gui.views.shared.condition_text import told_text
from aestudio.gui.views.shared.image_offer import image_offer, point_offer
from aestudio.gui.views.shared.tile_scales import least_side
from aestudio.gui.views.shared.visible_height import GivenSizeWatch, given_size
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, labelled, row
from aestudio.gui.widgets.number_box import WholeBox
from aestudio.gui.widgets.offer import Offer

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QResizeEvent

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.gui.state.studio_state import StudioState


_SMALL = 24  # logical pixels of the longer side of the small original, at least
_LOW, _WIDE = 560, 300  # logical pixels: of a low view, of a column with images beside its map


class ComparisonBoard(QWidget):
    """One column per run.

    image_chosen(index), image_hovered(index): a test image, by its index; -1 for none
    code_moved(code):                          float32 (L,), while the user drags the cursor of a map
    any_image_wanted():                        a random image
    same_axes_wanted(bool):                    one common plane for all maps, or one each
    run_wanted(number):                        open this run in the window
    condition_wanted(row):                     what all conditional runs decode with; None: that of the image
    """

    image_chosen = Signal(int)
    image_hovered = Signal(int)
    code_moved = Signal(object)
    any_image_wanted = Signal()
    same_axes_wanted = Signal(bool)
    run_wanted = Signal(int)
    condition_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from aestudio.gui.views.compare.comparison_curves import ComparisonCurves
        from aestudio.gui.views.compare.metrics_of_runs import MetricsTable

        self.columns: list[ComparisonColumn] = []
        self.metrics = MetricsTable()
        self.curves = ComparisonCurves(self.metrics)
        self.index = WholeBox()
        self.index.setAccessibleName(self.tr("Test image"))
        self.index.setToolTip(self.tr("The test image that all compared runs encode"))
        self.index.valueChanged.connect(self.image_chosen)
        self.any_image = IconButton("dice", self.tr("Random image"))
        self.any_image.clicked.connect(self.any_image_wanted)
        self.same_axes = QCheckBox(self.tr("Same axes"))
        self.same_axes.setToolTip(
            self.tr("Maps of codes of equal length share one plane and one range; otherwise each has its own")
        )
        self.same_axes.clicked.connect(self.same_axes_wanted)
        self.original = ImageView(smallest=_SMALL)
        self._shape = MNIST.image
        self._fix_original()
        self.original.set_hint("")
        self.original.setAccessibleName(self.tr("The image that all compared runs encode"))
        self.original.setToolTip(self.original.accessibleName())
        self.original.describe = lambda _: self._describe_selected("")
        self.original.hide()
        self.condition = ConditionChooser()
        self.condition.condition_chosen.connect(self.condition_wanted)
        self.note = ElidedLabel(muted=True)
        self.note.set_mode(Qt.TextElideMode.ElideRight)
        self._state: StudioState | None = None
        self._presented = False
        self._image_shown = Shown()
        self._lay_out()
        self._size_watch = GivenSizeWatch(self)
        self._size_watch.changed.connect(self._fit_columns)

    def _set_image_shape(self, shape: ImageShape) -> None:
        if shape != self._shape:
            self._shape = shape
            self._fix_original()
            for run_column in self.columns:
                run_column.set_image_shape(shape)
            self._fit_columns()

    def _fix_original(self) -> None:
        """Give the small original the size of its pixels, or a multiple of it if that is very small."""
        scale = max(1, -(-_SMALL // max(self._shape.height, self._shape.width)))
        self.original.setFixedSize(scale * self._shape.width, scale * self._shape.height)

    def _lay_out(self) -> None:
        index = labelled(self.tr("Test image"), self.index)
        self._side_by_side = row()
        column(
            row(index, self.any_image, self.original, self.same_axes, fill(self.note)),
            self.condition,
            fill(self._side_by_side, 7),
            fill(self.curves, 3),
            on=self,
        )

    def _make_columns(self, count: int) -> None:
        from aestudio.gui.views.compare.linked_map import link_views

        for old in self.columns:
            self._side_by_side.removeWidget(old)
            old.hide()
            old.map.plot.close()
            old.deleteLater()
        self.columns = [ComparisonColumn(number) for number in range(count)]
        for number, run_column in enumerate(self.columns):
            self._side_by_side.addWidget(run_column, 1)
            run_column.set_image_shape(self._shape)
            run_column.set_presented(self._presented)
            run_column.map.describe = self._describe_point
            run_column.original.describe = lambda _: self._describe_selected("")
            run_column.reconstruction.describe = lambda _: self._describe_selected(self.tr("Reconstruction"))
            run_column.opened.connect(lambda n=number: self.run_wanted.emit(n))
            run_column.map.point_hovered.connect(self.image_hovered)
            run_column.map.point_selected.connect(self.image_chosen)
            run_column.map.cursor_moved.connect(lambda x, y, n=number: self._move_cursor(n, x, y))
        link_views([run_column.map for run_column in self.columns])
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Show three images in each column, or two if it is narrow, and the original above the columns.

        In a low window the two are beside the map, if the columns are wide enough.
        """
        count = max(1, len(self.columns))
        gaps = (count - 1) * self._side_by_side.spacing()
        least = current_theme().px(3 * least_side(self._shape.array, SMALLEST) + 2 * GAP)
        width = (self.width() - gaps) / count
        low = given_size(self).height() < current_theme().px(_LOW)
        beside = low and width >= current_theme().px(_WIDE) and not self._presented
        narrow = beside or width < least
        self.original.setVisible(narrow)
        for run_column in self.columns:
            run_column.set_images_beside_map(beside)
            run_column.set_narrow(narrow)
        self.curves.set_low(beside)

    def set_presented(self, presented: bool) -> None:
        """Show an audience larger images and maps, without the curves."""
        if presented != self._presented:
            self._presented = presented
            self.curves.setVisible(not presented)
            for run_column in self.columns:
                run_column.set_presented(presented)
            self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _describe_point(self, number: int) -> Offer:
        """What the context menu offers of the image of a point."""
        return Offer() if self._state is None else point_offer(self._state, number)

    def _describe_selected(self, made: str) -> Offer:
        """The same of the image that all runs encode, or of what was made of it."""
        state = self._state
        return Offer() if state is None else image_offer(state, state.selected, made=made)

    # ---- input ------------------------------------------------------------------------------------

    def _move_cursor(self, number: int, x: float, y: float) -> None:
        base = self._code_of(number)
        code = None if base is None else self.columns[number].map.code_at(x, y, base)
        if code is not None:
            self.code_moved.emit(code)

    def _code_of(self, number: int) -> NDArray[np.float32] | None:
        """The code (L,) of one run: the code at the cursor if its length fits, else the image's code."""
        state = self._state
        if state is None or number >= len(state.comparison.runs):
            return None
        size = state.comparison.runs[number].code_length
        cursor = state.comparison.code
        if cursor is not None and len(cursor) == size:
            return cursor
        inspected = state.value(ComparedImage.channel)
        code = inspected[number].code if inspected is not None and number < len(inspected) else None
        return code if code is not None and len(code) == size else np.zeros(size, np.float32)

    # ---- display ----------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show every run, the image, the code at the cursor, and the curves."""
        self._state = state
        runs = state.comparison.runs
        if len(self.columns) != len(runs):
            self._make_columns(len(runs))
            self._image_shown.forget()
        self._show_bar(state)
        result, problem = current_result(state, ComparedMaps.channel), problem_of(state)
        self.curves.record_errors(result)
        self.curves.show_state(state)
        self.metrics.show_state(state)
        self._show_images(state)
        maps = None if result is None else result.value
        training_steps = [
            compared_run.snapshot.step
            for compared_run in runs
            if compared_run.snapshot and compared_run.ended is None
        ]
        for number, (run_column, compared_run) in enumerate(zip(self.columns, runs, strict=True)):
            can_open = not state.comparison.active and bool(compared_run.run)
            run_column.show_run(compared_run, min(training_steps, default=0), can_open)
            compared_map = None if maps is None else maps[number]
            run_column.show_map(compared_map, no_codes(compared_run.snapshot), problem)
            run_column.map.point_at(state.comparison.code, state.selected)
            run_column.map.mark(state.hovered if state.hovered >= 0 else state.selected)
            run_column.show_steps(state)

    def _show_bar(self, state: StudioState) -> None:
        images = next(iter(state.compared_image_sets), None)
        if images is not None:
            self._set_image_shape(images.image_shape)
        self.index.show_value(state.selected, 0, max(0, len(images) - 1) if images is not None else 0)
        self.same_axes.setChecked(state.comparison.same_axes)
        generators = only_generators(state.comparison.runs)
        self.any_image.setToolTip(self.tr("Random code") if generators else self.tr("Random image"))
        told = compared_condition(state)
        self.condition.show_condition(told)
        decoded = told_text(told, told.row) if told.chosen else ""
        sentence = link_sentence(state.comparison.runs, state.comparison.code is not None, decoded)
        self.note.set_text(problem_of(state) or sentence)

    def _show_images(self, state: StudioState) -> None:
        image = current_result(state, ComparedImage.channel)
        inspected, ink = None if image is None else image.value, state.ink_on_paper
        if self._image_shown.differs(inspected, ink):
            self.original.set_image(None if inspected is None else as_shown(inspected[0].original, ink))
        for number, run_column in enumerate(self.columns):
            run_column.show_image(None if inspected is None else inspected[number], ink)
            run_column.show_at_cursor(at_cursor(state, number), ink)
