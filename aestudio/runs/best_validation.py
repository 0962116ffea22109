"""The best validation of a run: the lowest loss that was measured on images held back from the training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.metrics_file import read_validations
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.metrics_file import Point
    from aestudio.runs.run_record import RunRecord

# It changes how the loss is minimised, not what it measures.
_NOT_IN_THE_LOSS = "learning_rate"


@dataclass(frozen=True)
class BestValidation:
    """value: per image, None if there is none; unit: of the loss; step, epoch: at which it was measured."""

    value: float | None = None
    unit: str = ""
    step: int = 0
    epoch: float = 0.0


NO_VALIDATION = BestValidation()


def best_validation(run: KeptRun) -> BestValidation:
    """The best validation of the first phase's loss; none of a run that cannot be read."""
    record = run.record
    if record is None:
        return NO_VALIDATION
    try:
        points = read_validations(run.folder)
    except StudioError:
        return NO_VALIDATION
    return best_of(points, record)


def best_of(points: Iterable[Point], record: RunRecord) -> BestValidation:
    """The lowest finite validation loss among those that are comparable with the newest.

    A loss whose weights change, such as beta, is another quantity: what was measured before the last change
    does not count, and before the step of a branch only if the branch has the same objective. Without
    validation images the curve is measured on training images: then there is none.
    """
    if not (record.recipe.training.validation_images or record.recipe.images.folds):
        return NO_VALIDATION
    loss = record.recipe.objective.terms()[0]
    best, since = BestValidation(None, loss.unit), _first_comparable(record)
    for point in points:
        if not isinstance(point, MetricPoint):
            if point.name != _NOT_IN_THE_LOSS:
                best, since = BestValidation(None, loss.unit), point.step
            continue
        value = point.terms.get(loss.name, math.nan)
        if point.split != "validation" or point.step <= since or not math.isfinite(value):
            continue
        if best.value is None or value < best.value:
            best = BestValidation(value, loss.unit, point.step, point.epoch)
    return best


def _first_comparable(record: RunRecord) -> int:
    """The last step whose losses are of another objective than the run's, -1 for none."""
    origin = record.branched_from
    if origin is None:
        return -1
    names = {info.name for info in record.recipe.settings()["objective"]}
    return origin.step if names & origin.changes.keys() else -1
