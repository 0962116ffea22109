"""Accuracies with their 95 % intervals, and sizes in bits and bytes, as bars."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aestudio.gui.plots.bar_chart import Bar, BarChart
from aestudio.gui.widgets.preview import show_alone


@dataclass(frozen=True)
class Accuracy:
    """A share of right answers and its 95 % interval, all in [0, 1]; `strong` draws the eye to it."""

    name: str
    value: float
    low: float
    high: float
    strong: bool = False


@dataclass(frozen=True)
class Size:
    """How many bits one picture takes; `note` says what is counted."""

    name: str
    bits: float
    note: str = ""
    strong: bool = False


class AccuracyBars(BarChart):
    """Accuracies from 0 to 100 %, the interval drawn at each bar's end and written beside it."""

    def set_accuracies(self, rows: tuple[Accuracy, ...]) -> None:
        """Show these accuracies, in this order."""
        self.set_rows(
            tuple(
                Bar(
                    row.name,
                    row.value,
                    self.tr("{:.1f} %").format(100 * row.value),
                    self.tr("{:.1f} to {:.1f}").format(100 * row.low, 100 * row.high),
                    (row.low, row.high),
                    row.strong,
                )
                for row in rows
            )
        )


class SizeBars(BarChart):
    """Sizes beside each other, the largest as long as there is room."""

    def set_sizes(self, rows: tuple[Size, ...]) -> None:
        """Show these sizes, in this order."""
        largest = max((row.bits for row in rows), default=0.0) or 1.0
        self.set_rows(
            tuple(
                Bar(row.name, row.bits / largest, self._amount(row.bits), row.note, strong=row.strong)
                for row in rows
            )
        )

    def _amount(self, bits: float) -> str:
        """Bytes where it makes whole ones, otherwise bits."""
        if bits >= 64:
            return self.tr("{:,.0f} bytes").format(bits / 8)
        return self.tr("{:,.0f} bits").format(bits)


def _sample() -> QWidget:
    both = QWidget()
    column = QVBoxLayout(both)
    accuracies, sizes = AccuracyBars(), SizeBars()
    accuracies.set_accuracies(
        (
            Accuracy("Pixels", 0.9788, 0.9758, 0.9814),
            Accuracy("Codes", 0.9312, 0.9261, 0.9360, strong=True),
            Accuracy("Reconstructions", 0.9504, 0.946, 0.9545),
        )
    )
    sizes.set_sizes(
        (
            Size("Original", 784 * 8, "28 × 28 pixels of 8 bits"),
            Size("PNG", 283 * 8, "lossless"),
            Size("JPEG", 402 * 8, "quality 50"),
            Size("Code", 60, "10 numbers of 6 bits", strong=True),
        )
    )
    column.addWidget(accuracies)
    column.addWidget(sizes)
    column.addStretch()
    return both


if __name__ == "__main__":
    sys.exit(show_alone(_sample, size="720x400"))
