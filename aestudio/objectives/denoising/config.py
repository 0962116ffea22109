"""A denoising autoencoder (Vincent et al. 2008): a noisy image goes in, the clean one comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.recipes.objective import GroupName


class Denoising(Reconstruction):
    """The encoder receives a corrupted image; the loss compares the reconstruction with the clean one."""

    title: ClassVar[str] = "Denoising autoencoder"
    summary: ClassVar[str] = "Reconstructs the clean image from a corrupted one."
    formula: ClassVar[str] = "d(x, y), y from x + noise"
    group: ClassVar[GroupName] = "robust"
    corrupts: ClassVar[bool] = True

    noise: Literal["gaussian", "mask", "salt_and_pepper", "block"] = setting(
        "gaussian",
        title="Noise",
        help="Gaussian: added and clipped to [0, 1]. Mask: pixels set to black. "
        "Salt and pepper: pixels set to black or white. Block: one rectangle set to black.",
    )
    noise_strength: float = setting(
        0.5,
        title="Noise strength",
        unit="σ or share of pixels",
        ge=0.0,
        le=1.0,
        live=True,
        help="Standard deviation of Gaussian noise, or the share of pixels that are corrupted.",
    )
