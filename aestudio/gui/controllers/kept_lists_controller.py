"""Keeps bookmarks and drawings with the run that is shown, and tags of images with the data set.

Each is in a file that windows share. A list is read when its run or data set is shown, and written when it
changes, merged with what other windows have changed. `session.workspace` changes the lists themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.effects.reactions import FollowLists, FollowTags, WriteList
from aestudio.gui.state.kept_list import KeptList
from aestudio.paths import data_folder, runs_folder
from aestudio.runs import bookmarks_file, drawings_file, image_tags_file
from aestudio.runs.shared_list import SharedList, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.kept_list import ListName
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.workspace import UndoEntry
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

translate = QCoreApplication.translate

Entries = tuple[Any, ...]


@dataclass(frozen=True)
class ListKind:
    """How one list is kept.

    name:        in `Workspace`
    path_of:     its file, of a model whose run has this folder; None if it is not kept. Of the tags, which
                 belong to a data set and not to a run: None
    read, write: of the complete file; they raise StudioError
    stays:       entries stay if another run is shown that has none, and Undo brings them back; otherwise
                 each run has its own, and showing it is no change that Undo takes back
    """

    name: ListName
    path_of: Callable[[ExploredModel, Path], Path | None] | None
    read: Callable[[Path], Entries]
    write: Callable[[Path, Sequence[Any]], None]
    stays: bool


def _bookmarks_path(model: ExploredModel, folder: Path) -> Path:
    if model.origin == "shipped" or not folder.is_dir():
        return data_folder() / "bookmarks" / f"{model.snapshot.run}.npz"
    return folder / bookmarks_file.FILE


def _drawings_path(model: ExploredModel, folder: Path) -> Path | None:
    kept = model.snapshot.run and model.origin != "shipped" and folder.is_dir()
    return folder / drawings_file.FILE if kept else None


KINDS: dict[ListName, ListKind] = {
    "drawings": ListKind(
        "drawings", _drawings_path, drawings_file.read_drawings, drawings_file.write_drawings, stays=True
    ),
    "bookmarks": ListKind(
        "bookmarks",
        _bookmarks_path,
        bookmarks_file.read_bookmarks,
        bookmarks_file.write_bookmarks,
        stays=False,
    ),
    "tags": ListKind("tags", None, image_tags_file.read_tags, image_tags_file.write_tags, stays=False),
}
OF_DATA = KINDS["tags"]


class KeptListsController:
    """Follows the state; reads and writes on threads, one write of a file at a time and the newest last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files: dict[Path, SharedList[Any]] = {}  # also with changes that could not be written
        store.react_with(FollowLists, self._follow)
        store.react_with(FollowTags, lambda _: self._follow_data())
        store.react_with(WriteList, lambda reaction: self._write(KINDS[reaction.name], reaction.undone))

    def close(self) -> None:
        """Write what was added while a file is still being read."""
        for kind in KINDS.values():
            self._write_unwritten(kind)

    # ---- the state ------------------------------------------------------------------------------------

    def _kept(self, kind: ListKind) -> KeptList:
        return self._store.state.kept_lists.get(kind.name, KeptList())

    def _keep(self, kind: ListKind, kept: KeptList) -> None:
        lists = {**self._store.state.kept_lists, kind.name: kept}
        self._store.update_quietly(kept_lists=MappingProxyType(lists))

    def _entries(self, kind: ListKind) -> Entries:
        return getattr(self._store.state.workspace, kind.name)

    def _apply(self, kind: ListKind, change: Callable[[Entries], Entries]) -> None:
        """Change the entries now and in the whole undo history: what others did is no change to undo."""
        state = self._store.state

        def changed(entry: UndoEntry) -> UndoEntry:
            parts: dict[str, Any] = {kind.name: change(getattr(entry.workspace, kind.name))}
            return replace(entry, workspace=replace(entry.workspace, **parts))

        parts: dict[str, Any] = {kind.name: change(self._entries(kind))}
        workspace = replace(state.workspace, **parts)
        undo = state.undo.mapped(changed).with_effect(workspace, state.selected)
        self._store.update(workspace=workspace, undo=undo)

    # ---- reading --------------------------------------------------------------------------------------

    def _follow(self, reaction: FollowLists) -> None:
        for kind in KINDS.values():
            if kind.path_of is None:
                continue
            path, kept = self._path(kind), self._kept(kind)
            if path is None:
                self._write_unwritten(kind)
                self._keep(kind, KeptList())
            elif reaction.moved and path != kept.path:
                self._keep(kind, KeptList(path))  # nothing of it is in the new folder yet
            elif not (kind.stays and path == kept.path):
                self._take_up(kind, path, returned=reaction.returned)

    def _path(self, kind: ListKind) -> Path | None:
        """The file for the run that is shown; if its folder is gone, where its training is recorded now."""
        state = self._store.state
        if state.model is None or kind.path_of is None:
            return None
        run, home, training = state.model.snapshot.run, state.model.snapshot.home, state.training
        folder = Path(home) if home else runs_folder() / run
        if training.run == run and training.folder is not None and not folder.is_dir():
            folder = training.folder
        return kind.path_of(state.model, folder)

    def _file(self, kind: ListKind, path: Path) -> SharedList[Any]:
        if path not in self._files:
            in_data_folder = path.parent in (data_folder() / "bookmarks", data_folder() / "tags")
            self._files[path] = SharedList(path, kind.read, kind.write, _key, make_folder=in_data_folder)
        return self._files[path]

    def _follow_data(self) -> None:
        """Other images are loaded: take up the tags of their data set, whose checksum names the file."""
        kind, dataset = OF_DATA, self._store.state.data.dataset
        self._write_unwritten(kind)
        self._keep(kind, KeptList())  # before its entries go: they are not removed from their file
        if self._entries(kind):
            self._apply(kind, lambda _: ())
        if dataset is None:
            return

        def identify(progress: Progress) -> Path:  # noqa: ARG001 - quick
            return image_tags_file.tags_path(dataset)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.value is not None and self._store.state.data.dataset is dataset:
                self._take_up(kind, message.value, returned=False)

        self._store.run_task("identify tags", "the tags were being read", identify, after, urgent=True)

    def _take_up(self, kind: ListKind, path: Path, *, returned: bool) -> None:
        """Another run is shown, or the same one goes on: read its list.

        returned: it is the training, which another run had hidden; what was shown of that is not its own
        """
        self._write_unwritten(kind)
        if not kind.stays and path != self._kept(kind).path:
            self._apply(kind, lambda _: ())
        state, shared = self._store.state, self._file(kind, path)
        started, snapshot = state.training.started, state.snapshot
        new = started is not None and snapshot is not None and started.run == snapshot.run and not returned
        begun = KeptList(path, self._entries(kind), reading=True)
        self._keep(kind, begun)

        def read(progress: Progress) -> Entries:  # noqa: ARG001 - quick
            return shared.read_again()

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            if self._kept(kind) is not begun:
                return
            if kind.stays and not shared.newest and message.problem is None:
                self._keep(kind, KeptList(path, () if new else begun.saved))
            else:
                self._show(kind, begun, shared.newest)

        doing = f"the {kind.name} were being read"
        self._store.run_task(f"read {kind.name}", doing, read, after, urgent=True)

    def _show(self, kind: ListKind, begun: KeptList, stored: Entries) -> None:
        """Show the list that was read, with what was changed meanwhile."""
        entries, start = self._entries(kind), begun.saved
        if [entry.key for entry in stored] == [entry.key for entry in start]:
            stored = start  # the same objects: nothing about them is computed again
        same = stored is start
        self._keep(kind, KeptList(begun.path, stored, entries if kind.stays and not same else None))
        if same:
            return
        if kind.stays:
            self._store.intents.remember(translate("workspace", "open a run"), "")
            parts: dict[str, Any] = {kind.name: merged(start, entries, stored, _key)}
            self._store.update(workspace=replace(self._store.state.workspace, **parts))
        else:
            self._apply(kind, lambda shown: merged(start, shown, stored, _key))

    # ---- writing --------------------------------------------------------------------------------------

    def _write_unwritten(self, kind: ListKind) -> None:
        """Write what was changed while the file is still being read; it is merged with the file.

        Or since it was read: that it is there, and that another run is shown, may come together.
        """
        kept = self._kept(kind)
        if kept.path is not None and self._entries(kind) != kept.saved:
            if kept.reading:
                self._file(kind, kept.path).begin_with(kept.saved)
            self._write(kind)

    def _write(self, kind: ListKind, undone: bool = False) -> None:
        kept, entries = self._kept(kind), self._entries(kind)
        assert kept.path is not None
        shared = self._file(kind, kept.path)
        self._keep(kind, replace(kept, saved=entries, reading=False))
        if undone and entries == kept.before:
            shared.begin_with(())  # they belong to the run before; written here only after a change
            return
        if not shared.request_write(entries):
            return  # the running thread writes them next

        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            shared.write_requested()

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            if shared.damaged_copy is not None:
                text = translate("session", "The damaged file was kept as {}.")
                self._store.show_message(text.format(shared.damaged_copy), "warn")
                shared.damaged_copy = None
            if self._kept(kind).path == shared.path and not self._kept(kind).reading:
                self._merge_changes(kind, shared)

        doing = f"the {kind.name} were being kept"
        # By its file: writing the list of the next run must not replace what this one has to tell.
        self._store.run_task(f"write {kind.name}: {shared.path}", doing, work, after, urgent=True)

    def _merge_changes(self, kind: ListKind, shared: SharedList[Any]) -> None:
        merge = shared.take_others_changes()
        if merge is None:
            return
        kept = self._kept(kind)
        self._keep(kind, replace(kept, saved=merge(kept.saved)))
        self._apply(kind, merge)
        text = translate(
            "workspace", "Another window changed these bookmarks as well: the changes of both are kept."
        )
        if kind.name == "tags":
            text = translate(
                "workspace", "Another window changed these tags as well: the changes of both are kept."
            )
        if kind.name == "drawings":
            text = translate(
                "workspace", "Another window changed these drawings as well: the changes of both are kept."
            )
        self._store.show_message(text)


def _key(entry: Any) -> Hashable:
    return entry.key
