"""Pictures that were saved as arrays, a .npy file for each, in folders as other pictures are."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from aestudio.datasets.array_axes import FLAT_SIZES
from aestudio.datasets.class_arrays import may_be_pictures
from aestudio.datasets.importers.array_picture import SUFFIX, is_picture, picture_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.datasets.entries import Entry


def array_pictures(entries: Sequence[Entry]) -> list[Entry]:
    """The files if each is one picture; [] if they are tables, arrays of many images or something else.

    Arrays (H, W) of different heights and one width that flat images have are tables of them. A folder that
    has one array alone has its images in it. Raises StudioError for a damaged file.
    """
    if not entries or any(entry.suffix != SUFFIX for entry in entries):
        return []
    folders = {entry.parts[:-1] for entry in entries}
    if len(folders) == len(entries):
        return []
    shapes = [picture_shape(entry.path, entry.read()) for entry in entries]
    if not all(map(is_picture, shapes)):
        return []
    if len(set(shapes)) == 1 and len(shapes[0]) == 2:
        return list(entries) if may_be_pictures(shapes) else []
    widths = {shape[1] for shape in shapes if len(shape) == 2}
    flat = len(widths) == 1 and all(map(_may_be_flat, widths))
    return [] if flat else list(entries)


def _may_be_flat(numbers: int) -> bool:
    return isqrt(numbers) ** 2 == numbers or numbers in FLAT_SIZES
