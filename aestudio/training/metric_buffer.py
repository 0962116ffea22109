"""Loss terms of single steps: left on the device, fetched a few times a second, averaged into points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


class MetricBuffer:
    """Averages the terms of `log_every` steps into one point; the last of an epoch may be of fewer.

    The terms are copied to the CPU in one transfer and summed there in double precision. Which steps
    make a point depends on the steps only, never on when the points are fetched.
    """

    def __init__(self, steps_per_epoch: int, log_every: int) -> None:
        self.steps_per_epoch = steps_per_epoch
        self.log_every = log_every
        self._names: tuple[str, ...] = ()
        self._step = 0
        self._rows: list[Tensor] = []
        self._sums: dict[str, float] = {}
        self._summed = 0
        self._points: list[MetricPoint] = []

    def add(self, step: int, terms: Mapping[str, Tensor]) -> None:
        """Add the terms (scalars) of one step; `step` is the number of steps after it."""
        self._begin(step - 1, tuple(terms))
        self._rows += terms.values()

    def add_rows(self, first: int, names: tuple[str, ...], rows: Tensor) -> None:
        """Add the terms (S, T) of the S steps first, first + 1, ..., counted from 0."""
        self._begin(first, names)
        self._rows.append(rows.flatten())

    def _begin(self, first: int, names: tuple[str, ...]) -> None:
        if self._rows and names != self._names:
            self._fetch()
        if not self._rows:
            self._step, self._names = first, names

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
        if not self._rows:
            return
        singles = all(row.dim() == 0 for row in self._rows)
        table = torch.stack(self._rows) if singles else torch.cat([row.reshape(-1) for row in self._rows])
        self._rows = []
        numbers = cast("list[float]", cast("Any", table).tolist())  # untyped in torch
        width = len(self._names)
        for start in range(0, len(numbers), width):
            self._step += 1
            for name, value in zip(self._names, numbers[start : start + width], strict=True):
                self._sums[name] = self._sums.get(name, 0.0) + value
            self._summed += 1
            if self._step % self.log_every == 0 or self._step % self.steps_per_epoch == 0:
                self._complete()

    def _complete(self) -> None:
        means = {name: total / self._summed for name, total in self._sums.items()}
        self._points.append(MetricPoint("training", self._step, self._step / self.steps_per_epoch, means))
        self._sums, self._summed = {}, 0

    def counters(self) -> dict[str, float]:
        """The sums of the incomplete point, for a checkpoint."""
        self._fetch()
        return {"steps_summed": self._summed, **{f"sum/{name}": total for name, total in self._sums.items()}}

    def restore(self, counters: Mapping[str, float]) -> None:
        """Continue from the counters of a checkpoint."""
        self._summed = int(counters["steps_summed"])
        self._sums = {
            key.removeprefix("sum/"): total for key, total in counters.items() if key.startswith("sum/")
        }
