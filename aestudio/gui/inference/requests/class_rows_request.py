"""The same codes decoded as every class: a row of images per class, for a model that is told the class."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.gui.state.subject import Subject

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.projections import Plane
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

FITTED_CODES = 2_000
"""Codes that random styles are drawn like, if the model has no prior."""


@dataclass(frozen=True, eq=False)
class ClassRows:
    """Images uint8 (K, n, C, H, W): one row for each class, one column for each code.

    codes: float32 (n, L), the same in every row; conditions: what the model was told in each of the K rows
    """

    codes: NDArray[np.float32]
    conditions: tuple[ConditionRow, ...]
    images: NDArray[np.uint8]


@dataclass(frozen=True)
class RowsAlongAxis:
    """`count` codes along the first axis of the map's plane, at even steps, decoded as every class.

    base: the code whose other coordinates are kept; about: the subject of the plane;
    None: the snapshot alone
    """

    channel: ClassVar[str] = "class rows"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    conditions: tuple[ConditionRow, ...]
    count: int
    plane: Plane | Embedding2D
    base: tuple[float, ...]
    about: Subject | None = field(default=None, compare=False, repr=False)

    @property
    def subject(self) -> Subject:
        mine = Subject.of(self.snapshot)
        return mine if self.about is None else replace(self.about, runs=mine.runs, step=mine.step)

    def compute(self, cache: InferenceCache, progress: Progress) -> ClassRows:
        """Images uint8 (K, n, C, H, W) and their codes."""
        base = np.asarray(self.base, np.float32)
        (low, high), height = self.plane.limits[0], self.plane.to_plane(base[None])[0, 1]
        x = low + (np.arange(self.count) + 0.5) / self.count * (high - low)
        points = np.stack([x, np.full(self.count, height)], axis=1)
        codes = self.plane.from_plane(points, base).astype(np.float32)
        return _decoded(cache, self.snapshot, codes, self.conditions)


@dataclass(frozen=True)
class RowsOfStyles:
    """`count` random codes, the same for the same seed, decoded as every class.

    They are drawn from the prior, or like the codes of the images if the model has none.
    """

    channel: ClassVar[str] = "class rows"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    conditions: tuple[ConditionRow, ...]
    count: int
    seed: int
    image_set: ImageSet

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, (self.image_set,))

    def compute(self, cache: InferenceCache, progress: Progress) -> ClassRows:
        """Images uint8 (K, n, C, H, W) and their codes."""
        from aestudio.analysis.traversal import sample_fitted

        if self.snapshot.architecture.latent.has_prior:
            generator = np.random.default_rng(self.seed)
            codes = cache.frozen_model(self.snapshot).sample_prior(self.count, generator)
        else:
            known = cache.codes(self.snapshot, self.image_set, FITTED_CODES, progress).mean
            codes = sample_fitted(known, self.count, self.seed)
        return _decoded(cache, self.snapshot, codes, self.conditions)


def _decoded(
    cache: InferenceCache,
    snapshot: Snapshot,
    codes: NDArray[np.float32],
    conditions: tuple[ConditionRow, ...],
) -> ClassRows:
    """Every code (n, L) as every class."""
    count, classes = len(codes), len(conditions)
    told = np.repeat(np.asarray(conditions, np.float32), count, axis=0)
    images = cache.frozen_model(snapshot).decode(np.tile(codes, (classes, 1)), told)
    return ClassRows(codes, conditions, images.reshape(classes, count, *images.shape[1:]))
