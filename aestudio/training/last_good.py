"""Which weights are kept if a training diverges.

See docs/decisions.md, "While the newest loss is out of bounds no state is kept".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aestudio.training.events import Checkpoint, Snapshot
    from aestudio.training.phase_divergence import PhaseDivergence


class LastGood:
    """Finite weights may be broken all the same: only losses after them tell.

    Weights are accepted, shown and kept, while the losses are in bounds. They are good as soon as their own
    validation, or a training loss of a later step, was in bounds; until then those before them are the last
    good ones.

    checkpoint: where the training begins; snapshot: the last good weights
    """

    def __init__(self, divergence: PhaseDivergence, checkpoint: Checkpoint) -> None:
        self._divergence = divergence
        self.snapshot = self._newest = checkpoint.snapshot
        self._checkpoint = self._newest_checkpoint = checkpoint

    @property
    def suspect(self) -> bool:
        """Whether the newest losses are out of bounds; then nothing is accepted."""
        return self._divergence.diverged or self._divergence.in_spike

    def accept(self, snapshot: Snapshot, last_validation: int) -> bool:
        """Take newer weights; False if they must not be shown or kept.

        last_validation: the step of the last validation
        """
        if self.suspect or not is_finite(snapshot):
            return False
        if last_validation == snapshot.step:
            self.snapshot = snapshot
        elif self._divergence.last_step > self._newest.step:
            self.snapshot = self._newest
        self._newest = snapshot
        return True

    def accept_checkpoint(self, checkpoint: Checkpoint, last_validation: int) -> bool:
        """The same for a checkpoint."""
        if not self.accept(checkpoint.snapshot, last_validation):
            return False
        if self._newest_checkpoint.snapshot.step <= self.snapshot.step:
            self._checkpoint = self._newest_checkpoint
        self._newest_checkpoint = checkpoint
        return True

    def checkpoint_to_restore(self) -> Checkpoint | None:
        """The last good checkpoint if a newer one is not good, otherwise None."""
        return self._checkpoint if self._newest_checkpoint.snapshot.step > self.snapshot.step else None


def is_finite(snapshot: Snapshot) -> bool:
    """Whether no weight is NaN or infinite."""
    return all(np.isfinite(weights).all() for weights in snapshot.weights.values())
