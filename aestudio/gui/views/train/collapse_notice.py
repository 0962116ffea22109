"""One line that says what has collapsed: dimensions of the code, the whole model, or a generator."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from aestudio.gui.inference.requests.mode_coverage_request import CountClasses
from aestudio.gui.state.shown import Shown
from aestudio.gui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.state.studio_state import StudioState


class CollapseNotice(ElidedLabel):
    """Empty as long as nothing has collapsed; the tooltip has the history, the criterion and what to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_mode(Qt.TextElideMode.ElideRight)
        self._shown = Shown()

    def show_state(self, state: StudioState) -> None:
        """Say which dimensions have collapsed, and when; of a generator, whether it has."""
        run, snapshot = state.shown_run, state.snapshot
        coverage = state.results.get(CountClasses.channel)
        if not self._shown.differs(
            run.code_uses, run.changes, run.validation, coverage, snapshot, state.history.step
        ):
            return
        text, alarm, tip = self._of_generator(state) or self._of_codes(state)
        self.set_text(text)
        self.set_colour("warn" if alarm else "muted")
        self.setToolTip(tip)

    def _of_generator(self, state: StudioState) -> tuple[str, bool, str] | None:
        """Text, whether it is an alarm, tooltip; None if nothing is wrong with a generator and its critic."""
        from aestudio.gui.views.train.mode_collapse_text import (
            mode_collapse_help,
            mode_collapse_line,
            mode_collapse_of,
        )

        report = mode_collapse_of(state)
        return (mode_collapse_line(report), True, mode_collapse_help(report)) if report.alarm else None

    def _of_codes(self, state: StudioState) -> tuple[str, bool, str]:
        run, snapshot = state.shown_run, state.snapshot
        if snapshot is None or not run.code_uses:
            return "", False, ""
        from aestudio.gui.views.shared.collapse_text import collapse_help, collapse_line, report_of

        # In the history of the shown step; otherwise the snapshot is a little behind the validations.
        until = math.inf if state.history.step is None else snapshot.step
        report = report_of(run, snapshot.architecture, until)
        text, alarm = collapse_line(report)
        return text, alarm, collapse_help(report, snapshot.architecture, run) if text else ""
