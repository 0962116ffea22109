"""What a classifier says of a digit: one bar per class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.plots.bar_chart import Bar, BarChart
from aestudio.gui.widgets.layouts import column, label, row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ClassProbabilityBars(QWidget):
    """Probabilities from 0 to 100 % in two columns, the likeliest class in the accent colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("", "label")
        self.columns = (BarChart(), BarChart())
        for chart in self.columns:
            chart.setToolTip(self.tr("Probability of each class, percent"))
            chart.setMinimumWidth(1)  # long names cost the bars their length, not the view its width
        column(self._title, row(*self.columns), gap=None, on=self)

    def clear(self, title: str) -> None:
        """Nothing is known yet."""
        self._title.setText(title)
        for chart in self.columns:
            chart.set_rows(())

    def set_probabilities(self, title: str, likely: NDArray[np.float32], names: tuple[str, ...]) -> None:
        """Show these probabilities (C,), each with its class's name."""
        self._title.setText(title)
        best = int(likely.argmax())
        bars = tuple(
            Bar(
                names[index] if index < len(names) else str(index),
                chance,
                self.tr("{:5.1f} %").format(100 * chance),
                strong=index == best,
            )
            for index, chance in enumerate(likely.tolist())
        )
        half = (len(bars) + 1) // 2
        for chart, part in zip(self.columns, (bars[:half], bars[half:]), strict=True):
            chart.set_rows(part)
