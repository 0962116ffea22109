"""Loss terms over a whole set of images, with the same random numbers every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import torch

from aestudio.objectives.objective_module import Batch
from aestudio.training.batches import EVALUATION_BATCH
from aestudio.training.code_use import CodeUseMeter
from aestudio.training.global_draws import same_global_draws
from aestudio.training.initial import flat_weights
from aestudio.training.model import build_model
from aestudio.training.side_stream import PendingValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.recipes.architecture import Architecture
    from aestudio.training.batches import ResidentImages
    from aestudio.training.events import CodeUse
    from aestudio.training.model import Model
    from aestudio.training.side_stream import SideStream

EVALUATION_SEED = 20_061_028
POSTERIOR_DRAWS = 1
"""Samples of the posterior per image in every term: an objective draws one in each evaluation."""

Result = TypeVar("Result")


def mean_terms(
    model: Model, images: ResidentImages, live: Mapping[str, float], seed: int = EVALUATION_SEED
) -> dict[str, float]:
    """Every loss term, averaged over all images; the model's mode is restored.

    The noise (one posterior sample and one corruption per image) comes from a separate generator, so that
    an evaluation does not change the training and gives the same values every time.
    """
    return _means(summed_terms(model, images, live, seed), len(images))


def _means(sums: Mapping[str, torch.Tensor], count: int) -> dict[str, float]:
    return {name: float(value) / count for name, value in sums.items()}


def summed_terms(
    model: Model, images: ResidentImages, live: Mapping[str, float], seed: int = EVALUATION_SEED
) -> dict[str, torch.Tensor]:
    """The same before dividing by the number of images: scalars on the device, not synchronised."""
    device = images.images.device
    noise = torch.Generator(device).manual_seed(seed)
    training = model.training
    model.eval()
    sums: dict[str, torch.Tensor] = {}
    # Not inference mode: a loss with a gradient in it, such as a gradient penalty, enables gradients itself.
    with torch.no_grad(), same_global_draws(model.recipe, device, seed):
        mixed = model.recipe.objective.compares_batches
        for batch in images.mixed(seed) if mixed else images.in_order(EVALUATION_BATCH):
            condition = model.condition_of(batch)
            terms = model.terms(Batch(batch.images, batch.labels, noise, live, condition))
            for name, value in terms.items():
                sums[name] = sums.get(name, torch.zeros((), device=device)) + value * len(batch.images)
    model.train(training)
    return sums


def negative_elbos(
    model: Model, images: ResidentImages, seed: int = EVALUATION_SEED
) -> NDArray[np.float64] | None:
    """The negative ELBO of each image, float64 (N,) in nats, with the draws of `mean_terms`.

    Its mean is the term of that name; None for an objective that has no such term, or only its mean.
    """
    device = images.images.device
    noise = torch.Generator(device).manual_seed(seed)
    training = model.training
    model.eval()
    found: list[torch.Tensor] = []
    with torch.no_grad(), same_global_draws(model.recipe, device, seed):
        for batch in images.in_order(EVALUATION_BATCH):
            condition = model.condition_of(batch)
            losses = model.negative_elbo_of_images(Batch(batch.images, batch.labels, noise, {}, condition))
            if losses is None:
                break
            found.append(losses.double().cpu())
    model.train(training)
    return torch.cat(found).numpy() if found else None


class Validator:
    """Measures the loss terms on one set of images; on a GPU beside the steps, with a copy of the model."""

    def __init__(self, architecture: Architecture, images: ResidentImages, side_stream: SideStream) -> None:
        self._architecture = architecture
        self._images = images
        self._side_stream = side_stream
        self._code_use = CodeUseMeter(architecture, images)
        self._copy: Model | None = None

    def begin(
        self,
        model: Model,
        live: Mapping[str, float],
        finish: Callable[[dict[str, float], CodeUse | None], Result],
    ) -> PendingValue[Result]:
        """Start with the current weights; the result is `finish(terms, how the code is used)`."""
        values, count, meter = dict(live), len(self._images), self._code_use
        if self._side_stream.immediate:
            terms = mean_terms(model, self._images, values)
            code_use = meter.of(meter.measure(model))
            return PendingValue(lambda: finish(terms, code_use))
        if self._copy is None:
            self._copy = build_model(self._architecture).to(self._images.images.device)
        copy, flat = self._copy, flat_weights(model)

        def work() -> dict[str, torch.Tensor]:
            parts: tuple[torch.Tensor, ...] = cast("Any", flat).split(
                [parameter.numel() for parameter in copy.state_dict().values()]
            )
            for parameter, part in zip(copy.state_dict().values(), parts, strict=True):
                parameter.copy_(part.view_as(parameter))
            return summed_terms(copy, self._images, values) | meter.measure(copy)

        def done(results: dict[str, torch.Tensor]) -> Result:
            code_use = meter.of(results)
            sums = {name: value for name, value in results.items() if not meter.measured(name)}
            return finish(_means(sums, count), code_use)

        return self._side_stream.run(work, done, reads=(flat,))
