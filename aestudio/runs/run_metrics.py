"""The metrics of a run on a test set, as one flat table for files, scripts and the command line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from aestudio.errors import ignore_problem
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import OnProblem
    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun
    from aestudio.training.events import Snapshot


def metrics_of(
    run: KeptRun,
    dataset: Dataset,
    progress: Progress = silent,
    on_problem: OnProblem = ignore_problem,
) -> dict[str, Any]:
    """All metrics of the run's newest weights on the data set's test images; plain values for JSON.

    The table of `evaluate`, and the loss terms and the error per pixel under their own names: "test_loss",
    "test_negative_elbo", "test_accuracy", ..., "test_mse_per_pixel". Live
    settings have their last value. Every call gives the same values: one thread, fixed noise.

    on_problem: receives warnings, as in `KeptRun.snapshot`
    Of a sabotaged run it has "sabotage", its name. Raises StudioError if run and data do not fit together.
    """
    return metrics_of_snapshot(run.snapshot(on_problem), run.require_record().live, dataset, progress)


def metrics_of_snapshot(
    snapshot: Snapshot, live: Mapping[str, float], dataset: Dataset, progress: Progress = silent
) -> dict[str, Any]:
    """The same of one snapshot. live: the values of the settings that were changed while training"""
    from aestudio.analysis.evaluation_metrics import evaluate
    from aestudio.training.threads import temporary_threads

    values = {name: value for name, value in live.items() if name != "learning_rate"}
    with temporary_threads(1):
        evaluation = evaluate(snapshot, dataset.test, values, progress)
    table = evaluation.to_json()
    named = {f"test_{name}": value for name, value in evaluation.terms.items()}
    if evaluation.reconstruction is not None:
        named["test_mse_per_pixel"] = evaluation.reconstruction.mse_per_pixel
    sabotage = {"sabotage": snapshot.sabotage} if snapshot.sabotage else {}
    return plain({"dataset": dataset.name, **sabotage, **table, **named})


def latent_metrics_of(
    snapshot: Snapshot,
    dataset: Dataset,
    progress: Progress = silent,
    measures: NDArray[np.float32] | None = None,
) -> dict[str, Any] | None:
    """The metrics of a snapshot's latent space on the data set's test images; plain values for JSON.

    "mig_measured" and "mig_true" (None without true factors), their parts, and the step and data set that
    they belong to. None for a classifier and for a code of a single number: they have no such metrics.

    measures: float32 (N, 6) from `measures_of`, if they are known
    """
    from aestudio.analysis.disentanglement import latent_metrics
    from aestudio.training.threads import temporary_threads

    with temporary_threads(1):
        metrics = latent_metrics(snapshot, dataset.test, progress, measures)
    if metrics is None:
        return None
    return plain({"dataset": dataset.origin, "step": snapshot.step, **metrics.to_json()})


def gaps(latent: dict[str, Any] | None) -> dict[str, float | None]:
    """The two mutual information gaps among the metrics of a latent space, None if unknown."""
    return {name: None if latent is None else latent[name] for name in ("mig_measured", "mig_true")}


def plain(value: Any) -> Any:
    """The value with None for every number that JSON does not know (NaN, infinity)."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: plain(entry) for name, entry in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in cast("list[Any]", value)]
    return value
