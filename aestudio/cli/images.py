"""Reads image files as 28x28, and writes originals and reconstructions side by side."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.dataset import SIDE
from aestudio.datasets.handwriting import normalise_drawing
from aestudio.datasets.importers.image_files import read_image
from aestudio.datasets.prepare import light_background, pad
from aestudio.errors import StudioError
from aestudio.storage.atomic_file import new_file
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FITS = ("auto", "digit", "whole")

_LARGE_SIDE = 16 * SIDE
_FAINT = 0.1  # of the strongest ink; shadows and grain of paper stay below
_SCALE = 8  # screen pixels per pixel of a digit
_GAP = 8
_PAPER = 32  # grey between the three images
# Too much ink is red, too little is blue, right is white: readable for the colour-blind as well.
_TOO_MUCH = np.array([202, 0, 32], np.float32)
_TOO_LITTLE = np.array([5, 113, 176], np.float32)


@dataclass(frozen=True, eq=False)
class ReadDigit:
    """An image in the models' format. image: uint8 (28, 28); steps: how it was converted, for people."""

    image: NDArray[np.uint8]
    steps: str


def read_as_digit(path: Path, fit: str, boxed: bool) -> ReadDigit:
    """The image in the file as a digit; raises StudioError if it cannot be read.

    fit:   one of FITS; boxed: whether "auto" means the box of MNIST for images that are not 28x28
    """
    grey, border, size = read_image(path)
    inverted = light_background(np.array([border]))
    steps = ["dark on light, inverted"] if inverted else []
    if fit == "digit" or (fit == "auto" and boxed and size != (SIDE, SIDE)):
        # A digit may be a small part of its page: read larger before the ink is cut out.
        large = read_image(path, _LARGE_SIDE)[0]
        ink, paper = (255 - large, 255 - border) if inverted else (large, border)
        image = normalise_drawing(_without_paper(ink, paper))
        steps.append("ink scaled to a 20x20 box, centred by mass")
    else:
        image = pad((255 - grey if inverted else grey)[None])[0]
        if size != (SIDE, SIDE):
            steps.append(f"scaled from {size[0]}x{size[1]}")
    return ReadDigit(image, ", ".join(steps) or "taken as it is")


def _without_paper(ink: NDArray[np.uint8], paper: float) -> NDArray[np.uint8]:
    """Ink (H, W) on a background of this level -> the same from 0 to 255; faint spots become background."""
    above = ink.astype(np.float32) - paper
    peak = float(above.max())
    if peak <= 0:
        return np.zeros_like(ink)
    share = (above / peak - _FAINT) / (1 - _FAINT)
    return np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)


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
    """Original, reconstruction and signed error (28, 28) side by side as a PNG; raises StudioError."""
    from PIL import Image

    parts = [_grey(original), _grey(reconstruction), signed(error)]
    gap = np.full((SIDE * _SCALE, _GAP, 3), _PAPER, np.uint8)
    row = np.concatenate([parts[0], gap, parts[1], gap, parts[2]], axis=1)
    buffer = io.BytesIO()
    Image.fromarray(row).save(buffer, "png", optimize=True)
    with new_file(path) as file:
        file.write(buffer.getvalue())


def signed(error: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Errors (28, 28), image minus original, -255 to 255 -> enlarged RGB: red too much, blue too little."""
    share = (np.abs(error).astype(np.float32) / 255)[..., None]
    colour = np.where((error > 0)[..., None], _TOO_MUCH, _TOO_LITTLE)
    return _enlarged(np.rint(255 * (1 - share) + colour * share).astype(np.uint8))


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return _enlarged(np.repeat(image[..., None], 3, axis=2))


def _enlarged(image: NDArray[Any]) -> NDArray[Any]:
    return image.repeat(_SCALE, axis=0).repeat(_SCALE, axis=1)
