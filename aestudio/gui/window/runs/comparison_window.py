"""The window that compares two to eight kept runs: curves on one axis, settings that differ, metrics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QMenu, QSplitter, QTabWidget, QWidget

from aestudio.errors import StudioError
from aestudio.gui.controllers.compared_runs_controller import MEASURE
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, keep_length
from aestudio.gui.views.shared.kept_choice import keep_choice, keep_switch
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.comparison_table import ComparisonTable
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.flow_layout import FlowLayout
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import aligned, boxed, column, fill, label, row
from aestudio.gui.widgets.menus import open_once
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.widgets.save_dialog import open_save_dialog
from aestudio.gui.window.runs.comparison_images import ComparisonImages
from aestudio.gui.window.runs.kept_curves import curves_of, key_of, marks_of, title_of
from aestudio.gui.window.runs.kept_lines import result_lines, setting_lines
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.plots.figure import Figure
    from aestudio.gui.state.compared_runs import ComparedRuns
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import ColourRole
    from aestudio.runs.compared_curves import ComparedCurve
    from aestudio.runs.index import KeptRun

_SIZE, _AROUND = QSize(1360, 900), 24
_LONGEST_NAME = 26  # characters beside the plot; all of it is in the table
_LONGEST_IN_FIGURE = 80
_SMOOTHING = 0.01  # of the axis, of curves that are measured at every few steps
_TONES: dict[str, ColourRole] = {"good": "good", "warn": "warn", "bad": "bad", "plain": "muted"}


class ComparisonWindow(QDialog):
    """It stays open beside a training, and shows the runs as they were when it was opened."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        from aestudio.gui.plots.curve_plot import CurvePlot

        self.setWindowTitle(self.tr("Comparison of runs"))
        self._session, self._owner = session, parent
        self._shown, self._message_shown = Shown(), session.state.message
        self.plot = CurvePlot()
        self.plot.setAccessibleName(self.tr("Curves of the compared runs"))
        self.term = ChoiceBox(self.tr("Curve"), self.tr("Terms of the losses, each with its unit"))
        self.term.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.axis = ChoiceBox(
            self.tr("Axis"),
            self.tr("What the curves are drawn over: runs of other batch sizes see other numbers of images"),
            (("step", self.tr("Steps")), ("epoch", self.tr("Epochs")), ("images", self.tr("Images"))),
        )
        self.logarithmic = QCheckBox(self.tr("Logarithmic"))
        self.clipping = QCheckBox(self.tr("Clip outliers"))
        self.clipping.setToolTip(
            self.tr("The range leaves out what is far from all else, and marks it at the edge; in all plots")
        )
        self.missing = label("", "warn")
        self.missing.setWordWrap(True)
        self.every = QCheckBox(self.tr("All settings"))
        self.every.setToolTip(self.tr("Show those, too, that all runs have alike; what differs stands out"))
        self.results = ComparisonTable(self.tr("Results of the compared runs"))
        self.settings = ComparisonTable(self.tr("Settings of the compared runs"))
        self.images = ComparisonImages()
        self.pages = QTabWidget()
        self.message = ElidedLabel(muted=True)
        self._make_buttons()
        self._lay_out()
        for box in (self.term, self.axis):
            box.chosen.connect(self._draw)
        self.logarithmic.toggled.connect(self.plot.set_logarithmic)
        keep_choice(self.axis, "comparison.axis")
        keep_switch(self.logarithmic, "comparison.logarithmic")
        keep_switch(self.every, "comparison.all_settings")
        self.clipping.clicked.connect(lambda on: session.update(clip_outliers=on))
        self.every.toggled.connect(self._fill_tables)
        session.changed.connect(self._refresh)

    def _make_buttons(self) -> None:
        self.measure_button = TextButton(
            "check",
            self.tr("Measure"),
            tip=self.tr(
                "Errors, similarity, ELBO and active dimensions on every test image, with intervals of 95 %"
            ),
        )
        self.export_button = TextButton(
            "export", self.tr("Export"), tip=self.tr("The curves as a figure, or everything as tables")
        )
        for button in (self.measure_button, self.export_button):
            button.setAutoDefault(False)
        self.measure_button.clicked.connect(self._measure)
        self.export_button.clicked.connect(self._open_export_menu)

    def _lay_out(self) -> None:
        choices = QWidget()  # in two lines where the type is large
        flow = FlowLayout(choices, gap=current_theme().px(8))
        for part in (self.term, self.axis, self.logarithmic, self.clipping):
            flow.addWidget(part)
            keep_length(part, lambda part, _: part.setMinimumHeight(self.export_button.sizeHint().height()))
        above = column(
            row(fill(choices), aligned(self.export_button, Qt.AlignmentFlag.AlignTop)),
            self.missing,
            fill(self.plot),
            gap=8,
        )
        for page, title in (
            (self.results, self.tr("Results")),
            (self.settings, self.tr("Settings")),
            (self.images, self.tr("Images")),
        ):
            self.pages.addTab(page, title)
        corner = boxed(row(self.every, self.measure_button))
        self.pages.setCornerWidget(corner)
        self.pages.currentChanged.connect(self._show_page)
        self._show_page()
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setProperty("role", "gap")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(boxed(above))
        splitter.addWidget(self.pages)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        column(fill(splitter), self.message, gap=8, margins=12, on=self)
        self.plot.setMinimumHeight(160)
        self.pages.setMinimumHeight(160)

    # ---- opening and closing ----------------------------------------------------------------------

    def compare(self, runs: tuple[KeptRun, ...]) -> None:
        """Show the window with these runs."""
        size = _SIZE.boundedTo(self._owner.window().size() - QSize(_AROUND, _AROUND))
        opened = not self.isVisible()
        if opened:
            self.resize(size)
        self._message_shown = self._session.state.message
        self._session.compared_runs.compare(runs)
        self.show()
        if opened:
            self.resize(size)  # again: its parts have the present type only once shown
        self.raise_()
        self.activateWindow()
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._session.compared_runs.forget()

    # ---- what it shows ----------------------------------------------------------------------------

    @property
    def _compared(self) -> ComparedRuns | None:
        return self._session.state.run_list.compared

    def _refresh(self) -> None:
        if self.isVisible():
            self.show_state(self._session.state)

    def show_state(self, state: StudioState) -> None:
        """Show what was read, and how far measuring is."""
        progress = state.tasks.get(MEASURE)
        message = state.message
        told = "" if message is self._message_shown else message.text
        if progress is not None:
            told = progress[2] or self.tr("Measuring ...")
        self.message.set_text(told)
        self.message.set_colour("muted" if progress is not None else _TONES[message.tone])
        self.measure_button.setText(self.tr("Cancel") if progress is not None else self.tr("Measure"))
        compared = state.run_list.compared
        self.measure_button.setEnabled(compared is not None)
        self.export_button.setEnabled(compared is not None)
        self._show_images()
        self.plot.set_clipping(state.clip_outliers)
        self.clipping.setChecked(state.clip_outliers)
        if compared is None or not self._shown.differs(compared.rows, compared.metrics):
            return
        self.setWindowTitle(self.tr("Comparison of {} runs").format(len(compared.rows)))
        curves = compared.curves[self.axis.value]
        self.term.set_entries([(key_of(curve), title_of(curve)) for curve in curves])
        if curves:  # first what most of them have
            self.term.show_value(key_of(max(curves, key=lambda curve: sum(curve.runs))))
        self._draw()
        self._fill_tables()

    def _show_page(self) -> None:
        """Offer what belongs to the page in front."""
        self.every.setVisible(self.pages.currentWidget() is self.settings)
        self.measure_button.setVisible(self.pages.currentWidget() is self.results)
        self._show_images()

    def _show_images(self) -> None:
        """Ask for the images when their page is in front, and show them."""
        compared, state = self._compared, self._session.state
        if compared is None or self.pages.currentWidget() is not self.images:
            return
        if compared.images is not None:
            self.images.show_images(compared.images, compared.labels, state.ink_on_paper)
        elif compared.no_images:
            self.images.show_text(compared.no_images)
        elif not state.loaded_image_sets:
            self.images.show_text(self.tr("No images are loaded: choose a data set in the window."))
        else:
            self.images.show_text(self.tr("Reconstructing ..."))
            self._session.after_showing(self._session.compared_runs.show_images)

    def _fill_tables(self) -> None:
        compared = self._compared
        if compared is not None:
            self.results.show_lines(compared.labels, result_lines(compared))
            self.settings.show_lines(compared.labels, setting_lines(compared, every=self.every.isChecked()))

    def _chosen(self) -> ComparedCurve | None:
        compared = self._compared
        curves = () if compared is None else compared.curves[self.axis.value]
        return next((curve for curve in curves if key_of(curve) == self.term.value), None)

    def _draw(self) -> None:
        compared, chosen = self._compared, self._chosen()
        if compared is None:
            return
        if chosen is None:
            self.plot.set_curves(())
            self.plot.set_changes(())
            self.plot.set_empty_text(self.tr("None of these runs has kept any points."))
            self.missing.setVisible(False)
            return
        curves = curves_of(chosen, compared.labels, _LONGEST_NAME)
        extent = float(chosen.x[-1] - chosen.x[0]) if len(chosen.x) else 0.0
        self.plot.set_smoothing(_SMOOTHING * extent if chosen.split == "training" else 0.0)
        self.plot.set_axis_titles(self.axis.currentText(), title_of(chosen))
        self.plot.set_empty_text("" if curves else self.tr("None of these runs has kept any points."))
        self.plot.set_curves(curves)
        self.plot.set_changes(marks_of(compared, chosen, _LONGEST_NAME))
        absent = [name for name, has in zip(compared.labels, chosen.runs, strict=True) if not has]
        without = self.tr("Without this curve, or in another unit: {}").format(
            ", ".join(one_line(name) for name in absent)
        )
        self.missing.setText(without if absent else "")
        self.missing.setVisible(bool(absent))

    # ---- what the user does -----------------------------------------------------------------------

    def _measure(self) -> None:
        if MEASURE in self._session.state.tasks:
            self._session.compared_runs.cancel()
        else:
            self._session.compared_runs.measure()

    def _open_export_menu(self) -> None:
        menu = QMenu(self)
        for suffix, text in (
            ("pdf", self.tr("Curves as PDF ...")),
            ("svg", self.tr("Curves as SVG ...")),
            ("png", self.tr("Curves as PNG ...")),
        ):
            action = menu.addAction(text, lambda suffix=suffix: self._ask_figure(suffix))
            action.setEnabled(self.figure() is not None)
        menu.addSeparator()
        for suffix, text in (
            ("pdf", self.tr("Images as PDF ...")),
            ("svg", self.tr("Images as SVG ...")),
            ("png", self.tr("Images as PNG ...")),
        ):
            action = menu.addAction(text, lambda suffix=suffix: self._ask_images(suffix))
            action.setEnabled(self.images.sheet() is not None)
            action.setToolTip("" if action.isEnabled() else self.tr("Look at the page of images first."))
        menu.setToolTipsVisible(True)
        menu.addSeparator()
        menu.addAction(self.tr("Everything as CSV ..."), self._ask_folder)
        open_once(menu, self.export_button.mapToGlobal(self.export_button.rect().bottomLeft()))

    def figure(self) -> Figure | None:
        """The chosen curves as a figure for a paper; None without any."""
        from aestudio.gui.plots.figure import Figure

        chosen, compared = self._chosen(), self._compared
        if chosen is None or compared is None:
            return None
        curves = curves_of(chosen, compared.labels, _LONGEST_IN_FIGURE)
        if not curves:
            return None
        marks = marks_of(compared, chosen, _LONGEST_IN_FIGURE)
        return Figure(curves, self.axis.currentText(), title_of(chosen), marks=marks)

    def _ask_figure(self, suffix: str) -> None:
        open_save_dialog(
            self, self.tr("Save the curves"), self.tr("Figure"), f"curves.{suffix}", self.write_figure
        )

    def write_figure(self, path: Path) -> None:
        """Write the curves; a problem is shown."""
        from aestudio.gui.plots.figure_of_curves import figure_data

        figure = self.figure()
        if figure is not None:
            self._write(path, lambda suffix: figure_data(suffix, figure), self.tr("Wrote the curves to {}."))

    def _ask_images(self, suffix: str) -> None:
        title, kind, name = self.tr("Save the images"), self.tr("Figure"), f"images.{suffix}"
        open_save_dialog(self, title, kind, name, self.write_images)

    def write_images(self, path: Path) -> None:
        """Write reconstructions and samples of all runs; a problem is shown."""
        from aestudio.gui.plots.figure_of_images import images_data

        sheet = self.images.sheet()
        if sheet is not None:
            self._write(path, lambda suffix: images_data(suffix, sheet), self.tr("Wrote the images to {}."))

    def _write(self, path: Path, data: Callable[[str], bytes], said: str) -> None:
        try:
            content = data(path.suffix.lower().removeprefix("."))
            with new_file(path) as file:
                file.write(content)
        except StudioError as problem:
            self._session.show_message(str(problem), "bad")
        else:
            self._session.show_message(said.format(path), "good")

    def _ask_folder(self) -> None:
        dialog = QFileDialog(
            self, self.tr("A folder for settings.csv, curves.csv, collapses.csv and metrics.csv")
        )
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self._session.compared_runs.write_tables(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
