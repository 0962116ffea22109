"""The optimiser and its learning rate schedule, from the recipe's training settings.

The rules are torch's own, in their functional form: an `Optimizer` object imports torch's compiler when
it is made (2 s and 150 MB, as much as torch itself) and costs a sixth of a small model's step in
bookkeeping (both measured, docs/decisions.md).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.adam import adam
from torch.optim.adamw import adamw
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.recipes.training_settings import Training

Arrays = dict[str, "NDArray[np.generic]"]

# One-cycle (Smith & Topin 2018), with the proportions of torch.optim.lr_scheduler.OneCycleLR.
RISE = 0.3
START = 1 / 25
END = START / 1e4
# Where torch has its rules as one kernel for all parameters: twice as fast on small models.
FUSED = ("cpu", "cuda", "mps")


class Optimiser(ABC):
    """Updates a model's parameters; gradients are in the order of the parameters, each of the same shape.

    state: tensors by name, one of each name for every parameter, in the order of `parameters()`
    """

    names: tuple[str, ...] = ()

    def __init__(self, model: nn.Module, settings: Training) -> None:
        self.parameters: list[Tensor] = list(model.parameters())
        self.settings = settings
        device = self.parameters[0].device
        self.fused = device.type in FUSED
        self.capturable = device.type == "cuda"
        self.state: dict[str, list[Tensor]] = {}
        for name in self.names:
            if name == "step":
                steps_on = device if self.fused or self.capturable else torch.device("cpu")
                self.state[name] = [torch.zeros((), device=steps_on) for _ in self.parameters]
            else:
                self.state[name] = [torch.zeros_like(parameter) for parameter in self.parameters]

    def step(self, gradients: Sequence[Tensor], rate: float | Tensor) -> None:
        """One step. rate: learning rate, a float or a scalar tensor on the parameters' device."""
        with torch.no_grad():
            self.apply([*map(_laid_out_like, gradients, self.parameters)], rate)

    @abstractmethod
    def apply(self, gradients: list[Tensor], rate: float | Tensor) -> None:
        """The update rule."""


def _laid_out_like(gradient: Tensor, parameter: Tensor) -> Tensor:
    """The fused kernels walk through memory: a gradient must lie there as its parameter does."""
    if gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter).copy_(gradient)


class Adam(Optimiser):
    """Adam (Kingma & Ba 2014, arXiv:1412.6980); gradients of the same shapes as the parameters."""

    names = ("step", "exp_avg", "exp_avg_sq")
    rule = staticmethod(adam)

    def apply(self, gradients: list[Tensor], rate: float | Tensor) -> None:
        """One step, with torch's default betas and epsilon."""
        self.rule(
            self.parameters,
            gradients,
            self.state["exp_avg"],
            self.state["exp_avg_sq"],
            [],
            self.state["step"],
            fused=self.fused,
            capturable=self.capturable,
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=rate,
            weight_decay=self.settings.weight_decay,
            eps=1e-8,
            maximize=False,
        )


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov & Hutter 2017)."""

    rule = staticmethod(adamw)


class GradientDescent(Optimiser):
    """Stochastic gradient descent, with momentum if it is set; gradients of the same shapes."""

    def __init__(self, model: nn.Module, settings: Training) -> None:
        self.names = ("momentum_buffer",) if settings.momentum else ()
        super().__init__(model, settings)

    def apply(self, gradients: list[Tensor], rate: float | Tensor) -> None:
        """One step."""
        buffers: list[Tensor | None] = [*self.state.get("momentum_buffer", [])]
        sgd(
            self.parameters,
            gradients,
            buffers or [None] * len(self.parameters),
            fused=self.fused,
            weight_decay=self.settings.weight_decay,
            momentum=self.settings.momentum,
            lr=rate,
            dampening=0.0,
            nesterov=False,
            maximize=False,
        )


class RmsProp(Optimiser):
    """RMSprop (Hinton, lecture 6e) as in torch, which has no fused kernel; gradients of the same shapes."""

    names = ("step", "square_avg")

    def apply(self, gradients: list[Tensor], rate: float | Tensor) -> None:
        """One step, with torch's default alpha and epsilon."""
        rmsprop(
            self.parameters,
            gradients,
            self.state["square_avg"],
            [],
            [],
            self.state["step"],
            foreach=True,
            capturable=self.capturable,
            lr=rate if self.capturable else float(rate),
            alpha=0.99,
            eps=1e-8,
            weight_decay=self.settings.weight_decay,
            momentum=0.0,
            centered=False,
        )


