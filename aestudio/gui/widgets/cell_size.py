"""The size of one image of a mosaic on the screen; no Qt."""

from __future__ import annotations

_MAXIMUM_LOSS = 0.15  # share of a cell's side that whole pixels for the pixels of an image may cost


def cell_size(space: tuple[int, int], count: int, image_size: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a cell, in device pixels, in the proportion of an image.

    It is a multiple of the image if that costs little space: then each pixel of the image is a square.

    space: width and height for `count` cells in each row and each column, in device pixels
    image_size: height and width of an image, in its own pixels
    """
    height, width = image_size
    across, down = (max(1, length // count) for length in space)
    multiple = min(across // width, down // height)
    if across * height <= down * width:
        cell, loss = (across, max(1, across * height // width)), 1 - multiple * width / across
    else:
        cell, loss = (max(1, down * width // height), down), 1 - multiple * height / down
    return (multiple * width, multiple * height) if loss < _MAXIMUM_LOSS else cell
