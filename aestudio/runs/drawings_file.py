"""The run's file `pins.npz`: the user's drawings that are followed through its training."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from aestudio.runs.mixed_images import image_arrays, image_rules, images_of
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.damage import Damage
from aestudio.storage.files import replace_file
from aestudio.storage.npz import read_npz
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "pins.npz"
MOST_BYTES = 256_000_000  # in memory
NamedDrawing = tuple[str, "NDArray[np.uint8]"]

_IMAGES, _COUNT = "images", "drawings"
_DAMAGE = Damage(
    "The drawings that were pinned to this run cannot be read", "Restore the file from a copy, or remove it."
)


def write_drawings(folder: Path, drawings: Sequence[NamedDrawing]) -> None:
    """Replace the folder's drawings by these, names and images uint8 (C, H, W); raises StudioError."""
    images = image_arrays(_IMAGES, [image for _, image in drawings])
    buffer = io.BytesIO()
    names = np.array([name for name, _ in drawings], np.str_)
    np.savez_compressed(buffer, allow_pickle=False, names=names, **images)
    replace_file(folder / FILE, buffer.getvalue())


def read_drawings(folder: Path) -> tuple[NamedDrawing, ...]:
    """The drawings in the folder, uint8 (C, H, W), () without a file; raises StudioError if it is damaged."""
    path = folder / FILE
    if not path.exists():
        return ()
    with reading(path):
        rules = {"names": ArrayRule("text", (_COUNT,)), **image_rules(path, _IMAGES, _COUNT, _DAMAGE)}
        arrays = read_npz(path, rules, MOST_BYTES, _DAMAGE)
    found: list[NamedDrawing] = []
    for name, image in zip(arrays["names"], images_of(arrays, _IMAGES, path, _DAMAGE), strict=True):
        if image is None:
            raise _DAMAGE.error(path, "a drawing has no image")
        found.append((str(name), image))
    return tuple(found)
