"""The bookmarks of a run, points of its latent space that the user kept: `bookmarks.npz` in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.code_limit import LARGEST
from aestudio.runs.mixed_images import image_arrays, image_rules, images_of
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.atomic_file import new_file
from aestudio.storage.damage import Damage
from aestudio.storage.npz import open_npz, read_npz
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.inference.conditions import ConditionRow

FILE = "bookmarks.npz"
MOST_BYTES = 256_000_000  # in memory


@dataclass(frozen=True, eq=False)
class Bookmark:
    """A code to return to. code: float32 (L,); image: uint8 (C, H, W), its decoded image.

    condition: what a conditional model was told of it
    step:      of the weights that decoded the image; None if it is not known
    """

    name: str
    code: NDArray[np.float32]
    image: NDArray[np.uint8] | None = None
    condition: ConditionRow | None = None
    step: int | None = None

    @property
    def key(self) -> Hashable:
        """What two bookmarks have in common that are the same."""
        image = None if self.image is None else self.image.tobytes()
        return self.name, self.code.tobytes(), image, self.condition


_RULES = {
    "names": ArrayRule("text", ("places",)),
    "lengths": ArrayRule("int64", ("places",)),
    "codes": ArrayRule("float32", ("numbers",), finite=True, most=LARGEST),
    "pictured": ArrayRule("bool", ("places",)),
}
_IMAGES, _COUNT = "pictures", "places"
_TOLD, _TOLD_LENGTHS = "conditions", "condition_lengths"
_STEPS, _UNKNOWN_STEP = "steps", -1
_DAMAGE = Damage("The bookmarks of this run cannot be read", "Restore the file from a copy, or remove it.")


def write_bookmarks(path: Path, bookmarks: Sequence[Bookmark]) -> None:
    """Replace the file by these bookmarks, completely or not at all; raises StudioError."""
    codes = [np.asarray(bookmark.code, np.float32) for bookmark in bookmarks]
    images = [bookmark.image for bookmark in bookmarks]
    with new_file(path, make_folder=False) as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            names=np.array([bookmark.name for bookmark in bookmarks], np.str_),
            lengths=np.array([len(code) for code in codes], np.int64),
            codes=np.concatenate([np.zeros(0, np.float32), *codes]),
            pictured=np.array([image is not None for image in images], bool),
            **image_arrays(_IMAGES, images),
            **_condition_arrays([bookmark.condition for bookmark in bookmarks]),
            **_step_arrays([bookmark.step for bookmark in bookmarks]),
        )


def read_bookmarks(path: Path) -> tuple[Bookmark, ...]:
    """The bookmarks in the file; () without a file. Raises StudioError if it is damaged."""
    if not path.exists():
        return ()
    with reading(path):
        rules = {**_RULES, **image_rules(path, _IMAGES, _COUNT, _DAMAGE), **_optional_rules(path)}
        arrays = read_npz(path, rules, MOST_BYTES, _DAMAGE)
    names = arrays["names"]
    codes = _split(arrays["codes"], arrays["lengths"], path, "codes")
    conditions: list[ConditionRow | None] = [None] * len(names)
    if _TOLD in arrays:
        split = _split(arrays[_TOLD], arrays[_TOLD_LENGTHS], path, "conditions")
        conditions = [tuple(row.tolist()) or None for row in split]
    steps: list[int] = arrays[_STEPS].tolist() if _STEPS in arrays else [_UNKNOWN_STEP] * len(names)
    pictures = images_of(arrays, _IMAGES, path, _DAMAGE)
    rows = zip(names, codes, arrays["pictured"], pictures, conditions, steps, strict=True)
    return tuple(
        Bookmark(str(name), code, image if has else None, told, None if step < 0 else step)
        for name, code, has, image, told, step in rows
    )


def _split(
    numbers: NDArray[np.float32], lengths: NDArray[np.int64], path: Path, what: str
) -> list[NDArray[np.float32]]:
    """The numbers of all bookmarks, divided by their lengths; raises StudioError if these do not fit."""
    # Each by itself: lengths that are negative or huge can have the right sum.
    if ((lengths < 0) | (lengths > len(numbers))).any() or lengths.sum() != len(numbers):
        raise _DAMAGE.error(path, f"the lengths of the {what} are wrong")
    return np.split(numbers, np.cumsum(lengths)[:-1]) if len(lengths) else []


def _condition_arrays(conditions: Sequence[ConditionRow | None]) -> dict[str, NDArray[Any]]:
    """Arrays that only a conditional model's bookmarks have: a length of 0 stands for no condition."""
    if all(row is None for row in conditions):
        return {}
    rows = [np.asarray(row or (), np.float32) for row in conditions]
    lengths = np.array([len(row) for row in rows], np.int64)
    return {_TOLD: np.concatenate(rows), _TOLD_LENGTHS: lengths}


def _step_arrays(steps: Sequence[int | None]) -> dict[str, NDArray[Any]]:
    """An array that only bookmarks with a known step have."""
    if all(step is None for step in steps):
        return {}
    return {_STEPS: np.array([_UNKNOWN_STEP if step is None else step for step in steps], np.int64)}


def _optional_rules(path: Path) -> dict[str, ArrayRule]:
    """Of the arrays that files of earlier versions do not have."""
    rules: dict[str, ArrayRule] = {}
    with open_npz(path, _DAMAGE) as file:
        if _TOLD in file.arrays:
            rules[_TOLD] = ArrayRule("float32", ("told numbers",), finite=True, most=LARGEST)
            rules[_TOLD_LENGTHS] = ArrayRule("int64", (_COUNT,))
        if _STEPS in file.arrays:
            rules[_STEPS] = ArrayRule("int64", (_COUNT,))
    return rules
