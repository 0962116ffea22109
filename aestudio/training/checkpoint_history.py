"""The history of a training: checkpoints, dense at its beginning, thinned later, within a budget.

Which steps belong to the history depends on the step only, so that the same training gives the same ones;
which of them are kept depends on their sizes and the budget only. Pure functions: the run's folder and the
window apply the same rule to the same checkpoints.
"""

from __future__ import annotations

import math
import os
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from collections.abc import Collection

# Each checkpoint is 12 % of the steps after the one before: about twenty in each tenfold of steps, enough for
# a smooth animation of the training.
GROWTH_PERCENT = 12
MEGABYTE = 1_000_000
# So that a run takes at most 64 MB of the disk, if its states take up to 8 MB: those of vae and conv-vae take
# 5.1 MB, of deep-ae 2.7 MB. Beside the history lie the newest state, the weights (a third) and the curves.
# Then the history has 10 checkpoints of a VAE and 19 of deep-ae.
DEFAULT_BUDGET = 52 * MEGABYTE
# The least number of checkpoints of a larger model, unless they take more than the second number of bytes.
FEWEST = 6
LARGEST_BUDGET = 256 * MEGABYTE
ENVIRONMENT = "AESTUDIO_MOMENTS_MB"
MOST_MEGABYTES = 1_000_000


@dataclass(frozen=True)
class HistoryCheckpoint:
    """A checkpoint of the history, which the user can go back to. size: bytes of its arrays."""

    step: int
    epoch: float
    size: int


@dataclass(frozen=True)
class CheckpointHistory:
    """Checkpoints in order of their steps, together at most `budget` bytes.

    stays:   steps of checkpoints that are never removed, because the run can be repaired from them
    largest: to which the budget grows until it holds `FEWEST` large checkpoints; 0 for a budget that is exact
    """

    history_checkpoints: tuple[HistoryCheckpoint, ...] = ()
    budget: int = DEFAULT_BUDGET
    largest: int = 0
    stays: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all checkpoints."""
        return sum(checkpoint.size for checkpoint in self.history_checkpoints)

    @property
    def limit(self) -> int:
        """Bytes that the history may take: what it takes already, or more."""
        largest = max((checkpoint.size for checkpoint in self.history_checkpoints), default=0)
        return max(self._limit(largest), self.size)

    def _limit(self, size: int) -> int:
        """Bytes that the history may take if one of its checkpoints takes `size` bytes."""
        return max(self.budget, min(FEWEST * size, self.largest))

    def takes(self, size: int) -> bool:
        """Whether a checkpoint of this many bytes can be kept: the first and the last must both fit."""
        return 2 * size <= self._limit(size)

    def with_checkpoint(self, checkpoint: HistoryCheckpoint) -> CheckpointHistory:
        """The history with a newer checkpoint, thinned to the budget.

        Checkpoints at its step or later are replaced by it. The first and the last one always stay. A history
        that is larger already, of a run that was kept when the budget was larger, keeps its size: a resumed
        run must not lose what it had.
        """
        if not self.takes(checkpoint.size):
            return self
        older = self.until(checkpoint.step - 1)
        limit = max(self._limit(checkpoint.size), self.size)
        while older.size + checkpoint.size > limit and len(older.history_checkpoints) > 1:
            older = older.thinned(checkpoint.step)
        return replace(older, history_checkpoints=(*older.history_checkpoints, checkpoint))

    def until(self, step: int) -> CheckpointHistory:
        """The history up to this step, inclusive."""
        kept = tuple(checkpoint for checkpoint in self.history_checkpoints if checkpoint.step <= step)
        return self if len(kept) == len(self.history_checkpoints) else replace(self, history_checkpoints=kept)

    def thinned(self, next_step: int, keep: Collection[int] = ()) -> CheckpointHistory:
        """The history without the checkpoint whose removal leaves the smallest gap; itself if none may go.

        next_step: the step of a newer checkpoint; keep: steps that must stay, beside the first one
        """
        steps = [checkpoint.step for checkpoint in self.history_checkpoints if checkpoint.step < next_step]
        gaps = {
            step: math.log1p(after) - math.log1p(before)
            for before, step, after in zip(steps, steps[1:], [*steps[2:], next_step], strict=False)
            if step not in keep and step not in self.stays
        }
        return self.without(min(gaps, key=lambda step: gaps[step])) if gaps else self

    def without(self, *steps: int) -> CheckpointHistory:
        """The history without the checkpoints at these steps."""
        return replace(
            self,
            history_checkpoints=tuple(
                checkpoint for checkpoint in self.history_checkpoints if checkpoint.step not in steps
            ),
        )

    def nearest(self, step: int) -> int | None:
        """The index of the checkpoint nearest to this step, None if there is none."""
        if not self.history_checkpoints:
            return None
        after = bisect_left(self.history_checkpoints, step, key=lambda checkpoint: checkpoint.step)
        neighbours = [index for index in (after - 1, after) if 0 <= index < len(self.history_checkpoints)]
        return min(neighbours, key=lambda index: abs(self.history_checkpoints[index].step - step))


def next_history_checkpoint(step: int) -> int:
    """The first step of the history after this one: 0, 1, 2, ..., then each 12 % after the one before."""
    checkpoint = 0
    while checkpoint <= step:
        checkpoint += max(1, checkpoint * GROWTH_PERCENT // 100)
    return checkpoint


def is_history_checkpoint(step: int) -> bool:
    """Whether this step belongs to the history."""
    return step == 0 or next_history_checkpoint(step - 1) == step


def empty_history() -> CheckpointHistory:
    """The history of a new run: with the budget of AESTUDIO_MOMENTS_MB exactly, otherwise the default.

    Raises BadChoice if the variable is no whole number of megabytes; 0 keeps no history.
    """
    megabytes = os.environ.get(ENVIRONMENT, "")
    if not megabytes:
        return CheckpointHistory(largest=LARGEST_BUDGET)
    if not megabytes.isdecimal() or int(megabytes) > MOST_MEGABYTES:
        raise BadChoice(ENVIRONMENT, megabytes, f"0 to {MOST_MEGABYTES}")
    return CheckpointHistory(budget=int(megabytes) * MEGABYTE)
