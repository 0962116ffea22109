"""Keeps the drawings with the run: written when they change, read again when the run is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.controllers.shared_list_controller import SharedListController
from aestudio.gui.state.effects.reactions import FollowDrawings
from aestudio.gui.state.workspace import Drawing

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from aestudio.gui.controllers.store import Store
    from aestudio.runs.drawings_file import NamedDrawing
    from aestudio.runs.shared_list import SharedList

translate = QCoreApplication.translate

TASK = "write drawings"


class DrawingsController:
    """Follows the state; `session.workspace` changes the drawings themselves."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder: Path | None = None
        self._shared: SharedList[Drawing] | None = None
        self._known: tuple[Drawing, ...] = ()
        self._previous: tuple[Drawing, ...] = ()
        self._keeper = SharedListController[Drawing](
            store,
            TASK,
            "drawings",
            "the drawings were being kept",
            translate(
                "workspace", "Another window changed these drawings as well: the changes of both are kept."
            ),
            self._on_merged,
        )
        store.react_with(FollowDrawings, lambda _: self._follow_state())

    def opened(self, folder: Path, kept: Sequence[NamedDrawing], damaged: bool = False) -> None:
        """A run was opened: its drawings replace the current ones; if it has none, the current ones stay.

        Drawings that stay are not written into that run until they are changed there.

        damaged: the run has drawings that cannot be read; the current ones do not stay then
        """
        before = self._store.state.workspace.drawings
        own = tuple(Drawing(name, image) for name, image in kept)
        replaced = bool(own) or damaged
        self._follow(folder, own, before if replaced else ())
        self._known = own if replaced else before
        if replaced and (own or before):
            self._store.intents.replace_drawings(own)

    def _follow(self, folder: Path, known: tuple[Drawing, ...], previous: tuple[Drawing, ...]) -> None:
        """Keep the drawings in this folder from now on. previous: those of the run before, for Undo"""
        from aestudio.runs.drawings_file import FILE
        from aestudio.runs.shared_list import SharedList

        self._folder, self._previous = folder, previous
        self._shared = SharedList(folder / FILE, _read, _write, _key, known)

    def _follow_state(self) -> None:
        state = self._store.state
        folder, drawings = self._folder_now(), state.workspace.drawings
        if folder is None:
            return
        if folder != self._folder:
            if state.training.started is None:
                return  # it is being opened: its file was not read yet
            self._follow(folder, (), ())
            self._known = ()
        if drawings == self._known or self._shared is None:
            return
        self._known = drawings
        if self._previous and drawings == self._previous:
            self._shared.begin_with(())  # they belong to the run before; written here only after a change
            return
        shared = self._shared
        self._keeper.write(shared, drawings, lambda: shared is self._shared)

    def _on_merged(self, shared: SharedList[Drawing], drawings: tuple[Drawing, ...]) -> None:
        if shared is self._shared:
            self._known = drawings

    def _folder_now(self) -> Path | None:
        """The folder of the run, once it exists; None for a shipped model, where nothing is written."""
        from aestudio.paths import runs_folder

        state = self._store.state
        training = state.training
        if state.model is None or state.model.origin == "shipped":
            return None
        run = training.started.run if training.started is not None else training.run
        if not run or training.phase == "preparing":
            return None
        return training.folder or runs_folder() / run


def _read(path: Path) -> tuple[Drawing, ...]:
    from aestudio.runs.drawings_file import read_drawings

    return tuple(Drawing(name, image) for name, image in read_drawings(path.parent))


def _write(path: Path, drawings: Sequence[Drawing]) -> None:
    from aestudio.runs import drawings_file

    drawings_file.write_drawings(path.parent, [(drawing.name, drawing.image) for drawing in drawings])


def _key(drawing: Drawing) -> Hashable:
    return drawing.name, drawing.image.shape, drawing.image.tobytes()
