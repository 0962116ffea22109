"""The moments of a training as the window sees them: which there are, and which is shown. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aestudio.training import events
from aestudio.training.checkpoint_history import CheckpointHistory

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.training.checkpoint_history import HistoryCheckpoint


@dataclass(frozen=True, eq=False)
class HistoryState:
    """The scrubber's state.

    run, folder: whose moments they are; folder is None for a run in its usual place
    step:        of the moment that everything shows; None for now
    now:         the model to go back to, kept up to date while a moment is shown
    """

    run: str = ""
    folder: Path | None = None
    checkpoint_history: CheckpointHistory = field(default_factory=CheckpointHistory)
    step: int | None = None
    playing: bool = False
    now: ExploredModel | None = None

    @property
    def history_checkpoints(self) -> tuple[HistoryCheckpoint, ...]:
        """The moments, in order of their steps."""
        return self.checkpoint_history.history_checkpoints

    @property
    def at(self) -> int | None:
        """The index of the moment that is shown, None for now; the nearest one where it was thinned away."""
        return None if self.step is None else self.checkpoint_history.nearest(self.step)

    @property
    def shown(self) -> HistoryCheckpoint | None:
        """The moment that is shown, None for now."""
        return None if self.at is None else self.history_checkpoints[self.at]

    @property
    def usable(self) -> bool:
        """Whether there is anything to scrub through."""
        return len(self.history_checkpoints) > 1

    def of_run(
        self, run: str, folder: Path | None, history_checkpoints: tuple[HistoryCheckpoint, ...]
    ) -> HistoryState:
        """The timeline of a run that was opened, at now."""
        return HistoryState(
            run, folder, replace(self.checkpoint_history, history_checkpoints=history_checkpoints)
        )

    def after(self, event: events.Event) -> HistoryState:
        """The timeline after an event of the training at hand."""
        if isinstance(event, events.HistoryCheckpointKept):
            return replace(
                self, checkpoint_history=self.checkpoint_history.with_checkpoint(event.history_checkpoint)
            )
        if isinstance(event, events.HistoryCheckpointsDropped):
            return replace(self, checkpoint_history=self.checkpoint_history.without(*event.steps))
        if isinstance(event, events.RunMoved):  # the moments have gone with the folder
            return self.of_run(self.run, event.folder, ())
        if not isinstance(event, events.Started):
            return self
        if event.run != self.run:
            return self.of_run(event.run, None, ())
        # What came after the checkpoint that the run goes on from is about to come again.
        gone = self.step is not None and self.step > event.step
        checkpoint_history = self.checkpoint_history.until(event.step)
        return (
            replace(self, checkpoint_history=checkpoint_history, step=None, now=None)
            if gone
            else replace(self, checkpoint_history=checkpoint_history)
        )

    def showing(self, step: int, now: ExploredModel | None) -> HistoryState:
        """At a moment, with what to come back to."""
        return replace(self, step=step, now=self.now if self.step is not None else now)

    def at_now(self) -> HistoryState:
        """At now, where a film ends."""
        return replace(self, step=None, now=None, playing=False)
