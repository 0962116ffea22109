"""The results of a sweep: table, parallel coordinates, heat map, curves and importance, one selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from aestudio.gui.plots.bars import ShareBars
from aestudio.gui.plots.nice_ticks import nice_ticks
from aestudio.gui.plots.numbers import tick_numbers
from aestudio.gui.plots.parallel_plot import ParallelPlot
from aestudio.gui.plots.setting_curves import SettingCurves
from aestudio.gui.plots.setting_heat_map import HeatMapPlot
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import boxed, column, fill, label, labelled, row
from aestudio.gui.window.sweeps.candidate_table import CandidateTable
from aestudio.sweeps.setting_axes import SettingAxis

if TYPE_CHECKING:
    from aestudio.sweeps.sweep_results import Candidate
    from aestudio.sweeps.sweep_summary import SettingHeatMap, SweepSummary


class KeptBar(QWidget):
    """How many candidates the brushes keep, and a button that takes the brushes away."""

    def __init__(self) -> None:
        super().__init__()
        self.count = label("")
        tip = self.tr("Takes the brushes of the parallel coordinates away")
        self.show_all = TextButton("close", self.tr("Show all"), tip=tip, role="quiet")
        self.show_all.setAutoDefault(False)
        row(self.count, fill(), self.show_all, on=self)

    def show_count(self, kept: int | None, count: int) -> None:
        """Show how many of the measured candidates are kept; None without a brush."""
        all_of_them = self.tr("{} candidates with a score").format(count)
        some = self.tr("{} of {} candidates with a score")
        self.count.setText(all_of_them if kept is None else some.format(kept, count))
        self.show_all.setEnabled(kept is not None)


class ResultPages(QWidget):
    """chosen(): another candidate is selected"""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary: SweepSummary | None = None
        self._metric = ""
        self._selected: int | None = None
        self.table = CandidateTable()
        self.parallel = ParallelPlot()
        self.heat_map = HeatMapPlot()
        self.curves = SettingCurves()
        self.importance = ShareBars()
        self.importance.setAccessibleName(self.tr("Importance of the settings"))
        self.pair = ChoiceBox(self.tr("Settings"), self.tr("The two settings of the heat map"))
        self.kept_bars = KeptBar(), KeptBar()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._lay_out()
        self.table.chosen.connect(self._choose)
        self.parallel.chosen.connect(self._choose)
        self.parallel.brushed.connect(self._brush)
        for bar in self.kept_bars:
            bar.show_all.clicked.connect(self.parallel.clear_brushes)
        self.heat_map.chosen.connect(self._choose_cell)
        self.pair.chosen.connect(lambda _: self._show_map())
        self._show_kept()

    def _lay_out(self) -> None:
        self.explanation = label(
            self.tr(
                "How much of the metric's variance each setting alone explains; what is missing to 100 % is "
                "their interplay, and chance."
            )
        )
        self.explanation.setWordWrap(True)
        pages: tuple[tuple[QWidget, str], ...] = (
            (self._kept_page(0, self.table), self.tr("Table")),
            (self._kept_page(1, self.parallel), self.tr("Parallel coordinates")),
            (
                boxed(
                    column(
                        row(labelled(self.tr("Settings"), self.pair), fill()),
                        fill(self.heat_map),
                        margins=(0, 8, 0, 0),
                    )
                ),
                self.tr("Heat map"),
            ),
            (boxed(column(fill(self.curves), margins=(0, 8, 0, 0))), self.tr("Curves")),
            (
                boxed(column(self.explanation, self.importance, fill(), gap=12, margins=(0, 12, 0, 0))),
                self.tr("Importance"),
            ),
        )
        for page, title in pages:
            self.tabs.addTab(page, title)
        column(fill(self.tabs), on=self)

    def _kept_page(self, number: int, part: QWidget) -> QWidget:
        return boxed(column(fill(part), self.kept_bars[number], gap=4, margins=(0, 8, 0, 0)))

    # ---- content ----------------------------------------------------------------------------------

    @property
    def selected(self) -> Candidate | None:
        """The selected candidate; the best one until the user selects another."""
        summary = self._summary
        if summary is None:
            return None
        if self._selected is not None and self._selected < len(summary.results.candidates):
            return summary.results.candidates[self._selected]
        return summary.results.best

    def show_summary(self, summary: SweepSummary | None, metric: str, *, other: bool) -> None:
        """Show these results. metric: its title; other: whether they are of another sweep than before"""
        if other:
            self._selected = None
            self.parallel.clear_brushes()
        self._summary, self._metric = summary, metric
        waits = (
            self.tr("Reading the results ...")
            if summary is None
            else self.tr("Nothing has been measured yet: the first runs are under way, or wait.")
        )
        for chart in (self.parallel, self.heat_map, self.curves, self.importance):
            chart.set_empty_text(waits)
        higher = summary is not None and summary.results.higher
        axes = () if summary is None else (*summary.axes, _metric_axis(summary, metric))
        lines = () if summary is None else summary.lines
        self.parallel.show_lines(axes, lines, higher=higher)
        self.curves.show_curves(() if summary is None else summary.curves, metric)
        if summary is not None:
            complete = sum(one.complete for one in summary.results.candidates)
            needs = self.tr("The importance needs two candidates with all of their runs.")
            self.importance.set_empty_text(needs if complete < 2 else self.tr("Being computed ..."))
        shares = () if summary is None else summary.importances
        self.importance.set_shares(tuple((one.title, one.share) for one in shares))
        self._show_pairs()
        self._show_kept()
        self._show_selection()

    def _show_pairs(self) -> None:
        maps = () if self._summary is None else self._summary.heat_maps
        both = self.tr("{} and {}")
        titles = [(number, both.format(one.across.title, one.down.title)) for number, one in enumerate(maps)]
        self.pair.set_entries(titles)
        self.pair.setEnabled(len(titles) > 1)
        if self._summary is not None and not titles:
            self.heat_map.set_empty_text(self.tr("A heat map needs two settings that vary."))
        self._show_map()

    def _map(self) -> SettingHeatMap | None:
        maps: tuple[SettingHeatMap, ...] = () if self._summary is None else self._summary.heat_maps
        number: int | None = self.pair.value
        shown = maps[number] if number is not None and number < len(maps) else None
        return shown if shown is not None and any(map(any, shown.counts)) else None

    def _show_map(self) -> None:
        higher = self._summary is not None and self._summary.results.higher
        self.heat_map.show_map(self._map(), self._metric, higher=higher)

    def _show_kept(self) -> None:
        kept = self.parallel.kept
        count = 0 if self._summary is None else len(self._summary.lines)
        for bar in self.kept_bars:
            bar.show_count(None if kept is None else len(kept), count)
        self.table.show_summary(self._summary, self._metric, kept)

    # ---- what the user does -----------------------------------------------------------------------

    def _brush(self) -> None:
        self._show_kept()
        self._show_selection()

    def _choose(self, candidate: int) -> None:
        self._selected = candidate
        self._show_selection()
        self.chosen.emit()

    def _choose_cell(self, down: int, across: int) -> None:
        """Select the best candidate of a cell."""
        summary, shown = self._summary, self._map()
        if summary is None or shown is None:
            return
        candidates = summary.results.candidates
        for one in summary.results.ranked:
            if (shown.down.number_of(one.settings), shown.across.number_of(one.settings)) == (down, across):
                self._choose(next(number for number, other in enumerate(candidates) if other is one))
                return

    def _show_selection(self) -> None:
        selected, summary = self.selected, self._summary
        candidates = () if summary is None else summary.results.candidates
        number = next((number for number, one in enumerate(candidates) if one is selected), None)
        self.table.select(number)
        self.parallel.select(number)


def _metric_axis(summary: SweepSummary, title: str) -> SettingAxis:
    low, high = summary.span
    ticks = nice_ticks(low, high)
    places = tuple((tick - low) / (high - low) if high > low else 0.5 for tick in ticks)
    return SettingAxis("", title, tuple(ticks), tuple(tick_numbers(ticks)), places)
