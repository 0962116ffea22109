"""The question behind the grid: decoded digits over a plane through the latent space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.projections import Plane
    from aestudio.gui.questions.desk import Desk
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class PlaneGrid:
    """Decoded digits over the plane: one mosaic (side * 28, side * 28), y upward.

    base: the code whose other numbers are kept
    """

    channel: ClassVar[str] = "grid"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    plane: Plane
    base: tuple[float, ...]
    side: int

    def answer(self, desk: Desk, progress: Progress) -> NDArray[np.uint8]:  # noqa: ARG002
        from aestudio.analysis.traversal import decode_grid

        viewer = desk.viewer(self.snapshot)
        base = np.asarray(self.base, np.float32)
        tiles = decode_grid(viewer, self.plane, base, self.side, self.side)
        rows, columns, height, width = tiles.shape
        return np.ascontiguousarray(tiles.swapaxes(1, 2).reshape(rows * height, columns * width))
