"""Pictures that the user opened or dropped: each is reconstructed as a drawn digit is. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Pictures:
    """Images in the shape of the model that was shown when they were opened.

    images: uint8 (N, C, H, W); names: of their files; chosen: the one that is on the drawing pad
    """

    images: NDArray[np.uint8]
    names: tuple[str, ...]
    chosen: int = 0

    @property
    def image(self) -> NDArray[np.uint8]:
        """The chosen one, uint8 (C, H, W)."""
        return self.images[self.chosen]

    def with_chosen(self, index: int) -> Pictures:
        """Another one of them; the same if there is none of this number."""
        return replace(self, chosen=index) if 0 <= index < len(self.names) else self
