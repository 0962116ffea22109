"""The request of the grid: decoded images over a plane through the latent space, coarse to fine."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.model_shape import taken_shape
from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import repeated
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.grid_cells import CellGrid
    from aestudio.analysis.projections import Plane
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

# Images decoded together: an urgent request waits for one batch at most. Larger ones are not faster.
BATCH = 100
# If all cells are ready this soon, a coarse image before them would only flicker.
AT_ONCE_SECONDS = 0.08
MOST_KEPT = 6_400  # of MNIST's size, 5 MB; fewer larger ones

Cell = tuple[int, int]


@dataclass(frozen=True, eq=False)
class GridImage:
    """Decoded images in one mosaic uint8 (C, rows * H, columns * W), the top row first.

    cell_grid: the cells; base: the code whose numbers outside the plane they have
    """

    cell_grid: CellGrid
    plane: Plane | Embedding2D
    base: NDArray[np.float32]
    mosaic: NDArray[np.uint8]


@dataclass
class Tiles:
    """Images uint8 (C, H, W) decoded already, by cell."""

    known: dict[Cell, NDArray[np.uint8]] = field(default_factory=dict)


@dataclass
class Speed:
    """Seconds per decoded image, as measured last; 0 while it is not known."""

    seconds: float = 0.0


@dataclass(frozen=True)
class PlaneGrid:
    """Decoded images over some cells of a plane; a cell decoded before is not decoded again.

    base: the code whose numbers outside the plane are kept
    condition: what a conditional model is told of every cell
    about: the subject of the plane; None: the snapshot alone
    """

    channel: ClassVar[str] = "grid"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    plane: Plane | Embedding2D
    base: tuple[float, ...]
    cell_grid: CellGrid
    condition: ConditionRow | None = None
    about: Subject | None = field(default=None, compare=False, repr=False)

    @property
    def subject(self) -> Subject:
        mine = Subject.of(self.snapshot)
        return mine if self.about is None else replace(self.about, runs=mine.runs, step=mine.step)

    def compute(self, cache: InferenceCache, progress: Progress) -> Generator[GridImage, None, GridImage]:
        """Mosaics uint8 (C, rows * H, columns * W), the complete one returned."""
        require_continuous(self.snapshot.architecture, "there is no plane to lay a grid over")
        cell_grid = self.cell_grid
        key = (self.snapshot, self.plane, self.base, cell_grid.scales, cell_grid.step, self.condition)
        tiles = cache.get_or_make(f"{self.channel} tiles", key, Tiles)
        speed = cache.get_or_make("grid speed", (self.snapshot.recipe, self.snapshot.data), Speed)
        cells = self._cells()
        kept = MOST_KEPT * MNIST.image.size // taken_shape(self.snapshot).size
        if len(tiles.known) + len(cells) > kept:
            tiles.known = {cell: tiles.known[cell] for cell in cells if cell in tiles.known}
        for stride in self._strides(cells, tiles, speed):
            self._decode(_leaders(cells, stride), cache, tiles, speed, progress)
            if stride > 1:
                yield self._image(tiles, stride)
        return self._image(tiles, 1)

    def _cells(self) -> list[Cell]:
        (column, row), (columns, rows) = self.cell_grid.first, self.cell_grid.count
        return [(column + x, row + y) for y in reversed(range(rows)) for x in range(columns)]

    def _strides(self, cells: list[Cell], tiles: Tiles, speed: Speed) -> tuple[int, ...]:
        """Strides from coarse to fine: one cell in each block of stride x stride cells is decoded."""
        missing = sum(cell not in tiles.known for cell in cells)
        if missing <= BATCH or 0 < missing * speed.seconds < AT_ONCE_SECONDS:
            return (1,)
        return (2, 1) if missing <= 4 * BATCH + 2 * max(self.cell_grid.count) else (4, 2, 1)

    def _decode(
        self, cells: list[Cell], cache: InferenceCache, tiles: Tiles, speed: Speed, progress: Progress
    ) -> None:
        missing = [cell for cell in cells if cell not in tiles.known]
        base, frozen_model = np.asarray(self.base, np.float32), cache.frozen_model(self.snapshot)
        for start in range(0, len(missing), BATCH):
            if start:
                progress(start, len(missing), "Decoding the grid")
            part = missing[start : start + BATCH]
            began = time.perf_counter()
            codes = self.plane.from_plane(self.cell_grid.centres(part), base)
            images = frozen_model.decode(codes, repeated(self.condition, len(codes)))
            if len(part) == BATCH:
                speed.seconds = (time.perf_counter() - began) / BATCH
            tiles.known.update(zip(part, images, strict=True))

    def _image(self, tiles: Tiles, stride: int) -> GridImage:
        """The mosaic; a block that is not decoded completely shows one image, enlarged."""
        columns, rows = self.cell_grid.count
        cells = self._cells()
        channels, height, width = next(iter(tiles.known.values())).shape
        mosaic = np.empty((channels, rows, height, columns, width), np.uint8)
        coarse = {_leader(cell, stride) for cell in cells if cell not in tiles.known}
        for number, cell in enumerate(cells):
            row, column = divmod(number, columns)
            whole = _leader(cell, stride) not in coarse
            mosaic[:, row, :, column] = tiles.known[cell] if whole else _enlarged(tiles, cell, stride)
        image = mosaic.reshape(channels, rows * height, columns * width)
        return GridImage(self.cell_grid, self.plane, np.asarray(self.base, np.float32), image)


@dataclass(frozen=True)
class PlaneGridNow(PlaneGrid):
    """The same, urgent, while the user moves the visible part."""

    urgent: ClassVar[bool] = True


@dataclass(frozen=True)
class DecodedPlane(PlaneGrid):
    """The same under the points of the map, whose visible part has cells of its own."""

    channel: ClassVar[str] = "decoded plane"


def _leader(cell: Cell, stride: int) -> Cell:
    """The cell that is decoded for a block of stride x stride cells: near its middle."""
    return cell[0] // stride * stride + stride // 2, cell[1] // stride * stride + stride // 2


def _enlarged(tiles: Tiles, cell: Cell, stride: int) -> NDArray[np.uint8]:
    """The part of the block's enlarged image, uint8 (C, H, W), that lies in this cell."""
    leader = tiles.known[_leader(cell, stride)]
    _, height, width = leader.shape
    # Rows are counted upward, pixels downward.
    right, down = cell[0] % stride, stride - 1 - cell[1] % stride
    rows = (down * height + np.arange(height)) // stride
    columns = (right * width + np.arange(width)) // stride
    return leader[:, rows[:, None], columns]


def _leaders(cells: list[Cell], stride: int) -> list[Cell]:
    return cells if stride == 1 else list(dict.fromkeys(_leader(cell, stride) for cell in cells))
