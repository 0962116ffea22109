"""The progress of a slow task as a bar that keeps its place while it is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar, QWidget

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import TaskProgressed

_STEPS = 1000


class TaskProgressBar(QProgressBar):
    """Visible only while the task runs; without a known total it only shows activity."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setAccessibleName(name)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def show_progress(self, progress: TaskProgressed | None) -> None:
        """Show how much is done; None: the task does not run."""
        self.setVisible(progress is not None)
        if progress is not None:
            done, total, _ = progress
            self.setRange(0, _STEPS if total else 0)
            self.setValue(int(_STEPS * min(1.0, done / total)) if total else 0)
