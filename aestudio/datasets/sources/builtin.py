"""Built-in digits, drawn by the program from pen strokes, generated once and kept in the cache."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.source import Source
from aestudio.errors import StudioError
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.atomic_file import new_file
from aestudio.storage.npz import read_npz

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aestudio.datasets.source import DataFolders
    from aestudio.progress import Progress

_NAME = "builtin"
_GENERATOR = Path(__file__).resolve().parents[1] / "synthetic"
_SEED = 0
MOST_BYTES = 128_000_000  # in memory; they take 58 MB
_OWN_NAME = re.compile(r"builtin-digits-seed\d+-[0-9a-f]{12}\.npz")


def _rules(part: str) -> dict[str, ArrayRule]:
    return {
        f"{part}_images": ArrayRule("uint8", (part, *MNIST.image.array)),
        f"{part}_labels": ArrayRule("int64", (part,)),
        f"{part}_factors": ArrayRule("float32", (part, "factor_names"), finite=True),
    }


_RULES = {
    "title": ArrayRule("text", ()),
    **{name: ArrayRule("text", (name,)) for name in ("notes", "class_names", "factor_names")},
    **_rules("train"),
    **_rules("test"),
}


def _find(folders: DataFolders) -> Path | None:
    path = _cache_file(folders)
    return path if path.exists() else None


def _load(folders: DataFolders, progress: Progress) -> Dataset:
    """The digits from the cache, or generated; a cache that cannot be read or written costs only time."""
    path = _cache_file(folders)
    kept = _read(path)
    if kept is not None:
        return kept
    from aestudio.datasets.synthetic import generate

    dataset = generate(seed=_SEED, progress=progress)
    try:
        _write(dataset, path)
    except StudioError as error:
        note = f"They could not be kept for the next start. {error}"
        return replace(dataset, notes=(*dataset.notes, note))
    return dataset


def _cache_file(folders: DataFolders) -> Path:
    return folders.cache / f"builtin-digits-seed{_SEED}-{_generator_version()}.npz"


def _generator_version() -> str:
    """Changes with the text of the generator, so that old digits are never taken for new ones."""
    digest = hashlib.sha256()
    for file in sorted(_GENERATOR.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def _read(path: Path) -> Dataset | None:
    """The digits in the cache; None if there are none or the file is damaged (its parts carry a CRC)."""
    try:
        kept = read_npz(path, _RULES, MOST_BYTES)
        train, test = (_image_set(kept, part) for part in ("train", "test"))
        return Dataset(_NAME, str(kept["title"]), train, test, tuple(str(note) for note in kept["notes"]))
    except (OSError, StudioError):
        return None


def _image_set(kept: Mapping[str, NDArray[Any]], part: str) -> ImageSet:
    return ImageSet(
        kept[f"{part}_images"],
        kept[f"{part}_labels"],
        tuple(str(name) for name in kept["class_names"]),
        kept[f"{part}_factors"],
        tuple(str(name) for name in kept["factor_names"]),
    )


def _write(dataset: Dataset, path: Path) -> None:
    """Keep the digits uncompressed, which reads ten times faster, and delete those of older versions."""
    arrays: dict[str, Any] = {"title": dataset.title, "notes": np.array(dataset.notes, dtype=str)}
    arrays["class_names"] = np.array(dataset.train.class_names)
    arrays["factor_names"] = np.array(dataset.train.factor_names)
    for part, image_set in (("train", dataset.train), ("test", dataset.test)):
        arrays |= {f"{part}_images": image_set.images, f"{part}_labels": image_set.labels}
        arrays[f"{part}_factors"] = image_set.factors
    with new_file(path) as file:
        np.savez(file, allow_pickle=False, **arrays)
    for old in path.parent.glob("builtin-digits-seed*.npz"):
        if old != path and _OWN_NAME.fullmatch(old.name):
            with suppress(OSError):  # it only takes space
                old.unlink()


SOURCE = Source(
    name=_NAME,
    title="Built-in digits",
    summary="70,000 digits drawn by the program from pen strokes; made once, nothing to download",
    kind="generated",
    order=20,
    find=_find,
    load=_load,
)
