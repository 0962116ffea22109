"""The weight of a KL term, its warm-up and free bits: settings that several bounds have. No torch."""

from __future__ import annotations

from aestudio.recipes.objective import Objective
from aestudio.recipes.setting import setting


class WeightedKl(Objective):
    """beta times the KL term; beta grows from 0 during the warm-up."""

    beta: float = setting(
        1.0,
        title="β",
        unit="× KL",
        ge=0.0,
        le=100.0,
        live=True,
        help="Weight of the KL term (Higgins et al. 2017). 1 is the evidence lower bound itself.",
    )
    warmup_epochs: float = setting(
        0.0,
        title="KL warm-up",
        unit="epochs",
        ge=0.0,
        le=1000.0,
        help="The weight of the KL term grows from 0 to β in these epochs; the negative ELBO is at weight 1.",
    )


class FreeBits(WeightedKl):
    """The KL of each number of the code counts only above lambda nats."""

    free_bits: float = setting(
        0.0,
        title="Free bits λ",
        unit="nats per dimension",
        ge=0.0,
        le=10.0,
        live=True,
        help="The KL of each dimension counts only above λ (Kingma et al. 2016).",
    )
