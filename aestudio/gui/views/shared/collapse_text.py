"""What is said about a collapse: in a line, and with its history, criterion and advice in the tooltip."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.glossary import explained
from aestudio.recipes.requirements import has_standard_normal_prior

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.analysis.collapse import CollapseChange, CollapseReport
    from aestudio.gui.state.run_state import RunState
    from aestudio.recipes.architecture import Architecture

translate = QCoreApplication.translate

_NAMED = 4  # dimensions in a line, before the others are counted
_LISTED = 10  # changes in the tooltip


def report_of(run: RunState, architecture: Architecture, until: float = math.inf) -> CollapseReport:
    """What collapsed while this run was trained, and whether it still is.

    until: the step that is shown, in the history: what came later is not true of it
    """
    from aestudio.analysis.collapse import collapse_report

    uses = (point for point in run.code_uses if point.step <= until)
    return collapse_report(uses, normal_prior=has_standard_normal_prior(architecture.latent))


def collapse_line(report: CollapseReport) -> tuple[str, bool]:
    """One line, and whether it is an alarm; "" if nothing ever collapsed."""
    if report.since is not None:
        text = translate("collapse", "No better than the mean image since step {}")
        return text.format(f"{report.since:,}"), True
    if report.dimensions:
        steps = sorted({step for _, step in report.dimensions})
        parts = [
            translate("collapse", "{} collapsed at step {}").format(
                names([one for one, since in report.dimensions if since == step]), f"{step:,}"
            )
            for step in steps
        ]
        return "; ".join(parts), True
    return (change_text(report.changes[-1]), False) if report.changes else ("", False)


def change_text(change: CollapseChange) -> str:
    """What changed at a step."""
    texts = {
        "collapsed": translate("collapse", "{} collapsed at step {}"),
        "active again": translate("collapse", "{} again active at step {}"),
        "no better": translate("collapse", "{}No better than the mean image from step {} on"),
        "better again": translate("collapse", "{}Better than the mean image again from step {} on"),
    }
    return texts[change.change].format(names(change.dimensions), f"{change.step:,}")


def names(dimensions: Sequence[int]) -> str:
    """ "z3, z7"; of many the first, and how many more."""
    shown = ", ".join(f"z{one + 1}" for one in dimensions[:_NAMED])
    more = len(dimensions) - _NAMED
    return translate("collapse", "{} and {} more").format(shown, more) if more > 0 else shown


def collapse_help(report: CollapseReport, architecture: Architecture, run: RunState) -> str:
    """History, criterion, what to do."""
    lines = [change_text(change) for change in report.changes[-_LISTED:]]
    lines += _numbers(report)
    if report.since is None:
        lines.append(
            translate("collapse", "Collapsed: variance of the mean code below 0.01 in two validations;")
            if has_standard_normal_prior(architecture.latent)
            else translate(
                "collapse", "Collapsed: variance of the code below 0.01 of the largest in two validations;"
            )
        )
        lines.append(translate("collapse", "active again: above twice that in two validations."))
    lines.append(advice(report, architecture, run))
    return explained("\n".join(line for line in lines if line), "collapsed")


def _numbers(report: CollapseReport) -> list[str]:
    """The newest measurement of what is collapsed."""
    if report.newest is None:
        return []
    step, use = report.newest
    if report.since is not None:
        text = translate("collapse", "Step {}: error {} per pixel, mean image {} ({} validation images).")
        numbers = (f"{use.error:.4g}", f"{use.mean_image_error:.4g}", f"{use.images:,}")
        return [text.format(f"{step:,}", *numbers)]
    kl = translate("collapse", "z{}: variance {}, KL {} nats")
    alone = translate("collapse", "z{}: variance {}")
    rows = [
        kl.format(one + 1, f"{use.variance[one]:.2g}", f"{use.kl[one]:.2g}")
        if use.kl
        else alone.format(one + 1, f"{use.variance[one]:.2g}")
        for one, _ in report.dimensions[:_NAMED]
    ]
    return [translate("collapse", "Step {}: {}").format(f"{step:,}", "; ".join(rows))] if rows else []


def advice(report: CollapseReport, architecture: Architecture, run: RunState) -> str:
    """What to do about what is collapsed now; "" if nothing is."""
    if report.since is None and not report.dimensions:
        return ""
    objective = architecture.recipe.objective
    settings = {info.name for info in architecture.recipe.settings()["objective"]}
    if {"beta", "free_bits", "warmup_epochs"} <= settings:
        text = translate("collapse", "To change that: a lower β (now {}), a longer KL warm-up, or free bits.")
        beta = [change.value for change in run.changes if change.name == "beta"]
        text = text.format(f"{beta[-1] if beta else getattr(objective, 'beta', 1.0):g}")
    else:
        text = translate("collapse", "To change that: a lower learning rate, or another seed.")
    if report.since is not None:
        return text
    return translate("collapse", "{}\nOtherwise fewer dimensions do as well.").format(text)
