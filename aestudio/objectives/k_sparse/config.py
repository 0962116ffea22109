"""A k-sparse autoencoder (Makhzani & Frey 2014): the k largest units of each code, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.recipes.objective import GroupName


class KSparse(Reconstruction):
    """d(x, decoder(top_k(W h(x) + b))): all but the k largest numbers of a code are 0.

    A unit that is never among them never learns. So all are kept at first, and fewer from step to step.
    """

    title: ClassVar[str] = "k-sparse autoencoder"
    summary: ClassVar[str] = "Each image keeps its k largest code units, and no others."
    formula: ClassVar[str] = "d(x, y), y from the k largest zⱼ"
    group: ClassVar[GroupName] = "robust"

    active_units: int = setting(
        10,
        title="Active units k",
        unit="units",
        ge=1,
        le=1024,
        help="How many numbers of each code are kept; the others are 0. "
        "With as many as the code has, it is a plain autoencoder.",
    )
    all_units_epochs: float = setting(
        5.0,
        title="From all units to k",
        unit="epochs",
        ge=0.0,
        le=1000.0,
        help="Epochs in which the number of active units falls from all of them to k, so that each learns.",
    )
