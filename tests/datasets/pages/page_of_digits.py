"""Pages with many digits as people scan them: plain, in boxes, ruled, with shadows, inclined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from aestudio.datasets.handwriting import normalise_drawing
from aestudio.datasets.synthetic.generation import generate

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNT, COLUMNS, STEP, SIDE = 24, 6, 56, 42  # digits; in a row; pixels from one to the next; of one
PAPER, INK = 225.0, 40.0
FORMS = ("plain", "boxes", "table", "ruled")


def digits() -> NDArray[np.uint8]:
    """The digits of a page, uint8 (24, 42, 42), light on black, none touching its border."""
    drawn = generate(COUNT, 10).train.images[:, 0]
    return np.stack([np.asarray(Image.fromarray(digit).resize((SIDE, SIDE))) for digit in drawn])


def expected() -> NDArray[np.uint8]:
    """Each digit of the page by itself as MNIST has it, uint8 (24, 28, 28)."""
    return np.stack([normalise_drawing(digit) for digit in digits()])


def page(
    form: str = "plain", shadow: bool = False, dark: bool = True, angle: float = 0.0
) -> NDArray[np.uint8]:
    """A page in grey, digits row by row.

    form: one of FORMS; shadow: whether the paper is darker at one side; dark: ink on paper, or light on dark;
    angle: by which it is turned, in degrees
    """
    rows = COUNT // COLUMNS
    ink = np.zeros((rows * STEP + 60, COLUMNS * STEP + 60), np.float32)
    for number, digit in enumerate(digits()):
        top, left = (number // COLUMNS) * STEP + 36, (number % COLUMNS) * STEP + 36
        ink[top : top + SIDE, left : left + SIDE] = digit / np.float32(255)
        if form == "boxes":
            _frame(ink, top - 4, left - 4, SIDE + 8)
    if form == "table":
        for at in range(rows + 1):
            ink[27 + at * STEP : 29 + at * STEP, 27 : 29 + COLUMNS * STEP] = 0.8
        for at in range(COLUMNS + 1):
            ink[27 : 29 + rows * STEP, 27 + at * STEP : 29 + at * STEP] = 0.8
    if form == "ruled":  # across the feet of the digits
        for at in range(rows):
            line = ink[at * STEP + 70 : at * STEP + 72, 8:-8]
            np.maximum(line, 0.7, out=line)
    if angle:
        ink = np.asarray(Image.fromarray(ink).rotate(angle, Image.Resampling.BILINEAR))
    height, width = ink.shape
    slope = np.linspace(0, 1, width)[None] * np.linspace(0.4, 1, height)[:, None]
    paper = PAPER - (110 * slope if shadow else 0)
    grain = np.random.default_rng(0).normal(0, 2, ink.shape)
    grey = np.clip(paper + (INK - paper) * ink + grain, 0, 255).astype(np.uint8)
    return grey if dark else 255 - grey


def _frame(ink: NDArray[np.float32], top: int, left: int, side: int) -> None:
    ink[[top, top + 1, top + side - 2, top + side - 1], left : left + side] = 0.8
    ink[top : top + side, [left, left + 1, left + side - 2, left + side - 1]] = 0.8
