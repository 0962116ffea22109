"""The history of a training in the window: its checkpoints, and which is shown. No Qt, no torch."""

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
    """State of the history bar.

    run, folder: of the checkpoints; folder is None for a run in the usual folder
    identity:    equals only itself, and is a new one for each run that is opened, begun or resumed: another
                 run may come to lie in the same folder, and a resumed one repeats steps
    step:        of the checkpoint that all views show; None: they show the present model
    present:     the present model, kept up to date while a checkpoint is shown
    reading:     step of the checkpoint that is being read
    requested:   step of the checkpoint to be shown once it is read
    """

    run: str = ""
    folder: Path | None = None
    checkpoint_history: CheckpointHistory = field(default_factory=CheckpointHistory)
    step: int | None = None
    playing: bool = False
    present: ExploredModel | None = None
    reading: int | None = None
    requested: int | None = None
    identity: object = field(default_factory=object)

    @property
    def history_checkpoints(self) -> tuple[HistoryCheckpoint, ...]:
        """The checkpoints, in order of their steps."""
        return self.checkpoint_history.history_checkpoints

    @property
    def index(self) -> int | None:
        """The index of the shown checkpoint (the nearest, if it was thinned out); None: the present."""
        return None if self.step is None else self.checkpoint_history.nearest(self.step)

    @property
    def shown_checkpoint(self) -> HistoryCheckpoint | None:
        """The checkpoint that is shown; None: the present model."""
        return None if self.index is None else self.history_checkpoints[self.index]

    @property
    def usable(self) -> bool:
        """Whether there is more than one checkpoint to go through."""
        return len(self.history_checkpoints) > 1

    def of_run(
        self, run: str, folder: Path | None, history_checkpoints: tuple[HistoryCheckpoint, ...]
    ) -> HistoryState:
        """The history of a run that was opened, at the present model."""
        return HistoryState(
            run, folder, replace(self.checkpoint_history, history_checkpoints=history_checkpoints)
        )

    def after(self, event: events.Event) -> HistoryState:
        """The history after an event of the current training."""
        if isinstance(event, events.HistoryCheckpointKept):
            return replace(
                self, checkpoint_history=self.checkpoint_history.with_checkpoint(event.history_checkpoint)
            )
        if isinstance(event, events.HistoryCheckpointsDropped):
            return replace(self, checkpoint_history=self.checkpoint_history.without(*event.steps))
        if isinstance(event, events.SabotageBegun):
            stays = (*self.checkpoint_history.stays, event.applied.step)
            return replace(self, checkpoint_history=replace(self.checkpoint_history, stays=stays))
        if isinstance(event, events.RunMoved):  # the checkpoints are gone with the folder
            return self.of_run(self.run, event.folder, ())
        if not isinstance(event, events.Started):
            return self
        if event.run != self.run:
            return self.of_run(event.run, None, ())
        # The steps after the checkpoint that the run resumes from are about to be repeated.
        gone = self.step is not None and self.step > event.step
        checkpoint_history = self.checkpoint_history.until(event.step)
        resumed = replace(
            self, checkpoint_history=checkpoint_history, identity=object(), reading=None, requested=None
        )
        return replace(resumed, step=None, present=None) if gone else resumed

    def showing(self, step: int, present: ExploredModel | None) -> HistoryState:
        """At a checkpoint, with the model to return to."""
        requested = None if self.requested == step else self.requested
        present = self.present if self.step is not None else present
        return replace(self, step=step, present=present, requested=requested)

    def at_present(self) -> HistoryState:
        """At the present model, where an animation ends."""
        return replace(self, step=None, present=None, playing=False, requested=None)
