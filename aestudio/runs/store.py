"""Where runs are kept, and how one is found: a folder, a kept run's name, or a shipped model's name.

A run's folder holds `run.json` (what it is), `metrics.jsonl` (one line a point), and
`checkpoint.safetensors` (everything to go on from) or, for shipped models, `weights.safetensors`
and `exhibit.npz`.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice, StudioError
from aestudio.folders import runs_folder
from aestudio.recipes.recipe import Recipe
from aestudio.resources import resources_folder
from aestudio.runs.exhibit import Exhibit, read_exhibit
from aestudio.runs.files import read_json, write_json
from aestudio.runs.weights import read_checkpoint, read_snapshot
from aestudio.training.events import LiveChange, MetricPoint

if TYPE_CHECKING:
    from aestudio.training.events import Checkpoint, Snapshot

FORMAT = 1
DESCRIPTION, METRICS, CHECKPOINT = "run.json", "metrics.jsonl", "checkpoint.safetensors"
WEIGHTS, EXHIBIT = "weights.safetensors", "exhibit.npz"
TRASH = "trash"


@dataclass(frozen=True, eq=False)
class KeptRun:
    """One run as its folder describes it; weights and points are read when asked for.

    about:   the contents of run.json
    damage:  why the folder cannot be read, or ""
    shipped: whether it came with the program
    """

    name: str
    folder: Path
    about: dict[str, Any]
    shipped: bool = False
    damage: str = ""

    @property
    def title(self) -> str:
        """What the run is called in lists."""
        return str(self.about.get("title", self.name))

    @property
    def status(self) -> str:
        """running, paused, finished, stopped, early_stopping, diverged or damaged."""
        return "damaged" if self.damage else str(self.about.get("status", "running"))

    @property
    def last_loss(self) -> float | None:
        """The newest validation loss, per image."""
        loss = self.about.get("metrics", {}).get("loss")
        return None if loss is None else float(loss)

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe it was trained by; raises StudioError where the folder is damaged."""
        if self.damage:
            raise StudioError(self.damage, where=str(self.folder))
        try:
            return Recipe.model_validate(self.about["recipe"])
        except (KeyError, ValueError, StudioError) as error:
            problem = f"The recipe of this run cannot be read ({error})"
            raise StudioError(problem, where=str(self.folder / DESCRIPTION)) from error

    @property
    def exhibit(self) -> Exhibit | None:
        """What a shipped model brings along to be looked at before there is a dataset."""
        return self._exhibit

    @cached_property
    def _exhibit(self) -> Exhibit | None:
        path = self.folder / EXHIBIT
        return read_exhibit(path) if path.exists() else None

    def snapshot(self) -> Snapshot:
        """Its newest weights; raises StudioError where they are missing or damaged."""
        path = self.folder / WEIGHTS
        if not path.exists():
            path = self.folder / CHECKPOINT
        return read_snapshot(path, self.name, self.recipe)

    def checkpoint(self) -> Checkpoint | None:
        """Everything to go on from, or None where the run is complete or came without it."""
        path = self.folder / CHECKPOINT
        return read_checkpoint(path, self.name, self.recipe) if path.exists() else None

    def points(self) -> list[MetricPoint | LiveChange]:
        """Its curve's points and moved settings; a last line torn by a crash is left out."""
        path = self.folder / METRICS
        if not path.exists():
            return []
        lines = path.read_text(encoding="utf-8").split("\n")
        points = []
        for number, line in enumerate(lines):
            try:
                if line:
                    points.append(point_of(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                if number >= len(lines) - 2:
                    break
                problem = f"Line {number + 1} of this run's metrics is damaged"
                raise StudioError(problem, where=str(path)) from error
        return points

    def describe(self) -> str:
        """A few words for a tooltip."""
        if self.damage:
            return self.damage
        parts = [self.name, self.status.replace("_", " ")]
        if "dataset" in self.about:
            parts.append(str(self.about["dataset"]))
        if "epoch" in self.about:
            parts.append(f"{self.about['epoch']:.3g} epochs")
        return ", ".join(parts)

    def rename(self, title: str) -> KeptRun:
        """Give it another title; the folder keeps its name."""
        about = {**self.about, "title": title}
        write_json(self.folder / DESCRIPTION, about)
        return replace(self, about=about)

    def move_to_trash(self) -> Path:
        """Move the folder to `trash` beside the others; returns where it is now."""
        trash = self.folder.parent / TRASH
        trash.mkdir(exist_ok=True)
        place = _free(trash, self.folder.name)
        shutil.move(self.folder, place)
        return place


def point_of(table: dict[str, Any]) -> MetricPoint | LiveChange:
    """A line of metrics.jsonl as an event."""
    if "live" in table:
        return LiveChange(int(table["step"]), str(table["live"]), float(table["value"]))
    terms = {str(name): float(value) for name, value in table["terms"].items()}
    return MetricPoint(table["split"], int(table["step"]), float(table["epoch"]), terms)


def read_run(folder: Path, shipped: bool = False) -> KeptRun:
    """The run in a folder; a damaged one is returned with the reason."""
    try:
        about = read_json(folder / DESCRIPTION)
        if about.get("format", 0) > FORMAT:
            problem = "This run was written by a newer version of the program: update it to open the run"
            raise StudioError(problem, where=str(folder))
    except StudioError as problem:
        return KeptRun(folder.name, folder, {}, shipped, str(problem))
    return KeptRun(str(about.get("name", folder.name)), folder, about, shipped)


def list_runs(folder: Path | None = None) -> tuple[KeptRun, ...]:
    """Kept runs, newest first, then the shipped models."""
    place = folder or runs_folder()
    folders = [entry for entry in place.iterdir() if _is_run(entry)] if place.is_dir() else []
    kept = sorted((read_run(entry) for entry in folders), key=_age, reverse=True)
    return (*kept, *shipped_runs())


def _is_run(folder: Path) -> bool:
    return folder.is_dir() and folder.name != TRASH and not folder.name.startswith(".")


def _age(run: KeptRun) -> str:
    return str(run.about.get("created", ""))


def shipped_runs() -> tuple[KeptRun, ...]:
    """The models that came with the program."""
    models = resources_folder() / "models"
    folders = sorted(entry for entry in models.iterdir() if entry.is_dir()) if models.is_dir() else []
    return tuple(read_run(folder, shipped=True) for folder in folders)


def find_run(word: str) -> KeptRun:
    """The run of that folder, name or title; raises BadChoice listing the names there are."""
    folder = Path(word).expanduser()
    if (folder / DESCRIPTION).is_file():
        return read_run(folder)
    runs = list_runs()
    for run in runs:
        if word in (run.name, run.title):
            return run
    names = [run.name for run in runs]
    raise BadChoice("run", word, [*names, "or the folder of a run"])


def new_run_name(recipe: Recipe) -> str:
    """A name that no kept run has, fit for a folder on every system: "vae 2026-11-22 14.05.12"."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    return _free(runs_folder(), f"{recipe.name} {stamp}").name


def _free(folder: Path, name: str) -> Path:
    place, number = folder / name, 2
    while place.exists():
        place, number = folder / f"{name} ({number})", number + 1
    return place
