"""Sweeps as the command line prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.cli.output import one_line, table
from aestudio.memory import in_words
from aestudio.sweeps.importance import importances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.sweeps.cost import SweepCost
    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.sweep_results import Candidate, SweepResults

_MINUTE, _HOUR = 60.0, 3600.0


def cost_text(cost: SweepCost, jobs: int) -> str:
    """What a sweep takes: "36 runs, about 14 minutes of training with 2 at a time, at most 380 MB on ..."."""
    runs = "1 run" if cost.runs == 1 else f"{cost.runs:,} runs"
    room = f"at most {in_words(cost.bytes)} on the disk"
    return f"{runs}, about {_duration(cost.seconds)} of training with {jobs} at a time, {room}"


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{max(1, round(seconds))} s"
    if seconds < _HOUR:
        return f"{round(seconds / _MINUTE)} minutes"
    return f"{seconds / _HOUR:.1f} hours"


def results_table(plan: SweepPlan, results: SweepResults) -> str:
    """The candidates as lines, the best first, and what to choose."""
    heading = ("SETTINGS", results.metric.upper(), "STANDARD ERROR", "PARAMETERS", "RUNS", "WHAT TO KNOW")
    rows = [_row(one, results) for one in results.ranked]
    return "\n".join([table(rows, heading), *_importance(plan, results), *_choice(plan, results)])


def _row(one: Candidate, results: SweepResults) -> tuple[str, ...]:
    notes = [
        *(["best"] if one is results.best else []),
        *(["simplest within one standard error"] if one is results.chosen is not results.best else []),
        *([f"{one.missing} not done"] if one.missing else []),
        *(["failed: " + problem for problem in dict.fromkeys(one.problems)]),
    ]
    return (
        one_line(one.title),
        _number(one.mean),
        _number(one.standard_error),
        f"{one.parameters:,}" if one.parameters else "–",
        str(len(one.scores)),
        one_line(", ".join(notes)),
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _importance(plan: SweepPlan, results: SweepResults) -> list[str]:
    """What each setting alone explains of the differences, if several vary."""
    found = importances(plan, results)
    if len(found) < 2:
        return []
    shares = ", ".join(f"{one.title} {one.share:.0%}" for one in sorted(found, key=lambda one: -one.share))
    return [f"Each setting alone explains of the variance of {results.metric}: {shares}"]


def _choice(plan: SweepPlan, results: SweepResults) -> list[str]:
    """How to train what was chosen on all training images, and to measure it on the test images, once."""
    chosen = results.chosen
    if chosen is None:
        return []
    flags = " ".join(f"--set {name}={_flag(value)}" for name, value in chosen.settings.items())
    train = f"aestudio train {plan.recipe.name} {flags}"
    return [f"To train {chosen.title} on all images, and measure it on the test images: {train}"]


def _flag(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
    return str(value).lower() if isinstance(value, bool) else str(value)


def results_json(plan: SweepPlan, results: SweepResults) -> dict[str, Any]:
    """The same for programs."""
    best, chosen = results.best, results.chosen
    return {
        "sweep": plan.name,
        "metric": results.metric,
        "higher_is_better": results.higher,
        "best": None if best is None else dict(best.settings),
        "within_one_standard_error": None if chosen is None else dict(chosen.settings),
        "importance": {one.name: one.share for one in importances(plan, results)},
        "candidates": [
            {
                "settings": dict(one.settings),
                "mean": one.mean,
                "standard_error": one.standard_error,
                "scores": list(one.scores),
                "parameters": one.parameters,
                "seconds": round(one.seconds, 3),
                "runs": list(one.runs),
                "missing": one.missing,
                "problems": list(one.problems),
            }
            for one in results.candidates
        ],
    }


def list_of_sweeps(sweeps: Sequence[tuple[SweepPlan, int]]) -> str:
    """Kept sweeps as lines, each with how many of its runs are done."""
    rows = [
        (plan.name, f"{done} of {len(plan.trials)}", plan.metric, one_line(plan.recipe.title))
        for plan, done in sweeps
    ]
    return table(rows, ("SWEEP", "RUNS", "METRIC", "RECIPE"))
