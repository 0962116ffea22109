"""Keeps the bookmarks with the run: written when they change, read again when the run is shown.

They lie in the run's folder; those of a shipped model, and of a run that is kept nowhere, among the
user's own data, under the run's name.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.folders import data_folder, runs_folder
from aestudio.gui.session.lab import Bookmark

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.jobs.letters import TaskDone
    from aestudio.gui.session.lab import Kept
    from aestudio.gui.session.session import Session
    from aestudio.progress import Progress
    from aestudio.training.events import RunKey

READ, WRITE = "read bookmarks", "write bookmarks"
Marks = tuple[Bookmark, ...]


class BookmarksControl:
    """Follows the state; bookmarks themselves are changed through `session.lab`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._run: RunKey | None = None
        self._reading = False
        self._known: dict[RunKey, Marks] = {}  # also of runs that cannot be written
        self._newest: dict[Path, Marks] = {}
        self._damaged: set[Path] = set()
        self._writing = threading.Lock()
        session.changed.connect(self._keep_up)

    def _keep_up(self) -> None:
        state = self._session.state
        if state.model is None:
            return
        run = state.model.snapshot.run_key
        if run != self._run:
            self._take_up(run)
        elif not self._reading and state.lab.bookmarks != self._known[run]:
            self._known[run] = state.lab.bookmarks
            self._write(state.lab.bookmarks)

    def _take_up(self, run: RunKey) -> None:
        """Another run is shown: its bookmarks take the place of those at hand."""
        self._run, self._reading = run, run not in self._known
        marks = self._known.setdefault(run, ())
        self._put(lambda _: marks)
        if not self._reading:
            return
        path = self._path()

        def read(progress: Progress) -> Marks:  # noqa: ARG001 - quick
            from aestudio.runs.bookmarks_file import read_bookmarks

            return tuple(Bookmark(name, code, picture) for name, code, picture in read_bookmarks(path))

        def after(letter: TaskDone) -> None:
            if run != self._run:
                del self._known[run]  # read again when it is shown next
                return
            self._reading = False
            if letter.problem is not None:
                self._damaged.add(path)
                self._session.say(str(letter.problem), "bad")
            found: Marks = letter.value or ()
            self._known[run] = found
            self._put(lambda marks: (*found, *marks))

        self._session.run_task(READ, "the bookmarks were being read", read, after)

    def _put(self, change: Callable[[Marks], Marks]) -> None:
        """Other bookmarks now and in all that Undo brings back: what was read is no change to take back."""
        state = self._session.state

        def changed(kept: Kept) -> Kept:
            return replace(kept, lab=replace(kept.lab, bookmarks=change(kept.lab.bookmarks)))

        lab = replace(state.lab, bookmarks=change(state.lab.bookmarks))
        undo = state.undo.mapped(changed).with_effect(lab, state.selected)
        self._session.update(lab=lab, undo=undo)

    def _path(self) -> Path:
        from aestudio.runs.bookmarks_file import FILE

        state = self._session.state
        assert state.model is not None
        run, home = state.model.snapshot.run, state.model.snapshot.home
        folder = Path(home) if home else runs_folder() / run
        if state.model.origin == "shipped" or not folder.is_dir():
            return data_folder() / "bookmarks" / f"{run}.npz"
        return folder / FILE

    def _write(self, marks: Marks) -> None:
        path = self._path()
        self._newest[path] = marks

        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            from aestudio.runs.bookmarks_file import write_bookmarks

            with self._writing:  # whichever of two writes comes last, it writes the newest
                if path in self._damaged:  # nothing is lost that somebody may repair
                    path.replace(path.with_name(f"{path.name}.damaged"))
                    self._damaged.discard(path)
                write_bookmarks(path, [(mark.name, mark.code, mark.picture) for mark in self._newest[path]])

        def after(letter: TaskDone) -> None:
            if letter.problem is not None:
                self._session.say(str(letter.problem), "bad")

        self._session.run_task(WRITE, "the bookmarks were being kept", work, after)
