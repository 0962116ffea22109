"""Loss terms of single steps: left on the device, fetched a few times a second, averaged into points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


class MetricBuffer:
    """Takes the terms of each step, gives a training point every so many steps and at each epoch's end.

    Nothing is computed on the device for it: the terms are brought over as they are, in one transfer, and
    added up in double precision. Which steps make a point depends on the steps only, never on when
    the points are asked for.
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
        """The terms (scalars) of the step that led to this step count."""
        self._begin(step - 1, tuple(terms))
        self._rows += terms.values()

    def add_rows(self, first: int, names: tuple[str, ...], rows: Tensor) -> None:
        """The terms (steps, terms) of steps first, first + 1, ..., counted from 0."""
        self._begin(first, names)
        self._rows.append(rows.flatten())

    def _begin(self, first: int, names: tuple[str, ...]) -> None:
        if self._rows and names != self._names:
            self._fetch()
        if not self._rows:
            self._step, self._names = first, names

    def points(self) -> tuple[MetricPoint, ...]:
        """The points that are complete and not taken yet."""
        self._fetch()
        return tuple(self._points)

    def take_points(self) -> list[MetricPoint]:
        """The points that are complete, each once."""
        self._fetch()
        points, self._points = self._points, []
        return points

    def _fetch(self) -> None:
        if not self._rows:
            return
        singles = all(row.dim() == 0 for row in self._rows)
        table = torch.stack(self._rows) if singles else torch.cat([row.reshape(-1) for row in self._rows])
        self._rows = []
        numbers, width = table.tolist(), len(self._names)
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
        """What a checkpoint keeps: the sums of the point that is not complete yet."""
        self._fetch()
        return {"steps_summed": self._summed, **{f"sum/{name}": total for name, total in self._sums.items()}}

    def restore(self, counters: Mapping[str, float]) -> None:
        """Go on from what a checkpoint kept."""
        self._summed = int(counters["steps_summed"])
        self._sums = {
            key.removeprefix("sum/"): total for key, total in counters.items() if key.startswith("sum/")
        }
