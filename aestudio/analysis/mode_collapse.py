"""Whether a generator and its critic have lost each other: a critic that is always right, or few classes.

A critic that tells nearly all images right, in two validations, gives the generator little to learn from
(Arjovsky & Bottou 2017); a generator whose samples show at most half of the classes has collapsed. Both count
from the end of the start on (`collapse.has_begun`): untrained networks do the one or the other. No torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.analysis.collapse import CONFIRMED, has_begun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.analysis.mode_coverage import ModeCoverage

SURE, UNSURE_AGAIN = 0.98, 0.95
"""Accuracies of a critic that is always right, and of one that is no more."""
FEW = 0.5
"""The share of classes at which samples have collapsed."""


@dataclass(frozen=True)
class ModeCollapse:
    """What is wrong now.

    sure_since: the step since which the critic is nearly always right; None if it is not
    accuracy:   its newest accuracy; None without any
    coverage:   the classes among samples, if they are few; None otherwise
    """

    sure_since: int | None = None
    accuracy: float | None = None
    coverage: ModeCoverage | None = None

    @property
    def alarm(self) -> bool:
        """Whether anything is wrong."""
        return self.sure_since is not None or self.coverage is not None


def mode_collapse(
    accuracies: Iterable[tuple[int, float, float]], coverage: ModeCoverage | None, step: int, epoch: float
) -> ModeCollapse:
    """What is wrong with a training up to a step.

    accuracies: step, epoch and accuracy of the critic in each validation, in order
    coverage:   classes among samples of the weights at `step`, after `epoch` epochs; None if not known
    """
    since: int | None = None
    first, count, newest = 0, 0, None
    for at, epochs, accuracy in accuracies:
        if at > step:
            break
        newest = accuracy
        changed = accuracy >= SURE if since is None else accuracy < UNSURE_AGAIN
        if not has_begun(at, epochs) or not changed:
            count = 0
            continue
        first = at if count == 0 else first
        count += 1
        if count == CONFIRMED:
            since, count = (first if since is None else None), 0
    few = coverage is not None and has_begun(step, epoch) and coverage.shown <= FEW * len(coverage.counts)
    return ModeCollapse(since, newest, coverage if few else None)
