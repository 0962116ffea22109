"""The phases of a training step in words, for the facts of a recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.recipes.phase import Phase

translate = QCoreApplication.translate


def phase_lines(phases: Sequence[Phase]) -> list[str]:
    """When each phase is executed and how fast it learns, one line each; none for a single phase."""
    return [_line(phase) for phase in phases] if len(phases) > 1 else []


def _line(phase: Phase) -> str:
    often = translate("PhaseFacts", "every step")
    if phase.every > 1:
        often = translate("PhaseFacts", "every {} steps").format(f"{phase.every:,}")
    if phase.begins:
        often = translate("PhaseFacts", "{}, after {} epochs").format(often, f"{phase.begins:g}")
    rate = ""
    if phase.learning_rate != 1.0:
        rate = translate("PhaseFacts", "{} × the learning rate, ").format(f"{phase.learning_rate:g}")
    return translate("PhaseFacts", "{}: {}{}").format(one_line(phase.title), rate, often)
