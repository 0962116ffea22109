"""The question behind the morph: a film through the latent space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.data.digits import Digits
    from aestudio.gui.questions.desk import Desk
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True, eq=False)
class Film:
    """A morph. codes: float32 (frames, latent); pictures: uint8 (frames, 28, 28)."""

    codes: NDArray[np.float32]
    pictures: NDArray[np.uint8]


@dataclass(frozen=True)
class Morph:
    """From one digit of the set to another, through the latent space."""

    channel: ClassVar[str] = "morph"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    digits: Digits
    first: int
    last: int
    frames: int
    path: str

    def answer(self, desk: Desk, progress: Progress) -> Film:  # noqa: ARG002
        from aestudio.analysis.traversal import morph_codes

        viewer = desk.viewer(self.snapshot)
        ends = viewer.encode(self.digits.images[[self.first, self.last]]).mean
        codes = morph_codes(ends[0], ends[1], self.frames, self.path)  # type: ignore[arg-type]
        return Film(codes, viewer.decode(codes))
