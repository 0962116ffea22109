"""Digits on a page: each is cut out and becomes an image as MNIST's are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.handwriting import normalise_drawing
from aestudio.datasets.pages.marks import marks_on
from aestudio.datasets.pages.page_ink import ink_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.pages.marks import Box, Marks
    from aestudio.datasets.pages.page_ink import Ink

LARGEST_PAGE = 2400  # pixels of the longer side in which digits are searched
_LONGEST = 10  # times as long as it is high: a line of digits
_SMALLEST_PAGE = 64  # the same; smaller images are digits themselves
# Of a page that is offered to be cut: digits, the share of them that are alike in height, the share of ink,
# and of the ink's contrast how uneven nine tenths of the paper are at most.
_FEWEST, _ALIKE, _MOST_INK, _MOST_GRAIN = 6, 0.6, 0.25, 0.2
_MOST_DIGITS = 5000  # on one page
_FRINGE = 2  # pixels around the ink that are grey, but not dark
_FAINT = 0.1  # of the strongest ink


@dataclass(frozen=True, eq=False)
class CutPage:
    """The digits of a page in the order of reading.

    images:   uint8 (n, H, W), light ink on black
    boxes:    top, left, bottom, right of each on the page, in its pixels
    inverted: whether the page is dark on light; uneven: whether its paper is
    lines, spots: lines and frames, and smaller marks, that were left out
    wide:     digits that are wider than others, perhaps several that touch
    """

    images: NDArray[np.uint8]
    boxes: tuple[Box, ...]
    inverted: bool
    uneven: bool
    lines: int
    spots: int
    wide: int


def cut_page(page: NDArray[np.uint8], shape: ImageShape, inverted: bool | None = None) -> CutPage:
    """The digits of a page in grey (H, W), each centred in the shape; none of a photograph or a pattern.

    inverted: whether the page is dark on light, None to decide by the page
    """
    page, scale = _reduced(page)
    ink = ink_of(page, inverted)
    marks = marks_on(ink.present)
    if marks is None or len(marks.boxes) > _MOST_DIGITS:
        empty = np.zeros((0, shape.height, shape.width), np.uint8)
        return CutPage(empty, (), ink.inverted, ink.uneven, 0, 0, 0)
    digits = [_digit(ink, marks, at, shape) for at in range(len(marks.boxes))]
    images = np.stack(digits) if digits else np.zeros((0, shape.height, shape.width), np.uint8)
    boxes = tuple(_times(box, scale) for box in marks.boxes)
    return CutPage(images, boxes, ink.inverted, ink.uneven, marks.lines, marks.spots, marks.wide)


def digits_seen(page: NDArray[np.uint8]) -> int:
    """About how many digits are on a page in grey (H, W); 0 if it does not look like a page of digits."""
    if max(page.shape) <= _SMALLEST_PAGE or max(page.shape) > _LONGEST * min(page.shape):
        return 0
    ink = ink_of(_reduced(page)[0])
    if not 0 < float(ink.present.mean()) <= _MOST_INK:
        return 0
    contrast = float(np.median(ink.amount[ink.present]))
    if float(np.percentile(ink.amount[~ink.present], 90)) > _MOST_GRAIN * contrast:
        return 0  # a photograph
    marks = marks_on(ink.present)
    if marks is None or len(marks.boxes) < _FEWEST or marks.spots > 2 * len(marks.boxes):
        return 0
    heights = marks.heights
    alike = np.abs(heights / np.median(heights) - 1) < 0.35
    return len(heights) if float(alike.mean()) >= _ALIKE else 0


def _reduced(page: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """A large page scaled down by a whole number, and the number."""
    scale = min(-(-max(page.shape) // LARGEST_PAGE), min(page.shape))
    if scale == 1:
        return page, 1
    height, width = (length // scale for length in page.shape)
    squares = page[: height * scale, : width * scale].reshape(height, scale, width, scale)
    return np.rint(squares.mean(axis=(1, 3), dtype=np.float32)).astype(np.uint8), scale


def _times(box: Box, scale: int) -> Box:
    top, left, bottom, right = (end * scale for end in box)
    return top, left, bottom, right


def _digit(ink: Ink, marks: Marks, at: int, shape: ImageShape) -> NDArray[np.uint8]:
    """One digit without the ink of others."""
    from scipy import ndimage

    top, left, bottom, right = marks.boxes[at]
    rows = slice(max(0, top - _FRINGE), bottom + _FRINGE)
    columns = slice(max(0, left - _FRINGE), right + _FRINGE)
    labels = marks.labels[rows, columns]
    own = np.isin(labels, marks.pieces[at])
    near = ndimage.binary_dilation(own, np.ones((3, 3), np.bool_), iterations=_FRINGE)
    fringe = (labels == 0) & ~marks.removed[rows, columns]
    amount = np.where(near & (own | fringe), ink.amount[rows, columns], 0)
    peak = max(1.0, float(np.percentile(ink.amount[rows, columns][own], 90)))
    share = np.clip((amount / peak - _FAINT) / (1 - _FAINT), 0, 1)
    return normalise_drawing(share.astype(np.float32), shape)
