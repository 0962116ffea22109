"""Asks for a name of the run that is shown: "Save as" of a program that saves every training by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QInputDialog

from aestudio.gui.window.shown_kept_run import shown_kept_run

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session

translate = QCoreApplication.translate


def name_run(session: Session, parent: QWidget) -> None:
    """Open the question; the run gets the title that is accepted."""
    run = shown_kept_run(session.state)
    if run is None or run.shipped:
        return
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(translate("name run", "Save the run as"))
    dialog.setLabelText(translate("name run", "It is saved already, in a folder of its own. Its name:"))
    dialog.setTextValue(run.title)
    dialog.textValueSelected.connect(lambda title: title.strip() and session.runs.rename(run, title.strip()))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
