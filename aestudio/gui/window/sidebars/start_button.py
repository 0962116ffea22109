"""How the button Start looks, wherever it is: its text, icon and tooltip, and whether it can be pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.shown_title import trained_title
from aestudio.gui.state.training_group import group_phase, runs_of
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton, QWidget

    from aestudio.gui.state.run_state import TrainingGroup, TrainingPhase
    from aestudio.gui.state.studio_state import StudioState

translate = QCoreApplication.translate


@dataclass(frozen=True)
class StartLook:
    """What the button shows. obstacle: why it cannot be pressed, "" if nothing is in the way"""

    text: str
    icon: str
    tip: str
    enabled: bool
    obstacle: str


def start_look(state: StudioState, group: TrainingGroup = "training") -> StartLook:
    """The look of the button for the single training, or for the compared runs."""
    phase = group_phase(state, group)
    obstacle = ""
    if phase != "running":
        obstacle = "\n".join(state.obstacles(comparison=group == "comparison"))
    text, icon, tip = _texts(phase, resumable=group == "training" and state.training.resumable)
    if group == "training":
        tip = with_title(tip, state)
        if phase != "preparing" and state.comparison.active:
            obstacle = translate("TrainingBox", "A comparison is being trained: stop it first.")
    enabled = phase not in ("preparing", "stopping") and state.torch_phase != "failed" and not obstacle
    return StartLook(text, icon, obstacle or f"{tip} (Ctrl+Return)", enabled, obstacle)


def with_title(tip: str, state: StudioState) -> str:
    """What a button of the training does, with its title if another run is on the screen."""
    return tip if state.hidden_training is None else f"{one_line(trained_title(state))}: {tip}"


def enable_start(button: QAbstractButton, enabled: bool, keeper: QWidget) -> None:
    """Enable or disable the button. Qt would move the focus of a disabled one to some other button.

    keeper: holds the focus meanwhile; then the button has it again, so that Space can pause
    """
    focused = button.hasFocus()
    button.setEnabled(enabled)
    if focused and not enabled:
        keeper.setFocus()
    elif enabled and keeper.hasFocus():
        button.setFocus()


def training_title(active: bool) -> str:
    """What the recipe is for: the next training, or the one that is active, until it has ended."""
    if active:
        return translate("TrainingBox", "This training")
    return translate("TrainingBox", "Next training")


def progress_share(state: StudioState, group: TrainingGroup = "training") -> float:
    """How much of the training is done, from 0 to 1; 0 if none has begun with this recipe."""
    active = group_phase(state, group) not in ("idle", "ended")
    model = state.training_model
    other = model is not None and model.snapshot.recipe != state.recipe
    if not active and (other or group == "comparison"):
        return 0.0
    shares = [0.0]
    for run in runs_of(state, group):
        if run.started is not None and run.phase != "idle":
            step = run.progress.step if run.progress is not None else run.started.step
            shares.append(step / max(1, run.started.epochs * run.started.steps_per_epoch))
    return min(1.0, max(shares))


def _texts(phase: TrainingPhase, *, resumable: bool) -> tuple[str, str, str]:
    match phase:
        case "preparing":
            return (
                translate("TrainingBox", "Getting ready ..."),
                "clock",
                translate("TrainingBox", "Starts when data and torch are loaded"),
            )
        case "running":
            return (
                translate("TrainingBox", "Pause"),
                "pause",
                translate("TrainingBox", "Pauses after the current step"),
            )
        case "paused":
            return (
                translate("TrainingBox", "Resume"),
                "play",
                translate("TrainingBox", "Resumes exactly where the pause began"),
            )
        case "stopping":
            return (
                translate("TrainingBox", "Stopping ..."),
                "clock",
                translate("TrainingBox", "The run is being written"),
            )
    if resumable:
        return (
            translate("TrainingBox", "Resume"),
            "play",
            translate("TrainingBox", "Resumes this run where it ended"),
        )
    return translate("TrainingBox", "Start"), "play", translate("TrainingBox", "Trains this recipe")
