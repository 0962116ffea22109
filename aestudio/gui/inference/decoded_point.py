"""The image of one code, decoded at once on the window's own thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.inference.conditions import repeated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.early_decoder import EarlyDecoder
    from aestudio.inference.frozen_model import FrozenModel

    PointDecoder = FrozenModel | EarlyDecoder
    DecodedPoint = tuple[NDArray[np.uint8], NDArray[np.float32] | None, float | None]


def decode_point(
    frozen_model: PointDecoder, code: NDArray[np.float32], condition: ConditionRow | None
) -> DecodedPoint | None:
    """A code float32 (L,) -> its image uint8 (C, H, W); None if the model has no image of such a code.

    Of a discrete code also what its entries stand for, float32 (P,), and its log-density under a learned
    prior. Raises StudioError if a user's own part fails.
    """
    latent = frozen_model.snapshot.architecture.latent
    if not frozen_model.decodes or latent.size != len(code):
        return None
    image = frozen_model.decode(code[None], repeated(condition, 1))[0]
    if not latent.choices:
        return image, None, None
    densities = frozen_model.prior_log_density(code[None]) if latent.learned_prior else None
    density = None if densities is None else float(densities[0])
    return image, frozen_model.points(code[None])[0], density
