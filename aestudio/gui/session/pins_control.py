"""Keeps the pinned drawings with the run: written when they change, read again when the run is opened."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.errors import StudioError
from aestudio.gui.session.lab import Pin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aestudio.gui.jobs.letters import TaskDone
    from aestudio.gui.session.session import Session
    from aestudio.progress import Progress
    from aestudio.runs.pins_file import NamedDrawing

translate = QCoreApplication.translate

TASK = "pins"


class PinsControl:
    """Follows the state; the pins themselves are changed through `session.lab`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._written: tuple[Path | None, tuple[Pin, ...]] = (None, ())
        self._lock = threading.Lock()
        self._wanted: tuple[Path, list[NamedDrawing]] | None = None
        self._busy = False
        session.changed.connect(self._keep_up)

    def opened(self, folder: Path, kept: Sequence[NamedDrawing]) -> None:
        """A run was opened: its own pins replace those at hand; where it has none, they stay to be compared.

        What stays is not written into that run until it is changed there.
        """
        lab = self._session.lab
        if kept:
            lab.change(translate("lab", "open a run"), pins=tuple(Pin(name, image) for name, image in kept))
        self._written = (folder, self._session.state.lab.pins)

    def _keep_up(self) -> None:
        state = self._session.state
        folder = self._folder()
        if folder is None or (folder, state.lab.pins) == self._written:
            return
        had_some = folder == self._written[0]
        self._written = (folder, state.lab.pins)
        if state.lab.pins or had_some:
            self._write(folder, state.lab.pins)

    def _folder(self) -> Path | None:
        """The folder of the run, once it is there; None for a shipped one, where nothing is written."""
        from aestudio.folders import runs_folder

        state = self._session.state
        training = state.training
        if state.model is None or state.model.origin == "shipped":
            return None
        run = training.started.run if training.started is not None else training.run
        if not run or training.phase == "preparing":
            return None
        return training.folder or runs_folder() / run

    def _write(self, folder: Path, pins: tuple[Pin, ...]) -> None:
        """Write them on a thread: one at a time, the newest last, also when the window closes meanwhile."""
        with self._lock:
            self._wanted = folder, [(pin.name, pin.image) for pin in pins]
            if self._busy:
                return  # the thread at work takes them next
            self._busy = True

        def work(progress: Progress) -> None:  # noqa: ARG001 - quick
            self._write_wanted()

        def after(letter: TaskDone) -> None:
            if letter.problem is not None:
                self._session.say(str(letter.problem), "bad")

        self._session.run_task(TASK, "the drawings were being kept", work, after)

    def _write_wanted(self) -> None:
        from aestudio.runs.pins_file import write_pins

        while True:
            with self._lock:
                wanted, self._wanted = self._wanted, None
                if wanted is None:
                    self._busy = False
                    return
            try:
                write_pins(*wanted)
            except StudioError:
                with self._lock:
                    if self._wanted is None:
                        self._busy = False
                        raise
