"""A run in one file, to be given to somebody else: an archive of the files of its folder, and a manifest.

The archive (zip) holds the files of the run's folder under their names, as they are, and `manifest.json`: the
version of the format, where the run comes from, and the size and SHA-256 of each part. `shared_run_export`
writes it, `shared_run_import` checks it and makes a run of it. Nothing in it is ever executed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aestudio.errors import StudioError
from aestudio.recipes.model_file import parse_model
from aestudio.runs.bookmarks_file import FILE as BOOKMARKS
from aestudio.runs.data_record import FILE as DATA
from aestudio.runs.drawings_file import FILE as DRAWINGS
from aestudio.runs.history_files import FOLDER as HISTORY
from aestudio.runs.labels_file import FILE as LABELS
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.run_dataset import FILE as IMAGES
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.run_record import Date
from aestudio.runs.view_file import FILE as VIEW
from aestudio.runs.view_file import MOST_BYTES as MOST_VIEW
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS
from aestudio.storage.damage import Damage
from aestudio.storage.json_text import LARGEST

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".aestudio"
SUFFIXES = (SUFFIX, ".aerun")  # the second one until 2026-11, the same format
MANIFEST = "manifest.json"
VERSION = 2  # since 2026-11-29 with the view; such files are refused by programs that know version 1 only
KIND = "aestudio run"
MOST_MANIFEST = 1_000_000  # bytes
REQUIRED = (RECORD, WEIGHTS)
TEXTS = (RECORD, LABELS, METRICS, DATA, VIEW)  # packed; arrays hardly get smaller
OF_THE_USER = (BOOKMARKS, DRAWINGS)
# Bytes of the other parts; states of the model are compared with the model itself.
MOST_BYTES = {
    RECORD: 16_000_000,
    LABELS: 1_000_000,
    METRICS: 1_000_000_000,
    DATA: 256_000_000,
    VIEW: MOST_VIEW,
    IMAGES: 300_000_000,
    BOOKMARKS: 300_000_000,
    DRAWINGS: 300_000_000,
}
_HISTORY_NAME = re.compile(rf"{HISTORY}/[0-9]{{9}}\.safetensors")
DAMAGE = Damage(
    "This shared run is damaged, cut off, or was changed",
    "Ask for the file again, or export the run once more.",
)


def is_state(name: str) -> bool:
    """Whether a part holds a state of the model: the checkpoint, or one of the history."""
    return name == CHECKPOINT or bool(_HISTORY_NAME.fullmatch(name))


def is_known(name: str) -> bool:
    """Whether a shared run may have a part of this name."""
    return name in MOST_BYTES or name == WEIGHTS or is_state(name)


def _digest(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError("this is no SHA-256")
    return text


class Part(BaseModel):
    """A file of the run. size: in bytes"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: Annotated[int, Field(ge=0, le=LARGEST)]
    sha256: Annotated[str, AfterValidator(_digest)]


class Manifest(BaseModel):
    """What the file says of itself. name: of the run's folder; aestudio: the version that wrote the file

    version, readable_from: of the format; the oldest version whose programs can show the run, if they pass
    over the parts that they do not know
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["aestudio run"] = KIND
    version: Annotated[int, Field(ge=1)] = VERSION
    readable_from: Annotated[int, Field(ge=1, le=VERSION)] = VERSION
    name: str
    aestudio: str
    exported: Date
    parts: tuple[Part, ...]

    @property
    def newer(self) -> bool:
        """Whether a newer version of the program wrote it: the run can be looked at, and not trained on."""
        return self.version > VERSION

    @property
    def known_parts(self) -> tuple[Part, ...]:
        """Those that this version of the program knows; of its own files all."""
        return tuple(part for part in self.parts if is_known(part.name))


def parse_manifest(data: bytes, path: Path) -> Manifest:
    """The manifest of the file; raises StudioError for a damaged one, and for one of a newer version."""
    return parse_model(Manifest, data, path, DAMAGE, DAMAGE.what, lambda table: _refuse_newer(table, path))


def _refuse_newer(table: object, path: Path) -> None:
    """Refuse a file that only newer programs can read; of others its manifest says from which version on."""
    given = cast("dict[str, object]", table) if isinstance(table, dict) else {}
    version = given.get("version")
    if isinstance(version, int) and version > VERSION:
        oldest = given.get("readable_from", version)
        if isinstance(oldest, int) and oldest <= VERSION:
            return
        raise StudioError(
            "This shared run was made by a newer version of the program",
            where=str(path),
            advice="Update aestudio to open it.",
        )
