"""Dropout that draws from the run's own random generator.

The global generator of torch is shared by all threads of the process, so it is not used here:
a run that was paused must draw exactly the numbers that it would have drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.layers.layer import Layer, Shape

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from aestudio.layers.sequence import FunctionModule


@dataclass(frozen=True)
class Dropout(Layer):
    """Sets a share of the units to 0 and scales the others up (Srivastava et al. 2014); only in training.

    share: from 0 to less than 1, otherwise ValueError
    """

    share: float

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1:
            raise ValueError(f"the share of a dropout is from 0 to less than 1, not {self.share:g}")

    @property
    def text(self) -> str:
        return f"dropout {self.share:g}"

    def output_shape(self, inputs: Shape) -> Shape:
        return inputs

    def build(self, inputs: Shape) -> nn.Module:  # noqa: ARG002 - any shape
        from aestudio.layers.sequence import FunctionModule

        return FunctionModule(self.forward)

    def forward(self, module: FunctionModule, values: Tensor) -> Tensor:
        """Values of any shape -> same shape; the identity in evaluation mode."""
        import torch

        if not module.training or self.share == 0:
            return values
        drawn = torch.rand(values.shape, generator=module.generator, device=values.device)
        kept = drawn >= self.share
        return values * kept / (1 - self.share)


def lend_generator(model: nn.Module, generator: torch.Generator | None) -> None:
    """Make every module of the model that has a `generator` of random numbers draw from this one."""
    import torch

    for module in model.modules():
        # A network of somebody's objective may be called "generator" too.
        if isinstance(getattr(module, "generator", module), torch.Generator | None):
            setattr(module, "generator", generator)  # noqa: B010 - modules of others may have one too
