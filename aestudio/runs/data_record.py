"""What a run was trained on, as a file in its folder: every file with its digest, how it was read, the split.

`run.json` has what every run needs at once: fingerprints and the reading. This is written once, when the run
begins, because it has a line for each picture. Runs of earlier versions, runs on data with a name and runs
that keep their images have none.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from aestudio.datasets.catalogue import comes_from_here
from aestudio.datasets.file_pair import split_pair
from aestudio.datasets.fingerprint import DataFacts
from aestudio.datasets.provenance import Decided, SourceFile, changed_files
from aestudio.errors import StudioError
from aestudio.recipes.model_file import read_model_file
from aestudio.storage.damage import Damage
from aestudio.storage.files import replace_file, to_text
from aestudio.storage.json_text import LARGEST

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.provenance import Provenance

FILE = "data.json"
FORMAT = 1
_MOST_BYTES = 256_000_000
_DAMAGE = Damage("What the run was trained on cannot be read", "Restore the file from a copy, or remove it.")
_Number = Annotated[int, Field(ge=0, le=LARGEST)]


class DataRecord(BaseModel):
    """A data set as a run keeps it.

    origin, form: what `load_dataset` takes, and the form in which it was found
    facts:        title, the digests of the arrays, shape, and how they were read
    files:        name, size and digest of each file that was taken
    left_out:     name of each that was not, and why
    train, test, validation: numbers of the images of each part, in the order of reading
    file_of:      the index of each image's file, if each is in one; row_of: its page there, or its row
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int = FORMAT
    origin: str
    form: str
    facts: DataFacts
    decided: Decided
    class_names: tuple[str, ...]
    notes: tuple[str, ...]
    files: tuple[tuple[str, _Number, str], ...]
    left_out: tuple[tuple[str, str], ...]
    train: tuple[_Number, ...]
    test: tuple[_Number, ...]
    row_of: tuple[_Number, ...]
    file_of: tuple[_Number, ...] | None = None
    validation: tuple[_Number, ...] = ()

    @property
    def source_files(self) -> tuple[SourceFile, ...]:
        """The files that were taken."""
        return tuple(SourceFile(*file) for file in self.files)

    @property
    def names(self) -> frozenset[str]:
        """Of all files that were found, taken or not."""
        return frozenset(file[0] for file in (*self.files, *self.left_out))

    def difference(self, dataset: Dataset) -> str:
        """How the files differ now, for people; "" if they do not, or if it is not known."""
        now = dataset.provenance
        return "" if now is None else changed_files(self.source_files, now.files)


def data_record_of(dataset: Dataset, found: Provenance) -> DataRecord:
    """What a run keeps of a data set that was read from files."""
    return DataRecord(
        origin=dataset.origin,
        form=found.form,
        facts=dataset.facts,
        decided=found.decided,
        class_names=dataset.train.class_names,
        notes=dataset.notes,
        files=tuple((file.name, file.size, file.digest) for file in found.files),
        left_out=tuple((file.name, file.why) for file in found.left_out),
        train=tuple(found.train.tolist()),
        test=tuple(found.test.tolist()),
        validation=tuple(found.validation.tolist()),
        row_of=tuple(found.row_of.tolist()),
        file_of=None if found.file_of is None else tuple(found.file_of.tolist()),
    )


def keep_data_record(folder: Path, dataset: Dataset) -> None:
    """Write what the run in this folder is trained on, if it was read from files; raises StudioError."""
    if dataset.provenance is None or not comes_from_here(dataset):
        return
    replace_file(folder / FILE, _content(data_record_of(dataset, dataset.provenance)))


def origin_to_share(origin: str) -> str:
    """An origin without the folders of this computer, which are nobody else's business."""
    if not any(slash in origin for slash in "/\\"):
        return origin
    pair = split_pair(origin)
    paths = (origin,) if pair is None else tuple(map(str, pair))
    # With a slash, so that it is still taken for a file, and not for the name of a data set.
    return ",".join(
        f"./{PureWindowsPath(path).name}" for path in paths
    )  # its paths have both kinds of slashes


def data_to_share(folder: Path, origin: str) -> bytes:
    """What the run in this folder was trained on, without the folders of this computer; raises StudioError.

    The notes that name them are left out; names below the user's folder stay, by which the files are known.
    """
    path = folder / FILE
    record = read_model_file(DataRecord, path, _MOST_BYTES, _DAMAGE, _DAMAGE.what)
    notes = tuple(note for note in record.notes if str(Path(origin).parent) not in note)
    return _content(record.model_copy(update={"origin": origin_to_share(record.origin), "notes": notes}))


def _content(record: DataRecord) -> bytes:
    table: dict[str, Any] = record.model_dump(mode="python") | {"decided": asdict(record.decided)}
    return (to_text(table) + "\n").encode()


def copy_data_record(source: Path, target: Path) -> None:
    """Give a branch what the run that it came from was trained on; raises OSError."""
    if (source / FILE).is_file():
        shutil.copyfile(source / FILE, target / FILE)


def read_data_record(folder: Path) -> DataRecord | None:
    """What the run in this folder was trained on; None for a run that has no such file, or a damaged one.

    Without it the run is compared with the fingerprints in its record, as those of earlier versions are.
    """
    path = folder / FILE
    with suppress(StudioError):
        if path.is_file():
            return read_model_file(DataRecord, path, _MOST_BYTES, _DAMAGE, _DAMAGE.what)
    return None
