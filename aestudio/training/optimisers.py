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

    from aestudio.recipes.phase import Phase
    from aestudio.recipes.training_settings import Training

State = dict[str, list[Tensor]]
Arrays = dict[str, "NDArray[np.generic]"]

# One-cycle (Smith & Topin 2018), with the proportions of torch.optim.lr_scheduler.OneCycleLR.
RISE = 0.3
START = 1 / 25
END = START / 1e4
# Where torch has its rules as one kernel for all parameters: twice as fast on small models.
FUSED = ("cpu", "cuda", "mps")


class Optimiser(ABC):
    """Updates the parameters of one phase; gradients are in their order, each of the same shape.

    parameter_names: the names of the parameters in the model
    state: tensors by name, one of each name for every parameter, in the order of the parameters
    """

    names: tuple[str, ...] = ()

    def __init__(self, parameters: Mapping[str, Tensor], settings: Training, first_beta: float = 0.9) -> None:
        self.parameter_names = tuple(parameters)
        self.parameters: list[Tensor] = list(parameters.values())
        self.settings = settings
        self.first_beta = first_beta
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

    def step(self, gradients: Sequence[Tensor | None], rate: float | Tensor) -> None:
        """One step; parameters whose gradient is None stay as they are, and so does their state.

        rate: learning rate, a float or a scalar tensor on the parameters' device
        """
        chosen = [index for index, gradient in enumerate(gradients) if gradient is not None]
        parameters = [self.parameters[index] for index in chosen]
        present = [gradient for gradient in gradients if gradient is not None]
        state = self.state
        if len(chosen) < len(self.parameters):
            state = {name: [tensors[index] for index in chosen] for name, tensors in self.state.items()}
        if chosen:
            with torch.no_grad():
                self.apply(parameters, [*map(_laid_out_like, present, parameters)], state, rate)

    @abstractmethod
    def apply(
        self, parameters: list[Tensor], gradients: list[Tensor], state: State, rate: float | Tensor
    ) -> None:
        """The update rule: gradients and each list of the state in the order of the parameters."""


def _laid_out_like(gradient: Tensor, parameter: Tensor) -> Tensor:
    """The fused kernels walk through memory: a gradient must lie there as its parameter does."""
    if gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter).copy_(gradient)


