"""What was read from large folders of pictures, kept in the cache folder, so that they are read once.

An entry is found by the place of the folder, by name, size and time of change of each file in it, and by how
it is read: a file that changes, comes or goes makes another entry. The oldest go where all take too much.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.provenance import Decided, LeftOut, Provenance, SourceFile
from aestudio.errors import StudioError
from aestudio.paths import cache_folder
from aestudio.storage.atomic_file import new_file
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.entries import Entry
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress

FEWEST = 2000  # files, below which reading takes less than a second
MOST_BYTES = 2 << 30  # of all entries
_LARGEST = 512 << 20  # bytes of one
_SETTLED = 2.0  # seconds: a file that changed later may change again without another time
_SUFFIX = ".images"
_ABOUT = "about"
_PARTS = ("train", "test", "validation")
_PLACES = ("train", "test", "validation", "row_of", "file_of")
_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    EOFError,
    MemoryError,
    zipfile.BadZipFile,
    AssertionError,
)


@dataclass(frozen=True)
class CacheKey:
    """name: of the entry's file; newest: when the last of the files changed, seconds since 1970"""

    name: str
    newest: float


def cache_key(
    folder: Path, entries: Sequence[Entry], reading: Reading, progress: Progress
) -> CacheKey | None:
    """The key of these files of a folder, None if they are few or one has gone meanwhile."""
    if len(entries) < FEWEST:
        return None
    digest = hashlib.blake2b(digest_size=16)
    digest.update(os.fsencode(folder.resolve()) + json.dumps([__version__, asdict(reading)]).encode())
    newest = 0
    for number, entry in enumerate(entries):
        if number % FEWEST == 0:
            progress(number, len(entries), "Comparing the files with those that were read before")
        try:
            found = entry.path.stat()
        except OSError:
            return None
        newest = max(newest, found.st_mtime_ns)
        line = f"{entry.place}\0{found.st_size}\0{found.st_mtime_ns}\n"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return CacheKey(digest.hexdigest(), newest / 1e9)


def cached(key: CacheKey | None) -> Dataset | None:
    """What was read under this key; None if it is not kept, or damaged."""
    if key is None:
        return None
    path = _folder() / f"{key.name}{_SUFFIX}"
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        dataset = _dataset_of(arrays)
        path.touch()  # the oldest go first
    except FileNotFoundError:
        return None
    except _DAMAGE:
        with suppress(OSError):
            path.unlink()
        return None
    return dataset


def keep_cached(key: CacheKey | None, again: CacheKey | None, dataset: Dataset, began: float) -> None:
    """Keep what was read, unless a file changed meanwhile; a disk that refuses is no error.

    again: the key after the reading; began: when that began, seconds since 1970
    """
    if key is None or key != again or key.newest > began - _SETTLED or dataset.provenance is None:
        return
    arrays = _arrays_of(dataset, dataset.provenance)
    if sum(array.nbytes for array in arrays.values()) > _LARGEST:
        return
    with suppress(StudioError, OSError), new_file(_folder() / f"{key.name}{_SUFFIX}", durable=False) as file:
        np.savez(file, allow_pickle=False, **arrays)
    _remove_oldest(MOST_BYTES)


def forget_cached() -> tuple[int, int]:
    """Remove all entries; how many they were, and their bytes."""
    return _remove_oldest(0)


def seconds_now() -> float:
    """The time as files have it."""
    return time.time()


def _folder() -> Path:
    return cache_folder() / "read"


def _remove_oldest(most: int) -> tuple[int, int]:
    entries: list[tuple[float, int, Path]] = []
    with suppress(OSError):
        for path in _folder().iterdir():
            with suppress(OSError):
                found = path.stat()
                entries.append((found.st_mtime, found.st_size, path))
    count = removed = 0
    total = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries, key=lambda entry: entry[0]):
        if total <= most:
            break
        with suppress(OSError):
            path.unlink()
            total, removed, count = total - size, removed + size, count + 1
    return count, removed


def _arrays_of(dataset: Dataset, found: Provenance) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    about: dict[str, Any] = {
        "name": dataset.name,
        "title": dataset.title,
        "notes": dataset.notes,
        "path": dataset.path,
        "reading": None if dataset.reading is None else asdict(dataset.reading) | {"image": None},
        "files": [(file.name, file.size, file.digest) for file in found.files],
        "left_out": [(file.name, file.why) for file in found.left_out],
        "decided": asdict(found.decided),
    }
    for name, part in zip(_PARTS, (dataset.train, dataset.test, dataset.validation), strict=True):
        if part is None:
            continue
        about[name] = (part.class_names, part.factor_names)
        given = {"images": part.images, "labels": part.labels, "factors": part.factors}
        arrays |= {f"{name}_{what}": array for what, array in given.items() if array is not None}
    for name in _PLACES:
        numbers = getattr(found, name)
        if numbers is not None:
            arrays[f"at_{name}"] = numbers
    arrays[_ABOUT] = np.frombuffer(json.dumps(about).encode("ascii"), np.uint8)
    return arrays


def _dataset_of(arrays: Mapping[str, NDArray[Any]]) -> Dataset:
    """Raises ValueError, KeyError or TypeError for arrays of another form."""
    from aestudio.datasets.reading import Reading

    about: dict[str, Any] = json.loads(arrays[_ABOUT].tobytes())
    parts = {name: _part(arrays, name, *about[name]) for name in _PARTS if name in about}
    decided = about["decided"]
    decided["sizes"] = tuple(tuple(size) for size in decided["sizes"])
    places = {name: arrays.get(f"at_{name}") for name in _PLACES}
    train, test, row_of = (arrays[f"at_{name}"] for name in ("train", "test", "row_of"))
    provenance = Provenance(
        tuple(SourceFile(*file) for file in about["files"]),
        train,
        test,
        row_of,
        places["file_of"],
        tuple(LeftOut(*file) for file in about["left_out"]),
        Decided(**decided),
        validation=arrays["at_validation"],
    )
    image = parts["train"].image_shape
    return Dataset(
        about["name"],
        about["title"],
        parts["train"],
        parts["test"],
        tuple(about["notes"]),
        about["path"],
        Reading(**(about["reading"] | {"image": image})),
        provenance,
        parts.get("validation"),
    )


def _part(
    arrays: Mapping[str, NDArray[Any]], name: str, class_names: Sequence[str], factor_names: Sequence[str]
) -> ImageSet:
    labels, factors = (arrays.get(f"{name}_{what}") for what in ("labels", "factors"))
    return ImageSet(arrays[f"{name}_images"], labels, tuple(class_names), factors, tuple(factor_names))
