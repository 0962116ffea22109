"""A winner-take-all autoencoder (Makhzani & Frey 2015): each unit is active for its share of the images."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.recipes.objective import GroupName


class WinnerTakeAll(Reconstruction):
    """d(x, decoder(w(h(x)))): w keeps each unit's largest activities over the batch, a share p of them.

    Every unit is used by p of the images, so none is dead. One image alone has no batch: outside training a
    unit is kept above its threshold, the moving average of the smallest activity that was kept.
    """

    title: ClassVar[str] = "Winner-take-all autoencoder"
    summary: ClassVar[str] = "Each code unit is active for a few per cent of the images."
    formula: ClassVar[str] = "d(x, y), y from each zⱼ's best 5 %"
    group: ClassVar[GroupName] = "robust"

    code_activation: Literal["linear", "sigmoid", "tanh", "relu"] = setting(
        "relu",
        title="Code activation",
        help="Function on the code. ReLU as in the source: what is not kept is 0 anyway.",
    )
    winner_share: float = setting(
        0.05,
        title="Share of winners",
        unit="of the images",
        gt=0.0,
        le=1.0,
        help="For how many images of a batch each unit is kept, at least one: those of its largest "
        "activities. Needs batches of some dozen images.",
    )
