"""Loss terms over a whole set of digits, with randomness that is the same every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.models.objective import Batch
from aestudio.training.batches import EVALUATION_BATCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.models.model import Model
    from aestudio.training.batches import ResidentDigits

EVALUATION_SEED = 20_061_028


def mean_terms(
    model: Model, digits: ResidentDigits, live: Mapping[str, float], seed: int = EVALUATION_SEED
) -> dict[str, float]:
    """Every loss term, averaged over all the digits; the model is left in the mode it was in.

    The noise (one posterior sample per image, one spoiling per image) comes from a generator of its
    own, so that evaluating changes nothing in a training and gives the same figure every time.
    """
    device = digits.images.device
    noise = torch.Generator(device).manual_seed(seed)
    training = model.training
    model.eval()
    sums: dict[str, torch.Tensor] = {}
    with torch.inference_mode():
        for images, labels in digits.in_order(EVALUATION_BATCH):
            terms = model.terms(Batch(images, labels, noise, live))
            for name, value in terms.items():
                sums[name] = sums.get(name, torch.zeros((), device=device)) + value * len(images)
    model.train(training)
    return {name: float(value) / len(digits) for name, value in sums.items()}
