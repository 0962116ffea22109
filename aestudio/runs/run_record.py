"""run.json: what there is to know of a run without reading its weights."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationError,
)

from aestudio.datasets.fingerprint import DataFacts
from aestudio.errors import StudioError
from aestudio.recipes.recipe import Recipe
from aestudio.runs.latent_table import usable_table
from aestudio.storage.files import WRITING, read_bytes, replace_file, to_text
from aestudio.storage.json_text import LARGEST, parse_json
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE = "run.json"
FORMAT = 1
MOST_BYTES = 16_000_000

Status = Literal["running", "paused", "finished", "stopped", "early_stopping", "diverged", "interrupted"]
UNDER_WAY: tuple[Status, ...] = ("running", "paused")


def _ordinary_date(history_checkpoint: datetime) -> datetime:
    """The moment with its zone; raises ValueError for one that no calendar here shows."""
    if not 1970 <= history_checkpoint.year <= 9000:
        raise ValueError("this year is impossible")
    return (
        history_checkpoint
        if history_checkpoint.tzinfo is not None
        else history_checkpoint.replace(tzinfo=UTC)
    )


def _table_or_none(value: object) -> object:
    return value if isinstance(value, dict) else None


Count = Annotated[int, Field(ge=0, le=LARGEST)]
Amount = Annotated[FiniteFloat, Field(ge=0)]
Date = Annotated[datetime, AfterValidator(_ordinary_date)]
Evaluation = Annotated[
    dict[str, Any] | None, BeforeValidator(lambda value: value if isinstance(value, dict) else None)
]
LatentTable = Annotated[dict[str, Any] | None, BeforeValidator(usable_table)]


class BranchedFrom(BaseModel):
    """Where a run left another one. run: its name; changes: settings by name, with their new values."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    run: str
    step: Count
    changes: dict[str, Any] = Field(default_factory=dict)


class RunRecord(BaseModel):
    """One run as its file tells it.

    dataset:    what `load_dataset` takes to get the same data again, or the name of the file in the run's
                folder that keeps them (see `runs/run_digits.py`); dataset_title: for people
    status:     as the writer left it; see `KeptRun.status` for a writer that is gone
    seconds:    of training, pauses not counted, over all sittings
    step, epoch: of the newest weights; of the kept ones after an early stop or a divergence
    last:       the newest terms by split at that step
    live:       settings that were moved while training, with their values
    evaluation: figures on the test set, where they were measured; None for what is no table
    latent:     figures of the latent space, with the step and the dataset that they belong to; None for
                what is no such table: it can be measured again
    data:       what tells the digits from others; None in records of earlier versions
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
    created: Date
    seconds: Amount = 0.0
    step: Count = 0
    epoch: Amount = 0.0
    steps_per_epoch: Count = 0
    training_images: Count = 0
    last: dict[str, dict[str, float]] = Field(default_factory=dict)
    live: dict[str, FiniteFloat] = Field(default_factory=dict)
    advice: str = ""
    versions: dict[str, str] = Field(default_factory=dict)
    evaluation: Evaluation = None
    latent: LatentTable = None
    data: DataFacts | None = None
    branched_from: BranchedFrom | None = None

    def changed(self, **values: Any) -> RunRecord:
        """A copy with some fields replaced."""
        return self.model_copy(update=values)


def read_record(folder: Path) -> RunRecord:
    """The record in the folder; raises StudioError naming the file and what is wrong with it."""
    path = folder / FILE
    data = read_bytes(path, MOST_BYTES)
    try:
        table = parse_json(data)
        if _is_newer(table):
            raise StudioError(
                "This run was made by a newer version of the program",
                where=str(path),
                advice="Update aestudio to open it.",
            )
        return RunRecord.model_validate(table)
    except StudioError as error:
        if error.where:
            raise
        raise _unreadable(path, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise _unreadable(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except ValueError as error:
        raise _unreadable(path, str(error)) from error


def _is_newer(table: object) -> bool:
    version = table.get("format") if isinstance(table, dict) else None
    return isinstance(version, int) and version > FORMAT


def write_record(folder: Path, record: RunRecord, is_there: Callable[[], bool] | None = None) -> None:
    """Replace the folder's record; raises StudioError. is_there: as of `new_file`"""
    text = to_text(
        record.model_dump(mode="python")
        | {"created": record.created.isoformat(), "recipe": record.recipe.model_dump(mode="json")},
        indent=1,
    )
    replace_file(folder / FILE, (text + "\n").encode(), is_there=is_there)


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
        f"This run's record cannot be read ({' '.join(why.split()).rstrip('.')})"[:300],
        where=str(path),
        advice="Restore the file from a copy, or move the run to the trash.",
    )
