"""Watches the losses of one training: is it blowing up, is it still getting better?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# A loss this many times what it was is on its way to infinity.
EXPLODED = 50.0


class LossWatch:
    """Compares losses that can be compared: those of the same weighting of the loss terms.

    first, last: the first and the newest training loss (NaN: none yet; 0: none yet)
    last_step:   the step of the newest one
    best:        the lowest validation loss; without_progress: validations since then
    """

    def __init__(self) -> None:
        self.first = math.nan
        self.last = 0.0
        self.last_step = 0
        self.best = math.inf
        self.without_progress = 0
        self._last_validation = 0.0
        self._compared_from = 0

    def trained(self, step: int, loss: float) -> None:
        """A mean training loss up to this step."""
        self.last, self.last_step = loss, step
        if math.isnan(self.first) and step >= self._compared_from:
            self.first = loss

    def validated(self, loss: float) -> bool:
        """A validation loss; True where it is the best so far."""
        self._last_validation = loss
        better = loss < self.best
        if better:
            self.best = loss
        self.without_progress = 0 if better else self.without_progress + 1
        return better

    def begin_anew(self, step: int) -> None:
        """The terms are weighted otherwise now: nothing before this step can be compared with."""
        self.first, self.best, self.without_progress = math.nan, math.inf, 0
        self._compared_from = step

    @property
    def exploded(self) -> bool:
        """Whether the newest training or validation loss is no number, or far above what it was."""
        return _exploded(self.last, self.first) or _exploded(self._last_validation, self.best)

    def counters(self) -> dict[str, float]:
        """What a checkpoint keeps."""
        return {
            "first_loss": self.first, "last_loss": self.last, "best_loss": self.best,
            "validations_without_progress": self.without_progress, "compared_from": self._compared_from,
        }  # fmt: skip

    def restore(self, counters: Mapping[str, float], patience: int) -> None:
        """Go on from what a checkpoint kept; a run that had ended early gets its patience anew."""
        self.first, self.last, self.best = (counters[f"{name}_loss"] for name in ("first", "last", "best"))
        self.last_step = int(counters["step"])
        self.without_progress = int(counters["validations_without_progress"])
        if 0 < patience <= self.without_progress:
            self.without_progress = 0
        self._compared_from = int(counters.get("compared_from", 0))


def _exploded(loss: float, reference: float) -> bool:
    """A reference that is not there yet (NaN, infinity) is exceeded by nothing but infinity."""
    return not math.isfinite(loss) or loss - reference > EXPLODED * (abs(reference) + 1)
