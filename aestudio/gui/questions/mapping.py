"""The question behind the map of the codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.projections import Plane
    from aestudio.analysis.viewer import Codes
    from aestudio.data.digits import Digits
    from aestudio.gui.questions.desk import Desk
    from aestudio.gui.session.state import GivenCodes, PlaneChoice
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True, eq=False)
class CodeMap:
    """Codes of many digits on a plane.

    xy: float32 (N, 2); labels: int64 (N,) or None; ranges: (latent, 2) for the sliders
    given: whether the points are a shipped model's own and not digits at hand
    """

    plane: Plane
    xy: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    ranges: NDArray[np.float64]
    given: bool


@dataclass(frozen=True)
class MapOfCodes:
    """The codes of the first `count` digits, or the given ones, on the chosen plane."""

    channel: ClassVar[str] = "map"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    digits: Digits | None
    given: GivenCodes | None
    count: int
    choice: PlaneChoice

    def answer(self, desk: Desk, progress: Progress) -> CodeMap:
        from aestudio.analysis.codes import latent_ranges
        from aestudio.analysis.projections import plane_of_components, plane_of_dimensions

        codes, labels, names = self._codes(desk, progress)
        make = plane_of_components if self.choice.kind == "components" else plane_of_dimensions
        plane = make(codes.mean, self.choice.first, self.choice.second)
        xy = plane.to_plane(codes.mean).astype(np.float32)
        return CodeMap(plane, xy, labels, names, latent_ranges(codes), self.given is not None)

    def _codes(
        self, desk: Desk, progress: Progress
    ) -> tuple[Codes, NDArray[np.int64] | None, tuple[str, ...]]:
        from aestudio.analysis.viewer import Codes
        from aestudio.data.digits import DIGIT_NAMES

        if self.given is not None:
            return Codes(self.given.mean), self.given.labels, DIGIT_NAMES
        assert self.digits is not None
        codes = desk.codes(self.snapshot, self.digits, self.count, progress)
        labels = None if self.digits.labels is None else self.digits.labels[: len(codes)]
        return codes, labels, self.digits.class_names
