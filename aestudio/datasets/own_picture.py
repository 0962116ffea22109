"""Reads a picture from a file as an image in the shape of a model's images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.handwriting import normalise_drawing
from aestudio.datasets.image_shape import size_text
from aestudio.datasets.importers.image_files import read_image, read_picture
from aestudio.datasets.prepare import light_background, pad
from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape

FITS = ("auto", "digit", "whole")
# Data sets whose digits fill a box of 20x20 pixels, centred by mass.
BOXED = ("mnist", "emnist-digits", "builtin")

_LARGE_SIDE = 448  # pixels: a digit that is a sixteenth of its page keeps its size
_FAINT = 0.1  # of the strongest ink; shadows and grain of paper stay below


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
