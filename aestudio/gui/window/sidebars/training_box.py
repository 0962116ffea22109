"""The buttons Start, step, stop and reset, and the progress of the training."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import keep_length
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import boxed, column, fill, row
from aestudio.gui.widgets.number_label import NumberLabel
from aestudio.gui.widgets.phase_button import PhaseButton
from aestudio.gui.window.sidebars.start_button import enable_start, start_look, with_title
from aestudio.gui.window.sidebars.start_reason import StartReason, start_texts
from aestudio.gui.window.sidebars.training_bar import TrainingBar

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState

_BAR_HEIGHT = 6


class TrainingBox(QWidget):
    """The buttons, and two progress bars: of the whole run and of the current epoch.

    While Start is disabled for a longer time, one line says why, where the progress is otherwise.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown, self._buttons_shown, self._phases_shown = Shown(), Shown(), Shown()
        self.start = TextButton("play", self.tr("Start"), role="primary")
        self.start.clicked.connect(session.training.toggle)
        self.step = IconButton("step", self.tr("Single step, then pause (Ctrl+.)"), role="")
        self.step.clicked.connect(lambda: session.training.step())
        self.phase = PhaseButton(self.tr("Single step of one phase alone, then pause"))
        self.phase.chosen.connect(session.training.step)
        self.stop = IconButton("stop", "", role="")
        self.stop.clicked.connect(session.training.stop)
        self.reset = IconButton(
            "reset", self.tr("Back to the same initial weights; the run so far is kept (Ctrl+R)"), role=""
        )
        self.reset.clicked.connect(session.training.reset)
        self.run_bar = TrainingBar()
        self.epoch_bar = TrainingBar(self.tr("Progress of the current epoch"))
        for bar in (self.run_bar, self.epoch_bar):
            keep_length(bar, lambda bar, theme: bar.setFixedHeight(theme.px(_BAR_HEIGHT)))
        self.progress = NumberLabel(self.tr("epoch {} of {}").format("000", "000"), role="muted")
        self.progress.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.time_left = NumberLabel(self.tr("{} left").format("00:00:00"), role="muted")
        self.reason = StartReason()
        self._lay_out()

    def _lay_out(self) -> None:
        step = row(self.step, self.phase, gap=0)
        buttons = row(fill(self.start), step, self.stop, self.reset, gap=4)
        # The reason takes the place of the progress, so that nothing moves when a value becomes invalid.
        self._progress_texts = boxed(row(self.progress, fill(), self.time_left, gap=None))
        self._progress_texts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        texts = row(fill(self._progress_texts), fill(self.reason), gap=0)
        column(buttons, texts, self.run_bar, self.epoch_bar, gap=4, on=self)

    def show_state(self, state: StudioState) -> None:
        """Show the phase on the buttons and the progress on the bars."""
        if self._phases_shown.differs(state.recipe.objective):
            self.phase.set_phases(state.recipe.objective.phases())
        training = state.training
        model = state.training_model
        other = model is not None and model.snapshot.recipe != state.recipe
        invalid = "" if training.phase == "running" else "\n".join(state.obstacles())
        others = (state.hidden_training is not None, state.comparison.active)
        parts = (
            *others,
            training.phase,
            training.progress,
            training.started,
            training.resumable,
            state.torch_phase,
            other,
        )
        if not self._shown.differs(*parts, invalid):
            return
        if self._buttons_shown.differs(
            training.phase, training.resumable, state.torch_phase, invalid, *others
        ):
            self._show_buttons(state)
            self._show_reason(start_texts(state), invalid)
        # The progress belongs to the run that is shown; a changed recipe has not started.
        self._show_progress(RunState() if other and not training.active else training)

    def _show_buttons(self, state: StudioState) -> None:
        training, look = state.training, start_look(state)
        self.start.setText(look.text)
        self.start.set_icon(look.icon)
        self.start.setToolTip(look.tip)
        self.start.setAccessibleDescription(look.obstacle)
        enable_start(self.start, look.enabled, self.run_bar)
        for step in (self.step, self.phase):
            step.setEnabled(self.start.isEnabled())
        stop = self.tr("Stop and keep the run (Ctrl+Shift+S)")
        self.stop.set_tip(with_title(stop, state))
        self.stop.setEnabled(training.active and training.phase != "stopping")
        busy = training.phase in ("preparing", "stopping")
        self.reset.setEnabled(state.torch_phase == "ready" and not busy)

    def _show_reason(self, texts: tuple[str, ...], invalid: str) -> None:
        self._progress_texts.setVisible(not texts)
        tip = self.tr("{}\nClick to go there.").format(invalid) if invalid else ""
        self.reason.show_texts(texts, tip)
        self.reason.setAccessibleDescription(invalid)

    def _show_progress(self, training: RunState) -> None:
        started, progress = training.started, training.progress
        if started is None or training.phase == "idle":
            self.progress.set_text(self.tr("Ready"))
            self.time_left.set_text("")
            self.run_bar.show_share(0)
            self.epoch_bar.show_share(0)
            return
        step = progress.step if progress is not None else started.step
        total = started.epochs * started.steps_per_epoch
        within = step % started.steps_per_epoch
        epoch = min(started.epochs, step // started.steps_per_epoch + 1)
        self.run_bar.show_share(step / total)
        at_end = within == 0 and step > 0
        self.epoch_bar.show_share(1 if at_end else within / started.steps_per_epoch)
        self.progress.set_text(self.tr("epoch {} of {}").format(epoch, started.epochs))
        self.run_bar.setToolTip(self.tr("Step {} of {}").format(f"{step:,}", f"{total:,}"))
        left = progress.seconds_left if progress is not None and training.phase == "running" else math.inf
        text = self.tr("{} left").format(duration_text(left)) if math.isfinite(left) else ""
        self.time_left.set_text(text)


def duration_text(seconds: float) -> str:
    """Hours, minutes and seconds: "1:02:03", "2:03"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
