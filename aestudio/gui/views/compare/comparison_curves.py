"""One plot of all compared runs: a loss term that they share, or the error on test images."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabBar, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.compare.column import COLOURS
from aestudio.gui.views.shared.kept_choice import (
    keep_choice,
    keep_option,
    kept_option,
    show_kept,
)
from aestudio.gui.views.shared.live_changes import change_marks
from aestudio.gui.views.shared.split_names import training_name, validation_name
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.layouts import column, fill, row

if TYPE_CHECKING:
    from aestudio.gui.inference.requests.comparison_request import ComparedMaps
    from aestudio.gui.plots.change_marks import ChangeMark
    from aestudio.gui.plots.curves import Curve
    from aestudio.gui.state.comparison_state import ComparedRun
    from aestudio.gui.state.studio_state import Result, StudioState
    from aestudio.recipes.objective import Term
    from aestudio.training.events import RunKey

MEASURED = "measured"
_SMOOTHING = 0.005  # of the epochs of the runs, to each side of a point
_LEAST, _LEAST_LOW = 172, 140  # logical pixels of height


class ComparisonCurves(QWidget):
    """Above the plot, the user chooses the term, and training or validation images, or the table instead.

    table_toggled(bool): whether the table of metrics is in the place of the plot
    """

    table_toggled = Signal(bool)

    def __init__(self, table: QWidget, parent: QWidget | None = None) -> None:
        """table: what the user can see in the place of the plot"""
        super().__init__(parent)
        from aestudio.gui.plots.curve_plot import CurvePlot

        self._shown = Shown()
        self._runs: tuple[RunKey, ...] = ()
        self._errors: list[tuple[list[float], list[float]]] = []
        self._measured: object = None
        self.plot = CurvePlot()
        self.plot.setAccessibleName(self.tr("Curves of all compared runs"))
        self.term = ChoiceBox(
            self.tr("Curve"), self.tr("The term to compare: one that all runs measure in the same unit")
        )
        # Training comes first: its curve begins with the first steps, long before the first validation.
        self.split = ChoiceBox(
            self.tr("Images"),
            self.tr(
                "Means over the training steps, or measured on images that are held out for validation; "
                "both are smoothed alike, and the values at the ends are not"
            ),
            (("training", training_name()), ("validation", self.tr("Validation"))),
        )
        self.term.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.set_low(False)
        keep_choice(self.split, "compare.images")
        self.term.chosen.connect(partial(keep_option, "compare.term"))
        for box in (self.term, self.split):
            box.chosen.connect(self._redraw)
        self._state: StudioState | None = None
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.addTab(self.tr("Curves"))
        self.tabs.addTab(self.tr("Metrics"))
        self.tabs.setAccessibleName(self.tr("Curves or metrics of the compared runs"))
        self.tabs.setCurrentIndex(kept_option("compare.page", range(self.tabs.count())) or 0)
        self.tabs.currentChanged.connect(self._show_page)
        self.tabs.currentChanged.connect(partial(keep_option, "compare.page"))
        self._table = table
        column(row(self.tabs, fill(), self.term, self.split), fill(self.plot), fill(table), gap=4, on=self)
        self._show_page(self.tabs.currentIndex())

    def _show_page(self, page: int) -> None:
        for part in (self.plot, self.term, self.split):
            part.setVisible(page == 0)
        self._table.setVisible(page == 1)
        self.table_toggled.emit(page == 1)

    def set_low(self, low: bool) -> None:
        """Take less height, for a low window."""
        self.plot.set_low(low)
        self.setMinimumHeight(current_theme().px(_LEAST_LOW if low else _LEAST))

    def _redraw(self) -> None:
        self._shown.forget()
        if self._state is not None:
            self.show_state(self._state)

    def record_errors(self, result: Result | None) -> None:
        """Add the errors in a result of the maps to their curves; None: no result of these runs yet."""
        if result is None:
            self._measured, self._runs, self._errors = None, (), []
            return
        if result.value is None or result.value is self._measured:
            return
        self._measured = result.value
        request: ComparedMaps = result.request
        runs = tuple(snapshot.run_key for snapshot in request.snapshots)
        if runs != self._runs:
            self._runs, self._errors = runs, [([], []) for _ in runs]
        for (epochs, errors), snapshot, compared_map in zip(
            self._errors, request.snapshots, result.value, strict=True
        ):
            newer = not epochs or snapshot.epoch > epochs[-1]
            if compared_map.squared_error is not None and newer:
                epochs.append(snapshot.epoch)
                errors.append(compared_map.squared_error)

    def show_state(self, state: StudioState) -> None:
        """Show new points."""
        self._state = state
        self.plot.set_clipping(state.clip_outliers)
        comparison = state.comparison.runs
        parts: list[object] = [run.validation for run in comparison]
        parts += [run.training for run in comparison]
        parts += [run.changes for run in comparison]
        if not self._shown.differs(
            self._measured, state.comparison.base, state.comparison.difference, *parts
        ):
            return
        self._list_terms(comparison)
        self._name_splits(comparison)
        name = self.term.value
        self.split.setEnabled(name != MEASURED)
        self._show(comparison, name)

    def _list_terms(self, comparison: tuple[ComparedRun, ...]) -> None:
        entries = [(name, f"{term.title} [{term.unit}]") for name, term in shared_terms(comparison).items()]
        if self.term.set_entries([*entries, (MEASURED, self.tr("Squared error [per test image]"))]):
            show_kept(self.term, "compare.term")
        self.term.setMinimumWidth(self.term.whole_width())  # Qt's hint leaves a few pixels too little

    def _name_splits(self, comparison: tuple[ComparedRun, ...]) -> None:
        """Call images validation images only if any are held out."""
        names = {validation_name(run, run.recipe) for run in comparison} or {self.tr("Validation")}
        entries = (("training", training_name()), ("validation", " / ".join(sorted(names))))
        chosen = self.split.value
        self.split.set_entries(entries)
        self.split.show_value(chosen)

    def _show(self, comparison: tuple[ComparedRun, ...], name: str) -> None:
        self.plot.set_expected_end(_end(comparison))
        measured = name == MEASURED
        training = self.split.value == "training"
        epochs = max((epochs_of(run) for run in comparison), default=0)
        self.plot.set_smoothing(0.0 if measured else _SMOOTHING * epochs)
        self.plot.set_axis_titles(self.tr("Epochs"), "")
        self.plot.setAccessibleName(self.term.currentText())
        if measured:
            curves = self._measured_curves(comparison)
            empty = self.tr("Measured on test images each time the maps are computed.")
        else:
            curves = self._curves(comparison, name, training)
            empty = self.tr("The curves begin with the first steps, or the first validation.")
        self.plot.set_empty_text("" if curves else empty)
        self.plot.set_curves(curves)
        self.plot.set_changes(_changes(comparison))

    def _curves(self, comparison: tuple[ComparedRun, ...], name: str, training: bool) -> tuple[Curve, ...]:
        from aestudio.gui.plots.curves import Curve

        curves = []
        for compared_run, role in zip(comparison, COLOURS, strict=False):
            series = compared_run.training if training else compared_run.validation
            epochs, values = series.curve(name)
            if len(epochs):
                lineage = (series.lineage, name)
                curves.append(Curve(compared_run.title, epochs, values, role, lineage))
        return tuple(curves)

    def _measured_curves(self, comparison: tuple[ComparedRun, ...]) -> tuple[Curve, ...]:
        from aestudio.gui.plots.curves import Curve

        return tuple(
            Curve(compared_run.title, np.array(epochs), np.array(errors), role)
            for compared_run, role, (epochs, errors) in zip(comparison, COLOURS, self._errors, strict=False)
            if epochs
        )


def _changes(comparison: tuple[ComparedRun, ...]) -> tuple[ChangeMark, ...]:
    """Where settings were changed; one that was changed in all runs at once is one mark."""
    marks = [
        replace(mark, owner=run.title, colour_role=role)
        for run, role in zip(comparison, COLOURS, strict=False)
        for mark in change_marks(run, run.recipe)
    ]
    return tuple(sorted(marks, key=lambda mark: mark.x))


def epochs_of(run: ComparedRun) -> int:
    """How many epochs a compared run is to have."""
    return run.started.epochs if run.started is not None else run.recipe.training.epochs


def _end(comparison: tuple[ComparedRun, ...]) -> float | None:
    """Where the axis ends, in epochs: a power of two that doubles when the curves reach it."""
    epochs = [compared_run.started.epochs for compared_run in comparison if compared_run.started is not None]
    last = [
        float(compared_run.training.epoch[-1]) for compared_run in comparison if len(compared_run.training)
    ]
    if not epochs or not last:
        return None
    return min(float(max(epochs)), 2.0 ** math.ceil(math.log2(max(*last, 0.25))))


def shared_terms(comparison: tuple[ComparedRun, ...]) -> dict[str, Term]:
    """Terms that all runs have in the same unit, the loss of an image first, by name.

    What is minimised is left out if objectives differ: it weights its terms differently in each.
    """
    if not comparison:
        return {}
    sets = [
        {(term.name, term.unit): term for term in compared_run.recipe.objective.terms()}
        for compared_run in comparison
    ]
    shared = [term for key, term in sets[0].items() if all(key in other for other in sets[1:])]
    if any(compared_run.recipe.objective != comparison[0].recipe.objective for compared_run in comparison):
        minimised = {
            phase.loss for compared_run in comparison for phase in compared_run.recipe.objective.phases()
        }
        shared = [term for term in shared if term.name not in minimised]
    image_loss = comparison[0].recipe.objective.image_loss().name
    shared.sort(key=lambda term: term.name != image_loss)
    return {term.name: term for term in shared}
