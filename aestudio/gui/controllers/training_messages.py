"""What is said of a start, of a step of one phase alone, and of the end of a training."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.shown_title import trained_title
from aestudio.gui.state.studio_state import Message
from aestudio.gui.state.training_group import recipes_of, runs_of
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from aestudio.gui.state.run_state import TrainingGroup
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Ended, Paused

translate = QCoreApplication.translate

_LONGEST_TITLE = 40  # characters, before what is said


def refusal(state: StudioState) -> Message | None:
    """Why nothing can be started now, or None."""
    if state.comparison.active:
        return Message(translate("session", "A comparison is being trained: stop it first."), "warn")
    if state.training.active:
        text = translate("session", "A training runs: stop it before starting a comparison.")
        return Message(text, "warn")
    if state.torch_phase == "failed":
        text = translate("session", "PyTorch could not be loaded, so nothing can be trained.")
        return Message(text, "bad")
    return None


def begin_message(state: StudioState, group: TrainingGroup, images: str) -> Message:
    """What begins to be trained. images: the title of the data set"""
    base, runs, title = state.comparison.base, runs_of(state, group), trained_title(state)
    if group == "comparison" and base is not None:
        text = translate("session", "Comparing {} runs of {} on {}.")
        return Message(text.format(len(runs), base.title, images))
    checkpoint = state.training.checkpoint
    queue = state.queue
    if checkpoint is None and queue.running is not None:
        text = translate("session", "Started {} on {}, from the queue; {} more wait.")
        text = text.format(title, images, sum(not entry.problem for entry in queue.entries))
        return Message(f"{queue.failed} {text}", "warn") if queue.failed else Message(text)
    if checkpoint is None:
        return Message(translate("session", "Started {} on {}.").format(title, images))
    text = translate("session", "{} on {}: resumed, going on from step {}.")
    return Message(text.format(title, images, f"{int(checkpoint.counters['step']):,}"))


def pause_message(state: StudioState, group: TrainingGroup, pause: Paused) -> Message:
    """Which phase was stepped alone."""
    text = translate("session", "Step {}: phase “{}” alone.")
    sets = [{phase.name: phase.title for phase in one.objective.phases()} for one in recipes_of(state, group)]
    titles = [titles[pause.phase] for titles in sets if pause.phase in titles]
    if len(titles) < len(sets):
        text = translate("session", "Step {}: phase “{}” alone, a whole step of runs without it.")
    return Message(text.format(f"{pause.step:,}", titles[0]))


def end_message(state: StudioState, group: TrainingGroup) -> Message:
    """How the training has ended."""
    ends = [run.ended for run in runs_of(state, group) if run.ended is not None]
    problem = next((end.problem for end in ends if end.problem is not None), None)
    if problem is not None:
        return Message(str(problem), "bad")  # not saved, or not in its folder
    if group == "training":
        return _named(_end_of_run(ends[0], state), state)
    return Message(translate("session", "The comparison has ended; each of its runs is kept."), "good")


def _named(message: Message, state: StudioState) -> Message:
    """With the title of the training, if another run is on the screen."""
    if state.hidden_training is None:
        return message
    title = one_line(trained_title(state), _LONGEST_TITLE, cut_end=True)
    return replace(message, text=f"{title}: {message.text}")


def _end_of_run(ended: Ended, state: StudioState) -> Message:
    count = f"{round(ended.epoch, 2):g}" if ended.epoch >= 0.01 else f"{ended.epoch:.1g}"
    text = translate("session", "{} epochs in {} s")
    if count == "1":
        text = translate("session", "{} epoch in {} s")
    epochs = text.format(count, f"{ended.seconds:.0f}")
    match ended.reason:
        case "finished":
            return Message(translate("session", "Finished: {}. The run is kept.").format(epochs), "good")
        case "early_stopping":
            text = translate(
                "session",
                "Stopped early at step {}: no progress. The best weights are kept, of step {}.",
            )
            return Message(text.format(f"{ended.last_step:,}", f"{ended.step:,}"), "good")
        case "stopped" if state.next_training.recipe not in (None, state.recipe):
            text = translate(
                "session", "Stopped after {}. The run is kept among the runs; Start trains what you set up."
            )
            return Message(text.format(epochs))
        case "stopped":
            text = translate("session", "Stopped after {}. The run is kept; Resume continues it.")
            return Message(text.format(epochs))
        case "diverged":
            return Message(ended.advice, "bad")
