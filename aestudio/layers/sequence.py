"""A list of layers as a torch module. Needs torch."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, cast

from torch import Tensor, nn

from aestudio.layers.layer import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch

    from aestudio.layers.layer import Layer, Shape


_OWN_RESULT = (
    *(nn.Linear, nn.Conv2d, nn.ConvTranspose2d),
    *(nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm, nn.GroupNorm),
)
_VIEWS = (nn.Flatten, nn.Unflatten)


def build_sequence(layers: Sequence[Layer], inputs: Shape) -> nn.Sequential:
    """The layers one after the other: (B, *inputs) -> (B, ...). Raises ShapeError if they do not fit."""
    modules = OrderedDict(
        (one.layer.name or str(index), one.layer.build(one.inputs))
        for index, one in enumerate(place(layers, inputs))
    )
    _overwrite_only_own_results(list(modules.values()))
    return nn.Sequential(modules)


def _overwrite_only_own_results(modules: list[nn.Module]) -> None:
    """Let an activation work in place only on the result of a product or of a normalisation.

    Nobody reads that again. The inputs of the list belong to others (the images, a code that has a penalty,
    the shortcut of a residual block), and other results are needed for the gradient.
    """
    own = False
    for module in modules:
        if getattr(module, "inplace", False) and not own:
            cast("Any", module).inplace = False
        own = isinstance(module, _OWN_RESULT) or (own and isinstance(module, _VIEWS))


class FunctionModule(nn.Module):
    """A module whose forward pass is a function of itself and the values; its parts are named.

    So that a kind of layer needs no module class beside its declaration, which imports no torch.

    generator: the run's random generator, lent by `dropout.lend_generator`; None for torch's own
    """

    generator: torch.Generator | None

    def __init__(self, function: Callable[[FunctionModule, Tensor], Tensor], **parts: nn.Module) -> None:
        super().__init__()
        self.function = function
        self.generator = None
        for name, part in parts.items():
            self.add_module(name, part)

    def part(self, name: str) -> nn.Module:
        """The part of this name."""
        part = self._modules[name]
        assert part is not None
        return part

    def forward(self, values: Tensor) -> Tensor:
        """Values (B, ...) -> (B, ...), of the shapes that the layer declares."""
        return self.function(self, values)