class Adam(Optimiser):
    """Adam (Kingma & Ba 2014, arXiv:1412.6980); gradients of the same shapes as the parameters."""

    names = ("step", "exp_avg", "exp_avg_sq")
    rule = staticmethod(adam)

    def apply(
        self, parameters: list[Tensor], gradients: list[Tensor], state: State, rate: float | Tensor
    ) -> None:
        """One step, with torch's default second beta and epsilon."""
        self.rule(
            parameters,
            gradients,
            state["exp_avg"],
            state["exp_avg_sq"],
            [],
            state["step"],
            fused=self.fused,
            capturable=self.capturable,
            amsgrad=False,
            beta1=self.first_beta,
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

    def __init__(self, parameters: Mapping[str, Tensor], settings: Training, first_beta: float = 0.9) -> None:
        self.names = ("momentum_buffer",) if settings.momentum else ()
        super().__init__(parameters, settings, first_beta)

    def apply(
        self, parameters: list[Tensor], gradients: list[Tensor], state: State, rate: float | Tensor
    ) -> None:
        """One step."""
        buffers: list[Tensor | None] = [*state.get("momentum_buffer", [])]
        sgd(
            parameters,
            gradients,
            buffers or [None] * len(parameters),
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

    def apply(
        self, parameters: list[Tensor], gradients: list[Tensor], state: State, rate: float | Tensor
    ) -> None:
        """One step, with torch's default alpha and epsilon."""
        rmsprop(
            parameters,
            gradients,
            state["square_avg"],
            [],
            [],
            state["step"],
            foreach=True,
            capturable=self.capturable,
            lr=rate if self.capturable else float(rate),
            alpha=0.99,
            eps=1e-8,
            weight_decay=self.settings.weight_decay,
            momentum=0.0,
            centered=False,
        )


class NoOptimiser(Optimiser):
    """Of an exact phase, whose module computes the parameters itself: it has no state and no step."""

    def apply(
        self,
        parameters: list[Tensor],  # noqa: ARG002 - as for the others
        gradients: list[Tensor],  # noqa: ARG002
        state: State,  # noqa: ARG002
        rate: float | Tensor,  # noqa: ARG002
    ) -> None:
        """Raises TypeError, whatever the parameters (N,): there are no gradients."""
        raise TypeError("an exact phase has no gradients")


_RULES: dict[str, type[Optimiser]] = {
    "adam": Adam,
    "adamw": AdamW,
    "sgd": GradientDescent,
    "rmsprop": RmsProp,
}


def build_optimisers(model: nn.Module, phases: Sequence[Phase], settings: Training) -> tuple[Optimiser, ...]:
    """An optimiser for each phase, over the parameters that it changes.

    Raises ValueError for a phase without parameters.
    """
    optimisers: list[Optimiser] = []
    for phase in phases:
        parameters = {
            name: one for name, one in model.named_parameters() if one.requires_grad and phase.changes(name)
        }
        if not parameters:
            raise ValueError(f"the phase {phase.name} changes no parameter: {phase.parameters}")
        rule = NoOptimiser if phase.exact else _RULES[phase.optimiser or settings.optimiser]
        optimisers.append(rule(parameters, settings, phase.first_beta))
    return tuple(optimisers)


def gradients_of(
    loss: Tensor, parameters: Sequence[Tensor], alone: bool = True
) -> list[Tensor] | list[Tensor | None]:
    """The gradients of a scalar loss, one for each parameter, same shape; `grad` is None afterwards.

    None for a parameter on which the loss does not depend.
    alone: whether these are all parameters of the model, so that nothing else gets a gradient;
           `backward` then has less overhead than `torch.autograd.grad` (measured)
    """
    if not alone:
        return [*torch.autograd.grad(loss, list(parameters), allow_unused=True)]
    cast("Any", loss).backward()  # untyped in torch
    gradients = [parameter.grad for parameter in parameters]
    for parameter in parameters:
        parameter.grad = None
    return gradients


def clip(gradients: Sequence[Tensor | None], norm: float) -> None:
    """Scale the gradients (of any shapes) in place, so that their joint Euclidean norm is at most `norm`."""
    present = [gradient for gradient in gradients if gradient is not None]
    factor = (norm / (nn.utils.get_total_norm(present) + 1e-6)).clamp(max=1.0)
    for gradient in present:
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


def arrays_of_flat(optimiser: Optimiser, flat: Mapping[str, Tensor]) -> Arrays:
    """The parts of `flat_state`, copied to the CPU, by "parameter/state", each in its own shape.

    They share the memory of the flat tensors and are not writeable.
    """
    whole = {name: tensor.numpy() for name, tensor in flat.items()}
    for array in whole.values():
        array.setflags(write=False)
    arrays: Arrays = {}
    begins = dict.fromkeys(whole, 0)
    for index, parameter in enumerate(optimiser.parameter_names):
        for name, array in whole.items():
            tensor = optimiser.state[name][index]
            begin, end = begins[name], begins[name] + tensor.numel()
            arrays[f"{parameter}/{name}"] = array[begin:end].reshape(tensor.shape)
            begins[name] = end
    return arrays


def restore_optimiser(optimiser: Optimiser, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Copy the arrays of `arrays_of_flat` into the state of the same shape; others stay."""
    for index, parameter in enumerate(optimiser.parameter_names):
        for name, tensors in optimiser.state.items():
            array = arrays.get(f"{parameter}/{name}")
            if array is not None:
                tensors[index].copy_(torch.tensor(np.asarray(array)))
