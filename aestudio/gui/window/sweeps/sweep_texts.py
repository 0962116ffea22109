"""What the dialog and the window of sweeps say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.gui.plots.numbers import short_number
from aestudio.memory import in_words
from aestudio.sweeps.variation import NOT_VARIED

if TYPE_CHECKING:
    from aestudio.gui.state.sweep_state import RunningSweep, SweepEstimate
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo
    from aestudio.sweeps.sweep_results import Candidate, SweepResults

translate = QCoreApplication.translate
_MINUTE, _HOUR = 60.0, 3600.0


def duration_text(seconds: float) -> str:
    """So long, in words: "14 minutes"."""
    if seconds < _MINUTE:
        return translate("sweeps", "{} seconds").format(max(1, round(seconds)))
    minutes = round(seconds / _MINUTE)
    if seconds < _HOUR:
        return (
            translate("sweeps", "1 minute")
            if minutes == 1
            else translate("sweeps", "{} minutes").format(minutes)
        )
    return translate("sweeps", "{} hours").format(f"{seconds / _HOUR:.1f}")


def runs_text(count: int) -> str:
    """A number of runs."""
    return translate("sweeps", "1 run") if count == 1 else translate("sweeps", "{} runs").format(f"{count:,}")


def cost_text(estimate: SweepEstimate) -> str:
    """What a sweep takes, as far as it is known: "36 runs, about 14 minutes on this machine, 380 MB"."""
    runs, cost = runs_text(estimate.runs), estimate.cost
    if cost is None:
        return translate("sweeps", "{}; the time is being measured ...").format(runs)
    text = translate("sweeps", "{}, about {} on this machine with {} at a time, at most {}")
    return text.format(runs, duration_text(cost.seconds), estimate.jobs, in_words(cost.bytes))


def running_text(running: RunningSweep) -> str:
    """How far a sweep is."""
    if not running.runs:
        return translate("sweeps", "The sweep begins ...")
    if running.pausing:
        return translate("sweeps", "{} of {} runs; the others stop after their step ...").format(
            running.done, running.runs
        )
    if running.seconds is None:
        return translate("sweeps", "{} of {} runs").format(running.done, running.runs)
    text = translate("sweeps", "{} of {} runs, about {} left")
    return text.format(running.done, running.runs, duration_text(running.seconds))


def metric_title(name: str, recipe: Recipe) -> str:
    """A metric in words."""
    titles = {
        "squared_error": translate("sweeps", "Squared error"),
        "mse_per_pixel": translate("sweeps", "Squared error per pixel"),
        "psnr": translate("sweeps", "PSNR"),
        "ssim": translate("sweeps", "SSIM"),
        "active_dimensions": translate("sweeps", "Active dimensions"),
        "accuracy": translate("sweeps", "Accuracy"),
    }
    terms = {term.name: term.title for term in recipe.objective.terms()}
    return titles.get(name) or terms.get(name) or name


def metric_choices(recipe: Recipe) -> tuple[tuple[str, str], ...]:
    """The metrics by which candidates of a recipe can be compared, the usual one first."""
    from aestudio.sweeps.sweep_results import default_metric

    objective = recipe.objective
    pictures = ("squared_error", "mse_per_pixel", "psnr", "ssim")
    names = [
        default_metric(recipe),
        *(pictures if objective.encodes and objective.decodes else ()),
        *(term.name for term in objective.terms()),
    ]
    return tuple((name, metric_title(name, recipe)) for name in dict.fromkeys(names))


def score_text(candidate: Candidate) -> str:
    """Mean and standard error: "31.2 ± 0.4"."""
    if candidate.mean is None:
        return "–"
    mean, error = short_number(candidate.mean), candidate.standard_error
    return mean if error is None else f"{mean} ± {error:.2g}"


def choice_text(results: SweepResults) -> str:
    """The best candidate, and the simplest within one standard error."""
    best, chosen = results.best, results.chosen
    if best is None:
        return translate("sweeps", "No candidate has all of its runs yet.")
    text = translate("sweeps", "Best: {} ({}).").format(best.title, score_text(best))
    if chosen is None or chosen is best:
        return text
    simplest = translate("sweeps", "Simplest within one standard error: {} ({}).")
    return f"{text} {simplest.format(chosen.title, score_text(chosen))}"


def varied_settings(recipe: Recipe) -> tuple[SettingInfo, ...]:
    """The settings of a recipe that can vary."""
    infos = (info for group in recipe.settings().values() for info in group)
    return tuple(info for info in infos if info.name not in NOT_VARIED and recipe.has_effect(info))


def suggested_values(info: SettingInfo, value: Any) -> str:
    """Values to begin with, around the present one."""
    if info.choices:
        return ", ".join(info.choices)
    if info.kind == "switch":
        return "false, true"
    if info.kind == "sizes":
        return "; ".join(",".join(map(str, sizes)) for sizes in (value, tuple(2 * size for size in value)))
    if info.kind == "integer":
        found = [max(value // 2, 1), max(value, 1), max(2 * value, 2)]
    elif info.kind == "number":
        found = [value / 2, value, 2 * value] if value else [0.0, 0.1]
    else:
        return str(value)
    low, high = info.minimum, info.maximum
    kept = [one for one in found if (low is None or one >= low) and (high is None or one <= high)]
    return ", ".join(f"{one:g}" for one in dict.fromkeys(kept or [value]))
