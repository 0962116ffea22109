"""What a classifier says of a digit: one bar per class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.plots.bar_chart import Bar, BarChart

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ClassChances(BarChart):
    """Probabilities from 0 to 100 %, the likeliest class in the accent colour."""

    def set_chances(self, likely: NDArray[np.float32], names: tuple[str, ...]) -> None:
        """Show these probabilities (C,), each with its class's name."""
        best = int(likely.argmax())
        self.set_rows(
            tuple(
                Bar(
                    names[index] if index < len(names) else str(index), chance,
                    self.tr("{:5.1f} %").format(100 * chance), strong=index == best,
                )
                for index, chance in enumerate(likely.tolist())
            )
        )  # fmt: skip
