"""A sheet of traversals: one row of decoded images for each axis, the most informative first.

A panel and not a window: it follows the sliders, the class and the step as the other panels do, and clicking
an image moves the sliders, so that all of it is on one screen. For papers the sheet becomes a file, with
every row, as other programs (disentanglement_lib, disentangling-vae) write theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from aestudio.analysis.traversal_sheet import COLUMNS
from aestudio.gui.inference.requests.sliders_request import SlidersRequest
from aestudio.gui.inference.requests.traversals_request import SheetRows
from aestudio.gui.state.capabilities import no_axis_names, no_traversals
from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.latent.traversals.sheet_content import (
    order_help,
    order_text,
    sheet_rows,
    value_texts,
)
from aestudio.gui.views.latent.traversals.sheet_export import TASK, SheetToWrite, export_sheet
from aestudio.gui.views.latent.traversals.sheet_view import SheetView
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import shown_text
from aestudio.gui.views.shared.empty_reason import misfit, no_meaning
from aestudio.gui.views.shared.kept_choice import keep_choice
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.widgets.menus import open_once
from aestudio.gui.widgets.save_dialog import open_save_dialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.analysis.traversal_sheet import TraversalSheet
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import Result, StudioState
    from aestudio.gui.views.shared.empty_reason import Reason

_SAME_PLACE = 1e-4  # of a code, in its own units


class TraversalsPanel(Panel):
    """Only the rows that fit are decoded; wheel and keys go to the others."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._first = 0
        self._clicked: tuple[int, int] | None = None  # axis and column
        self._base: tuple[object, int, tuple[float, ...]] | None = None
        self._result: Result | None = None
        self._shown = Shown()
        self.columns_box = ChoiceBox(
            self.tr("Images in each row"),
            self.tr("Images in each row; Auto takes as many as stay crisp"),
            ((0, self.tr("Auto")), *((count, str(count)) for count in COLUMNS)),
            characters=4,
        )
        self.around_box = ChoiceBox(
            self.tr("Around which code"),
            self.tr("The code whose other numbers every image keeps"),
            (("code", self.tr("Around code")), ("mean", self.tr("Around mean"))),
        )
        keep_choice(self.columns_box, "traversals.columns")
        keep_choice(self.around_box, "traversals.around")
        self.back = IconButton("chevron-up", self.tr("The rows before (Page Up)"), side=16)
        self.on = IconButton("chevron-down", self.tr("The rows after (Page Down)"), side=16)
        self.export = IconButton("export", self.tr("Write the sheet as PNG or GIF ..."))
        self.view = SheetView()
        self.mark = ChannelMark(self.view, SheetRows.channel, of_point=True)
        buttons = row(self.back, self.on, self.export, gap=2)
        column(
            row(self.around_box, self.columns_box, fill(), buttons, gap=4), fill(self.view), gap=4, on=self
        )
        self._connect()

    def _connect(self) -> None:
        self.columns_box.chosen.connect(self.refresh)
        self.around_box.chosen.connect(self.refresh)
        self.back.clicked.connect(lambda: self.turn(-1))
        self.on.clicked.connect(lambda: self.turn(1))
        self.view.paged.connect(self.turn)
        self.view.resized.connect(self._resized)
        self.view.chosen.connect(self._choose)
        self.export.clicked.connect(self._export_pressed)

    def reason(self, state: StudioState) -> Reason | None:
        return no_meaning(no_traversals(state.snapshot))

    # ---- requests -------------------------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """Images in each row."""
        return self.columns_box.value or self.view.fitting_columns

    def requests(self, state: StudioState) -> list[SheetRows]:
        """The rows that fit, of the snapshot by whose codes they are sorted."""
        snapshot = state.snapshot
        if snapshot is None:
            return []
        columns, told = self.columns, shown_condition(state)
        first, count = self._first, self.view.fitting_rows(columns)
        if no_axis_names(snapshot):  # images have no codes
            around = self._around(state, snapshot)
            if around is None and self.around_box.value == "code":
                return []
            return [SheetRows(snapshot, None, None, "dimensions", around, told, columns, first, count)]
        result = state.results.get(SlidersRequest.channel)
        if result is None or result.value is None:
            return []
        sources, basis = result.request, state.workspace.sliders.basis
        if result.value.dimensions.axes.size != snapshot.architecture.latent.size:
            return []  # of the model before
        around = self._around(state, result)
        if around is None and self.around_box.value == "code":
            return []
        return [
            SheetRows(sources.snapshot, sources, result.value, basis, around, told, columns, first, count)
        ]

    def _around(self, state: StudioState, of: object) -> tuple[float, ...] | None:
        """The shown code; None for the mean, or while there is no code of this model.

        While the code follows its image it changes with each training step; the sheet changes with `of`.
        """
        code = state.exploration.decoded_code
        size = 0 if state.snapshot is None else state.snapshot.architecture.latent.size
        if self.around_box.value == "mean" or code is None or len(code) != size:
            return None
        follows = state.step_advances and not state.exploration.set_by_user
        if follows and self._base is not None and self._base[:2] == (of, state.selected):
            return self._base[2]
        base = tuple(np.round(code.astype(np.float64), 4).tolist())
        self._base = (of, state.selected, base)
        return base

    # ---- display --------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        """Show the newest rows, and where the code is in each."""
        shape = shown_shape(state)
        self.view.set_shape(shape)
        result = state.results.get(SheetRows.channel)
        sheet = None if result is None else result.value
        self._result = result if sheet is not None else None
        self.mark.show_state(state, visible=sheet is not None)
        self._show_export(state)
        names, code = state.value("axis names"), state.exploration.decoded_code
        problem = None if result is None else result.problem
        if not self._shown.differs(
            sheet, names, code, state.ink_on_paper, str(problem or ""), state.snapshot
        ):
            return
        if sheet is None or result is None:
            hint = self._pending_text(state) if problem is None else str(problem)
            self.view.set_sheet(None, hint=hint)
            self._show_page(0, 0, 0)
            return
        request = result.request
        rows = sheet_rows(sheet, request.basis, state, code)
        self.view.set_sheet(as_shown(sheet.images, state.ink_on_paper), rows, value_texts(sheet))
        self.view.set_selected(self._selected(sheet, code))
        first = int(np.flatnonzero(sheet.ranked.order == sheet.numbers[0])[0])
        if request.first == self._first:  # not while another page is on its way
            self._first = first
        pages = self._show_page(first, len(rows), len(sheet.ranked))
        told = shown_text(state, request.condition)
        count = None if request.statistics is None else request.statistics.count
        corner = ", ".join(text for text in (order_text(sheet.ranked), told, pages) if text)
        self.view.set_corner(corner, f"{corner}\n{order_help(sheet.ranked, count)}")

    def _pending_text(self, state: StudioState) -> str:
        if state.snapshot is None:
            return self.tr("The sheet appears as soon as there is a model.")
        if not no_axis_names(state.snapshot) and not state.image_sets and state.shipped_codes is None:
            return misfit(state) or self.tr("The sheet appears as soon as images are loaded.")
        return self.tr("The sheet is being decoded ...")

    def _show_page(self, first: int, shown: int, total: int) -> str:
        """Offer the other rows; returns which of how many are shown, "" if all are."""
        for button, possible in ((self.back, first > 0), (self.on, first + shown < total)):
            button.setVisible(shown < total)
            button.setEnabled(possible)
        text = self.tr("{}–{} of {}").format(first + 1, first + shown, total)
        return text if shown < total else ""

    def _selected(self, sheet: TraversalSheet, code: np.ndarray | None) -> tuple[int, int] | None:
        """The image that was clicked last, while its code is the shown one."""
        if self._clicked is None or code is None or self._clicked[0] not in sheet.numbers:
            return None
        cell = int(np.flatnonzero(sheet.numbers == self._clicked[0])[0]), self._clicked[1]
        if cell[1] >= sheet.codes.shape[1] or len(code) != sheet.codes.shape[2]:
            return None
        near = float(np.abs(sheet.codes[cell] - code).max()) < _SAME_PLACE
        return cell if near else None

    def _show_export(self, state: StudioState) -> None:
        writing = TASK in state.tasks
        tip = self.tr("Cancel the export") if writing else self.tr("Write the sheet as PNG or GIF ...")
        self.export.set_icon("close" if writing else "export", tip)
        self.export.setEnabled(writing or self._result is not None)

    # ---- input ----------------------------------------------------------------------------------------

    def turn(self, pages: int) -> None:
        """Show the rows of other axes: forward by this number of pages."""
        sheet = None if self._result is None else self._result.value
        if sheet is None:
            return
        shown = len(sheet.numbers)
        last = max(0, len(sheet.ranked) - shown)
        first = max(0, min(last, self._first + pages * shown))
        if first != self._first:
            self._first = first
            self.refresh()

    def _resized(self) -> None:
        if self.isVisible():
            self.refresh()

    def _choose(self, row_index: int, column_index: int) -> None:
        sheet = None if self._result is None else self._result.value
        if sheet is None or self._result is None or row_index >= len(sheet.numbers):
            return
        self._clicked = int(sheet.numbers[row_index]), column_index
        code = sheet.codes[row_index, column_index]
        self.session.explore.move_decoded_code_to(code, self._result.request.condition)

    # ---- export ---------------------------------------------------------------------------------------

    def _export_pressed(self) -> None:
        if TASK in self.session.state.tasks:
            self.session.tasks.cancel(TASK)
            return
        menu = QMenu(self)
        menu.addAction(self.tr("Sheet as PNG ..."), lambda: self.ask_path("png"))
        menu.addAction(self.tr("Animation as GIF ..."), lambda: self.ask_path("gif"))
        open_once(menu, self.export.mapToGlobal(QPoint(0, self.export.height())))

    def ask_path(self, kind: str) -> None:
        """Write the whole sheet as "png" or "gif", once a path is chosen."""
        kinds = {"png": self.tr("Picture"), "gif": self.tr("Animation")}
        title = self.tr("Export the sheet of traversals")
        open_save_dialog(self.window(), title, kinds[kind], f"traversals.{kind}", self.write)

    def write(self, path: object) -> None:
        """Write the whole sheet to this path, as it is shown now."""
        result = self._result
        if result is None:
            self.session.show_message(self.tr("There is no sheet of traversals to write yet."), "warn")
            return
        request, ranked = result.request, result.value.ranked
        around = ranked.neutral if request.around is None else np.asarray(request.around, np.float32)
        export_sheet(self.session, SheetToWrite(request, ranked, around), path)  # type: ignore[arg-type]
