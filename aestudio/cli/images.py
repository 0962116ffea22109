"""Reads image files in the shape of a model's images, and writes reconstructions beside the originals."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.handwriting import normalise_drawing
from aestudio.datasets.image_shape import size_text
from aestudio.datasets.importers.image_files import read_image, read_picture
from aestudio.datasets.prepare import light_background, pad
from aestudio.errors import BadChoice, StudioError
from aestudio.storage.atomic_file import new_file
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape

FITS = ("auto", "digit", "whole")

_LARGE_SIDE = 448  # pixels: a digit that is a sixteenth of its page keeps its size
_FAINT = 0.1  # of the strongest ink; shadows and grain of paper stay below
_SCALE = 8  # screen pixels per pixel of an image
_GAP = 8
_PAPER = 32  # grey between the three images
# Too much ink is red, too little is blue, right is white: readable for the colour-blind as well.
_TOO_MUCH = np.array([202, 0, 32], np.float32)
_TOO_LITTLE = np.array([5, 113, 176], np.float32)


@dataclass(frozen=True, eq=False)
class ReadPicture:
    """An image in the model's format. image: uint8 (C, H, W); steps: how it was converted, for people."""

    image: NDArray[np.uint8]
    steps: str


def read_for_model(path: Path, fit: str, boxed: bool, shape: ImageShape) -> ReadPicture:
    """The image in the file in the shape of a model's images; raises StudioError if it cannot be read.

    fit:   one of FITS; boxed: whether "auto" means the box of MNIST for images of another size
    Raises BadChoice for "digit" if the model's images are in colour.
    """
    if fit == "digit" and not shape.grey:
        raise BadChoice("--fit", fit, f"auto, whole: this model's images are {shape}")
    picture = read_picture(path, shape)
    same_size = picture.size == (shape.height, shape.width)
    inverted = shape.grey and light_background(np.array([picture.border]))
    steps = ["dark on light, inverted"] if inverted else []
    if fit == "digit" or (fit == "auto" and boxed and shape.grey and not same_size):
        # A digit may be a small part of its page: read larger before the ink is cut out.
        large, paper, _ = read_image(path, _LARGE_SIDE)
        if inverted:
            large, paper = 255 - large, 255 - paper
        image = normalise_drawing(_without_paper(large, paper), shape)[None]
        steps.append("ink scaled to the box of MNIST's digits, centred by mass")
    else:
        image = pad(255 - picture.channels if inverted else picture.channels, shape)
        if not same_size:
            steps.append(f"scaled from {size_text(*picture.size)}")
    return ReadPicture(image, ", ".join(steps) or "taken as it is")


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
