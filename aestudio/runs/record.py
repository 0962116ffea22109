"""Keeps a training while it happens: events pass through and are written on the way."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.errors import ignore_problem
from aestudio.runs.locked_folder import LockedFolder
from aestudio.runs.recorder import Recorder
from aestudio.runs.run_record import FILE as RECORD
from aestudio.storage.lock import FILE as LOCK
from aestudio.training.events import CheckpointTaken, Ended, Event, HistoryCheckpointTaken, Started, Yielded

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from aestudio.errors import OnProblem
    from aestudio.training.spec import RunSpec


def record(
    events: Iterator[Event],
    spec: RunSpec,
    folder: Path,
    on_problem: OnProblem = ignore_problem,
) -> Generator[Event, None, None]:
    """The same events; what they say is in the folder before they are passed on.

    What no step waits for is passed on once it is there, and not at all where it could not be written: a
    checkpoint of the history, as `HistoryCheckpointKept`, and a checkpoint that came by the clock, unless a
    newer one took its place.

    A folder that holds the same run already is gone on with: its metrics after the step of `Started`
    are dropped, because they are about to come again, and newer states are put aside. A full disk does not
    end the training: writing is tried again, `on_problem` is told once, and the error is raised after
    `Ended` if it still stands. History gives way to the newest state. A folder that is moved away or
    deleted is missed within a second: `RunMoved` names the one that the run is kept in from then on.
    `on_problem` is told, and an error is raised after `Ended`, which carries it as well.

    Raises StudioError if the folder cannot be written, is in use, or holds another run.
    """
    place = LockedFolder(folder)
    recorder = Recorder(spec, place, on_problem)
    try:
        with closing(_as_generator(events)) as source:
            for event in source:
                if isinstance(event, Started):
                    recorder.begin(event)
                else:
                    recorder.take(event)
                if isinstance(event, Ended):
                    # Whoever hears of the end may open the run or go on with it at once.
                    recorder.close()
                    place.release()
                    event = replace(event, problem=recorder.problem)
                    yield from recorder.news()
                if not _comes_later(event):
                    yield event
                yield from recorder.news()
                if isinstance(event, Yielded):
                    recorder.turned()
        if recorder.problem is not None:
            raise recorder.problem
    finally:
        recorder.close()
        place.release()
        if place.is_there():
            _remove_if_empty(place.path)


def _comes_later(event: Event) -> bool:
    """Whether it is passed on only when it has been written, on a thread of its own."""
    return isinstance(event, HistoryCheckpointTaken) or (
        isinstance(event, CheckpointTaken) and event.by_clock
    )


def _as_generator(events: Iterator[Event]) -> Generator[Event, None, None]:
    """The events in a generator that, when closed, closes the training itself."""
    try:
        yield from events
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def _remove_if_empty(folder: Path) -> None:
    """A training that never began leaves no folder behind."""
    if (folder / RECORD).exists():
        return
    try:
        (folder / LOCK).unlink(missing_ok=True)
        folder.rmdir()
    except OSError:
        pass  # something else lies in it
