"""A kept run as lists show it, with access to the files in its folder."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

from aestudio.errors import StudioError, ignore_problem
from aestudio.printable import printable
from aestudio.progress import silent
from aestudio.runs.history_files import list_history, read_history_checkpoint, read_history_weights
from aestudio.runs.import_note import read_import
from aestudio.runs.labels_file import (
    NO_LABELS,
    RunLabels,
    change_labels,
    read_labels,
    valid_note,
    valid_tags,
    valid_title,
)
from aestudio.runs.metrics_file import Point, read_points
from aestudio.runs.model_preview import ModelPreview, read_preview
from aestudio.runs.newest_state import NewestState, newest_state
from aestudio.runs.newest_weights import newest_weights
from aestudio.runs.removal_note import note_removal
from aestudio.runs.run_dataset import difference, load_dataset_of, origin_of
from aestudio.runs.run_record import UNDER_WAY, RunRecord, change_record, read_record
from aestudio.runs.weights_file import CHECKPOINT, read_checkpoint
from aestudio.sabotage.sabotage_list import marked, warning
from aestudio.storage.files import free_name
from aestudio.storage.lock import has_writer
from aestudio.storage.os_errors import writing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import OnProblem
    from aestudio.progress import Progress
    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.import_note import ImportNote
    from aestudio.runs.run_record import Status
    from aestudio.training.checkpoint_history import HistoryCheckpoint
    from aestudio.training.events import Checkpoint, Snapshot

TRASH = "trash"
INCOMING = ".incoming-"  # folders of runs that are being imported begin so; no list shows them


@dataclass(frozen=True, eq=False)
class KeptRun:
    """One run's folder.

    record:  its run.json when the run was listed; None if it cannot be read
    problem: why it cannot be read, or None
    shipped: whether it came with the program
    labels:  the name, note and tags that the user gave it
    labels_problem: why these cannot be read, or None
    imported: where it comes from, of a run that was imported
    stamp:   of its folder before it was read, of a listed run (`search_index.py`); None if it says nothing
    """

    folder: Path
    record: RunRecord | None
    problem: StudioError | None = None
    shipped: bool = False
    labels: RunLabels = NO_LABELS
    labels_problem: StudioError | None = None
    imported: ImportNote | None = None
    stamp: bytes | None = None

    @classmethod
    def at(cls, folder: Path, shipped: bool = False, stamp: bytes | None = None) -> KeptRun:
        """The run in the folder; a damaged one carries its problem instead of raising."""
        record = problem = labels_problem = None
        labels = NO_LABELS
        try:
            record = read_record(folder)
        except StudioError as error:
            problem = error
        try:
            labels = NO_LABELS if shipped else read_labels(folder)
        except StudioError as error:
            labels_problem = error
        imported = None if shipped else read_import(folder)
        return cls(folder, record, problem, shipped, labels, labels_problem, imported, stamp)

    @property
    def name(self) -> str:
        """The name for commands: that of its folder."""
        return self.folder.name

    @property
    def title(self) -> str:
        """The name for people: the user's, or the one that it began with; that of the folder without one.

        That of a sabotaged run says so first.
        """
        return marked(self.unmarked_title, self.sabotage)

    @property
    def unmarked_title(self) -> str:
        """The same without the mark of a sabotage."""
        return self.first_title if self.labels.title is None else self.labels.title

    @property
    def sabotage(self) -> str:
        """The name of the sabotage under which it was trained, "" for none."""
        applied = None if self.record is None else self.record.sabotage
        return "" if applied is None else applied.name

    @property
    def first_title(self) -> str:
        """The name for people that it began with; that of the folder without one."""
        if self.record is None:
            return printable(self.name)
        title = self.record.recipe.title if self.shipped else self.record.title
        return printable(title if title.strip() else self.name)

    @property
    def created(self) -> datetime | None:
        """When it began; None for a damaged run."""
        return None if self.record is None else self.record.created

    @property
    def written_status(self) -> Status | None:
        """As its writer left it; None for a damaged run."""
        return None if self.record is None else self.record.status

    def require_record(self) -> RunRecord:
        """The record; raises StudioError if the run is damaged."""
        if self.record is None:
            raise self.problem or StudioError("This run cannot be read", where=str(self.folder))
        return self.record

    @property
    def recipe(self) -> Recipe:
        """What was trained; raises StudioError if the run is damaged."""
        return self.require_record().recipe

    @property
    def origin(self) -> str:
        """What `load_dataset` takes to load its data set again; raises StudioError if the run is damaged."""
        return origin_of(self.require_record(), self.folder)

    def dataset(self, data_dir: Path | None = None, progress: Progress = silent) -> Dataset:
        """The data set that it was trained on; raises StudioError if it is missing or has changed."""
        return load_dataset_of(self.require_record(), self.folder, data_dir, progress)

    def difference(self, dataset: Dataset) -> str:
        """How the data set differs from the one it was trained on, for people; "" if it does not."""
        return difference(self.require_record(), dataset)

    @property
    def status(self) -> Status | None:
        """As recorded, but "interrupted" if the writer is gone; None for a damaged run."""
        status = self.written_status
        return "interrupted" if status in UNDER_WAY and not has_writer(self.folder) else status

    @property
    def last_loss(self) -> float | None:
        """The newest validation loss of the first phase, or the training loss if nothing is validated."""
        if self.record is None:
            return None
        loss = self.record.recipe.objective.terms()[0].name
        for split in ("validation", "training"):
            if loss in self.record.last.get(split, {}):
                return self.record.last[split][loss]
        return None

    @cached_property
    def preview(self) -> ModelPreview | None:
        """Codes, ranges and images of a shipped model; None for other runs. Raises StudioError."""
        record = self.require_record()
        return read_preview(self.folder, record.architecture.latent.size, record.shape.image)

    def describe(self, *, with_note: bool = True) -> str:
        """A few lines for people: recipe, data, progress, date, the user's note, or the problem."""
        record = self.record
        if record is None:
            return str(self.problem)
        ends = [
            record.advice,
            self.note if with_note else "",
            "" if self.labels_problem is None else str(self.labels_problem),
        ]
        lines = [
            f"{record.recipe.title} on {record.dataset_title or record.dataset}",
            f"{record.epoch:.3g} of {record.recipe.training.epochs} epochs, {_status(record, self.status)}",
            f"Seed {record.seed}, {record.device}, {record.seconds:.0f} s",
            f"Begun {record.created.astimezone():%Y-%m-%d %H:%M}",
            *_gaps(record),
        ]
        if record.branched_from is not None:
            origin = record.branched_from
            changes = ", ".join(f"{name} {value}" for name, value in origin.changes.items())
            lines.append(
                f"Branched from {origin.run} at step {origin.step:,}: {changes or 'nothing changed'}"
            )
        if record.sabotage is not None:
            lines.append(f"{warning(record.sabotage.name)}. It began at step {record.sabotage.step:,}")
        if self.imported is not None:
            lines.append(self.imported.sentence)
        return printable("\n".join([*lines, *filter(None, ends)]))

    def snapshot(self, on_problem: OnProblem = ignore_problem) -> Snapshot:
        """The newest weights, after an early stop the best ones.

        on_problem: receives why weights are not read from the file that should hold them
        Raises StudioError if they cannot be read, and no checkpoint holds weights as new.
        """
        return newest_weights(self.folder, self.name, self.require_record(), self.status, on_problem)

    def checkpoint(self) -> Checkpoint | None:
        """The state in the checkpoint's file, None if there is none; raises StudioError."""
        if not (self.folder / CHECKPOINT).exists():
            return None
        return read_checkpoint(self.folder, self.name, self.require_record().architecture)

    def newest_state(self) -> NewestState:
        """The checkpoint to resume from, from whichever file, and why newer ones cannot be read."""
        return newest_state(self.folder, self.name, self.require_record())

    def history_checkpoints(self) -> tuple[HistoryCheckpoint, ...]:
        """The checkpoints of the history, by step; none of them is read."""
        return list_history(self.folder, self.require_record().steps_per_epoch)

    def history_checkpoint(self, step: int) -> Checkpoint:
        """The checkpoint of this step in the history, to resume from; raises StudioError."""
        return read_history_checkpoint(self.folder, step, self.name, self.require_record().architecture)

    def history_weights(self, step: int) -> Snapshot:
        """The weights of this step in the history, to show; raises StudioError."""
        return read_history_weights(self.folder, step, self.name, self.require_record().architecture)

    def points(self) -> tuple[Point, ...]:
        """Every metric point and changed setting, in order; raises StudioError."""
        return read_points(self.folder)

    @property
    def note(self) -> str:
        """What the user noted about it, lines of text."""
        return self.labels.note

    @property
    def tags(self) -> tuple[str, ...]:
        """The user's tags, in the order in which they were added."""
        return self.labels.tags

    def rename(self, title: str) -> KeptRun:
        """Change its title; its name, which commands use, stays. Raises StudioError."""
        self._changeable("renamed")
        return self._labelled(title=valid_title(title))

    def with_note(self, note: str) -> KeptRun:
        """Replace the note, "" for none; raises StudioError."""
        self._changeable("noted")
        return self._labelled(note=valid_note(note))

    def with_tags(self, tags: Iterable[str]) -> KeptRun:
        """Replace the tags; raises BadChoice, StudioError."""
        self._changeable("tagged")
        return self._labelled(tags=valid_tags(tags))

    def _labelled(self, **values: Any) -> KeptRun:
        return self._changed(labels=change_labels(self.folder, **values), labels_problem=None)

    def _changed(self, **values: Any) -> KeptRun:
        """A copy with some fields replaced, which has its record at once."""
        known: dict[str, Any] = {}
        for field in fields(KeptRun):
            known[field.name] = getattr(self, field.name)
        known.update(values, stamp=None)
        return KeptRun(**known)

    def with_latent(self, latent: dict[str, Any]) -> KeptRun:
        """Keep the metrics of the latent space with the run; raises StudioError."""
        return self._changed(record=change_record(self.folder, latent=latent), problem=None)

    def with_evaluation(self, evaluation: dict[str, Any]) -> KeptRun:
        """Keep the metrics on the test set with the run; raises StudioError."""
        return self._changed(record=change_record(self.folder, evaluation=evaluation), problem=None)

    def evaluation(self, step: int) -> dict[str, Any] | None:
        """The kept metrics on the test set of its own data, if they are of this step, or None."""
        kept = None if self.record is None else self.record.evaluation
        return kept if kept and kept.get("step") == step else None

    def latent_metrics(self, step: int, dataset: str) -> dict[str, Any] | None:
        """The kept metrics of the latent space at this step, on the data set of this origin, or None."""
        kept = None if self.record is None else self.record.latent
        return kept if kept and (kept.get("step"), kept.get("dataset")) == (step, dataset) else None

    def move_to_trash(self) -> Path:
        """Move its folder to `trash` beside it, where it stays; returns its new path. Raises StudioError."""
        self._changeable("removed")
        if not self.folder.is_dir():
            advice = "It may have been removed in another window."
            raise StudioError("The folder of this run is gone", where=str(self.folder), advice=advice)
        if has_writer(self.folder):
            raise StudioError("This run is being trained right now", where=self.name, advice="Stop it first.")
        trash = self.folder.parent / TRASH
        with writing(trash):
            trash.mkdir(exist_ok=True)
            target = free_name(trash, self.name)
            shutil.move(self.folder, target)
        with suppress(StudioError):  # without it, it is restored under the name that it has in the trash
            note_removal(target, self.name)
        return target

    def _changeable(self, action: str) -> None:
        if self.shipped:
            raise StudioError(f"A shipped model cannot be {action}", where=self.name)


def _gaps(record: RunRecord) -> list[str]:
    """The mutual information gaps of the newest weights, in one line, where they were measured."""
    latent = record.latent or {}
    if latent.get("step") != record.step or latent.get("mig_measured") is None:
        return []
    true = latent.get("mig_true")
    more = "" if true is None else f", {true:.2f} (true factors)"
    return [f"MIG {latent['mig_measured']:.2f} (measured factors){more}"]


def _status(record: RunRecord, status: Status | None) -> str:
    if status == "early_stopping":
        return f"stopped early: the best weights, of step {record.step:,}"
    return "training" if status == "running" else str(status)
