"""Keeps one list of the workspace in a file in the run's folder, merged with other windows' changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.workspace import UndoEntry
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.shared_list import SharedList

translate = QCoreApplication.translate
T = TypeVar("T")


class SharedListController(Generic[T]):
    """Writes on a thread, one write at a time and the newest last, also while the window closes.

    part:     the list's name in `Workspace`
    doing:    text for an unexpected problem
    merged_message: message when other windows' changes were merged into the list
    on_merged: called with the list after that
    """

    def __init__(
        self,
        store: Store,
        task: str,
        part: str,
        doing: str,
        merged_message: str,
        on_merged: Callable[[SharedList[T], tuple[T, ...]], None],
    ) -> None:
        self._store = store
        self._task, self._part, self._doing, self._merged_message = task, part, doing, merged_message
        self._on_merged = on_merged

    def apply(self, change: Callable[[Sequence[T]], tuple[T, ...]]) -> tuple[T, ...]:
        """Change the entries now and in the whole undo history: reading a file is not a change to undo."""
        state, part = self._store.state, self._part

        def changed(kept: UndoEntry) -> UndoEntry:
            parts: dict[str, Any] = {part: change(getattr(kept.workspace, part))}
            return replace(kept, workspace=replace(kept.workspace, **parts))

        new = change(getattr(state.workspace, part))
        parts: dict[str, Any] = {part: new}
        workspace = replace(state.workspace, **parts)
        undo = state.undo.mapped(changed).with_effect(workspace, state.selected)
        self._store.update(workspace=workspace, undo=undo)
        return new

    def write(self, shared: SharedList[T], items: Sequence[T], is_shown: Callable[[], bool]) -> None:
        """Write the items to the file. is_shown: whether the workspace's list still belongs to this file"""
        if not shared.request_write(items):
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
            if is_shown():
                self._merge_changes(shared)

        self._store.run_task(self._task, self._doing, work, after, urgent=True)

    def _merge_changes(self, shared: SharedList[T]) -> None:
        merge = shared.take_others_changes()
        if merge is not None:
            self._on_merged(shared, self.apply(merge))
            self._store.show_message(self._merged_message)