_RULES: dict[str, type[Optimiser]] = {
    "adam": Adam,
    "adamw": AdamW,
    "sgd": GradientDescent,
    "rmsprop": RmsProp,
}


def build_optimiser(model: nn.Module, settings: Training) -> Optimiser:
    """The optimiser that the settings name."""
    return _RULES[settings.optimiser](model, settings)


def gradients_of(loss: Tensor, parameters: Sequence[Tensor]) -> list[Tensor]:
    """The gradients of a scalar loss, one for each parameter, same shape; `grad` is None afterwards.

    `backward` has less overhead than `torch.autograd.grad` (measured).
    """
    cast("Any", loss).backward()  # untyped in torch
    gradients: list[Tensor] = []
    for parameter in parameters:
        assert parameter.grad is not None
        gradients.append(parameter.grad)
        parameter.grad = None
    return gradients


def clip(gradients: Sequence[Tensor], norm: float) -> None:
    """Scale the gradients (of any shapes) in place, so that their joint Euclidean norm is at most `norm`."""
    factor = (norm / (nn.utils.get_total_norm(gradients) + 1e-6)).clamp(max=1.0)
    for gradient in gradients:
        gradient.mul_(factor)


def rate_factor(schedule: str, step: int, total: int) -> float:
    """Factor of the learning rate at a step (0 <= step < total), by the name of the schedule."""
    if schedule == "constant":
        return 1.0
    if schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * step / total))
    peak = RISE * total - 1
    if step <= peak:
        return _cosine_between(START, 1.0, step / peak)
    return _cosine_between(1.0, END, (step - peak) / max(1.0, total - 1 - peak))


def _cosine_between(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * min(1.0, share)))


def flat_state(optimiser: Optimiser) -> dict[str, Tensor]:
    """A copy of the optimiser's state: for each name one flat tensor (P,), or (parameters,) for "step"."""
    return {
        name: torch.cat([tensor.detach().flatten() for tensor in tensors])
        for name, tensors in optimiser.state.items()
    }


def arrays_of_flat(optimiser: Optimiser, model: nn.Module, flat: Mapping[str, Tensor]) -> Arrays:
    """The parts of `flat_state`, copied to the CPU, by "parameter/state", each in its own shape.

    They share the memory of the flat tensors and are not writeable.
    """
    whole = {name: tensor.numpy() for name, tensor in flat.items()}
    for array in whole.values():
        array.setflags(write=False)
    arrays: Arrays = {}
    begins = dict.fromkeys(whole, 0)
    for index, (parameter, _) in enumerate(model.named_parameters()):
        for name, array in whole.items():
            tensor = optimiser.state[name][index]
            begin, end = begins[name], begins[name] + tensor.numel()
            arrays[f"{parameter}/{name}"] = array[begin:end].reshape(tensor.shape)
            begins[name] = end
    return arrays


def optimiser_arrays(optimiser: Optimiser, model: nn.Module) -> Arrays:
    """The optimiser's state as arrays on the CPU by "parameter/state", each in its own shape."""
    return arrays_of_flat(
        optimiser, model, {name: flat.cpu() for name, flat in flat_state(optimiser).items()}
    )


def restore_optimiser(
    optimiser: Optimiser, model: nn.Module, arrays: Mapping[str, NDArray[np.generic]]
) -> None:
    """Copy the arrays of `optimiser_arrays` into the state of the same shape; others stay."""
    for index, (parameter, _) in enumerate(model.named_parameters()):
        for name, tensors in optimiser.state.items():
            array = arrays.get(f"{parameter}/{name}")
            if array is not None:
                tensors[index].copy_(torch.tensor(np.asarray(array)))
