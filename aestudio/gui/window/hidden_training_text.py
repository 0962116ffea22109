"""What is trained and is not on the screen, in words. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.shown_title import trained_title
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
    return _line(state.training, one_line(trained_title(state), _LONGEST_TITLE, cut_end=True))


def comparison_line(state: StudioState) -> TrainingLine:
    """The line about the runs that are compared and trained now."""
    runs, base = state.comparison.runs, state.comparison.base
    title = "" if base is None else one_line(base.title, _LONGEST_TITLE, cut_end=True)
    title = translate("HiddenTraining", "{} runs of {}").format(len(runs), title)
    farthest = max(runs, key=lambda run: 0 if run.progress is None else run.progress.step)
    return _line(replace(farthest, phase=state.comparison.phase), title)


def _line(training: RunState, title: str) -> TrainingLine:
    what, tone = _phase_of(training)
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
