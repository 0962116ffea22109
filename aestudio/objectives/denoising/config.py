"""A denoising autoencoder (Vincent et al. 2008): noise goes in, the clean picture must come out."""

from __future__ import annotations

from typing import ClassVar, Literal

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.setting import setting


class Denoising(Reconstruction):
    """The encoder sees a spoiled picture; the loss compares with the clean one."""

    title: ClassVar[str] = "Denoising"
    summary: ClassVar[str] = "A spoiled picture goes in, the clean one must come out."

    noise: Literal["gaussian", "mask", "salt_and_pepper"] = setting(
        "gaussian",
        title="Noise",
        help="Gaussian: added and clipped to [0, 1]. Mask: pixels set to black. "
        "Salt and pepper: pixels set to black or white.",
    )
    noise_strength: float = setting(
        0.5,
        title="Noise strength",
        unit="σ or share of pixels",
        ge=0.0,
        le=1.0,
        live=True,
        help="Standard deviation of Gaussian noise, or the share of pixels that is spoiled.",
    )
