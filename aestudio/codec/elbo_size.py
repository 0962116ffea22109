"""The size that a lossless file should have: the negative ELBO, as the objective computes it by itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from aestudio.objectives.objective_module import Batch
from aestudio.training.batches import EVALUATION_BATCH
from aestudio.training.model import build_model, load_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot

DRAWS = 5  # of the code of each image


def elbo_bits(snapshot: Snapshot, images: NDArray[np.uint8], draws: int = DRAWS) -> float:
    """The negative ELBO of images uint8 (N, C, H, W) in bits altogether: the mean of some draws of the codes.

    Raises TypeError for an objective without one.
    """
    model = build_model(snapshot.architecture).eval().requires_grad_(False)
    load_weights(model, snapshot.weights)
    noise, total = torch.Generator().manual_seed(0), 0.0
    with torch.inference_mode():
        for start in range(0, len(images), EVALUATION_BATCH):
            part = torch.tensor(images[start : start + EVALUATION_BATCH] / 255, dtype=torch.float32)
            for _ in range(draws):
                losses = model.negative_elbo_of_images(Batch(part, None, noise, {"beta": 1.0}))
                if losses is None:
                    raise TypeError(f"{snapshot.recipe.name} does not tell the ELBO of single images")
                total += float(losses.double().sum()) / draws
    return total / math.log(2)
