"""The dialog that asks where a file is to be saved, for every export of the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


def open_save_dialog(
    parent: QWidget, title: str, kind: str, name: str, save: Callable[[Path], object]
) -> QFileDialog:
    """Ask for a path without waiting for it; `save(path)` is called if one is chosen.

    kind: what the file is, for people, without its suffix; name: proposed, in the user's documents
    """
    suffix = Path(name).suffix.removeprefix(".")
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{kind} (*.{suffix})")
    # The dialog adds the suffix itself: then it also asks before a file with that name is replaced.
    dialog.setDefaultSuffix(suffix)
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog.setDirectory(folder or str(Path.home()))
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda path: save(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
