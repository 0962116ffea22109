"""A masked autoencoder (He, Chen, Xie, Li, Dollár & Girshick 2022): what was under the patches?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.objective import Term
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.recipes.objective import GroupName


class MaskedPatches(Reconstruction):
    """d(x, y) over the hidden patches + w d(x, y) over the visible ones, y from an image with grey patches.

    Other patches are hidden in each step, of each image a share from 0 to the largest one: the model is also
    shown whole images later, and with a fixed share it never learned from one (48.6 squared error on MNIST).
    The source leaves hidden patches out of a transformer's sequence; these networks take whole images, so
    they are grey, which no ink and no paper is.
    """

    title: ClassVar[str] = "Masked autoencoder"
    summary: ClassVar[str] = "Fills in patches of the image that were hidden."
    formula: ClassVar[str] = "d on hidden patches + w d on visible"
    group: ClassVar[GroupName] = "robust"
    corrupts: ClassVar[bool] = True

    patch_size: int = setting(
        4,
        title="Patch size",
        unit="pixels",
        ge=1,
        le=32,
        help="Side of a patch. The last ones are smaller if the image's sides are no multiples of it.",
    )
    masked_share: float = setting(
        0.75,
        title="Largest hidden share",
        unit="of the patches",
        ge=0.0,
        le=1.0,
        help="Of each image a share of the patches from 0 to this one, drawn evenly, is hidden.",
    )
    visible_weight: float = setting(
        0.1,
        title="Weight of visible patches",
        unit="× their error",
        ge=0.0,
        le=1.0,
        live=True,
        help="How much the error of visible patches counts beside that of hidden ones; 0 as in the source.",
    )

    def added_terms(self) -> tuple[Term, ...]:
        unit = self.image_loss().unit
        return (Term("hidden", "Hidden patches", unit), Term("visible", "Visible patches", unit))
