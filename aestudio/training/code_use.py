"""How far the code is used, measured on some of the images of each validation, for an alarm at a collapse.

Nothing here draws random numbers or changes the model, so that a training with it is the same bit for bit.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch

from aestudio.errors import StudioError
from aestudio.recipes.requirements import has_standard_normal_prior
from aestudio.training.batches import EVALUATION_BATCH
from aestudio.training.events import CodeUse
from aestudio.training.global_draws import same_global_draws

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from aestudio.recipes.architecture import Architecture
    from aestudio.training.batches import ResidentImages
    from aestudio.training.model import Model

IMAGES = 512
"""At most: a tenth of a validation of MNIST. The variance of 512 codes is known to 6 % (one standard error
of a normal distribution's, sqrt(2 / 511)); the alarm has more room than that between its two thresholds."""
MOST_NUMBERS = 1024
"""Of a code: those of a longer one are not kept with every validation, only the two errors."""
_VARIANCE, _KL, _ERROR, _CONSTANT = "code variance", "code kl", "code error", "code mean image error"
_NAMES = (_VARIANCE, _KL, _ERROR, _CONSTANT)
_DIGITS = 6  # kept of each number: a run of many validations stays small
_SEED = 0


class CodeUseMeter:
    """Measures one model after another on the same images."""

    def __init__(self, architecture: Architecture, images: ResidentImages) -> None:
        self._architecture = architecture
        self._images = images.split(len(images) - min(IMAGES, len(images)))[0]  # the first ones
        self._constant: Tensor | None = None

    @staticmethod
    def measured(name: str) -> bool:
        """Whether a result of this name is one of `measure`, and no loss term."""
        return name in _NAMES

    def measure(self, model: Model) -> dict[str, Tensor]:
        """Variance and KL of each number (L,), and two errors, on the device of the images, not synchronised.

        {} for a model that does not reconstruct images or whose codes are images, or a user's own whose
        methods fail: its training does not need them, and the views that do say what failed. The model's
        mode is restored.
        """
        results: dict[str, Tensor] = {}
        architecture = self._architecture
        if not architecture.reconstructs or architecture.latent.is_image or not len(self._images):
            return results
        training, device = model.training, self._images.images.device
        model.eval()
        with suppress(StudioError), torch.no_grad(), same_global_draws(model.recipe, device, _SEED):
            results = self._results(model)
        model.train(training)
        return results

    def _results(self, model: Model) -> dict[str, Tensor]:
        means: list[Tensor] = []
        divergences: list[Tensor] = []
        error = torch.zeros((), device=self._images.images.device)
        for examples in self._images.in_order(EVALUATION_BATCH):
            condition = model.condition_of(examples)
            code = model.encode(examples.images, condition)
            shown = model.decode_images(code.mean, condition)
            error += (shown - examples.images).square().sum()
            means.append(code.mean)
            if code.log_variance is not None and has_standard_normal_prior(self._architecture.latent):
                logs = code.log_variance
                divergences.append(0.5 * (code.mean.square() + logs.exp() - 1 - logs))
        if self._constant is None:
            self._constant = self._mean_image_error(model)
        results = {_ERROR: error / self._images.images.numel(), _CONSTANT: self._constant}
        if 0 < self._architecture.latent.continuous <= MOST_NUMBERS and len(self._images) > 1:
            results[_VARIANCE] = torch.cat(means).var(dim=0)
            if divergences:
                results[_KL] = torch.cat(divergences).mean(dim=0)
        return results

    def _mean_image_error(self, model: Model) -> Tensor:
        """The error of the best answer that knows the condition only, by least squares."""
        parts = [
            (examples.images.flatten(1), model.condition_of(examples))
            for examples in self._images.in_order(EVALUATION_BATCH)
        ]
        images = torch.cat([pixels for pixels, _ in parts]).cpu().numpy().astype(np.float64)
        told = [condition for _, condition in parts if condition is not None]
        answers = images.mean(axis=0)
        if told:
            known = torch.cat(told).cpu().numpy().astype(np.float64)
            known = np.concatenate([np.ones((len(images), 1)), known], axis=1)
            # The numbers of all classes together say what the constant says: the shortest solution is taken.
            answers = known @ np.linalg.lstsq(known, images, rcond=None)[0]
        error = float(np.square(images - answers).mean())
        return torch.tensor(error, dtype=torch.float32, device=self._images.images.device)

    def of(self, results: Mapping[str, Tensor]) -> CodeUse | None:
        """The measured values as plain numbers: variance and KL (L,), two errors.

        None without any, or if one is no number.
        """
        if _ERROR not in results:
            return None
        variance, kl = (_numbers(results[name]) if name in results else () for name in (_VARIANCE, _KL))
        error, constant = _numbers(results[_ERROR])[0], _numbers(results[_CONSTANT])[0]
        if not all(map(math.isfinite, (*variance, *kl, error, constant))):
            return None  # the training diverges, and says so itself
        return CodeUse(variance, kl, error, constant, len(self._images))


def _numbers(values: Tensor) -> tuple[float, ...]:
    plain: list[float] = cast("Any", values.flatten()).tolist()
    return tuple(float(f"{value:.{_DIGITS}g}") for value in plain)
