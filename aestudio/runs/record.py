"""Writes a run while it goes on: `record(events, ...)` passes every event on and keeps what matters.

The checkpoint is written whenever the trainer gives one (each epoch, each pause, the end); points are
appended as they come. A disk that fills up stops the writing, not the training: the problem is raised
only after the last event.
"""

from __future__ import annotations

import json
import platform
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aestudio import __version__
from aestudio.errors import StudioError
from aestudio.runs.files import write_json
from aestudio.runs.store import CHECKPOINT, DESCRIPTION, FORMAT, METRICS, read_run
from aestudio.runs.weights import write_checkpoint
from aestudio.training.events import CheckpointTaken, Ended, LiveChange, MetricPoint, Paused, Started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aestudio.training.events import Checkpoint, Event
    from aestudio.training.spec import RunSpec


def record(events: Iterator[Event], spec: RunSpec, folder: Path) -> Iterator[Event]:
    """Pass the events on while the run is written to the folder, which is made or gone on with.

    Raises StudioError after the last event where writing failed on the way.
    """
    writer = _Writer(spec, folder)
    try:
        for event in events:
            writer.write(event)
            yield event
    finally:
        writer.close()
    if writer.problem is not None:
        raise writer.problem


class _Writer:
    def __init__(self, spec: RunSpec, folder: Path) -> None:
        self.folder = folder
        self.problem: StudioError | None = None
        self._began = time.monotonic()
        self._last_step = -1
        self._about = self._description(spec)
        self._seconds_before = float(self._about.get("seconds", 0.0))
        self._lines: list[str] = []

    def _description(self, spec: RunSpec) -> dict[str, Any]:
        known = read_run(self.folder).about if (self.folder / DESCRIPTION).exists() else {}
        return {
            "format": FORMAT, "name": spec.run, "title": spec.run,
            "created": datetime.now().astimezone().isoformat(timespec="seconds"),
            "seconds": 0.0, "step": 0, "epoch": 0.0, "metrics": {},
        } | known | {
            "recipe": spec.recipe.model_dump(mode="json"), "dataset": spec.dataset,
            "seed": spec.recipe.training.seed, "status": "running", "versions": versions(),
        }  # fmt: skip

    def write(self, event: Event) -> None:
        """Keep what the event says; a problem is kept for the end."""
        if self.problem is not None:
            return
        try:
            self._write(event)
        except OSError as error:
            self.problem = StudioError(
                f"The run could not be written any more ({error.strerror or error})",
                where=str(self.folder), advice="Make room on the disk; what was written before is safe.",
            )  # fmt: skip

    def _write(self, event: Event) -> None:
        match event:
            case Started():
                self.folder.mkdir(parents=True, exist_ok=True)
                self._about["device"] = event.device
                self._drop_points_after(event.step)
                self._describe()
            case MetricPoint():
                self._append({"split": event.split, "step": event.step, "epoch": event.epoch,
                              "terms": dict(event.terms)})  # fmt: skip
                if event.split == "validation":
                    self._about["metrics"] = dict(event.terms)
            case LiveChange():
                self._append({"live": event.name, "step": event.step, "value": event.value})
            case CheckpointTaken():
                self._keep(event.checkpoint)
            case Paused():
                self._about["status"] = "paused"
                self._describe()
            case Ended():
                self._about["status"] = event.reason
                self._about |= {"step": event.step, "epoch": event.epoch}
                self._describe()

    def _keep(self, checkpoint: Checkpoint) -> None:
        snapshot = checkpoint.snapshot
        self._flush()
        write_checkpoint(self.folder / CHECKPOINT, checkpoint)
        self._about |= {"step": snapshot.step, "epoch": snapshot.epoch, "status": "running"}
        self._describe()

    def _append(self, line: dict[str, Any]) -> None:
        self._lines.append(json.dumps(line))

    def _flush(self) -> None:
        if self._lines:
            with (self.folder / METRICS).open("a", encoding="utf-8") as file:
                file.write("\n".join(self._lines) + "\n")
            self._lines.clear()

    def _describe(self) -> None:
        self._flush()
        self._about["seconds"] = round(self._seconds_before + time.monotonic() - self._began, 3)
        write_json(self.folder / DESCRIPTION, self._about)

    def _drop_points_after(self, step: int) -> None:
        """Forget points beyond the checkpoint that the run goes on from: they will come again."""
        path = self.folder / METRICS
        if not path.exists():
            return
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if _step_of(line) <= step]
        path.write_text("".join(line + "\n" for line in kept), encoding="utf-8")

    def close(self) -> None:
        """Write what is left, also where the events broke off."""
        if self.problem is None and self.folder.is_dir():
            try:
                self._flush()
            except OSError as error:
                self.problem = StudioError(f"The run could not be written ({error})", where=str(self.folder))


def _step_of(line: str) -> float:
    try:
        return int(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        return float("inf")


def versions() -> dict[str, str]:
    """The versions that took part, so far as they are loaded."""
    import sys

    table = {"aestudio": __version__, "python": platform.python_version()}
    for name in ("torch", "numpy"):
        if name in sys.modules:
            table[name] = str(sys.modules[name].__version__)
    return table
