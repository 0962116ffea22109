"""run.json: the description of a run, without its weights."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
)

from aestudio.datasets.fingerprint import DataFacts
from aestudio.datasets.image_shape import MNIST, DataShape
from aestudio.errors import StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.model_file import parse_model, read_model_file
from aestudio.recipes.recipe import Recipe
from aestudio.runs.latent_table import usable_table
from aestudio.sabotage.sabotage import AppliedSabotage
from aestudio.storage.damage import Damage
from aestudio.storage.files import WRITING, replace_file, to_text
from aestudio.storage.json_text import LARGEST
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


FILE = "run.json"
FORMAT = 1
MOST_BYTES = 16_000_000
_DAMAGE = Damage(
    "This run's record cannot be read", "Restore the file from a copy, or move the run to the trash."
)

Status = Literal["running", "paused", "finished", "stopped", "early_stopping", "diverged", "interrupted"]
UNDER_WAY: tuple[Status, ...] = ("running", "paused")


def _ordinary_date(date: datetime) -> datetime:
    """The date with its time zone; raises ValueError for an impossible year."""
    if not 1970 <= date.year <= 9000:
        raise ValueError("this year is impossible")
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def _dict_or_none(value: object) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


Count = Annotated[int, Field(ge=0, le=LARGEST)]
Amount = Annotated[FiniteFloat, Field(ge=0)]
Date = Annotated[datetime, AfterValidator(_ordinary_date)]
Evaluation = Annotated[dict[str, Any] | None, BeforeValidator(_dict_or_none)]
LatentTable = Annotated[dict[str, Any] | None, BeforeValidator(usable_table)]


class BranchedFrom(BaseModel):
    """The origin of a branched run: the name and step of the other run, and new values by setting."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    run: str
    step: Count
    changes: dict[str, Any] = Field(default_factory=dict)


class RunRecord(BaseModel):
    """One run as its file describes it.

    dataset:    what `load_dataset` takes to load the same data again, or the name of the file in the run's
                folder that keeps them (see `run_dataset.py`); dataset_title: for people
    precision:  of the products in training; records of earlier versions name none: see the recipe
    status:     as the writer left it; see `KeptRun.status` for a writer that has ended
    seconds:    of training, without pauses, over all training sessions
    step, epoch: of the newest weights; of the kept ones after an early stop or a divergence
    last:       the newest terms by split at that step
    live:       settings that were changed while training, with their values
    evaluation: metrics on the test set; None if not measured or invalid
    latent:     metrics of the latent space, with the step and the data set that they belong to; None if
                not measured or invalid
    data:       the fingerprint of the data set; None in records of earlier versions
    branched_from: the run, step and changed settings of a branched run
    sabotage:   what was done wrong on purpose, and from which step on; None for nothing
    resumed:    how often it was resumed; unknown, so 0, in records of earlier versions
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
    precision: Literal["float32", "bfloat16"] = "float32"
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
    resumed: Count = 0
    sabotage: AppliedSabotage | None = None

    @property
    def shape(self) -> DataShape:
        """What the model was built for; records of earlier versions name no shape: it was MNIST's."""
        return MNIST if self.data is None else self.data.shape

    @property
    def architecture(self) -> Architecture:
        """The model's layers and codes; raises StudioError if recipe and shape do not fit together."""
        return Architecture(self.recipe, self.shape)

    def changed(self, **values: Any) -> RunRecord:
        """A copy with some fields replaced."""
        return self.model_copy(update=values)


def read_record(folder: Path) -> RunRecord:
    """The record in the folder; raises StudioError naming the file and what is wrong with it."""
    return read_model_file(
        RunRecord,
        folder / FILE,
        MOST_BYTES,
        _DAMAGE,
        "This run cannot be opened",
        lambda table: _refuse_newer(table, folder / FILE),
    )


def parse_record(data: bytes, path: Path) -> RunRecord:
    """The record that these bytes of the file are; raises StudioError as `read_record`."""
    return parse_model(
        RunRecord,
        data,
        path,
        _DAMAGE,
        "This run cannot be opened",
        lambda table: _refuse_newer(table, path),
    )


def _refuse_newer(table: object, path: Path) -> None:
    version = cast("dict[str, object]", table).get("format") if isinstance(table, dict) else None
    if isinstance(version, int) and version > FORMAT:
        raise StudioError(
            "This run was made by a newer version of the program",
            where=str(path),
            advice="Update aestudio to open it.",
        )


def write_record(folder: Path, record: RunRecord, is_there: Callable[[], bool] | None = None) -> None:
    """Replace the folder's record; raises StudioError. is_there: as in `new_file`"""
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
    """The current date and time, with its time zone."""
    return datetime.now(UTC)


@cache
def versions() -> dict[str, str]:
    """Versions of this program, torch, numpy and Python, read without importing them."""
    installed = {"aestudio": __version__, "python": platform.python_version()}
    for package in ("torch", "numpy"):
        try:
            installed[package] = version(package)
        except PackageNotFoundError:
            installed[package] = "unknown"
    return installed
