"""Event files for TensorBoard beside a training: `aestudio train --tensorboard FOLDER`."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING

from aestudio.export.tables.event_file import EventFile
from aestudio.export.to_tensorboard import event_file_name, marked_terms
from aestudio.storage.os_errors import writing
from aestudio.training.events import MetricPoint, SabotageBegun, Started

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from aestudio.training.events import Event


class TensorBoardLog:
    """Writes the points of a training as they come, in a folder for each split; None writes nothing.

    A file of a resumed run goes on beside those before: TensorBoard joins them.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._sabotage = ""  # of what comes now
        self._files = ExitStack()
        self._open: dict[str, tuple[EventFile, IO[bytes]]] = {}

    def __enter__(self) -> TensorBoardLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def add(self, event: Event) -> None:
        """Write the event if it is a point of a curve; raises StudioError if the disk refuses."""
        if isinstance(event, Started) and event.sabotage is not None:
            self._sabotage = event.sabotage.name
        elif isinstance(event, SabotageBegun):
            self._sabotage = event.applied.name
        if self._folder is None or not isinstance(event, MetricPoint):
            return
        with writing(self._folder):
            events, file = self._of(self._folder, event.split)
            events.add(event.step, marked_terms(event.terms, self._sabotage), time.time())
            file.flush()

    def _of(self, folder: Path, split: str) -> tuple[EventFile, IO[bytes]]:
        if split not in self._open:
            now = time.time()
            (folder / split).mkdir(parents=True, exist_ok=True)
            file = self._files.enter_context((folder / split / event_file_name(now)).open("xb"))
            self._open[split] = EventFile(file, now), file
        return self._open[split]
