"""The user's drawings that are followed through a run's training: its file `pins.npz`."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.runs.mixed_images import image_arrays, image_rules, images_of
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.damage import Damage
from aestudio.storage.files import replace_file
from aestudio.storage.npz import read_npz
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "pins.npz"
MOST_BYTES = 256_000_000  # in memory


@dataclass(frozen=True, eq=False)
class Drawing:
    """What the user drew and keeps on the map while the model learns. image: uint8 (C, H, W)."""

    name: str
    image: NDArray[np.uint8]

    @property
    def key(self) -> Hashable:
        """What two drawings have in common that are the same."""
        return self.name, self.image.shape, self.image.tobytes()


_IMAGES, _COUNT = "images", "drawings"
_DAMAGE = Damage(
    "The drawings that were pinned to this run cannot be read", "Restore the file from a copy, or remove it."
)


def write_drawings(path: Path, drawings: Sequence[Drawing]) -> None:
    """Replace the file by these drawings, completely or not at all; raises StudioError."""
    images = image_arrays(_IMAGES, [drawing.image for drawing in drawings])
    names = np.array([drawing.name for drawing in drawings], np.str_)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, names=names, **images)
    replace_file(path, buffer.getvalue())


def read_drawings(path: Path) -> tuple[Drawing, ...]:
    """The drawings in the file; () without a file. Raises StudioError if it is damaged."""
    if not path.exists():
        return ()
    with reading(path):
        rules = {"names": ArrayRule("text", (_COUNT,)), **image_rules(path, _IMAGES, _COUNT, _DAMAGE)}
        arrays = read_npz(path, rules, MOST_BYTES, _DAMAGE)
    found: list[Drawing] = []
    for name, image in zip(arrays["names"], images_of(arrays, _IMAGES, path, _DAMAGE), strict=True):
        if image is None:
            raise _DAMAGE.error(path, "a drawing has no image")
        found.append(Drawing(str(name), image))
    return tuple(found)
