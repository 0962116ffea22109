"""Keeps the bookmarks with the run: written when they change, read again when the run is shown.

The file is in the run's folder. For a shipped model, or a run without a folder, it is in the user's data
folder, under the run's name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.controllers.shared_list_controller import SharedListController
from aestudio.gui.state.effects.reactions import FollowBookmarks
from aestudio.gui.state.workspace import Bookmark
from aestudio.paths import data_folder, runs_folder

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.shared_list import SharedList
    from aestudio.training.events import RunKey

translate = QCoreApplication.translate

READ, WRITE = "read bookmarks", "write bookmarks"
Marks = tuple[Bookmark, ...]


class BookmarksController:
    """Follows the state; `session.workspace` changes the bookmarks themselves."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._run: RunKey | None = None
        self._reading: Path | None = None  # the file that is being read for this run
        self._known: dict[RunKey, Marks] = {}  # also of runs that cannot be written
        self._shared: dict[RunKey, SharedList[Bookmark]] = {}
        self._keeper = SharedListController[Bookmark](
            store,
            WRITE,
            "bookmarks",
            "the bookmarks were being kept",
            translate(
                "workspace", "Another window changed these bookmarks as well: the changes of both are kept."
            ),
            self._on_merged,
        )
        store.react_with(FollowBookmarks, lambda _: self._follow_state())

    def _follow_state(self) -> None:
        state = self._store.state
        if state.model is None:
            return
        run, marks = state.model.snapshot.run_key, state.workspace.bookmarks
        if run != self._run:
            self._take_up(run)
            return
        if self._reading is not None:
            return
        moved = self._has_moved(run)
        if moved or marks != self._known[run]:
            self._known[run] = marks
            if moved:
                self._shared[run] = self._share(self._path(), ())
            shared = self._shared[run]
            if marks or not moved:
                self._keeper.write(shared, marks, lambda: self._is_shown(shared))

    def _take_up(self, run: RunKey) -> None:
        """Another run is shown: its bookmarks replace those in the workspace."""
        path, unread, added = self._path(), self._reading, self._store.state.workspace.bookmarks
        self._run = run
        self._reading = None if run in self._shared else path
        marks = self._known.get(run, ())
        self._keeper.apply(lambda _: marks)
        if unread is not None and added:  # to the run before, whose file was not read yet
            self._keeper.write(self._share(unread, ()), added, lambda: False)
        if self._reading is None:
            return

        def read(progress: Progress) -> Marks:  # noqa: ARG001 - quick
            return _read(path)

        def after(message: TaskDone) -> None:
            if run != self._run:
                return  # read again when it is shown next
            self._reading = None
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            stored: Marks = message.value or ()
            self._known[run] = stored
            self._shared[run] = self._share(path, stored)
            self._keeper.apply(lambda marks: (*stored, *marks))

        self._store.run_task(READ, "the bookmarks were being read", read, after, urgent=True)

    def close(self) -> None:
        """Write what was added while the file is still being read; it is merged with the file."""
        run, path, added = self._run, self._reading, self._store.state.workspace.bookmarks
        if run is None or path is None or not added:
            return
        self._reading = None
        self._known[run] = added
        self._shared[run] = shared = self._share(path, ())
        self._keeper.write(shared, added, lambda: False)

    def _on_merged(self, shared: SharedList[Bookmark], marks: Marks) -> None:
        if self._is_shown(shared) and self._run is not None:
            self._known[self._run] = marks

    def _is_shown(self, shared: SharedList[Bookmark]) -> bool:
        return self._run is not None and self._shared.get(self._run) is shared

    def _path(self) -> Path:
        from aestudio.runs.bookmarks_file import FILE

        state = self._store.state
        assert state.model is not None
        run, folder = state.model.snapshot.run, self._folder()
        if state.model.origin == "shipped" or not folder.is_dir():
            return data_folder() / "bookmarks" / f"{run}.npz"
        return folder / FILE

    def _folder(self) -> Path:
        """The folder of the run that is shown; if that is gone, the one where its training is recorded."""
        state = self._store.state
        assert state.model is not None
        run, home = state.model.snapshot.run, state.model.snapshot.home
        folder, training = Path(home) if home else runs_folder() / run, state.training
        if training.run == run and training.folder is not None and not folder.is_dir():
            return training.folder
        return folder

    def _has_moved(self, run: RunKey) -> bool:
        """Whether the run is now recorded in another folder, because the first one is gone."""
        model = self._store.state.model
        if model is None or model.origin == "shipped":
            return False
        before, folder = self._shared[run].path.parent, self._folder()
        return folder != before and not before.is_dir() and folder.is_dir()

    def _share(self, path: Path, known: Marks) -> SharedList[Bookmark]:
        from aestudio.runs.shared_list import SharedList

        in_data_folder = path.parent == data_folder() / "bookmarks"
        return SharedList(path, _read, _write, _key, known, make_folder=in_data_folder)


def _read(path: Path) -> Marks:
    from aestudio.runs.bookmarks_file import read_bookmarks

    return tuple(Bookmark(*kept) for kept in read_bookmarks(path))


def _write(path: Path, marks: Sequence[Bookmark]) -> None:
    from aestudio.runs.bookmarks_file import KeptBookmark, write_bookmarks

    kept = [KeptBookmark(mark.name, mark.code, mark.image, mark.condition) for mark in marks]
    write_bookmarks(path, kept, make_folder=False)


def _key(mark: Bookmark) -> Hashable:
    image = None if mark.image is None else mark.image.tobytes()
    return mark.name, mark.code.tobytes(), image, mark.condition
