"""What every layer of a model gives for one image: its activations. Needs torch."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from aestudio.inference.conditions import repeated
from aestudio.inference.taken_images import require_shape
from aestudio.training.batches import to_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.recipes.architecture import Architecture


@dataclass(frozen=True, eq=False)
class Activations:
    """Of one image, or of one code for a model without an encoder.

    of_modules: the result of each module by its name, float32 in the shape of one example
    code:    float32, of the latent's shape: the mean of a Gaussian code; class scores of a classifier
    decoded: float32 (C, H, W) in [0, 1]; None if nothing is decoded
    """

    of_modules: Mapping[str, NDArray[np.float32]]
    code: NDArray[np.float32] | None = None
    decoded: NDArray[np.float32] | None = None


def activations(
    frozen_model: FrozenModel,
    modules: Sequence[str],
    image: NDArray[np.uint8],
    code: Sequence[float] | None = None,
    told: ConditionRow | None = None,
) -> Activations:
    """Send one image uint8 (C, H, W) through the model and record what these modules give.

    Of a model without an encoder the code (L,) is decoded, if there is one, and the image goes through what
    it has instead, a critic. Modules that are not there or not used are left out: a user's own objective may
    build others than it declares. Raises StudioError for an image of another shape than the model's.
    """
    require_shape(frozen_model.snapshot, image[None])
    model, found = frozen_model.model, dict[str, "NDArray[np.float32]"]()
    architecture = model.architecture
    with ExitStack() as stack:
        stack.enter_context(torch.inference_mode())
        stack.enter_context(model.own_errors())
        for name in modules:
            with suppress(AttributeError):
                module = model.get_submodule(name)
                handle = module.register_forward_hook(_recorder(name, found))
                stack.callback(handle.remove)
        condition = repeated(told, 1)
        row = None if condition is None else torch.tensor(condition)
        batch = to_unit(torch.tensor(image[None]))
        codes = None if code is None else torch.tensor([tuple(code)], dtype=torch.float32)
        if architecture.encodes:
            codes = model.encode(batch, row).mean
        elif architecture.encoder:
            features = model.encoder(model.objective.encoder_input(batch, row))
            head = getattr(model.objective, "head", None)
            for network in (head, *_of_features(architecture, model.objective)):
                if isinstance(network, nn.Module):
                    network(features)
        decoded = model.decode_images(codes, row) if architecture.decodes and codes is not None else None
    return Activations(
        found,
        None if codes is None else codes[0].numpy().reshape(architecture.latent.shape),
        None if decoded is None else decoded[0].numpy(),
    )


def _of_features(architecture: Architecture, objective: nn.Module) -> list[object]:
    """The further networks of an objective that take what a critic's layers give, such as a recogniser."""
    return [
        getattr(objective, name, None)
        for name, (inputs, _) in architecture.networks.items()
        if inputs == architecture.features
    ]


def _recorder(
    name: str, found: dict[str, NDArray[np.float32]]
) -> Callable[[nn.Module, object, object], None]:
    def record(module: nn.Module, inputs: object, result: object) -> None:
        del module, inputs
        if isinstance(result, Tensor):
            # A copy: the next layer may work in place.
            found[name] = np.array(result[0].float().numpy())

    return record
