"""Requests for data support: an overlay of the map, and how typical the current code is of the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.gui.inference.against_mean_image import against_mean_image
from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import condition_of_labels, condition_of_set, repeated
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from aestudio.analysis.data_support.support import DataSupport, Support
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.model_state import ShippedCodes
    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot
    from aestudio.types import Condition

FieldKind = Literal["density", "decode_encode_error", "decoder_sensitivity"]
Rect = tuple[float, float, float, float]

# The lowest density that is shown: e^-12 of the highest, six in a million.
LOWEST_NATS = -12.0


@dataclass(frozen=True, eq=False)
class SupportField:
    """Values everywhere on a part of the map, float32 (H, W).

    values: row 0 at the top; rect: left, right, bottom, top edge on the map
    density: nats relative to the highest value, at least -12; decode_encode_error: in standard
    deviations of the data; decoder_sensitivity: the change of the image per unit of code
    """

    kind: FieldKind
    values: NDArray[np.float32]
    rect: Rect


@dataclass(frozen=True)
class ReferenceCodes:
    """The reference codes: of the first `count` images, or those of a shipped model."""

    snapshot: Snapshot
    image_set: ImageSet | None
    shipped_codes: ShippedCodes | None
    count: int

    @property
    def subject(self) -> Subject:
        return Subject.of(
            self.snapshot, () if self.image_set is None else (self.image_set,), self.shipped_codes
        )

    def codes(self, cache: InferenceCache, progress: Progress) -> Codes:
        """Means and, if known, standard deviations."""
        from aestudio.inference.frozen_model import Codes

        require_continuous(self.snapshot.architecture, "its data support has no distances to measure")
        if self.shipped_codes is not None:
            return Codes(self.shipped_codes.mean)
        assert self.image_set is not None
        return cache.codes(self.snapshot, self.image_set, self.count, progress)

    @property
    def condition(self) -> Condition | None:
        """What a conditional model is told of the images of these codes, float32 (N, K)."""
        architecture = self.snapshot.architecture
        if self.shipped_codes is not None:
            told = architecture.recipe.objective.condition == "labels"
            return condition_of_labels(architecture, self.shipped_codes.labels) if told else None
        assert self.image_set is not None
        return condition_of_set(architecture, part_of(self.image_set, slice(self.count)))


@dataclass(frozen=True)
class SupportOnMap:
    """An overlay of a part of the map, coarse to fine.

    base: the code whose numbers outside the plane are kept, () if there are none
    sides: cells in each direction, from coarse to fine
    condition: what a conditional model is told of every point
    """

    channel: ClassVar[str] = "overlay"
    urgent: ClassVar[bool] = False
    sources: ReferenceCodes
    shown: CodeMap
    kind: FieldKind
    rect: Rect
    base: tuple[float, ...]
    sides: tuple[int, ...]
    condition: ConditionRow | None = None

    @property
    def subject(self) -> Subject:
        return self.sources.subject

    def compute(
        self, cache: InferenceCache, progress: Progress
    ) -> Generator[SupportField, None, SupportField]:
        """Values float32 (side, side) for each of `sides`, the last one returned."""
        for side in self.sides[:-1]:
            yield self._field(cache, side, progress)
        return self._field(cache, self.sides[-1], progress)

    def _field(self, cache: InferenceCache, side: int, progress: Progress) -> SupportField:
        measure = {
            "density": self._density,
            "decode_encode_error": self._decode_encode_error,
            "decoder_sensitivity": self._decoder_sensitivity,
        }
        values = measure[self.kind](cache, self._points(side), progress)
        return SupportField(self.kind, values.reshape(side, side).astype(np.float32), self.rect)

    def _points(self, side: int) -> NDArray[np.float64]:
        """The cells' centres (side * side, 2), the top row first."""
        left, right, bottom, top = self.rect
        centres = (np.arange(side) + 0.5) / side
        x, y = left + centres * (right - left), top - centres * (top - bottom)
        return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1).reshape(-1, 2)

    def _density(
        self, cache: InferenceCache, points: NDArray[np.float64], progress: Progress
    ) -> NDArray[np.float64]:
        from aestudio.analysis.data_support.density import log_density, mixture, widened
        from aestudio.analysis.projections import Plane

        plane = self.shown.plane
        codes = self.sources.codes(cache, progress)
        if isinstance(plane, Plane):
            xy, axes = plane.to_plane(codes.mean), plane.axes
        else:  # an embedding: only the positions on the map are known
            xy, axes = self.shown.xy[: self.sources.count], None
        left, right, bottom, top = self.rect
        side = round(len(points) ** 0.5)
        around = widened(mixture(codes, xy, axes), ((right - left) / side, (top - bottom) / side))
        densities = log_density(points, xy, around, progress)
        return np.maximum(densities - densities.max(), LOWEST_NATS)

    def _codes(self, points: NDArray[np.float64]) -> NDArray[np.float32]:
        size = self.sources.snapshot.architecture.latent.size
        base = np.asarray(self.base or np.zeros(size), np.float32)
        return self.shown.plane.from_plane(points, base)

    def _decode_encode_error(
        self, cache: InferenceCache, points: NDArray[np.float64], progress: Progress
    ) -> NDArray[np.float32]:
        from aestudio.analysis.data_support.decode_encode import decode_encode_errors
        from aestudio.analysis.data_support.scale import code_scale_of

        scale = code_scale_of(self.sources.codes(cache, progress))
        frozen_model = cache.frozen_model(self.sources.snapshot)
        codes = self._codes(points)
        return decode_encode_errors(
            frozen_model, codes, scale, progress, repeated(self.condition, len(codes))
        )

    def _decoder_sensitivity(
        self, cache: InferenceCache, points: NDArray[np.float64], progress: Progress
    ) -> NDArray[np.float32]:
        from aestudio.analysis.data_support.sensitivity import decoder_sensitivity
        from aestudio.analysis.projections import Plane
        from aestudio.errors import StudioError

        plane = self.shown.plane
        if not isinstance(plane, Plane):
            raise StudioError("A t-SNE or UMAP map is no plane of codes, so it has no decoder sensitivity")
        codes = self._codes(points)
        return decoder_sensitivity(
            cache.frozen_model(self.sources.snapshot),
            codes,
            plane.axes,
            progress,
            repeated(self.condition, len(codes)),
        )


