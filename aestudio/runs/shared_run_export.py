"""Writes a kept run as one file that can be given to somebody else (`shared_run`)."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.progress import silent
from aestudio.runs.data_record import FILE as DATA
from aestudio.runs.data_record import data_to_share, origin_to_share
from aestudio.runs.history_files import FOLDER as HISTORY
from aestudio.runs.history_files import history_files, history_path
from aestudio.runs.newest_state import newest_state_file
from aestudio.runs.run_dataset import FILE as IMAGES
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.run_record import now
from aestudio.runs.shared_run import MANIFEST, OF_THE_USER, REQUIRED, TEXTS, Manifest, Part
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS, array_bytes, read_snapshot
from aestudio.storage.atomic_file import new_file
from aestudio.storage.files import to_text
from aestudio.storage.lock import RunLock, has_writer
from aestudio.storage.os_errors import reading
from aestudio.storage.regular_file import open_file
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.run_record import RunRecord

_PIECE = 1 << 20


@dataclass(frozen=True)
class SharedParts:
    """What goes into the file besides the record, the labels, the curves and the weights.

    checkpoint: the newest state, from which the run can be resumed bit for bit
    history:    the checkpoints of its past
    own:        the user's bookmarks and drawings
    images:     the data set, of a run that keeps it
    """

    checkpoint: bool = True
    history: bool = False
    own: bool = True
    images: bool = True


@dataclass(frozen=True)
class SharedSizes:
    """Bytes that the parts take on the disk, 0 for what the run has not. steps: checkpoints of the history"""

    base: int
    checkpoint: int
    history: int
    own: int
    images: int
    steps: int

    def total(self, parts: SharedParts) -> int:
        """About what the file takes; texts are packed, so it is a little less."""
        chosen = (
            (parts.checkpoint, self.checkpoint),
            (parts.history, self.history),
            (parts.own, self.own),
            (parts.images, self.images),
        )
        return self.base + sum(size for wanted, size in chosen if wanted)


def shared_sizes(run: KeptRun) -> SharedSizes:
    """What the parts of a run take; raises StudioError if the run cannot be read."""
    state = newest_state_file(run.folder, run.name, run.require_record())
    history = _history(run.folder)
    return SharedSizes(
        base=_bytes(*(run.folder / name for name in (*REQUIRED, *TEXTS[1:]))),
        checkpoint=0 if state is None else _bytes(state),
        history=_bytes(*history.values()),
        own=_bytes(*(run.folder / name for name in OF_THE_USER)),
        images=_bytes(run.folder / IMAGES),
        steps=len(history),
    )


def share_run(run: KeptRun, path: Path, parts: SharedParts | None = None, progress: Progress = silent) -> int:
    """Write the run into a new file; an existing one is replaced at the end. Returns its bytes.

    Raises StudioError for a run that is being trained, a shipped model, a damaged run, a disk that refuses;
    Cancelled from `progress` leaves no file.
    """
    if run.shipped:
        raise StudioError(
            "A shipped model is on every computer that has the program",
            where=run.name,
            advice="Share a run of your own.",
        )
    record = run.require_record()
    if has_writer(run.folder):
        raise StudioError(
            "This run is being trained right now", where=run.name, advice="Stop it, then share it."
        )
    if run.imported is not None and run.imported.newer:
        raise StudioError(
            "This run is from a newer version of the program, and parts of it may be missing here",
            where=run.name,
            advice="Pass on the file that it came from.",
        )
    if not (run.folder / WEIGHTS).is_file():
        raise StudioError(
            "This run was ended before its weights were written",
            where=run.name,
            advice="Go on with it (aestudio train --resume, or Resume), then share it.",
        )
    with _held(run.folder):
        read_snapshot(run.folder, run.name, record.architecture)  # what is damaged must not be passed on
        files = _files(run, parts or SharedParts())
        total = _bytes(*files.values())
        with new_file(path) as file:
            with zipfile.ZipFile(file, "w") as archive:
                written: list[Part] = []
                done = 0
                for name, source in files.items():
                    content = _without_folders(record, source) if name == RECORD else None
                    content = data_to_share(run.folder, record.dataset) if name == DATA else content
                    part = _add(archive, name, source, _after(progress, done, total), content)
                    written.append(part)
                    done += part.size
                manifest = Manifest(name=run.name, aestudio=__version__, exported=now(), parts=tuple(written))
                text = to_text(manifest.model_dump(mode="json"), indent=1)
                archive.writestr(_entry(MANIFEST, packed=True), text.encode())
            file.flush()
            return os.fstat(file.fileno()).st_size


@contextmanager
def _held(folder: Path) -> Generator[None]:
    """Keep a training from beginning in the folder; one that cannot be written to needs it not."""
    if not os.access(folder, os.W_OK):
        yield
        return
    lock = RunLock(folder)
    try:
        yield
    finally:
        lock.release()


def _files(run: KeptRun, parts: SharedParts) -> dict[str, Path]:
    """Where each part is read from, by its name in the archive."""
    folder = run.folder
    names = [*REQUIRED, *TEXTS[1:]]
    names += OF_THE_USER if parts.own else ()
    names += [IMAGES] if parts.images else []
    files = {name: folder / name for name in names if name in REQUIRED or (folder / name).is_file()}
    if parts.checkpoint:
        state = newest_state_file(folder, run.name, run.require_record())
        if state is not None:
            files[CHECKPOINT] = state  # a killed run has its newest state in the history
    return files | (_history(folder) if parts.history else {})


def _history(folder: Path) -> dict[str, Path]:
    """The complete checkpoints of the history, by their names in the archive."""
    paths = (history_path(folder, step) for step, _ in sorted(history_files(folder)))
    return {f"{HISTORY}/{path.name}": path for path in paths if array_bytes(path) is not None}


def _bytes(*paths: Path) -> int:
    total = 0
    for path in paths:
        if path.is_file():
            with reading(path):
                total += path.stat().st_size
    return total


def _without_folders(record: RunRecord, source: Path) -> bytes | None:
    """The record without the folders of this computer's images, which are nobody else's business.

    Only their last name is left; None if the file names no folder, and can be given away as it is.
    """
    origin = origin_to_share(record.dataset)
    if origin == record.dataset:
        return None
    with reading(source), open_file(source) as file:
        table = json.loads(file.read())
    return to_text({**table, "dataset": origin}, indent=1).encode()


def _add(
    archive: zipfile.ZipFile, name: str, source: Path, progress: Progress, content: bytes | None = None
) -> Part:
    """Add a file of the run, or this content in its place."""
    digest, size = hashlib.sha256(), 0
    with archive.open(_entry(name, packed=name in TEXTS), "w", force_zip64=True) as target:
        for piece in _pieces(source) if content is None else (content,):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
            progress(size, None, "Writing the run")
    return Part(name=name, size=size, sha256=digest.hexdigest())


def _pieces(source: Path) -> Iterator[bytes]:
    with reading(source), open_file(source) as file:
        while piece := file.read(_PIECE):
            yield piece


def _entry(name: str, *, packed: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    return entry


def _after(progress: Progress, before: int, whole: int) -> Progress:
    """The progress of one part as that of all."""

    def report(done: float, total: float | None, what: str) -> None:  # noqa: ARG001 - of the part
        progress(before + done, whole, what)

    return report
