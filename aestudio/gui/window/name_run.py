"""Asks for the name of a run: "Save as" of a program that saves every training by itself, and Rename."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.widgets.text_question import ask_text
from aestudio.gui.window.shown_kept_run import shown_kept_run

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.runs.index import KeptRun

translate = QCoreApplication.translate


def name_run(session: Session, parent: QWidget) -> None:
    """Ask for a name of the run that is shown, to keep it for good."""
    run = shown_kept_run(session.state)
    if run is not None:
        title = translate("name run", "Save the run as")
        text = translate("name run", "It is saved already, in a folder of its own. Its name:")
        _ask(session, parent, run, title, text)


def ask_name(session: Session, parent: QWidget, run: KeptRun) -> None:
    """Ask for another name of a run; nothing happens for a shipped model."""
    _ask(session, parent, run, translate("name run", "Rename the run"), translate("name run", "Name:"))


def _ask(session: Session, parent: QWidget, run: KeptRun, title: str, text: str) -> None:
    """Open the question without waiting for it; the run gets the name that is accepted."""
    if run.shipped:
        return
    ask_text(parent, title, text, _known_name(session, run), lambda name: session.runs.rename(run, name))


def _known_name(session: Session, run: KeptRun) -> str:
    """The name as the list has it: that of a run nobody named says what differs from its recipe."""
    row = session.state.run_list.rows.get(run.folder)
    return run.title if row is None else row.name
