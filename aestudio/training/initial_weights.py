"""Initial weights from a run's own generator, by the recipe's setting.

Torch draws a module's initial weights from its global generator, which all threads of the process share.
While a model is built here, every such draw is redirected to a generator with the run's seed, so that any
module of torch or of somebody else starts from the seed, and buffers (running statistics, codebooks) hold
what their module puts there. Layers of the kinds below are then drawn again, one after the other, so that
a run of today starts from the same numbers as one that was kept before any other kind existed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

InitialWeights = Literal["default", "he", "xavier", "orthogonal"]

# Different from the seed itself, with which the layers below are drawn.
_OTHERS = 0x5851F42D4C957F2D
_FUNCTIONS = frozenset(
    {
        *("uniform_", "normal_", "bernoulli_", "exponential_", "random_", "cauchy_", "geometric_"),
        *("log_normal_", "rand", "randn", "randint", "randperm", "bernoulli", "multinomial", "normal"),
        *("kaiming_uniform_", "kaiming_normal_", "xavier_uniform_", "xavier_normal_", "trunc_normal_"),
        *("orthogonal_", "sparse_", "poisson", "binomial"),
    }
)
# These take no generator: an empty tensor is filled instead.
_LIKE = frozenset({"randn_like", "rand_like", "randint_like"})
_PRODUCTS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
_RECURRENT = (nn.GRU, nn.LSTM)


class SeededDraws(TorchFunctionMode):
    """Within `with`, on this thread: draws of torch without a generator of their own come from this one."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._generator = torch.Generator().manual_seed((seed ^ _OTHERS) % 2**63)

    def __torch_function__(
        self, func: Any, types: Iterable[Any], args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        del types
        given: dict[str, Any] = dict(kwargs or {})
        name = getattr(func, "__name__", "")
        if name in _LIKE:
            return self._draw_like(name, args, given)
        if name in _FUNCTIONS and given.get("generator") is None:
            given["generator"] = self._generator
        return func(*args, **given)

    def _draw_like(self, name: str, args: tuple[Any, ...], given: dict[str, Any]) -> Tensor:
        """Numbers in the shape of another tensor: torch.randn_like and its siblings."""
        like = given.pop("input") if "input" in given else args[0]
        bounds = [*args[1:], *(given.pop(key) for key in ("low", "high") if key in given)]
        needs_gradient = given.pop("requires_grad", False)
        empty: Any = torch.empty_like(like, **given)
        with torch.no_grad():
            if name == "randn_like":
                empty.normal_(generator=self._generator)
            elif name == "rand_like":
                empty.uniform_(generator=self._generator)
            else:
                low, high = bounds if len(bounds) > 1 else (0, *bounds)
                empty.random_(low, high, generator=self._generator)
        return empty.requires_grad_(needs_gradient)


def initialise(model: nn.Module, seed: int, rule: InitialWeights = "default") -> None:
    """Draw the initial weights of products and recurrent layers from a generator with this seed.

    default:    as torch does: U(-b, b), b = 1 / sqrt(fan-in); recurrent b = 1 / sqrt(units)
    he:         N(0, 2 / fan-in), for ReLU (He et al. 2015), biases 0
    xavier:     U(-b, b), b = sqrt(6 / (fan-in + fan-out)) (Glorot & Bengio 2010), biases 0
    orthogonal: orthogonal matrices (Saxe et al. 2014), biases 0
    The four projections of attention (query, key, value, output) are drawn each as a matrix of its own; with
    the default they are as torch built them (the first three by Xavier's rule, as one matrix).
    Other modules keep what they were built with: ones and zeros for normalisation, N(0, 1) for embeddings.
    """
    generator = torch.Generator().manual_seed(seed)
    draw = _RULES[rule]
    with torch.no_grad():
        for module in model.modules():
            if type(module) in _PRODUCTS or isinstance(module, _RECURRENT):
                for parameter in module.parameters(recurse=False):
                    draw(module, parameter, generator)
            elif isinstance(module, nn.MultiheadAttention) and rule != "default":
                for matrix in _projections(module):
                    draw(module, matrix, generator)


def _projections(attention: nn.MultiheadAttention) -> list[Tensor]:
    """Its weight matrices; its biases are 0 as torch built them."""
    output = attention.out_proj.weight
    together: Tensor | None = getattr(attention, "in_proj_weight", None)  # None if keys have another size
    if together is not None:
        return [*together.chunk(3), output]
    return [attention.q_proj_weight, attention.k_proj_weight, attention.v_proj_weight, output]


def _default(module: nn.Module, parameter: Tensor, generator: torch.Generator) -> None:
    bound = 1 / math.sqrt(module.hidden_size if isinstance(module, _RECURRENT) else _fan_in(module))
    parameter.uniform_(-bound, bound, generator=generator)


def _fan_in(module: nn.Module) -> int:
    if isinstance(module, nn.Linear):
        return module.in_features
    assert isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    # Like torch: the second axis of the weight times the kernel, also for the transposed one.
    return module.weight.shape[1] * module.weight[0, 0].numel()


def _matrices(fill: Callable[[Tensor, torch.Generator], object]) -> Callable[..., None]:
    """A rule for weight matrices and kernels: gate by gate for recurrent layers, biases 0."""

    def draw(module: nn.Module, parameter: Tensor, generator: torch.Generator) -> None:
        if parameter.dim() < 2:  # a bias
            parameter.zero_()
            return
        gates = {nn.GRU: 3, nn.LSTM: 4}
        count = next((n for kind, n in gates.items() if isinstance(module, kind)), 1)
        # The kernel of a transposed convolution is (inputs, outputs, ...): its fans are the other way round.
        whole = parameter.transpose(0, 1) if isinstance(module, nn.ConvTranspose2d) else parameter
        for gate in whole.chunk(count):
            fresh = torch.empty(gate.shape)
            fill(fresh, generator)
            gate.copy_(fresh)

    return draw


_RULES: dict[InitialWeights, Callable[..., None]] = {
    "default": _default,
    "he": _matrices(lambda weight, g: nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=g)),
    "xavier": _matrices(lambda weight, g: nn.init.xavier_uniform_(weight, generator=g)),
    "orthogonal": _matrices(lambda weight, g: nn.init.orthogonal_(weight, generator=g)),
}
