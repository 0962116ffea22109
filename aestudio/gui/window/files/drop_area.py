"""Takes files that are dropped anywhere onto the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.layouts import column, fill, label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QWidget


class DropArea(QObject):
    """Says over the window what can be dropped while files are dragged over it.

    What it says covers the fields of the window, which would take a file's name for a text.
    """

    def __init__(self, window: QWidget, open_paths: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(window)
        self._window, self._open_paths = window, open_paths
        self.hint = QFrame(window)
        set_role(self.hint, "drop")
        text = label(self.tr("Drop it to open it"), "heading")
        what = label(self.tr("Pictures, images to train on, a recipe, or the folder of a run"), "muted")
        for line in (text, what):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            line.setWordWrap(True)
        column(fill(), text, what, fill(), margins=24, on=self.hint)
        self.hint.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle drags and drops of the window; other events are its own."""
        if event.type() == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if not local_paths(event.mimeData()):
                return False
            event.acceptProposedAction()
            self.hint.setGeometry(self._window.rect())
            self.hint.show()
            self.hint.raise_()
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hint.hide()
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.hint.hide()
            paths = local_paths(event.mimeData())
            if paths:
                event.acceptProposedAction()
                self._open_paths(paths)
                return True
        return False


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this machine that are dragged; [] for anything else."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
