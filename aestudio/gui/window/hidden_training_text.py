"""The training that another run hides, in words. A pure function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.shown_run import trained_title
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState, Tone

translate = QCoreApplication.translate

_LONGEST_TITLE = 40  # characters


@dataclass(frozen=True)
class TrainingLine:
    """What is trained, and how far it is. longest: as wide as the text can become in this phase"""

    text: str = ""
    longest: str = ""
    tone: Tone = "plain"


def hidden_training_line(state: StudioState) -> TrainingLine:
    """The line about the training of this state, whether it goes on or has ended."""
    training = state.training
    what, tone = _phase_of(training)
    title = one_line(trained_title(state), _LONGEST_TITLE)
    text = translate("HiddenTraining", "{}: {}").format(what, title)
    started, progress = training.started, training.progress
    if started is None or training.phase not in ("running", "paused"):
        return TrainingLine(text, text, tone)
    step = started.step if progress is None else progress.step
    epoch = min(started.epochs, step // max(1, started.steps_per_epoch) + 1)
    line = translate("HiddenTraining", "{}, epoch {} of {}")
    digits = "0" * len(f"{started.epochs:,}")
    return TrainingLine(
        line.format(text, f"{epoch:,}", f"{started.epochs:,}"), line.format(text, digits, digits), tone
    )


def _phase_of(training: RunState) -> tuple[str, Tone]:
    if training.phase == "ended" and training.ended is not None:
        return _ends().get(training.ended.reason, _ended())
    if training.phase == "idle" and training.problem is not None:
        return translate("HiddenTraining", "Broke off"), "bad"
    phases: dict[str, tuple[str, Tone]] = {
        "preparing": (translate("HiddenTraining", "Getting ready"), "plain"),
        "running": (translate("HiddenTraining", "Training"), "good"),
        "paused": (translate("HiddenTraining", "Paused"), "warn"),
        "stopping": (translate("HiddenTraining", "Stopping"), "warn"),
    }
    return phases.get(training.phase, _ended())


def _ended() -> tuple[str, Tone]:
    return translate("HiddenTraining", "Ended"), "plain"


def _ends() -> dict[str, tuple[str, Tone]]:
    return {
        "finished": (translate("HiddenTraining", "Finished"), "good"),
        "stopped": (translate("HiddenTraining", "Stopped"), "plain"),
        "early_stopping": (translate("HiddenTraining", "Stopped early"), "good"),
        "diverged": (translate("HiddenTraining", "Diverged"), "bad"),
    }
