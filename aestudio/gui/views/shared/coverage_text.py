"""Which classes the samples of a model show, in words; why they are not counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.inference.requests.mode_coverage_request import CountClasses
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.analysis.mode_coverage import ModeCoverage
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot

translate = QCoreApplication.translate


def coverage_request(state: StudioState, snapshot: Snapshot | None) -> CountClasses | None:
    """The request for the classes among samples; None if the model or the images have none to count."""
    sets = state.image_sets
    if snapshot is None or not sets or sets[0].labels is None:
        return None
    latent, condition = snapshot.architecture.latent, snapshot.recipe.objective.condition
    if not (snapshot.architecture.decodes and latent.has_prior) or condition != "none":
        return None  # of a conditional model the class is chosen, not found
    return CountClasses(snapshot, sets)


def coverage_text(coverage: ModeCoverage) -> str:
    """How many classes there are among the samples, and which one is rarest."""
    name, share = coverage.rarest
    text = translate("coverage", "{} samples: {} of {} classes; the rarest: {}, {} %")
    classes = len(coverage.counts)
    return text.format(f"{coverage.samples:,}", coverage.shown, classes, one_line(name), f"{100 * share:.1f}")


def coverage_help() -> str:
    """Who names the classes, and what the line across the bars is."""
    return translate(
        "coverage",
        "The class of each sample as a classifier names it: the one that comes with the program for digits,\n"
        "for other images one that learns from the training images. Fewer than a tenth of an equal share\n"
        "(the line) may be its mistakes, so such a class does not count as shown.",
    )
