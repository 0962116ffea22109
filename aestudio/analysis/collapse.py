"""Which latent dimensions have collapsed during a training, and when: from its validations. No torch, no Qt.

A dimension is active where the variance over the images of its mean code exceeds 0.01 (Burda et al. 2016;
`axis_statistics.ACTIVE`); it has collapsed once it was below that in two validations, and is active again
once it was above twice that in two: a dimension at the threshold does not change with every validation. The
model as a whole has collapsed if it reconstructs images no better than their mean image does, by the margin
of `data_support/mean_image.py`, and again with a second threshold for the way back.

An untrained network uses no dimension and reconstructs nothing, which is no collapse: validations count from
the end of the first epoch on, but not before 300 steps, and in any case after 1,000.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aestudio.analysis.axis_statistics import ACTIVE
from aestudio.analysis.data_support.mean_image import MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aestudio.training.events import CodeUse, MetricPoint

FIRST_EPOCHS, LEAST_STEPS, ENOUGH_STEPS = 1.0, 300, 1_000
AGAIN = 2.0
"""How many times the threshold of a collapse is that of being active again."""
CONFIRMED = 2
"""Validations in a row after which a change counts; its step is that of the first of them."""

Change = Literal["collapsed", "active again", "no better", "better again"]


@dataclass(frozen=True)
class CollapseChange:
    """What changed at a step: some dimensions, counted from 0, or the whole model."""

    step: int
    change: Change
    dimensions: tuple[int, ...] = ()


@dataclass(frozen=True)
class CollapseReport:
    """All changes of a training up to its newest validation.

    changes:    in the order of their steps
    dimensions: those that are collapsed now, and since when
    since:      the step since which the whole model is no better than the mean image; None if it is better
    newest:     the newest validation's numbers and their step; None without any
    judged:     whether the start is over
    """

    changes: tuple[CollapseChange, ...] = ()
    dimensions: tuple[tuple[int, int], ...] = ()
    since: int | None = None
    newest: tuple[int, CodeUse] | None = None
    judged: bool = False


@dataclass
class _Watch:
    """One quantity: whether it is low, and how often in a row it was on the other side.

    since: the step at which it became low, or stopped being so
    """

    low: bool = False
    since: int = 0
    _count: int = field(default=0)
    _first: int = field(default=0)

    def add(self, step: int, below: bool, above: bool) -> bool:
        """Take one validation; returns whether the state changed."""
        if not (above if self.low else below):
            self._count = 0
            return False
        if not self._count:
            self._first = step
        self._count += 1
        if self._count < CONFIRMED:
            return False
        self.low, self.since, self._count = not self.low, self._first, 0
        return True


def collapse_report(validations: Iterable[MetricPoint], *, normal_prior: bool) -> CollapseReport:
    """What collapsed in a training with these validations, in the order of their steps.

    normal_prior: whether the codes have the prior N(0, I), and so a scale; the variance of other codes must
                  be below 0.01 of the largest one
    """
    watches: dict[int, _Watch] = {}
    whole = _Watch()
    found: list[tuple[int, Change, int]] = []
    newest: tuple[int, CodeUse] | None = None
    judged = False
    for point in validations:
        use = point.code_use
        if use is None:
            continue
        newest = point.step, use
        if not has_begun(point.step, point.epoch):
            continue
        judged = True
        for dimension, (below, above) in enumerate(_sides(use.variance, normal_prior)):
            watch = watches.setdefault(dimension, _Watch())
            if watch.add(point.step, below, above):
                found.append((watch.since, "collapsed" if watch.low else "active again", dimension))
        if whole.add(point.step, *_sides_of_whole(use)):
            found.append((whole.since, "no better" if whole.low else "better again", -1))
    low = tuple((dimension, watch.since) for dimension, watch in sorted(watches.items()) if watch.low)
    return CollapseReport(_grouped(found), low, whole.since if whole.low else None, newest, judged)


def has_begun(step: int, epoch: float) -> bool:
    """Whether the start of a training is over, after this many steps and epochs."""
    return (epoch >= FIRST_EPOCHS and step >= LEAST_STEPS) or step >= ENOUGH_STEPS


def _sides(variance: Sequence[float], normal_prior: bool) -> list[tuple[bool, bool]]:
    """Of each dimension, whether it is below the threshold, and whether it is above that of the way back."""
    threshold = ACTIVE if normal_prior else ACTIVE * max(variance, default=0.0)
    return [(value <= threshold, value > AGAIN * threshold) for value in variance]


def _sides_of_whole(use: CodeUse) -> tuple[bool, bool]:
    error, constant = use.error, use.mean_image_error
    return error >= (1 - MARGIN) * constant, error < (1 - AGAIN * MARGIN) * constant


def _grouped(found: list[tuple[int, Change, int]]) -> tuple[CollapseChange, ...]:
    """Dimensions that changed alike at the same step are one change."""
    groups: dict[tuple[int, Change], list[int]] = {}
    for step, change, dimension in found:
        groups.setdefault((step, change), []).append(dimension)
    return tuple(
        CollapseChange(step, change, tuple(sorted(one for one in dimensions if one >= 0)))
        for (step, change), dimensions in sorted(groups.items(), key=lambda entry: entry[0][0])
    )
