"""Several trainings side by side in lockstep: all of them are always at the same step.

The trainings are generators, and only the order of pulling is decided here: each of them computes
bit for bit what it would compute alone.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aestudio.training.commands import Commands
from aestudio.training.events import Ended, Paused, SnapshotTaken, Yielded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aestudio.training.events import Event

LOOK_SECONDS = 0.5
_FOR_ONE = ":"  # not part of any setting's name


class LockstepCommands(Commands):
    """Commands to trainings in lockstep, carried out between two rounds, by all at the same step.

    each: the commands to make each of the trainings with; only this class writes to them
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self.each = tuple(Commands() for _ in range(count))

    def change_one(self, number: int, name: str, value: float) -> None:
        """Change a live setting of one of them; `change` changes it in all that have it."""
        self.change(f"{number}{_FOR_ONE}{name}", value)

    def pass_on(self) -> frozenset[int]:
        """Pass changed settings on to the trainings; returns the numbers of those that got any."""
        reached: set[int] = set()
        for key, value in self.take_changes():
            number, _, name = key.rpartition(_FOR_ONE)
            numbers = (int(number),) if number else range(len(self.each))
            for one in numbers:
                self.each[one].change(name, value)
            reached.update(numbers)
        return frozenset(reached)


def in_lockstep(
    trainings: Sequence[Iterator[Event]], commands: LockstepCommands
) -> Iterator[tuple[int, Event]]:
    """(number of the training, its event) until all have ended.

    trainings: of `train(..., commands.each[number], turn_every=N)` with the same N for all; one that ends
    early leaves the others running. Snapshots of all are taken at the same step. Closing it closes them all.
    """
    yield from _Lockstep(trainings, commands).events()


class _Lockstep:
    def __init__(self, trainings: Sequence[Iterator[Event]], commands: LockstepCommands) -> None:
        self.going = dict(enumerate(trainings))
        self.commands = commands
        self.looked_at = time.monotonic()

    def events(self) -> Iterator[tuple[int, Event]]:
        try:
            # An error in the setup of one is raised before any of them has done a step.
            yield from self._all_until(SnapshotTaken)
            while self.going:
                if self.commands.waiting:
                    yield from self._obey()
                self._look_if_due()
                yield from self._all_until(Yielded)
        finally:
            for training in self.going.values():
                _close(training)

    def _all_until(self, kind: type[Event]) -> Iterator[tuple[int, Event]]:
        for number in tuple(self.going):
            yield from self._until(number, kind)

    def _until(self, number: int, kind: type[Event]) -> Iterator[tuple[int, Event]]:
        """One training's events up to one of this kind, or to its end."""
        for event in self.going[number]:
            yield number, event
            if isinstance(event, Ended):
                break
            if isinstance(event, kind):
                return
        _close(self.going.pop(number))

    def _look_if_due(self) -> None:
        now = time.monotonic()
        if now - self.looked_at >= LOOK_SECONDS:
            self.looked_at = now
            for number in self.going:
                self.commands.each[number].look()

    def _obey(self) -> Iterator[tuple[int, Event]]:
        """Carry out commands between two rounds; returns when the next round may begin."""
        commands = self.commands
        halted = False
        while self.going:
            reached = commands.pass_on()
            if commands.stopped:
                self._send(Commands.stop)
                yield from self._all_until(Ended)
                return
            if not commands.paused:
                self._send(Commands.resume)
                return
            if not halted:
                self._send(Commands.pause)
                yield from self._all_until(Paused)
                halted = True
            elif commands.may_step():
                self._send(Commands.advance)
                yield from self._all_until(Paused)
            else:
                for number in reached & self.going.keys():
                    yield from self._until(number, Paused)
                commands.wait_while_paused()

    def _send(self, what: Callable[[Commands], None]) -> None:
        for number in self.going:
            what(self.commands.each[number])


def _close(training: Iterator[Event]) -> None:
    close = getattr(training, "close", None)
    if close is not None:
        close()
