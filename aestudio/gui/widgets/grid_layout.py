"""The layout of a grid of images in whole device pixels; no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

Size = tuple[int, int]
"""Height and width of an image, in its own pixels."""


@dataclass(frozen=True)
class GridSpace:
    """The available space, in device pixels.

    gap: between cells and around the grid; seam: between the images of one cell; caption: its height or 0
    """

    width: int
    height: int
    gap: int
    seam: int
    caption: int


@dataclass(frozen=True)
class GridLayout:
    """A grid of `count` cells, each `images` tiles of `size` source pixels (height, width) at `scale`.

    left, top: of the first tile; spread: added to the gap, horizontally and vertically; in device pixels.
    """

    count: int
    images: int
    size: Size
    scale: int
    columns: int
    rows: int
    left: int
    top: int
    space: GridSpace
    spread: tuple[int, int] = (0, 0)

    @property
    def tile_height(self) -> int:
        return self.size[0] * self.scale

    @property
    def tile_width(self) -> int:
        return self.size[1] * self.scale

    @property
    def cell_width(self) -> int:
        """Width of the tiles of one cell with the seams between them."""
        return self.images * self.tile_width + (self.images - 1) * self.space.seam

    @property
    def pitch(self) -> tuple[int, int]:
        """Distance from one cell to the next, horizontally and vertically."""
        gap = self.space.gap
        right, down = self.spread
        return self.cell_width + gap + right, self.tile_height + self.space.caption + gap + down

    def corner(self, index: int) -> tuple[int, int]:
        """Left and top of a cell."""
        row, column = divmod(index, self.columns)
        return self.left + column * self.pitch[0], self.top + row * self.pitch[1]

    def index_at(self, x: float, y: float) -> int:
        """Index of the cell at a point, captions included; -1 between and outside the cells."""
        column, within_x = divmod(x - self.left, self.pitch[0])
        row, within_y = divmod(y - self.top, self.pitch[1])
        index = int(row * self.columns + column)
        on_cell = within_x < self.cell_width and within_y < self.tile_height + self.space.caption
        inside = 0 <= column < self.columns and row >= 0 and index < self.count
        return index if on_cell and inside else -1

    def neighbour(self, index: int, right: int, down: int) -> int:
        """Index of the cell some steps away; the same cell at an edge, the first cell from -1."""
        target = index + right + down * self.columns
        if index < 0:
            return 0
        return target if 0 <= target < self.count else index


def capacity(images: int, size: Size, scale: int, space: GridSpace) -> int:
    """How many cells fit at a given scale."""
    across, down = _fitting(images, size, scale, space)
    return max(0, across) * max(0, down)


def fit(count: int, images: int, size: Size, space: GridSpace, columns: int | None = None) -> GridLayout:
    """The layout with the largest whole scale at which `count` cells fit, centred.

    `columns` fixes the cells per row. If even scale 1 is too large, the last rows are cut off.
    """
    scale = _largest_scale(count, images, size, space, columns)
    across, down = _fitting(images, size, scale, space)
    if columns is None:
        across = max(1, min(across, max(1, count)))
        columns = -(
            -max(1, count) // -(-max(1, count) // across)
        )  # the smallest number that needs no further row
    rows = max(1, min(-(-max(1, count) // columns), max(1, down)))
    flat = GridLayout(min(count, rows * columns), images, size, scale, columns, rows, 0, 0, space)
    free_width = space.width - (columns * flat.pitch[0] - space.gap)
    free_height = space.height - (rows * flat.pitch[1] - space.gap)
    right, down = _spread(free_width, columns, space.gap), _spread(free_height, rows, space.gap)
    left = max(space.gap, (free_width - right * (columns - 1)) // 2)
    top = max(space.gap, (free_height - down * (rows - 1)) // 2)
    return replace(flat, left=left, top=top, spread=(right, down))


def _spread(free: int, cells: int, gap: int) -> int:
    """How much is added to each gap: an equal share of the free length, at most twice the gap."""
    return max(0, min((free - 2 * gap) // (cells + 1), 2 * gap))


def _fitting(images: int, size: Size, scale: int, space: GridSpace) -> tuple[int, int]:
    width = images * size[1] * scale + (images - 1) * space.seam + space.gap
    height = size[0] * scale + space.caption + space.gap
    return (space.width - space.gap) // width, (space.height - space.gap) // height


def _largest_scale(count: int, images: int, size: Size, space: GridSpace, columns: int | None) -> int:
    scale = 1
    while True:
        across, down = _fitting(images, size, scale + 1, space)
        if columns is not None:
            across = columns if across >= columns else 0
        if across < 1 or down < 1 or across * down < count:
            return scale
        scale += 1
