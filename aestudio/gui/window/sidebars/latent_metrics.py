"""The figures of the model's latent space, in two quiet lines between the inspector and the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.views.latent.sliders.axis_names import measure_title
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.state.studio_state import LatentMetricsState, StudioState


class LatentMetricsPanel(QWidget):
    """ "MIG 0.21 (measured factors)", "MIG 0.34 (true factors)"; what they are made of is in the tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = PlainLabel(self.tr("Latent space"))
        set_role(heading, "label")
        self.measured, self.true = PlainLabel(), PlainLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().px(4))
        column.addWidget(heading)
        for line in (self.measured, self.true):
            set_role(line, "muted")
            column.addWidget(line)
        self._shown = Shown()

    def show_state(self, state: StudioState) -> None:
        """Show the metrics of the current model; nothing if it has none, a dash until they are known."""
        recipe = state.snapshot.recipe if state.snapshot is not None else None
        has = recipe is not None and recipe.objective.code != "none" and recipe.network.latent_size > 1
        known = (
            state.latent_metrics
            if state.latent_metrics is not None and state.latent_metrics.snapshot is state.snapshot
            else None
        )
        dataset = state.data.dataset
        if not self._shown.differs(has, known, dataset):
            return
        self.setVisible(has)
        table = {} if known is None or known.table is None else known.table
        has_true = dataset is not None and dataset.test.factors is not None
        self.true.setVisible(has_true or table.get("mig_true") is not None)
        self._show(self.measured, self.tr("MIG {} (measured factors)"), known, "measured")
        self._show(self.true, self.tr("MIG {} (true factors)"), known, "true")

    def _show(self, line: PlainLabel, words: str, known: LatentMetricsState | None, kind: str) -> None:
        table: Mapping[str, Any] = {} if known is None or known.table is None else known.table
        value = table.get(f"mig_{kind}")
        line.setText(words.format("–" if value is None else f"{value:.2f}"))
        line.setToolTip(self._explain(known, table, kind))

    def _explain(self, known: LatentMetricsState | None, table: Mapping[str, Any], kind: str) -> str:
        what = self.tr(
            "Mutual information gap: 1 if each factor depends on a single number of the code,\n"
            "0 where two numbers tell as much of it (Chen et al. 2018)."
        )
        if known is None or table.get(f"mig_{kind}") is None:
            later = self.tr("It is measured when the model is at rest and a dataset is there.")
            return f"{what}\n{later}"
        over = self.tr("Over {} test images of {}; each factor's gap, and its most informative number:")
        rows = [
            self.tr("{}: {}, z{}").format(
                measure_title(factor), f"{found['gap']:.2f}", found["dimension"] + 1
            )
            for factor, found in table.get(kind, {}).items()
        ]
        return "\n".join([what, over.format(f"{table['images']:,}", known.title), *rows])
