"""Records a training while it runs: events pass through and are written to the run's folder."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.errors import StudioError, ignore_problem
from aestudio.runs.locked_folder import LockedFolder
from aestudio.runs.recorder import Recorder
from aestudio.runs.run_record import FILE as RECORD
from aestudio.storage.lock import FILE as LOCK
from aestudio.training.events import CheckpointTaken, Ended, Event, HistoryCheckpointTaken, Started, Yielded

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from aestudio.errors import OnProblem
    from aestudio.storage.writer_sign import OtherWriter
    from aestudio.training.spec import RunSpec


def record(
    events: Iterator[Event],
    spec: RunSpec,
    folder: Path,
    on_problem: OnProblem = ignore_problem,
) -> Generator[Event, None, None]:
    """The same events; each is written to the folder before it is passed on.

    Checkpoints that no step waits for are passed on once they are written: those of the history, as
    `HistoryCheckpointKept`, and periodic ones, unless a newer one replaces them.

    If the folder already holds this run, the run is resumed: its metrics after the step of `Started` are
    removed, because they will be computed again, and newer states are moved aside. A full disk does not end
    the training: writing is tried again, `on_problem` is called once, and the error is raised after `Ended`
    if it persists. Checkpoints of the history are deleted to make space for the newest state. A folder that
    is moved or deleted is noticed within a second: `RunMoved` names the folder that replaces it,
    `on_problem` is called, and the error is raised after `Ended`, which carries it as well.

    Raises StudioError if the folder cannot be written, is in use, or holds another run.
    """
    locked = LockedFolder(folder)
    if locked.left_by is not None:
        on_problem(_left_by(locked.left_by, folder))
    recorder = Recorder(spec, locked, on_problem)
    try:
        with closing(_as_generator(events)) as source:
            for event in source:
                if isinstance(event, Started):
                    recorder.begin(event)
                else:
                    recorder.take(event)
                if isinstance(event, Ended):
                    # A receiver of `Ended` may open or resume the run immediately.
                    recorder.close()
                    locked.release()
                    event = replace(event, problem=recorder.problem)
                    yield from recorder.changes()
                if not _passed_on_later(event):
                    yield event
                yield from recorder.changes()
                if isinstance(event, Yielded):
                    recorder.skip_time()
        if recorder.problem is not None:
            raise recorder.problem
    finally:
        recorder.close()
        locked.release()
        if locked.is_there():
            _remove_if_empty(locked.path)


def _left_by(other: OtherWriter, folder: Path) -> StudioError:
    """The warning that another computer did not say that its training ended."""
    return StudioError(
        f"Another computer, {other.host}, trained this run and gave its last sign of life "
        f"{other.seconds / 60:,.0f} minutes ago; it goes on here",
        where=str(folder),
        advice=f"If {other.host} only slept, its training will be saved in a folder of its own.",
    )


def _passed_on_later(event: Event) -> bool:
    """Whether it is passed on only after a separate thread has written it."""
    return isinstance(event, HistoryCheckpointTaken) or (
        isinstance(event, CheckpointTaken) and event.periodic
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
    """Remove the folder of a training that never began."""
    if (folder / RECORD).exists():
        return
    try:
        (folder / LOCK).unlink(missing_ok=True)
        folder.rmdir()
    except OSError:
        pass  # something else lies in it
