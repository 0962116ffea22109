"""Makes a kept run of a file that somebody shared (`shared_run`), after checking all of it.

The whole file is read once before anything is written: its directory, sizes and names, the SHA-256 of each
part, the record (and with it whether the user's own models that it needs are allowed), and whether the
weights are those of the model that the record describes. Then the parts are written into a hidden folder,
compared once more, read as any run is read, and the folder gets a name that is free.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.progress import silent
from aestudio.runs.import_note import note_import
from aestudio.runs.index import free_run_name
from aestudio.runs.kept_run import INCOMING, KeptRun
from aestudio.runs.labels_file import parse_labels
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.run_record import parse_record, write_record
from aestudio.runs.shared_run import (
    DAMAGE,
    LABELS,
    MANIFEST,
    MOST_BYTES,
    MOST_MANIFEST,
    REQUIRED,
    Manifest,
    is_known,
    is_state,
    parse_manifest,
)
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS, read_snapshot
from aestudio.storage.archive import open_archive
from aestudio.storage.files import new_folder
from aestudio.storage.os_errors import reading, writing
from aestudio.storage.safetensors import read_header
from aestudio.storage.temporary import STALE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Generator

    from aestudio.progress import Progress
    from aestudio.runs.run_record import RunRecord
    from aestudio.storage.archive import ArchiveFile
    from aestudio.storage.safetensors import TensorsHeader

_SPARE = 50_000_000  # bytes that the disk keeps


@dataclass(frozen=True)
class CheckedRun:
    """What a file holds that was found in order. size: bytes of all parts"""

    manifest: Manifest
    record: RunRecord
    size: int


def check_shared_run(path: Path, progress: Progress = silent) -> CheckedRun:
    """Check a shared run without writing anything; raises StudioError that names the file and its fault."""
    with reading(path), open_archive(path, DAMAGE) as archive:
        return _checked(archive, path, progress)


def import_run(path: Path, folder: Path | None = None, progress: Progress = silent) -> KeptRun:
    """The run of a shared file as a new run among the others; none is changed.

    folder: that of the kept runs; None for the user's own
    Raises StudioError as `check_shared_run`, and if the disk refuses; Cancelled from `progress`. Then nothing
    is left behind.
    """
    runs = runs_folder() if folder is None else folder
    with reading(path), open_archive(path, DAMAGE) as archive:
        checked = _checked(archive, path, progress)
        _require_space(runs, checked.size)
        with _hidden_folder(runs) as hidden:
            _unpack(archive, checked.manifest, hidden, path, progress)
            _keep_origin_apart(hidden, checked.record, path)
            note_import(hidden, path.name, checked.manifest.exported, newer=checked.manifest.newer)
            _read_all(hidden, path)
            return KeptRun.at(_named(hidden, runs, checked.manifest.name))


# ---- checking ---------------------------------------------------------------------------------------


def _checked(archive: ArchiveFile, path: Path, progress: Progress) -> CheckedRun:
    if MANIFEST not in archive.sizes:
        raise StudioError(
            "This is no shared run of this program",
            where=str(path),
            advice="Choose a file that was exported as one.",
        )
    manifest = parse_manifest(archive.read(MANIFEST, MOST_MANIFEST), path)
    _check_parts(archive, manifest, path)
    _check_digests(archive, manifest, path, progress)  # first: what was changed says nothing else truly
    record = parse_record(archive.read(RECORD, MOST_BYTES[RECORD]), path)
    if LABELS in archive.sizes:
        parse_labels(archive.read(LABELS, MOST_BYTES[LABELS]), path)
    _check_model(archive, record, path)
    return CheckedRun(manifest, record, sum(archive.sizes.values()))


def _check_digests(archive: ArchiveFile, manifest: Manifest, path: Path, progress: Progress) -> None:
    """Raises StudioError if a part is not what the manifest says."""
    total, done = sum(archive.sizes.values()), 0
    for part in manifest.known_parts:
        digest = hashlib.sha256()
        for piece in archive.pieces(part.name):
            digest.update(piece)
            done += len(piece)
            progress(done, 2 * total, "Checking the file")
        if digest.hexdigest() != part.sha256:
            raise DAMAGE.error(path, f"{part.name} is not what the manifest says")


def _check_parts(archive: ArchiveFile, manifest: Manifest, path: Path) -> None:
    """Raises StudioError unless the parts are those of the manifest, all of them known."""
    named = {part.name: part.size for part in manifest.parts}
    found = {name: size for name, size in archive.sizes.items() if name != MANIFEST}
    if len(named) != len(manifest.parts):
        raise DAMAGE.error(path, "its manifest names a part twice")
    for name in {**named, **found}:
        if not is_known(name) and manifest.newer:
            continue
        if not is_known(name):
            raise DAMAGE.error(path, f"it holds {name[:60]!r}, which is no part of a run")
        if name not in found or name not in named:
            raise DAMAGE.error(path, f"{name} is {'missing' if name in named else 'not in its manifest'}")
        if found[name] != named[name]:
            raise DAMAGE.error(path, f"{name} has {found[name]:,} bytes instead of {named[name]:,}")
        if found[name] > MOST_BYTES.get(name, found[name]):
            raise DAMAGE.error(path, f"{name} takes {found[name]:,} bytes, more than any run has")
    for name in REQUIRED:
        if name not in found:
            raise DAMAGE.error(path, f"{name} is missing")


def _check_model(archive: ArchiveFile, record: RunRecord, path: Path) -> None:
    """Raises StudioError unless weights and states are those of the model that the record describes."""
    headers = {name: _header(archive, name) for name in archive.sizes if name == WEIGHTS or is_state(name)}
    try:
        architecture = record.architecture
    except StudioError as problem:
        raise DAMAGE.error(path, problem.what) from problem
    declared = 4 * architecture.parameter_count
    for name, header in headers.items():
        if header.bytes < declared:  # before a model of any size is built to compare
            raise DAMAGE.error(path, f"{name} is smaller than its model's weights")
    from aestudio.training.model import build_model

    expected = {name: tuple(tensor.shape) for name, tensor in build_model(architecture).state_dict().items()}
    for name, header in headers.items():
        prefix = "" if name == WEIGHTS else "weights/"
        found = {
            array.removeprefix(prefix): info.shape
            for array, info in header.arrays.items()
            if array.startswith(prefix)
        }
        if found != expected:
            raise DAMAGE.error(path, f"{name} belongs to another model than its record describes")


def _header(archive: ArchiveFile, name: str) -> TensorsHeader:
    with archive.opened(name) as file:
        return read_header(file, archive.sizes[name])


# ---- writing ----------------------------------------------------------------------------------------


def _require_space(runs: Path, size: int) -> None:
    with writing(runs):
        runs.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(runs).free
    if free < size + _SPARE:
        raise StudioError(
            f"The run takes {size / 1e6:,.0f} MB, and only {free / 1e6:,.0f} MB are free",
            where=str(runs),
            advice="Free some space, for example by thinning the histories of runs, and try again.",
        )


@contextmanager
def _hidden_folder(runs: Path) -> Generator[Path]:
    """A folder beside the runs that no list shows, gone after the block unless it was renamed."""
    _remove_stale(runs)
    with writing(runs):
        hidden = Path(tempfile.mkdtemp(prefix=INCOMING, dir=runs))
    try:
        yield hidden
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _remove_stale(runs: Path) -> None:
    """Remove what an import that was killed has left behind, a day later."""
    for folder in runs.glob(f"{INCOMING}*"):
        with suppress(OSError):
            if time.time() - folder.lstat().st_mtime > STALE_SECONDS:
                shutil.rmtree(folder)


def _unpack(archive: ArchiveFile, manifest: Manifest, hidden: Path, path: Path, progress: Progress) -> None:
    total = sum(part.size for part in manifest.known_parts)
    done = total  # checking was the first half
    for part in manifest.known_parts:
        target, digest = hidden / part.name, hashlib.sha256()
        with writing(target):
            target.parent.mkdir(exist_ok=True)
            with target.open("xb") as file:
                for piece in archive.pieces(part.name):
                    file.write(piece)
                    digest.update(piece)
                    done += len(piece)
                    progress(done, 2 * total, "Copying the run")
                file.flush()
                os.fsync(file.fileno())
        if digest.hexdigest() != part.sha256:
            raise DAMAGE.error(path, f"{part.name} changed while it was read")


def _keep_origin_apart(hidden: Path, record: RunRecord, path: Path) -> None:
    """Name the run that this one branched from so that no run of that name here is taken for it."""
    origin = record.branched_from
    if origin is not None:
        elsewhere = origin.model_copy(update={"run": f"{origin.run} (from {path.name})"})
        write_record(hidden, record.changed(branched_from=elsewhere))


def _read_all(hidden: Path, path: Path) -> None:
    """Read the run as it will be opened and resumed; raises StudioError that names the shared file."""
    run = KeptRun.at(hidden)
    try:
        read_snapshot(hidden, run.name, run.require_record().architecture)
        if (hidden / CHECKPOINT).exists():
            run.checkpoint()
        run.points()
    except StudioError as problem:
        raise DAMAGE.error(path, f"{Path(problem.where).name}: {problem.what}") from problem


def _named(hidden: Path, runs: Path, name: str) -> Path:
    """Give the folder a free name, never that of another one; returns its path."""
    target = new_folder(runs, free_run_name(name, runs))
    with writing(target):
        if sys.platform == "win32":
            target.rmdir()  # there no folder is put in the place of another, not even of an empty one
        hidden.rename(target)
    return target
