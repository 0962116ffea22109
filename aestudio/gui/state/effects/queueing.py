"""The next training of the queue begins when the one before it has ended; the queue is kept in its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.gui.state.effects.reactions import (
    CancelStart,
    GoOnWithQueue,
    Reaction,
    TakeNextRecipe,
    WriteQueue,
)
from aestudio.gui.state.training_queue import is_busy, is_trained, kept_entries, other_images

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def refuse_other_images(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The images that were loaded for a training of the queue are not those that it was set up for."""
    start, queue = after.pending_start, after.queue
    if start is None or start.group != "training" or queue.running is None or not after.data.usable:
        return ()
    difference = other_images(after)
    if not difference:
        return ()
    problem = StudioError(
        f"These are not the images that this training was set up for: {difference}",
        where=queue.running.origin,
        advice="Set it up again, or restore the files.",
    )
    return (CancelStart(problem),)


def go_on_with_queue(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """What was trained has ended."""
    if is_busy(after):
        return ()
    if is_trained(before):
        return (GoOnWithQueue(before.trained_group),)
    # It was refused, or cancelled, just when it was to begin.
    return () if after.queue.running is None else (GoOnWithQueue("training"),)


def take_next_recipe(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """Nothing is trained any more, and another recipe was set up meanwhile."""
    waits = after.next_training.recipe is not None and not is_busy(after)
    return (TakeNextRecipe(),) if waits else ()


def write_queue(_: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """The queue differs from the one in its file."""
    kept = kept_entries(after)
    return () if kept == after.queue.saved else (WriteQueue(kept),)
