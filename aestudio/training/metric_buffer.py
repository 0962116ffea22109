"""Loss terms of single steps: left on the device, fetched a few times a second, averaged into points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

Names = tuple[str, ...]


class MetricBuffer:
    """Averages the terms of `log_every` steps into one point; the last of an epoch may be of fewer.

    A term of a phase that is not due in every step is averaged over the steps that have it, and a point
    without any such step lacks it; without any term there is no point. The terms are copied to the CPU in
    one transfer and summed there in double precision. Which steps make a point depends on the steps only,
    never on when the points are fetched (docs/decisions.md: "Loss terms stay where they are").
    """

    def __init__(self, steps_per_epoch: int, log_every: int) -> None:
        self.steps_per_epoch = steps_per_epoch
        self.log_every = log_every
        self._step = 0
        self._names: list[Names] = []
        self._values: list[Tensor] = []
        self._sums: dict[str, float] = {}
        self._counts: dict[str, int] = {}
        self._summed = 0
        self._points: list[MetricPoint] = []

    def add(self, step: int, terms: Mapping[str, Tensor]) -> None:
        """Add the terms (scalars) of one step; `step` is the number of steps after it."""
        self._step = self._step if self._names else step - 1
        self._names.append(tuple(terms))
        self._values += terms.values()

    def add_steps(self, first: int, names: tuple[Names, ...], values: Tensor) -> None:
        """Add the terms of the steps first, first + 1, ..., counted from 0: all values in a row (T,)."""
        self._step = self._step if self._names else first
        self._names += names
        self._values.append(values)

    def points(self) -> tuple[MetricPoint, ...]:
        """The complete points that were not taken yet; they stay."""
        self._fetch()
        return tuple(self._points)

    def take_points(self) -> list[MetricPoint]:
        """The complete points, each returned once."""
        self._fetch()
        points, self._points = self._points, []
        return points

    def _fetch(self) -> None:
        if not self._names:
            return
        numbers = iter(self._numbers())
        steps, self._names, self._values = self._names, [], []
        for names in steps:
            self._step += 1
            for name in names:
                self._sums[name] = self._sums.get(name, 0.0) + next(numbers)
                self._counts[name] = self._counts.get(name, 0) + 1
            self._summed += 1
            if self._step % self.log_every == 0 or self._step % self.steps_per_epoch == 0:
                self._complete()

    def _numbers(self) -> list[float]:
        """The values of all terms, step by step, in one transfer."""
        if not self._values:  # steps in which no phase was due
            return []
        singles = all(value.dim() == 0 for value in self._values)
        row = torch.stack(self._values) if singles else torch.cat([one.reshape(-1) for one in self._values])
        return cast("list[float]", cast("Any", row).tolist())  # untyped in torch

    def _complete(self) -> None:
        means = {name: total / self._counts[name] for name, total in self._sums.items()}
        if means:
            point = MetricPoint("training", self._step, self._step / self.steps_per_epoch, means)
            self._points.append(point)
        self._sums, self._counts, self._summed = {}, {}, 0

    def counters(self) -> dict[str, float]:
        """The sums of the incomplete point, for a checkpoint; counts where they are not the steps'."""
        self._fetch()
        counts = {f"count/{name}": count for name, count in self._counts.items() if count != self._summed}
        sums = {f"sum/{name}": total for name, total in self._sums.items()}
        return {"steps_summed": self._summed, **sums, **counts}

    def restore(self, counters: Mapping[str, float]) -> None:
        """Continue from the counters of a checkpoint."""
        self._summed = int(counters["steps_summed"])
        self._sums = {
            key.removeprefix("sum/"): total for key, total in counters.items() if key.startswith("sum/")
        }
        self._counts = {name: int(counters.get(f"count/{name}", self._summed)) for name in self._sums}
