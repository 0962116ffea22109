"""How disentangled the latent space is, in two lines between the inspector and the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from aestudio.gui.state.capabilities import no_disentanglement, no_latent_space
from aestudio.gui.state.shown import Shown
from aestudio.gui.views.latent.sliders.axis_names import measure_title
from aestudio.gui.views.shared.empty_reason import misfit
from aestudio.gui.widgets.glossary import explanation, set_term
from aestudio.gui.widgets.layouts import column, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.studio_state import LatentMetricsState, StudioState
    from aestudio.gui.widgets.plain_text import PlainLabel


class LatentMetricsPanel(QWidget):
    """ "MIG 0.21 (measured factors)", "MIG 0.34 (true factors)"; the terms are in the tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.measured, self.true = label(""), label("")
        self.without = label(self.tr("MIG: not for this model"))
        self.without.hide()
        title = label(self.tr("Disentanglement"), "label")
        set_term(title, "mig")
        column(title, self.measured, self.true, self.without, gap=4, on=self)
        self._shown = Shown()

    def show_state(self, state: StudioState, *, comparison: bool = False) -> None:
        """Show the metrics of the current model; hidden if it has none, a dash while unknown.

        comparison: whether the view in front shows compared runs, and not this model
        """
        snapshot = state.snapshot
        has_metrics = (
            not comparison
            and snapshot is not None
            and not no_latent_space(snapshot)
            and snapshot.architecture.latent.size > 1
        )
        without = no_disentanglement(snapshot)
        known = (
            state.latent_metrics
            if state.latent_metrics is not None and state.latent_metrics.snapshot is state.snapshot
            else None
        )
        dataset, other_images = state.dataset, misfit(state)
        if not self._shown.differs(has_metrics, known, dataset, without, other_images):
            return
        self.setVisible(has_metrics)
        table = {} if known is None or known.table is None else known.table
        self.without.setVisible(bool(without))
        self.without.setToolTip(without)
        self.measured.setVisible(not without)
        if without:
            self.true.hide()
            return
        has_true = dataset is not None and dataset.test.factors is not None
        self.true.setVisible(has_true or table.get("mig_true") is not None)
        no_strokes = table.get("no_strokes") or (not known and _no_strokes(dataset))
        if known is None and other_images:
            self.measured.setText(self.tr("MIG: not for these images"))
            self.measured.setToolTip(other_images)
        elif no_strokes:
            self.measured.setText(self.tr("No measured factors"))
            self.measured.setToolTip(self.tr("MIG of measured factors: {}.").format(no_strokes))
        else:
            self._show(self.measured, self.tr("MIG {} (measured factors)"), known, "measured")
        self._show(self.true, self.tr("MIG {} (true factors)"), known, "true")

    def _show(self, line: PlainLabel, text: str, known: LatentMetricsState | None, kind: str) -> None:
        table: Mapping[str, Any] = {} if known is None or known.table is None else known.table
        value = table.get(f"mig_{kind}")
        line.setText(text.format("–" if value is None else f"{value:.2f}"))
        line.setToolTip(self._tooltip(known, table, kind))

    def _tooltip(self, known: LatentMetricsState | None, table: Mapping[str, Any], kind: str) -> str:
        definition = explanation("mig")
        if known is None or table.get(f"mig_{kind}") is None:
            later = self.tr("It is measured when no training runs and a data set is loaded.")
            return f"{definition}\n{later}"
        over = self.tr("Over {} test images of {}; each factor's gap, and its most informative number:")
        rows = [
            self.tr("{}: {}, z{}").format(measure_title(factor), f"{row['gap']:.2f}", row["dimension"] + 1)
            for factor, row in table.get(kind, {}).items()
        ]
        return "\n".join([definition, over.format(f"{table['images']:,}", known.title), *rows])


def _no_strokes(dataset: Dataset | None) -> str:
    """Why the images have no measured factors; "" if they have some, or are not loaded."""
    from aestudio.analysis.morphology import not_measurable

    return "" if dataset is None else not_measurable(dataset.test.images)
