"""One training, or several side by side in lockstep: all of them are always at the same step.

The trainings are generators, and only the order of pulling is decided here: each of them computes
bit for bit what it would compute alone.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from aestudio.training.commands import Commands
from aestudio.training.events import Ended, Paused, SnapshotTaken, Yielded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aestudio.training.events import Event

SNAPSHOT_SECONDS = 0.5
# Steps that one training does before the next one continues: few enough that a pause is prompt.
STEPS_PER_TURN = 4


class LockstepCommands(Commands):
    """Commands to trainings in lockstep, carried out between two rounds, by all at the same step.

    A single training obeys them itself, between two steps.

    each: the commands to make each of the trainings with; only this class writes to them
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self.each: tuple[Commands, ...] = (self,) if count == 1 else tuple(Commands() for _ in range(count))

    def sabotage(self, name: str) -> None:
        """As of a single training; compared ones differ in one thing already, and get no second one."""
        if len(self.each) == 1:
            super().sabotage(name)

    def forward(self) -> bool:
        """Pass changed settings on to all trainings, which take those that they have; whether any changed."""
        changes = self.take_changes()
        for one in self.each:
            for name, value in changes:
                one.change(name, value)
        return bool(changes)


def in_lockstep(
    trainings: Sequence[Iterator[Event]], commands: LockstepCommands
) -> Iterator[tuple[int, Event]]:
    """(number of the training, its event) until all have ended.

    trainings: of `train(..., commands.each[number], yield_every=N)` with the same N for all; 0 for a single
    one, which is then as fast as without this function. One that ends early leaves the others running.
    Snapshots of all are taken at the same step. Closing it closes them all.
    """
    if len(trainings) == 1:
        yield from _alone(trainings[0])
    else:
        yield from _Lockstep(trainings, commands).events()


def _alone(training: Iterator[Event]) -> Iterator[tuple[int, Event]]:
    try:
        for event in training:
            yield 0, event
    finally:
        _close(training)


def steps_per_turn(device: str) -> int:
    """The `yield_every` of trainings in lockstep; on a GPU as many steps as are executed at once anyway."""
    from aestudio.training.device import choose_device
    from aestudio.training.recorded_steps import CHUNK

    return CHUNK if choose_device(device).type == "cuda" else STEPS_PER_TURN


class _Lockstep:
    def __init__(self, trainings: Sequence[Iterator[Event]], commands: LockstepCommands) -> None:
        self.running = dict(enumerate(trainings))
        self.commands = commands
        self.snapshots_at = time.monotonic()

    def events(self) -> Iterator[tuple[int, Event]]:
        try:
            # An error in the setup of one is raised before any of them has done a step.
            yield from self._all_until(SnapshotTaken)
            while self.running:
                if self.commands.waiting:
                    yield from self._handle_commands()
                self._request_snapshots_if_due()
                yield from self._all_until(Yielded)
        finally:
            for training in self.running.values():
                _close(training)

    def _all_until(self, kind: type[Event]) -> Iterator[tuple[int, Event]]:
        for number in tuple(self.running):
            yield from self._until(number, kind)

    def _until(self, number: int, kind: type[Event]) -> Iterator[tuple[int, Event]]:
        """One training's events up to one of this kind, or to its end."""
        for event in self.running[number]:
            yield number, event
            if isinstance(event, Ended):
                break
            if isinstance(event, kind):
                return
        _close(self.running.pop(number))

    def _request_snapshots_if_due(self) -> None:
        now = time.monotonic()
        if now - self.snapshots_at >= SNAPSHOT_SECONDS:
            self.snapshots_at = now
            for number in self.running:
                self.commands.each[number].request_snapshot()

    def _handle_commands(self) -> Iterator[tuple[int, Event]]:
        """Carry out commands between two rounds; returns when the next round may begin."""
        commands = self.commands
        paused = False
        while self.running:
            changed = commands.forward()
            if commands.stopped:
                self._send(Commands.stop)
                yield from self._all_until(Ended)
                return
            if not commands.paused:
                self._send(Commands.resume)
                return
            if not paused:
                self._send(Commands.pause)
                yield from self._all_until(Paused)
                paused = True
            elif commands.may_step():
                phase = commands.phase
                self._send(partial(Commands.advance, phase=phase))
                yield from self._all_until(Paused)
            else:
                if changed:
                    yield from self._all_until(Paused)
                commands.wait_while_paused()

    def _send(self, what: Callable[[Commands], None]) -> None:
        for number in self.running:
            what(self.commands.each[number])


def _close(training: Iterator[Event]) -> None:
    close = getattr(training, "close", None)
    if close is not None:
        close()
