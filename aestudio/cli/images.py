"""Writes reconstructions of image files beside the originals."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import StudioError
from aestudio.storage.atomic_file import new_file
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_SCALE = 8  # screen pixels per pixel of an image
_GAP = 8
_PAPER = 32  # grey between the three images
# Too much ink is red, too little is blue, right is white: readable for the colour-blind as well.
_TOO_MUCH = np.array([202, 0, 32], np.float32)
_TOO_LITTLE = np.array([5, 113, 176], np.float32)


def free_targets(sources: Sequence[Path], folder: Path, overwrite: bool) -> list[Path]:
    """A .png in the folder for each source, all different; raises StudioError if one is there already."""
    targets: list[Path] = []
    for source in sources:
        target, number = folder / f"{source.stem}.png", 2
        while target in targets:
            target, number = folder / f"{source.stem}-{number}.png", number + 1
        if is_there(target) and (not overwrite or target.resolve() == source.resolve()):
            advice = "Choose another folder, or add --overwrite."
            if target.resolve() == source.resolve():
                advice = "Choose another folder: this is the input image itself."
            raise StudioError("This file already exists", where=str(target), advice=advice)
        targets.append(target)
    return targets


def save_triple(
    path: Path, original: NDArray[np.uint8], reconstruction: NDArray[np.uint8], error: NDArray[np.int16]
) -> None:
    """Original, reconstruction and signed error, each (C, H, W), side by side as a PNG; raises StudioError.

    The error of a colour image is shown as its luminance.
    """
    from PIL import Image

    from aestudio.analysis.reconstructions import luminance

    parts = [_shown(original), _shown(reconstruction), signed(luminance(error))]
    gap = np.full((len(parts[0]), _GAP, 3), _PAPER, np.uint8)
    row = np.concatenate([parts[0], gap, parts[1], gap, parts[2]], axis=1)
    buffer = io.BytesIO()
    Image.fromarray(row).save(buffer, "png", optimize=True)
    with new_file(path) as file:
        file.write(buffer.getvalue())


def signed(error: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Errors (H, W), image minus original, -255 to 255 -> enlarged RGB: red too much, blue too little."""
    share = (np.abs(error).astype(np.float32) / 255)[..., None]
    colour = np.where((error > 0)[..., None], _TOO_MUCH, _TOO_LITTLE)
    return _enlarged(np.rint(255 * (1 - share) + colour * share).astype(np.uint8))


def _shown(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Image (C, H, W) -> enlarged RGB."""
    return _enlarged(np.moveaxis(np.broadcast_to(image, (3, *image.shape[1:])), 0, 2))


def _enlarged(image: NDArray[Any]) -> NDArray[Any]:
    return image.repeat(_SCALE, axis=0).repeat(_SCALE, axis=1)
