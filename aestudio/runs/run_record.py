"""run.json: what there is to know of a run without reading its weights."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aestudio import __version__
from aestudio.errors import StudioError
from aestudio.recipes.recipe import Recipe
from aestudio.runs.files import WRITING, read_bytes, replace_file, to_text

if TYPE_CHECKING:
    from pathlib import Path

FILE = "run.json"
FORMAT = 1

Status = Literal["running", "paused", "finished", "stopped", "early_stopping", "diverged", "interrupted"]
UNDER_WAY: tuple[Status, ...] = ("running", "paused")


class BranchedFrom(BaseModel):
    """Where a run left another one. run: its name; changes: settings by name, with their new values."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    run: str
    step: int
    changes: dict[str, Any] = Field(default_factory=dict)


class RunRecord(BaseModel):
    """One run as its file tells it.

    dataset:    what `load_dataset` takes to get the same data again; dataset_title: for people
    status:     as the writer left it; see `KeptRun.status` for a writer that is gone
    seconds:    of training, pauses not counted, over all sittings
    step, epoch: of the newest weights; of the kept ones after an early stop or a divergence
    last:       the newest terms by split at that step
    live:       settings that were moved while training, with their values
    evaluation: figures on the test set, where they were measured
    latent:     figures of the latent space, with the step and the dataset that they belong to
    branched_from: the run, step and changed settings where this one left another one
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int = FORMAT
    name: str
    title: str
    recipe: Recipe
    dataset: str
    dataset_title: str = ""
    seed: int
    device: str
    status: Status
    created: datetime
    seconds: float = 0.0
    step: int = 0
    epoch: float = 0.0
    steps_per_epoch: int = 0
    training_images: int = 0
    last: dict[str, dict[str, float]] = Field(default_factory=dict)
    live: dict[str, float] = Field(default_factory=dict)
    advice: str = ""
    versions: dict[str, str] = Field(default_factory=dict)
    evaluation: dict[str, Any] | None = None
    latent: dict[str, Any] | None = None
    branched_from: BranchedFrom | None = None

    def changed(self, **values: Any) -> RunRecord:
        """A copy with some fields replaced."""
        return self.model_copy(update=values)


def read_record(folder: Path) -> RunRecord:
    """The record in the folder; raises StudioError naming the file and what is wrong with it."""
    path = folder / FILE
    data = read_bytes(path)
    try:
        table = json.loads(data)
        if isinstance(table, dict) and table.get("format", 0) > FORMAT:
            raise StudioError(
                "This run was made by a newer version of the program", where=str(path),
                advice="Update aestudio to open it.",
            )  # fmt: skip
        return RunRecord.model_validate(table)
    except StudioError as error:
        if error.where:
            raise
        raise _unreadable(path, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise _unreadable(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise _unreadable(path, str(error)) from error


def write_record(folder: Path, record: RunRecord) -> None:
    """Replace the folder's record; raises StudioError."""
    text = to_text(record.model_dump(mode="python") | {"created": record.created.isoformat(),
                   "recipe": record.recipe.model_dump(mode="json")}, indent=1)  # fmt: skip
    replace_file(folder / FILE, (text + "\n").encode())


def change_record(folder: Path, **values: Any) -> RunRecord:
    """Replace some fields of the folder's record; raises StudioError."""
    with WRITING:
        record = read_record(folder).changed(**values)
        write_record(folder, record)
    return record


def now() -> datetime:
    """The time of day, with its zone."""
    return datetime.now(UTC)


@cache
def versions() -> dict[str, str]:
    """What computed: this program, torch, numpy, Python; read from what is installed, nothing imported."""
    found = {"aestudio": __version__, "python": platform.python_version()}
    for package in ("torch", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found


def _unreadable(path: Path, why: str) -> StudioError:
    return StudioError(
        f"This run's record cannot be read ({' '.join(why.split()).rstrip('.')})"[:300], where=str(path),
        advice="Restore the file from a copy, or move the run to the trash.",
    )  # fmt: skip
