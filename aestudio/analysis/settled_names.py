"""Names of axes that settle: while a model trains, each axis is measured again and again, with few images.

A name is judged by the newest measurements together, and changes only when another one is better by a margin.
Two axes have the same name only if there is no other: the axis that changes an attribute most is called by
it, and another one by what it changes next best. All names stay true: each is a measure that the axis changes
clearly by itself (`name_axis`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.analysis.attribute_discovery import MIN_CORRELATION, MIN_EFFECT

if TYPE_CHECKING:
    from aestudio.analysis.attribute_discovery import AxisName

NEWEST = 8
"""Measurements of an axis that are judged together: of one second each, at most."""
MARGIN = 0.1
"""By how much the score of another name must be better, of at most 1."""


class SettledNames:
    """The names of a number of axes, none of which is measured yet. Belongs to one thread."""

    def __init__(self, count: int) -> None:
        self._newest: list[deque[tuple[object, AxisName]]] = [deque(maxlen=NEWEST) for _ in range(count)]
        self._shown: list[str | None] = [None] * count  # measures; "" for none, None for not measured

    def measured(self, index: int, name: AxisName, source: object) -> None:
        """An axis was measured; with more images of the same source, the name replaces the one before.

        source: what was measured, as a snapshot
        With more images than all before it together, a measurement counts alone: at rest the axis is measured
        exactly, and what it was while the model trained says no more.
        """
        newest = self._newest[index]
        if newest and newest[-1][0] is source:
            newest.pop()
        if name.images > sum(before.images for _, before in newest):
            newest.clear()
        newest.append((source, name))

    def names(self) -> tuple[AxisName | None, ...]:
        """The name of each axis as it is shown from now on; None for one that was not measured."""
        self._shown = self._assigned()
        return tuple(self._name(index) for index in range(len(self._newest)))

    def _assigned(self) -> list[str | None]:
        """The measure that each axis is called by, the clearest first."""
        scores = [self._scores(index) for index in range(len(self._newest))]
        pairs = sorted(
            (
                (score + MARGIN * (self._shown[index] == measure), index, measure)
                for index, of_axis in enumerate(scores)
                for measure, score in of_axis.items()
            ),
            key=lambda pair: (-pair[0], pair[1:]),
        )
        assigned: dict[int, str] = {}
        for _, index, measure in pairs:
            if index not in assigned and measure not in assigned.values():
                assigned[index] = measure
        for _, index, measure in pairs:
            assigned.setdefault(index, measure)  # all that it changes is taken
        return [assigned.get(index, "" if self._newest[index] else None) for index in range(len(scores))]

    def _scores(self, index: int) -> dict[str, float]:
        """The score of each measure that the axis changes clearly, averaged over the newest measurements."""
        names = [name for _, name in self._newest[index]]
        images, total = sum(name.images for name in names), dict[str, float]()
        for name in names:
            for measure, score in scores_of(name).items():
                total[measure] = total.get(measure, 0.0) + score * name.images / images
        # One measurement of several says little, except for the first one and for what is shown already.
        shown = self._shown[index]
        least = 0.0 if shown is None else MARGIN
        return {
            measure: score
            for measure, score in total.items()
            if score >= (MARGIN / 2 if measure == shown else least)
        }

    def _name(self, index: int) -> AxisName | None:
        """The newest measurement, called by what is shown."""
        measure, newest = self._shown[index], self._newest[index]
        if measure is None:
            return None
        last = newest[-1][1]
        if measure == last.measure:
            return last
        if measure:
            found = last.associations[measure]
            return replace(last, verdict="measure", measure=measure, r=found.r, effect=found.effect)
        verdicts = [name.verdict for _, name in reversed(newest) if name.verdict != "measure"]
        verdict = verdicts[0] if verdicts else "mixed"
        return replace(last, verdict=verdict, measure="", r=0.0, effect=0.0)


def scores_of(name: AxisName) -> dict[str, float]:
    """The score, at most 1, of each measure that one measurement shows to change clearly: as `name_axis`."""
    if name.verdict != "measure":
        return {}
    return {
        measure: found.low * min(1.0, abs(found.effect))
        for measure, found in name.associations.items()
        if found.low >= MIN_CORRELATION and abs(found.effect) >= MIN_EFFECT
    }
