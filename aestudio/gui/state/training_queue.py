"""The trainings that wait until those before them have ended: pure functions of the state. No Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from aestudio.gui.state.next_training import set_up_recipe, with_set_up_kept
from aestudio.gui.state.queue_state import NextTraining
from aestudio.gui.state.shown_run import with_training_shown
from aestudio.gui.state.training_group import runs_of
from aestudio.runs.queue_file import MOST_TRAININGS, queued

if TYPE_CHECKING:
    from aestudio.gui.state.run_state import RunState, TrainingGroup
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.queue_file import QueuedTraining

Outcome = Literal["done", "failed", "stopped", "cancelled"]
"""How a training has ended; "cancelled": it had not begun."""


def is_busy(state: StudioState) -> bool:
    """Whether anything is trained, or about to be: the next training cannot begin."""
    return is_trained(state) or state.queue.begins or state.pending_branch is not None


def is_trained(state: StudioState) -> bool:
    """Whether anything is trained, or waits for images and torch."""
    return state.training.active or state.comparison.active


def kept_entries(state: StudioState) -> tuple[QueuedTraining, ...]:
    """What the file has to hold: also the training that has not begun yet, and has no run."""
    queue = state.queue
    begun = queue.running is None or state.training.run
    return queue.entries if begun or queue.running is None else (queue.running, *queue.entries)


def with_queued(state: StudioState, *, first: bool) -> StudioState:
    """The state in which the recipe that is set up waits, with the loaded images; first: before all others.

    The first one that is queued while something is trained begins after that by itself; otherwise the queue
    waits for the user.
    """
    data, queue = state.training_data, state.queue
    dataset = data.dataset if data.phase != "loading" else None
    origin = data.requested if dataset is None else dataset.origin
    facts = None if dataset is None else dataset.facts
    entry = queued(set_up_recipe(state), origin, facts, state.device)
    waits = queue.waits if queue.next is not None else not is_busy(state)
    entries = (entry, *queue.entries) if first else (*queue.entries, entry)
    return replace(state, queue=replace(queue, entries=entries, waits=waits))


def with_next_kept(state: StudioState) -> StudioState:
    """The state in which the recipe that is set up for later waits in the queue, because the window closes.

    Not if it is the one that is trained, or waits already.
    """
    recipe = state.next_training.recipe
    if recipe is None or recipe == state.recipe or len(state.queue.entries) >= MOST_TRAININGS:
        return state
    kept = with_queued(replace(state, next_training=NextTraining(recipe, True)), first=False)
    if any(entry.recipe == kept.queue.entries[-1].recipe for entry in state.queue.entries):
        return state
    return replace(kept, next_training=NextTraining())


def with_entry_begun(state: StudioState, entry: QueuedTraining, recipe: Recipe) -> StudioState:
    """The state in which this training is the next one that Start trains, on the screen.

    recipe: its recipe. One that was changed in the sidebar is kept for later.
    """
    queue = replace(state.queue.without(entry.key), running=replace(entry, problem=""), waits=False)
    state = with_set_up_kept(with_training_shown(state))
    training = replace(state.training, checkpoint=None)
    return replace(state, recipe=recipe, training=training, device=entry.device, queue=queue)


def with_outcome(state: StudioState, group: TrainingGroup) -> StudioState:
    """The state after a training has ended, of the queue or not: it waits if the user has stopped that."""
    queue, runs = state.queue, runs_of(state, group)
    outcomes = [outcome_of(run) for run in runs]
    stopped = any(outcome in ("stopped", "cancelled") for outcome in outcomes)
    queue = replace(queue, waits=queue.waits or stopped)
    running = queue.running
    if running is None or group != "training":
        return replace(state, queue=queue)
    match outcomes[0]:
        case "failed":
            queue = queue.failing(running, why_failed(runs[0]))
        case "cancelled":
            queue = replace(queue, entries=(running, *queue.entries))
    return replace(state, queue=replace(queue, running=None))


def outcome_of(run: RunState) -> Outcome:
    """How a run has ended that is trained no more."""
    if run.ended is None:
        return "cancelled" if run.problem is None else "failed"
    match run.ended.reason:
        case "stopped":
            return "stopped"
        case "diverged":
            return "failed"
    return "done"


def why_failed(run: RunState) -> str:
    """Why a run has failed, for people."""
    if run.ended is not None and run.ended.reason == "diverged":
        return run.ended.advice
    return str(run.problem)


def other_images(state: StudioState) -> str:
    """How the loaded images differ from those of the training of the queue that is about to begin, or ""."""
    running, dataset = state.queue.running, state.data.dataset
    if running is None or running.facts is None or dataset is None:
        return ""
    return running.facts.difference(dataset.facts)
