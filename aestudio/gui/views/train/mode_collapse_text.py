"""What is said if a generator and its critic have lost each other: a line, and advice in the tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.analysis.mode_collapse import ModeCollapse, mode_collapse
from aestudio.gui.inference.requests.mode_coverage_request import CountClasses
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate

_NAMED = 5  # missing classes, before the others are counted


def mode_collapse_of(state: StudioState) -> ModeCollapse:
    """What is wrong with the shown generator at the shown step; nothing for a model without a critic."""
    snapshot, run = state.snapshot, state.shown_run
    term = "" if snapshot is None else snapshot.recipe.objective.accuracy_of_critic
    result = state.results.get(CountClasses.channel)
    if snapshot is None or (not term and snapshot.architecture.encodes):
        return ModeCollapse()
    coverage = None if result is None else result.value
    series = run.validation
    rows = zip(series.step.tolist(), series.epoch.tolist(), series.term(term).tolist(), strict=False)
    accuracies = [(int(step), epoch, value) for step, epoch, value in rows if value == value]
    judged = snapshot if result is None else result.request.snapshot
    return mode_collapse(accuracies, coverage, snapshot.step, judged.epoch)


def mode_collapse_line(report: ModeCollapse) -> str:
    """One line; "" if nothing is wrong."""
    parts: list[str] = []
    if report.coverage is not None:
        text = translate("mode_collapse", "Samples show only {} of {} classes: mode collapse")
        parts.append(text.format(report.coverage.shown, len(report.coverage.counts)))
    if report.sure_since is not None and report.accuracy is not None:
        text = translate("mode_collapse", "Critic right on {} % since step {}")
        parts.append(text.format(f"{100 * report.accuracy:.0f}", f"{report.sure_since:,}"))
    return "; ".join(parts)


def mode_collapse_help(report: ModeCollapse) -> str:
    """Which classes are missing, what the alarm is about, and what to do."""
    lines: list[str] = []
    if report.coverage is not None:
        missing = [one_line(name) for name in report.coverage.missing]
        names = ", ".join(missing[:_NAMED])
        more = len(missing) - _NAMED
        if more > 0:
            names = translate("mode_collapse", "{} and {} more").format(names, more)
        lines.append(
            translate("mode_collapse", "Missing among {} samples: {}.").format(
                f"{report.coverage.samples:,}", names
            )
        )
    if report.sure_since is not None:
        lines.append(
            translate(
                "mode_collapse",
                "A critic that is always right leaves the generator no slope to learn from (98 % in two\n"
                "validations; it ends below 95 %).",
            )
        )
    lines.append(
        translate(
            "mode_collapse",
            "To change that: label smoothing, a lower learning rate, fewer steps of the critic,\n"
            "another seed, or the Wasserstein GAN.",
        )
    )
    return explained("\n".join(lines), "mode_collapse", "critic")
