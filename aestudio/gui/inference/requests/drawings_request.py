"""My drawings: their codes now, and their codes during the training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.gui.inference.requests.subjects import OfSnapshot
from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import repeated
from aestudio.inference.taken_images import require_shape

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.runs.drawings_file import Drawing


@dataclass(frozen=True, eq=False)
class EncodedDrawings:
    """Codes and reconstructions of n kept drawings.

    codes: float32 (n, L); stds: the same, or None for point codes
    points: float32 (n, P), the codes as points of the map
    reconstructions: uint8 (n, C, H, W) and losses float64 (n,) in `loss_unit`, or None if nothing is decoded
    """

    codes: NDArray[np.float32]
    stds: NDArray[np.float32] | None
    reconstructions: NDArray[np.uint8] | None
    losses: NDArray[np.float64] | None
    loss_unit: str
    points: NDArray[np.float32]


@dataclass(frozen=True)
class DecodedDrawings(OfSnapshot):
    """The kept drawings through the model. condition: what a conditional model is told of all of them."""

    channel: ClassVar[str] = "drawings"
    urgent: ClassVar[bool] = True
    drawings: tuple[Drawing, ...]
    condition: ConditionRow | None = None

    def compute(self, cache: InferenceCache, progress: Progress) -> EncodedDrawings:
        """Codes float32 (n, L), reconstructions uint8 (n, C, H, W) and losses float64 (n,)."""
        from aestudio.analysis.reconstructions import loss_unit, reconstruct_images

        frozen_model = cache.frozen_model(self.snapshot)
        images = require_shape(self.snapshot, _images(self.drawings))
        told = repeated(self.condition, len(images))
        codes = frozen_model.encode(images, told)
        points = codes.points
        unit = loss_unit(self.snapshot.recipe)
        if not frozen_model.decodes:
            return EncodedDrawings(codes.mean, codes.std, None, None, unit, points)
        triples = reconstruct_images(frozen_model, images, condition=told)
        return EncodedDrawings(codes.mean, codes.std, triples.reconstructed, triples.loss, unit, points)


@dataclass(frozen=True, eq=False)
class DrawingTrail:
    """Points of n drawings at M checkpoints. steps: int64 (M,), rising; codes: float32 (M, n, P)."""

    steps: NDArray[np.int64]
    codes: NDArray[np.float32]


@dataclass(frozen=True)
class DrawingTrails:
    """The kept drawings through the checkpoints of the run's history; damaged checkpoints are skipped.

    condition: what a conditional model is told of all drawings
    history: `HistoryState.identity`: another run may come to lie in the same folder
    """

    channel: ClassVar[str] = "drawing trails"
    urgent: ClassVar[bool] = False
    run: str
    folder: Path
    architecture: Architecture
    steps: tuple[int, ...]
    drawings: tuple[Drawing, ...]
    home: str = ""
    condition: ConditionRow | None = None
    history: object = None

    @property
    def subject(self) -> Subject:
        return Subject(((self.run, self.home, self.architecture.recipe, self.architecture.data),))

    def compute(self, cache: InferenceCache, progress: Progress) -> DrawingTrail:
        """Points float32 (M, n, P) at the M checkpoints that can be read."""
        # A checkpoint never changes, so its codes are kept, also if a newer request interrupts.
        known: dict[int, NDArray[np.float32] | None] = cache.get_or_make(
            "drawing trails",
            (self.history, self.folder, self.run, self.architecture, self.drawings, self.condition),
            dict,
        )
        for done, step in enumerate(self.steps):
            progress(done, len(self.steps), "")
            if step not in known:
                known[step] = self._codes_at(cache, step)
        by_step = [(step, known[step]) for step in self.steps]
        readable = [(step, codes) for step, codes in by_step if codes is not None]
        if not readable:
            empty = np.zeros((0, len(self.drawings), self.architecture.latent.size), np.float32)
            return DrawingTrail(np.zeros(0, np.int64), empty)
        return DrawingTrail(
            np.array([step for step, _ in readable]), np.stack([codes for _, codes in readable])
        )

    def _codes_at(self, cache: InferenceCache, step: int) -> NDArray[np.float32] | None:
        from aestudio.errors import StudioError
        from aestudio.runs.history_files import read_history_weights

        try:
            snapshot = read_history_weights(self.folder, step, self.run, self.architecture)
        except StudioError:
            return None  # thinned away meanwhile, or cut off by a power cut
        images = require_shape(snapshot, _images(self.drawings))
        return cache.frozen_model(snapshot).encode(images, repeated(self.condition, len(images))).points


def _images(drawings: tuple[Drawing, ...]) -> NDArray[np.uint8]:
    """The drawings, all of one shape, as images uint8 (n, C, H, W)."""
    return np.stack([drawing.image for drawing in drawings])