@dataclass(frozen=True)
class DataSupportReference:
    """The reference for the data support of single codes.

    train: the training images, with whose mean reconstructions are compared; None for the images of the codes
    quick: whether other steps follow soon, so that fewer codes are compared
    """

    channel: ClassVar[str] = "data support reference"
    urgent: ClassVar[bool] = False
    sources: ReferenceCodes
    train: ImageSet | None = None
    quick: bool = False

    @property
    def subject(self) -> Subject:
        mine = self.sources.subject
        if self.train is None:
            return mine
        return replace(mine, image_sets=(*mine.image_sets, self.train))

    def compute(self, cache: InferenceCache, progress: Progress) -> DataSupport:
        """What single codes are compared with: statistics of the reference codes."""
        from aestudio.analysis.data_support.support import data_support_of

        codes = self.sources.codes(cache, progress)
        frozen_model = cache.frozen_model(self.sources.snapshot)
        data_support = data_support_of(
            frozen_model, codes, progress, condition=self.sources.condition, quick=self.quick
        )
        if (image_set := self.sources.image_set) is None:
            return data_support
        compared = against_mean_image(
            cache, self.sources.snapshot, image_set, self.train, progress, quick=self.quick, codes=codes
        )
        return replace(data_support, against_mean=compared)


@dataclass(frozen=True)
class SupportOfCode:
    """The data support of a code; fast enough for a dragged slider.

    condition: what a conditional model is told of it
    """

    channel: ClassVar[str] = "data support"
    urgent: ClassVar[bool] = True
    sources: ReferenceCodes
    data_support: DataSupport
    code: tuple[float, ...]
    condition: ConditionRow | None = None

    @property
    def subject(self) -> Subject:
        return self.sources.subject

    def compute(self, cache: InferenceCache, progress: Progress) -> Support:
        """How typical the code is: supported, unusual or unsupported, with its numbers."""
        return self.data_support.support_of(
            cache.frozen_model(self.sources.snapshot), np.asarray(self.code, np.float32), self.condition
        )
