"""What the File menu does with one kept run: the one that is selected in the list, or else the shown one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.training_group import trained_runs
from aestudio.gui.window.name_run import ask_name
from aestudio.gui.window.shown_kept_run import shown_kept_run

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.window.sidebars.right_sidebar import RightSidebar
    from aestudio.runs.index import KeptRun

translate = QCoreApplication.translate


class _Window(Protocol):
    session: Session
    right: RightSidebar

    def is_open(self, sidebar: QWidget) -> bool: ...


class ChosenRun:
    """Renames, shares and removes it."""

    def __init__(self, window: _Window, parent: QWidget) -> None:
        self._window, self._parent = window, parent

    @property
    def run(self) -> KeptRun | None:
        """The run; what is selected counts while the list is on the screen. None for a shipped model."""
        window = self._window
        selected = window.right.runs.selected if window.is_open(window.right) else None
        run = shown_kept_run(window.session.state) if selected is None else selected
        return None if run is None or run.shipped else run

    def obstacle(self) -> str:
        """Why there is no run; "" if there is one."""
        if self.run is not None:
            return ""
        return translate("commands", "Select a run of yours in the list of runs first, or open one.")

    def obstacle_at_rest(self) -> str:
        """Why there is none that can be taken away: nor can one that is being written."""
        run = self.run
        if run is None:
            return self.obstacle()
        trained = run.folder in trained_runs(self._window.session.state)
        return translate("commands", "This run is being trained: stop it first.") if trained else ""

    def rename(self) -> None:
        """Ask for another name."""
        if self.run is not None:
            ask_name(self._window.session, self._parent, self.run)

    def remove(self) -> None:
        """Move it to the trash folder."""
        if self.run is not None:
            self._window.session.runs.remove(self.run)

    def share(self, run: KeptRun | None = None) -> None:
        """Ask what of a run goes into one file, and where that is written; None for the chosen one."""
        run = self.run if run is None else run
        if run is not None:
            from aestudio.gui.window.files.share_question import ShareQuestion

            ShareQuestion(self._window.session, self._parent, run).open()
