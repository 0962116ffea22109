"""What a sweep found: mean and standard error of each candidate, and which one to choose. No torch."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.recipe import Recipe
    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.sweep_folder import TrialResult

HIGHER_IS_BETTER = frozenset({"accuracy", "psnr", "ssim", "active_dimensions"})
"""Of the metrics; of all others, which are losses and errors, the lowest value is the best."""


@dataclass(frozen=True)
class Candidate:
    """One combination of settings with its scores.

    settings: by name; title: in a few words; runs: the folders' names of those that count
    scores:   of its folds, in their order; mean: over them; standard_error: of that mean, s / sqrt(n) with
              s^2 = sum (x - mean)^2 / (n - 1); None for fewer than two. The folds share training images, so
              that it is only an estimate, and rather too small (Bengio & Grandvalet 2004)
    problems: why runs of it failed; missing: how many have no result yet
    """

    settings: Mapping[str, Any]
    title: str
    runs: tuple[str, ...]
    scores: tuple[float, ...]
    parameters: int
    seconds: float
    problems: tuple[str, ...]
    missing: int

    @property
    def mean(self) -> float | None:
        """None without any score."""
        return float(np.mean(self.scores)) if self.scores else None

    @property
    def standard_error(self) -> float | None:
        """None for fewer than two scores."""
        count = len(self.scores)
        return float(np.std(self.scores, ddof=1) / math.sqrt(count)) if count > 1 else None

    @property
    def complete(self) -> bool:
        """Whether every one of its runs has a score."""
        return not self.problems and not self.missing


@dataclass(frozen=True)
class SweepResults:
    """candidates: in the order of the plan; higher: whether the metric's highest value is the best."""

    metric: str
    higher: bool
    candidates: tuple[Candidate, ...]

    @property
    def ranked(self) -> tuple[Candidate, ...]:
        """The complete ones, the best first, then the others."""
        sign = -1.0 if self.higher else 1.0
        return tuple(
            sorted(
                self.candidates,
                key=lambda one: (not one.complete, math.inf if one.mean is None else sign * one.mean),
            )
        )

    @property
    def best(self) -> Candidate | None:
        """The complete one with the best mean."""
        first = self.ranked[0] if self.candidates else None
        return first if first is not None and first.complete and first.scores else None

    @property
    def chosen(self) -> Candidate | None:
        """The simplest that is not worse than the best by more than the best's standard error.

        Simplest: with the fewest parameters, of these the best (Breiman et al. 1984; Hastie et al. 2009,
        7.10). The best itself where it has no standard error.
        """
        best = self.best
        if best is None or best.mean is None or best.standard_error is None:
            return best
        sign = -1.0 if self.higher else 1.0
        limit = sign * best.mean + best.standard_error
        within = [
            one
            for one in self.candidates
            if one.complete and one.mean is not None and sign * one.mean <= limit
        ]
        return min(within, key=lambda one: (one.parameters, sign * (one.mean or 0.0)))


def sweep_results(plan: SweepPlan, known: Mapping[int, TrialResult], metric: str = "") -> SweepResults:
    """The scores of every candidate. metric: another one than the plan's, "" for that.

    Raises BadChoice for a metric that none of the runs has.
    """
    name = metric or plan.metric
    measured = [result for result in known.values() if result.metrics]
    if measured and not any(name in result.metrics for result in measured):
        raise BadChoice("--metric", name, sorted({key for result in measured for key in result.metrics}))
    trials: list[list[int]] = [[] for _ in plan.settings]
    for trial in plan.trials:
        trials[trial.candidate].append(trial.number)
    candidates = tuple(_candidate(plan, number, own, known, name) for number, own in enumerate(trials))
    return SweepResults(name, name in HIGHER_IS_BETTER, candidates)


def _candidate(
    plan: SweepPlan, number: int, trials: list[int], known: Mapping[int, TrialResult], metric: str
) -> Candidate:
    results = [known[trial] for trial in trials if trial in known]
    ended = [result for result in results if not result.stopped]
    scored = [result for result in ended if metric in result.metrics]
    problems = [result.problem or f"It has no {metric}." for result in ended if metric not in result.metrics]
    return Candidate(
        plan.settings[number],
        plan.title_of(plan.settings[number]),
        tuple(result.run for result in scored),
        tuple(result.metrics[metric] for result in scored),
        max((result.parameters for result in scored), default=0),
        sum(result.seconds for result in ended),
        tuple(problems),
        len(trials) - len(ended),
    )


def metric_names(known: Mapping[int, TrialResult]) -> tuple[str, ...]:
    """Every metric that a run of the sweep has, sorted."""
    return tuple(sorted({name for result in known.values() for name in result.metrics}))


def to_csv(plan: SweepPlan, results: SweepResults) -> str:
    """A row for each candidate, in the order of the plan: settings, mean, standard error and the scores."""
    names = list(plan.settings[0])
    count = max(1, plan.folds) * plan.repeats
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    scores = [f"{results.metric} {number}" for number in range(1, count + 1)]
    writer.writerow([*names, results.metric, "standard_error", "parameters", "seconds", *scores, "problem"])
    for one in results.candidates:
        filled = [*map(repr, one.scores), *[""] * (count - len(one.scores))]
        values = [_cell(one.settings[name]) for name in names]
        numbers = [_number(one.mean), _number(one.standard_error), one.parameters, f"{one.seconds:.3f}"]
        writer.writerow([*values, *numbers, *filled, " ".join(dict.fromkeys(one.problems))])
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
    return str(value)


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def default_metric(recipe: Recipe) -> str:
    """What candidates are compared by, if the user names nothing.

    The squared error of the reconstructions; of a classifier the accuracy, of others the first term. Not the
    loss if there is another: a weight that varies, such as beta, changes what it means.
    """
    objective = recipe.objective
    names = [term.name for term in objective.terms()]
    if objective.encodes and objective.decodes:
        return "squared_error"
    return "accuracy" if "accuracy" in names else names[0]
