"""Trainings that wait until those before them have ended, and their file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from aestudio.datasets.catalogue import dataset_menu
from aestudio.datasets.fingerprint import DataFacts
from aestudio.errors import StudioError
from aestudio.paths import data_folder
from aestudio.printable import printable
from aestudio.recipes.library import original_of
from aestudio.recipes.model_file import parse_model, read_model_file
from aestudio.recipes.recipe import Recipe
from aestudio.recipes.run_titles import changes_of, run_title
from aestudio.storage.damage import Damage
from aestudio.storage.files import replace_file, to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_TRAININGS = 200
_MOST_BYTES = 8_000_000
_DAMAGE = Damage("The queue of trainings cannot be read", "Restore the file from a copy, or remove it.")
_DAMAGED_RECIPE = Damage("The recipe of this training cannot be read", "Remove it from the queue.")
_UNUSABLE = "This training cannot be started"
_Text = Annotated[str, Field(max_length=1_000)]


@dataclass(frozen=True)
class QueuedTraining:
    """One training that waits: its own recipe (with its seed), data set and device.

    key:      tells it from others of the same recipe
    title:    of the run; of_recipe: of the recipe
    changes:  what differs from the recipe's file, each as a few words
    recipe:   as JSON, because its parts are those that are there when it starts
    origin:   of the data set, as `load_dataset` takes it; facts: what it was then, None if it was not loaded
    device:   "auto" or the name of a device
    problem:  why it has failed, "" if it has not
    """

    key: str
    title: str
    of_recipe: str
    changes: tuple[str, ...]
    recipe: str
    origin: str
    facts: DataFacts | None = None
    device: str = "auto"
    problem: str = ""

    @property
    def data_title(self) -> str:
        """The name of the data set for people."""
        if self.facts is not None:
            return self.facts.title
        titles = {name: title for name, title, _ in dataset_menu()}
        return titles.get(self.origin, printable(Path(self.origin).name or self.origin))


def queued(recipe: Recipe, origin: str, facts: DataFacts | None, device: str) -> QueuedTraining:
    """A training of this recipe that waits."""
    changes = changes_of(recipe, original_of(recipe))
    text = json.dumps(recipe.model_dump(mode="json"), ensure_ascii=False)
    return QueuedTraining(uuid4().hex, run_title(recipe), recipe.title, changes, text, origin, facts, device)


def recipe_of(training: QueuedTraining) -> Recipe:
    """Its recipe, with the user's own parts as they are now; raises StudioError if they are missing."""
    return parse_model(Recipe, training.recipe.encode(), queue_path(), _DAMAGED_RECIPE, _UNUSABLE)


# ---- the file ---------------------------------------------------------------------------------------------


def queue_path() -> Path:
    """Where the queue is kept."""
    return data_folder() / "queue.json"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=64)]
    title: _Text
    of_recipe: _Text
    changes: Annotated[tuple[_Text, ...], Field(max_length=100)] = ()
    recipe: dict[str, Any]
    origin: Annotated[str, Field(max_length=10_000)]
    facts: DataFacts | None = None
    device: _Text = "auto"
    problem: Annotated[str, Field(max_length=10_000)] = ""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    trainings: Annotated[tuple[_Entry, ...], Field(max_length=MOST_TRAININGS)] = ()


def read_queue(path: Path) -> tuple[QueuedTraining, ...]:
    """The trainings in the file, the next one first; () without one. Raises StudioError if it is damaged."""
    if not path.exists():
        return ()
    kept = read_model_file(_File, path, _MOST_BYTES, _DAMAGE, _DAMAGE.what)
    if len({entry.key for entry in kept.trainings}) < len(kept.trainings):
        raise _DAMAGE.error(path, "two trainings have the same key")
    return tuple(
        QueuedTraining(
            entry.key,
            entry.title,
            entry.of_recipe,
            entry.changes,
            json.dumps(entry.recipe, ensure_ascii=False),
            entry.origin,
            entry.facts,
            entry.device,
            entry.problem,
        )
        for entry in kept.trainings
    )


def write_queue(path: Path, trainings: Sequence[QueuedTraining]) -> None:
    """Replace the file by these trainings, completely or not at all; raises StudioError."""
    if len(trainings) > MOST_TRAININGS:
        raise StudioError(
            f"{len(trainings):,} trainings wait, more than {MOST_TRAININGS:,}", advice="Remove some of them."
        )
    entries = [
        _Entry.model_construct(**{**vars(training), "recipe": json.loads(training.recipe)}).model_dump(
            mode="json"
        )
        for training in trainings
    ]
    replace_file(path, (to_text({"format": 1, "trainings": entries}, indent=1) + "\n").encode())
