"""The request of the interpolation: an animation through the latent space, from keyframe to keyframe."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from aestudio.gui.inference.requests.subjects import OfImageSets
from aestudio.inference.conditions import stacked
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from numpy.typing import NDArray

    from aestudio.analysis.geodesic import GeodesicPath
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.subject import Subject
    from aestudio.gui.state.workspace import Example
    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress

Path = Literal["straight", "spherical", "geodesic"]
FRAMES = 60
"""Steps of a whole animation, divided among its legs."""
FEWEST = 12
"""Steps of a leg at least."""


@dataclass(frozen=True, eq=False)
class Interpolated:
    """An interpolation through keyframes.

    codes: float32 (frames, L); images: uint8 (frames, C, H, W)
    keyframes: the examples; keyframe_indices: the index of the frame of each of them
    saved:     share of the energy that a geodesic saves compared with straight lines; None for other paths
    converged: whether the geodesic's descent converged
    closed:    whether it returns to the first keyframe, which then is the last frame too
    conditions: what a conditional model was told of each frame; () for another model. From one keyframe to
               the next it is told what belongs to the first of them: between two classes there is none.
    """

    codes: NDArray[np.float32]
    images: NDArray[np.uint8]
    keyframes: tuple[Example, ...]
    keyframe_indices: tuple[int, ...]
    saved: float | None = None
    converged: bool = True
    closed: bool = False
    conditions: tuple[ConditionRow, ...] = ()


@dataclass(frozen=True)
class ExportAnimation:
    """The shown animation, to be exported: on the same channel, so it stops the refinement."""

    channel: ClassVar[str] = "interpolation"
    urgent: ClassVar[bool] = False
    interpolation: Interpolate
    animation: Interpolated

    @property
    def subject(self) -> Subject:
        return self.interpolation.subject

    def compute(self, cache: InferenceCache, progress: Progress) -> Interpolated:
        """The animation as it is, without computing anything."""
        return self.animation


@dataclass(frozen=True)
class Interpolate(OfImageSets):
    """Interpolation through two keyframes or more, in their order.

    even:    the image changes by the same amount from each frame to the next, within a leg
    at_once: yield the straight path before a geodesic, so that something is shown at once
    condition: what a conditional model is told of keyframes that have no class of their own
    """

    channel: ClassVar[str] = "interpolation"
    urgent: ClassVar[bool] = False
    keyframes: tuple[Example, ...]
    path: Path
    closed: bool = False
    even: bool = False
    at_once: bool = True
    condition: ConditionRow | None = None

    def compute(
        self, cache: InferenceCache, progress: Progress
    ) -> Generator[Interpolated, None, Interpolated]:
        """Codes float32 (frames, L) and images; each animation of a geodesic is shorter in energy."""
        from aestudio.analysis.traversal import interpolate_codes
        from aestudio.gui.inference.requests.examples_request import codes_of, conditions_of

        require_continuous(self.snapshot.architecture, "there is no path from one code to another")
        codes = codes_of(cache, self.snapshot, self.image_sets, self.keyframes, progress, self.condition)
        told = conditions_of(self.snapshot, self.image_sets, self.keyframes, self.condition)
        frozen_model = cache.frozen_model(self.snapshot)
        ends = [*codes, codes[0]] if self.closed else [*codes]
        pairs = list(itertools.pairwise(ends))
        steps = max(FEWEST, FRAMES // len(pairs))
        kind = "straight" if self.path == "geodesic" else self.path
        lines = [interpolate_codes(first, last, steps + 1, kind) for first, last in pairs]
        if self.path != "geodesic":
            return self._animation(frozen_model, lines, steps, told)
        if self.at_once:
            yield self._animation(frozen_model, lines, steps, told)
        animation = None
        for curves in _refined(frozen_model, pairs, told, progress):
            if animation is not None:
                yield animation
            animation = self._animation(frozen_model, [curve.codes for curve in curves], steps, told, curves)
        assert animation is not None
        return animation

    def _animation(
        self,
        frozen_model: FrozenModel,
        legs: list[NDArray[np.float32]],
        steps: int,
        told: list[ConditionRow | None],
        curves: list[GeodesicPath] | None = None,
    ) -> Interpolated:
        from aestudio.analysis.traversal import even_in_pixels, joined_paths

        if self.even or curves is not None:  # a geodesic has fewer points than frames
            legs = [
                even_in_pixels(frozen_model, leg, steps + 1, row)
                for leg, row in zip(legs, told, strict=False)  # the last keyframe begins no leg
            ]
        codes = joined_paths(legs)
        # The frame at a keyframe begins the next leg; the last frame belongs to the last leg.
        rows = [told[min(frame // steps, len(legs) - 1)] for frame in range(len(codes))]
        images = frozen_model.decode(codes, stacked(rows))
        saved, converged = None, True
        if curves is not None:
            straight = sum(curve.straight for curve in curves)
            saved = 1 - sum(curve.energy for curve in curves) / straight if straight > 0 else 0.0
            converged = all(curve.converged for curve in curves)
        keyframe_indices = tuple(index * steps for index in range(len(self.keyframes)))
        conditions = tuple(row for row in rows if row is not None)
        return Interpolated(
            codes, images, self.keyframes, keyframe_indices, saved, converged, self.closed, conditions
        )


def _refined(
    frozen_model: FrozenModel,
    pairs: list[tuple[NDArray[np.float32], NDArray[np.float32]]],
    told: list[ConditionRow | None],
    progress: Progress,
) -> Iterator[list[GeodesicPath]]:
    """The geodesics of all legs, level by level."""
    from aestudio.analysis.geodesic import decoder_told, geodesic

    legs = [
        geodesic(decoder_told(frozen_model.model, row), first, last, progress=progress)
        for (first, last), row in zip(pairs, told, strict=False)  # the last keyframe begins no leg
    ]
    for curves in zip(*legs, strict=True):
        yield list(curves)


def played(animation: Interpolated, back: bool) -> NDArray[np.uint8]:
    """The images uint8 (n, C, H, W) of one cycle: forth and, if `back`, back; no frame twice at the turns."""
    if animation.closed:
        return animation.images[:-1]
    return np.concatenate([animation.images, animation.images[-2:0:-1]]) if back else animation.images
