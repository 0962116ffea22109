"""Bar charts of accuracies with 95 % intervals, of sizes in bits and bytes, and of shares."""

from __future__ import annotations

from dataclasses import dataclass

from aestudio.gui.plots.bar_chart import Bar, BarChart


@dataclass(frozen=True)
class Accuracy:
    """An accuracy and its 95 % interval, all in [0, 1]; `strong` emphasises it."""

    name: str
    value: float
    low: float
    high: float
    strong: bool = False


@dataclass(frozen=True)
class Size:
    """The bits of one image; `note` says what is counted."""

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
    """Sizes on one scale; the largest fills the width."""

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
        """Bytes from 64 bits on, otherwise bits."""
        if bits >= 64:
            return self.tr("{:,.0f} bytes").format(bits / 8)
        return self.tr("{:,.0f} bits").format(bits)


class ShareBars(BarChart):
    """Shares of a whole, from 0 to 100 %."""

    def set_shares(self, rows: tuple[tuple[str, float], ...]) -> None:
        """Show these shares with their names, the largest first."""
        largest = max((share for _, share in rows), default=0.0)
        self.set_rows(
            tuple(
                Bar(name, share, self.tr("{:.0f} %").format(100 * share), strong=share == largest)
                for name, share in sorted(rows, key=lambda row: -row[1])
            )
        )
