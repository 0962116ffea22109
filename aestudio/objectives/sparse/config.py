"""A sparse autoencoder: few code units are active for any image."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from aestudio.recipes.objective import GroupName


class Sparse(Reconstruction):
    """Reconstruction plus a sparsity penalty: L1 of the code, or KL(rho || mean activity) (Ng 2011).

    The penalty is added to the loss per image: sparsity_weight times nats (KL) or code units (L1).
    """

    title: ClassVar[str] = "Sparse autoencoder"
    summary: ClassVar[str] = "Few code units are active for any image."
    formula: ClassVar[str] = "d(x, y) + w Σⱼ KL(ρ ‖ mean zⱼ)"
    group: ClassVar[GroupName] = "robust"

    code_activation: Literal["linear", "sigmoid", "tanh", "relu"] = setting(
        "sigmoid",
        title="Code activation",
        help="Function on the code. The KL penalty needs activities between 0 and 1: sigmoid.",
    )
    sparsity: Literal["kl", "l1"] = setting(
        "kl",
        title="Sparsity penalty",
        help="KL: each unit's mean activity is pulled to the target. L1: the sum of absolute activities.",
    )
    target_activity: float = setting(
        0.1,
        title="Target activity ρ",
        unit="mean activity",
        gt=0.0,
        le=0.99,
        applies_if=("sparsity", ("kl",)),
        help="Mean activity that each code unit should have over a batch.",
    )
    sparsity_weight: float = setting(
        0.5,
        title="Sparsity weight",
        unit="× penalty",
        ge=0.0,
        le=100.0,
        live=True,
        help="How much the sparsity penalty counts against the reconstruction.",
    )

    @model_validator(mode="after")
    def _divergence_needs_probabilities(self) -> Sparse:
        # KL(rho || activity) is a divergence only between 0 and 1; elsewhere its value is meaningless.
        if self.sparsity == "kl" and self.code_activation != "sigmoid":
            allowed = "sigmoid if the sparsity is kl"
            context = {"name": "code_activation", "allowed": allowed}
            raise PydanticCustomError("combination", "{name} must be {allowed}", context)
        return self

    @property
    def compares_batches(self) -> bool:
        return self.sparsity == "kl"  # the mean activity is one of a batch

    def _penalised(self) -> bool:
        return True
