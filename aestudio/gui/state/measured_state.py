"""What was measured of a model and is shown beside it: probe, latent space, test set. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.analysis.probe import ProbeReport
    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import StudioError
    from aestudio.runs.index import KeptRun
    from aestudio.training.events import Snapshot


@dataclass(frozen=True, eq=False)
class ProbeState:
    """The newest probe: its report, snapshot and data set, or its problem."""

    report: ProbeReport | None = None
    snapshot: Snapshot | None = None
    dataset: Dataset | None = None
    problem: StudioError | None = None


@dataclass(frozen=True, eq=False)
class LatentMetricsState:
    """The newest metrics of a latent space, with their snapshot and data set.

    dataset: None if they came with the model and no dataset is loaded; title: of the dataset
    table: as `runs.run_metrics.latent_metrics_of` returns it, None if they have no meaning for the model
    """

    snapshot: Snapshot
    dataset: Dataset | None
    title: str
    table: Mapping[str, Any] | None


@dataclass(frozen=True)
class LatentSubject:
    """What to measure, and the run that keeps the result, or None.

    folder: of the run; the run itself is a new object each time the list is read
    """

    snapshot: Snapshot
    dataset: Dataset
    folder: Path | None
    run: KeptRun | None = field(compare=False)


@dataclass(frozen=True, eq=False)
class EvaluationState:
    """The newest metrics over a whole test set, with their snapshot and data set.

    table: as `runs.run_metrics.metrics_of` returns it
    """

    snapshot: Snapshot
    dataset: Dataset
    table: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class MeasuredTestSet:
    """What is known over the whole test set: measured last, and being measured now, of whichever model."""

    measured: EvaluationState | None = None
    under_way: Snapshot | None = None
