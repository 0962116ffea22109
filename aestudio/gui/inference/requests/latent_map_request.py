"""The request of the latent map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.gui.state.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.projections import Plane, ThirdAxis
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.model_state import ShippedCodes
    from aestudio.gui.state.studio_state import PlaneChoice
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

COARSE_COUNT = 2_000
"""Images that are shown first; during a training no more are shown."""
PLANE_COUNT = 10_000
"""Images that are shown next; they define plane and ranges, so that nothing moves when all are shown."""


@dataclass(frozen=True, eq=False)
class CodeMap:
    """Codes of many images on a plane, or in an embedding with the same interface.

    Discrete codes are shown by their points (`Codes.points`), which plane and embedding are then of.

    xy: float32 (N, 2); labels: int64 (N,) or None; ranges: (latent, 2) for the sliders
    shipped: whether the points came with a shipped model, without images; points are numbered through the
    test images first and then the training images (`StudioState.image_at`)
    parts: the codes of the points, one for each set of images; () of a shipped map and of a prior's plane
    third, depth: the axis towards the viewer, if one was chosen, and the points' coordinates, float32 (N,)
    """

    plane: Plane | Embedding2D
    xy: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    ranges: NDArray[np.float64]
    shipped: bool
    parts: tuple[Codes, ...] = ()
    third: ThirdAxis | None = None
    depth: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class LatentMapRequest:
    """The codes of the first `count` images of all sets, or the shipped codes, on the chosen plane.

    embedding: the embedding for t-SNE or UMAP, of this snapshot and of the first of these images
    before: the map that was shown before, of the same images: components are aligned with it
    """

    channel: ClassVar[str] = "map"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    image_sets: tuple[ImageSet, ...]
    shipped_codes: ShippedCodes | None
    count: int
    choice: PlaneChoice
    embedding: Embedding2D | None = None
    before: CodeMap | None = None

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, self.image_sets, self.shipped_codes)

    def compute(self, cache: InferenceCache, progress: Progress) -> Generator[CodeMap, None, CodeMap]:
        """Coarse to fine: 2,000 images, then 10,000, then all."""
        if self.shipped_codes is not None:
            return self._shipped_map(self.shipped_codes, progress)
        shown: CodeMap | None = None
        for count in self._counts():
            if shown is not None:
                yield shown
            shown = self._map(cache, count, shown, progress)
        assert shown is not None
        return shown

    def _counts(self) -> list[int]:
        total = min(self.count, sum(map(len, self.image_sets)))
        first = (COARSE_COUNT, PLANE_COUNT) if self.embedding is None else (len(self.embedding.codes),)
        return [*(count for count in first if count < total), total]

    def _shipped_map(self, shipped_codes: ShippedCodes, progress: Progress) -> CodeMap:
        from aestudio.analysis.latent_ranges import latent_ranges
        from aestudio.datasets.dataset import DIGIT_NAMES
        from aestudio.inference.frozen_model import Codes

        codes = Codes(shipped_codes.mean)
        plane = self.embedding or self._plane(shipped_codes.mean, None)
        xy = self._positions(plane, [shipped_codes.mean], progress)
        third = self._third(shipped_codes.mean, None)
        return CodeMap(
            plane,
            xy,
            shipped_codes.labels,
            DIGIT_NAMES,
            latent_ranges(codes),
            shipped=True,
            third=third,
            depth=_depth(third, [shipped_codes.mean]),
        )

    def _map(self, cache: InferenceCache, count: int, coarser: CodeMap | None, progress: Progress) -> CodeMap:
        from aestudio.analysis.latent_ranges import latent_ranges

        counts = pieces(self.image_sets, count)
        codes = [cache.codes(self.snapshot, image_set, some, progress) for image_set, some in counts]
        if coarser is not None and len(coarser.xy) >= PLANE_COUNT:
            plane, third, ranges = coarser.plane, coarser.third, coarser.ranges
        else:
            first = _joined(codes, PLANE_COUNT)
            plane = self.embedding or self._plane(first.points, coarser)
            third = self._third(first.points, coarser)
            ranges = latent_ranges(first)
        points = [part.points for part in codes]
        return CodeMap(
            plane,
            self._positions(plane, points, progress),
            _labels(counts),
            self.image_sets[0].class_names,
            ranges,
            shipped=False,
            parts=tuple(codes),
            third=third,
            depth=_depth(third, points),
        )

    def _third(self, codes: NDArray[np.float32], coarser: CodeMap | None) -> ThirdAxis | None:
        from aestudio.analysis.projections import third_component, third_dimension

        number, earlier = self.choice.third, self.before or coarser
        if number is None or self.embedding is not None:
            return None
        discrete = self.snapshot.architecture.latent.choices > 0
        if self.choice.kind == "dimensions" and not discrete:
            return third_dimension(codes.shape[1], number)
        onto = None if earlier is None or earlier.depth is None else earlier.depth[: len(codes)]
        return third_component(codes, number, onto)

    def _plane(self, codes: NDArray[np.float32], coarser: CodeMap | None) -> Plane:
        from aestudio.analysis.projections import plane_of_components, plane_of_dimensions

        first, second = self.choice.first, self.choice.second
        discrete = self.snapshot.architecture.latent.choices > 0
        if self.choice.kind == "dimensions" and not discrete:  # entries have no dimensions of their own
            return plane_of_dimensions(codes, first, second)
        if self.before is None and coarser is not None:
            # Components of more images are nearly the same; only a sign may differ.
            return plane_of_components(codes, first, second, coarser.xy[: len(codes)], turns=False)
        onto = None if self.before is None else self.before.xy[: len(codes)]
        return plane_of_components(codes, first, second, onto)

    def _positions(
        self, plane: Plane | Embedding2D, codes: list[NDArray[np.float32]], progress: Progress
    ) -> NDArray[np.float32]:
        """Positions of the codes of all sets, float32 (N, 2); embedded codes keep their position."""
        if self.embedding is None:
            return np.concatenate([plane.to_plane(part).astype(np.float32) for part in codes])
        embedded, positions = len(self.embedding.codes), [self.embedding.xy[: sum(map(len, codes))]]
        for part in codes:
            if embedded < len(part):
                positions.append(self.embedding.to_plane(part[embedded:], progress).astype(np.float32))
            embedded = max(0, embedded - len(part))
        return np.concatenate(positions)


def _depth(third: ThirdAxis | None, codes: list[NDArray[np.float32]]) -> NDArray[np.float32] | None:
    """The coordinates of the codes of all sets, float32 (N,); None without a third axis."""
    if third is None:
        return None
    return np.concatenate([third.along(part).astype(np.float32) for part in codes])


def pieces(image_sets: tuple[ImageSet, ...], count: int) -> list[tuple[ImageSet, int]]:
    """The first `count` images of all sets, as (set, how many) without empty sets."""
    counts = []
    for image_set in image_sets:
        some = min(count, len(image_set))
        if some:
            counts.append((image_set, some))
        count -= some
    return counts


def _joined(codes: list[Codes], count: int) -> Codes:
    """The first `count` codes of all sets; of one part without a copy."""
    from aestudio.inference.frozen_model import Codes

    if len(codes[0]) >= count or len(codes) == 1:
        std, entries = codes[0].std, codes[0].entries
        return Codes(
            codes[0].mean[:count],
            None if std is None else std[:count],
            None if entries is None else entries[:count],
        )
    means = np.concatenate([part.mean[:count] for part in codes])[:count]
    stds = [part.std[:count] for part in codes if part.std is not None]
    entries = [part.entries[:count] for part in codes if part.entries is not None]
    return Codes(
        means,
        np.concatenate(stds)[:count] if stds else None,
        np.concatenate(entries)[:count] if entries else None,
    )


def _labels(counts: list[tuple[ImageSet, int]]) -> NDArray[np.int64] | None:
    labels = [image_set.labels[:some] for image_set, some in counts if image_set.labels is not None]
    return np.concatenate(labels) if labels and len(labels) == len(counts) else None
