"""Monitors the losses of one training for divergence and for early stopping."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aestudio.recipes.phase import OUT_OF_BOUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping

# Points of the training curve for which losses may stay out of bounds: a tenth of a long epoch. Adam recovers
# from a spike within tens of steps.
SPIKE_POINTS = 10
_INSIDE = -1


class LossBounds:
    """One sequence of losses in the order of their steps.

    since:  the first step of the current uninterrupted stretch of losses out of bounds, -1 for none
    newest: the step of the newest loss, 0 for none
    factor: a loss this many times the reference is out of bounds: diverging, or in a spike
    """

    def __init__(self, since: int = _INSIDE, newest: int = 0, factor: float = OUT_OF_BOUNDS) -> None:
        self.since = since
        self.newest = newest
        self.factor = factor

    @property
    def exceeded(self) -> bool:
        """Whether the newest loss is out of bounds."""
        return self.since != _INSIDE

    def add(self, step: int, loss: float, reference: float, longest_spike: int) -> bool:
        """Take a loss; True if it is NaN or infinite, or losses are out of bounds for too many steps.

        A reference that is not known yet (NaN, infinity) is exceeded by infinity only.
        """
        self.newest = step
        if not math.isfinite(loss):
            self.since = step
            return True
        if loss - reference > self.factor * (abs(reference) + 1):
            self.since = step if self.since == _INSIDE else self.since
        else:
            self.since = _INSIDE
        return self.exceeded and step - self.since >= longest_spike


class DivergenceMonitor:
    """Compares losses that are comparable: those with the same weights of the loss terms.

    Every loss is taken once, in the order of the steps, no matter when it was copied from the device: the
    result depends on the training alone, not on the speed of the machine. A spike that the training
    recovers from is no divergence; losses out of bounds for `longest_spike` steps are, and so is a single
    NaN or infinity.

    longest_spike: in steps
    factor:        of `LossBounds`
    diverged:      whether the training has diverged; it stays so
    first:         the first training loss (NaN: none yet)
    last_step:     the step of the newest one (0: none yet)
    best:          the lowest validation loss; without_progress: validations since then
    """

    def __init__(self, longest_spike: int, factor: float = OUT_OF_BOUNDS) -> None:
        self.longest_spike = longest_spike
        self.factor = factor
        self.diverged = False
        self.first = math.nan
        self.last_step = 0
        self.best = math.inf
        self.without_progress = 0
        self._last = 0.0
        self._compared_from = 0
        self._training, self._validation = self._bounds(), self._bounds()

    @property
    def in_spike(self) -> bool:
        """Whether the newest loss is out of bounds, so that the weights may be broken.

        A validation loss counts until there is a training loss of a later step.
        """
        return self._training.exceeded or (
            self._validation.exceeded and self._validation.newest >= self.last_step
        )

    @property
    def validation_in_spike(self) -> bool:
        """Whether the newest validation loss is out of bounds."""
        return self._validation.exceeded

    def add_training_loss(self, step: int, loss: float) -> None:
        """Take the mean training loss up to this step; a loss that was taken before is ignored."""
        if step <= self.last_step:
            return
        self._last, self.last_step = loss, step
        if math.isnan(self.first) and step >= self._compared_from:
            self.first = loss
        if self._training.add(step, loss, self.first, self.longest_spike):
            self.diverged = True

    def add_validation_loss(self, step: int, loss: float) -> bool:
        """Take the validation loss at this step; True if it is the best so far."""
        better = loss < self.best
        if better:
            self.best = loss
        self.without_progress = 0 if better else self.without_progress + 1
        if self._validation.add(step, loss, self.best, self.longest_spike):
            self.diverged = True
        return better

    def forget_progress(self) -> None:
        """Begin anew with early stopping: the next validation loss is the best so far."""
        self.best, self.without_progress = math.inf, 0

    def reset(self, step: int) -> None:
        """The weights of the loss terms have changed: losses before this step are not comparable."""
        self.first, self.best, self.without_progress = math.nan, math.inf, 0
        self._compared_from = step
        self._training, self._validation = self._bounds(), self._bounds()

    def ignore_bounds(self) -> None:
        """From now on only NaN and infinity count: a training that is broken on purpose is to be seen."""
        self.factor = self._training.factor = self._validation.factor = math.inf

    def _bounds(self, since: float = _INSIDE, newest: int = 0) -> LossBounds:
        return LossBounds(int(since), newest, self.factor)

    def counters(self) -> dict[str, float]:
        """The state of the monitor, for a checkpoint."""
        return {
            "first_loss": self.first,
            "last_loss": self._last,
            "best_loss": self.best,
            "validations_without_progress": self.without_progress,
            "compared_from": self._compared_from,
            "spike_since": self._training.since,
            "validation_spike_since": self._validation.since,
        }

    def restore(self, counters: Mapping[str, float], patience: int) -> None:
        """Continue from a checkpoint; after early stopping the patience starts again.

        Checkpoints of earlier versions have no spike counters: they were never taken in a spike.
        """
        self.first, self._last, self.best = (counters[f"{name}_loss"] for name in ("first", "last", "best"))
        self.last_step = int(counters["step"])
        self.without_progress = int(counters["validations_without_progress"])
        if 0 < patience <= self.without_progress:
            self.without_progress = 0
        self._compared_from = int(counters.get("compared_from", 0))
        self._training = self._bounds(counters.get("spike_since", _INSIDE), self.last_step)
        self._validation = self._bounds(counters.get("validation_spike_since", _INSIDE), self.last_step)


def reset_counters(step: float) -> dict[str, float]:
    """The counters of a monitor that compares no loss before this step, as after `reset`."""
    return {
        "first_loss": math.nan,
        "best_loss": math.inf,
        "validations_without_progress": 0,
        "compared_from": step,
        "spike_since": _INSIDE,
        "validation_spike_since": _INSIDE,
    }
