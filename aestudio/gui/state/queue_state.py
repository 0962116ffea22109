"""What is to be trained later: the trainings that wait, and the recipe that is set up. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.queue_file import QueuedTraining


@dataclass(frozen=True)
class NextTraining:
    """What is set up while a training runs.

    recipe: None until one is set up; shown: whether the sidebar shows it instead of that of the training
    """

    recipe: Recipe | None = None
    shown: bool = False


@dataclass(frozen=True)
class TrainingQueue:
    """What waits, the next one first.

    waits:   whether the next one begins only when the user says so
    begins:  whether the next one is just being chosen
    running: the training of the queue that is trained, or about to be
    failed:  what the newest failure was, for people, until the next training has begun
    saved:   what the file holds
    """

    entries: tuple[QueuedTraining, ...] = ()
    waits: bool = True
    begins: bool = False
    running: QueuedTraining | None = None
    failed: str = ""
    saved: tuple[QueuedTraining, ...] = ()

    @property
    def next(self) -> QueuedTraining | None:
        """The first one that has not failed."""
        return next((entry for entry in self.entries if not entry.problem), None)

    def entry(self, key: str) -> QueuedTraining | None:
        """The waiting training of this key; None if it does not wait any more."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def without(self, key: str) -> TrainingQueue:
        """Without this training."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.key != key))

    def with_data(self, key: str, origin: str) -> TrainingQueue:
        """With this training on another data set, whose images are looked at when it begins."""
        entry = self.entry(key)
        if entry is None or entry.origin == origin:
            return self
        changed = replace(entry, origin=origin, facts=None, problem="")
        return replace(self, entries=tuple(changed if one.key == key else one for one in self.entries))

    def moved(self, key: str, places: int) -> TrainingQueue:
        """With this training some places later, or earlier if it is negative; at most to an end."""
        entry = self.entry(key)
        if entry is None:
            return self
        others = [other for other in self.entries if other.key != key]
        place = min(max(0, self.entries.index(entry) + places), len(others))
        return replace(self, entries=(*others[:place], entry, *others[place:]))

    def failing(self, entry: QueuedTraining, problem: str) -> TrainingQueue:
        """With this training in the first place, failed: it is passed over and says why."""
        failed = replace(entry, problem=problem)
        others = self.without(entry.key)
        running = None if self.running is not None and self.running.key == entry.key else self.running
        return replace(others, entries=(failed, *others.entries), running=running, failed=problem)
