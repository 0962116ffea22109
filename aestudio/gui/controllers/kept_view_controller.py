"""Keeps what the user set up in the latent space of a run with the run: `view.json` in its folder.

Written a second after the first of several changes, so that a dragged slider is no load, and when another run
is shown or the window closes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from aestudio.gui.state.effects.reactions import KeepView, LeaveView
from aestudio.gui.state.kept_view import folder_of_view, view_of
from aestudio.runs.view_file import write_view

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.view_file import KeptView

REST_MILLISECONDS = 1000


class KeptViewController:
    """Writes the view of the shown run. `RunsController.show` takes it up."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rest = QTimer(store)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MILLISECONDS)
        self._rest.timeout.connect(self._write_shown)
        store.react_with(KeepView, lambda _: self._wait())
        store.react_with(LeaveView, self._leave)

    def close(self) -> None:
        """Write what has changed."""
        if self._rest.isActive():
            self._rest.stop()
            self._write_shown()

    def _wait(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _leave(self, reaction: LeaveView) -> None:
        if self._rest.isActive():
            self._rest.stop()
            self._write(reaction.folder, reaction.view)

    def _write_shown(self) -> None:
        state = self._store.state
        folder = folder_of_view(state)
        if folder is not None:
            self._write(folder, view_of(state))

    def _write(self, folder: Path, view: KeptView) -> None:
        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            if os.access(folder, os.W_OK):  # not in a run of others that is only looked at
                write_view(folder, view)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")

        # By its folder: that of the next run must not take its place.
        self._store.run_task(f"write view: {folder}", "the sliders of the run were being kept", work, after)
