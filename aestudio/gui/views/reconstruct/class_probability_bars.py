"""The classifier's prediction for one image: one bar per class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.plots.bar_chart import Bar, BarChart
from aestudio.gui.widgets.layouts import column, label, row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ClassProbabilityBars(QWidget):
    """Probabilities from 0 to 100 % in two columns, the most probable class in the accent colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "label")
        self.columns = (BarChart(), BarChart())
        for chart in self.columns:
            chart.setToolTip(self.tr("Probability of each class, percent"))
            chart.setMinimumWidth(1)  # long class names shorten the bars; they do not widen the view
        column(self._title, row(*self.columns), gap=None, on=self)

    def clear(self, title: str) -> None:
        """Show the title alone, until there is a prediction."""
        self._title.setText(title)
        for chart in self.columns:
            chart.set_rows(())

    def set_probabilities(
        self, title: str, probabilities: NDArray[np.float32], names: tuple[str, ...]
    ) -> None:
        """Show probabilities float32 (C,) in [0, 1], each with its class's name."""
        self._title.setText(title)
        best = int(probabilities.argmax())
        bars = tuple(
            Bar(
                names[index] if index < len(names) else str(index),
                probability,
                self.tr("{:5.1f} %").format(100 * probability),
                strong=index == best,
            )
            for index, probability in enumerate(probabilities.tolist())
        )
        half = (len(bars) + 1) // 2
        for chart, part in zip(self.columns, (bars[:half], bars[half:]), strict=True):
            chart.set_rows(part)
