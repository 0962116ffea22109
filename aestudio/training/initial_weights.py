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
_RELU = math.sqrt(2.0)
# 1 / sqrt(E[f(z)^2]), z ~ N(0, 1): the factor with which a product keeps the mean square of what it gets
# (He et al. 2015, section 2.2, for any f); tests compute the integrals. A leaky slope has a closed form.
_GAINS: dict[type[nn.Module], float] = {
    nn.ReLU: _RELU,
    nn.ELU: 1.2451983007,
    nn.GELU: 1.5335304412,
    nn.SiLU: 1.6765324703,
    nn.Tanh: 1.5925374197,
    nn.Sigmoid: 1.8462285453,
}


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
    he:         N(0, g^2 / fan-in), biases 0: g^2 = 2 before ReLU (He et al. 2015), and what keeps the signal
                before another activation. Without one after it (code, output) a product is drawn as before
                ReLU, as it always was
    xavier:     U(-b, b), b = sqrt(6 / (fan-in + fan-out)) (Glorot & Bengio 2010), biases 0
    orthogonal: orthogonal matrices (Saxe et al. 2014), biases 0
    The four projections of attention (query, key, value, output) are drawn each as a matrix of its own; with
    the default they are as torch built them (the first three by Xavier's rule, as one matrix).
    Other modules keep what they were built with: ones and zeros for normalisation, N(0, 1) for embeddings.
    """
    generator = torch.Generator().manual_seed(seed)
    draw, gains = _RULES[rule], _gains(model)
    with torch.no_grad():
        for module in model.modules():
            if type(module) in _PRODUCTS or isinstance(module, _RECURRENT):
                for parameter in module.parameters(recurse=False):
                    draw(module, parameter, generator, gains.get(module, _RELU))
            elif isinstance(module, nn.MultiheadAttention) and rule != "default":
                for matrix in _projections(module):
                    draw(module, matrix, generator, _RELU)


def _gains(model: nn.Module) -> dict[nn.Module, float]:
    """He's factor of each product that an activation follows in its list of layers."""
    gains: dict[nn.Module, float] = {}
    for sequence in model.modules():
        waiting: nn.Module | None = None
        for module in sequence if isinstance(sequence, nn.Sequential) else ():
            gain = gain_of(module)
            if gain is not None and waiting is not None:
                gains[waiting] = gain
            if type(module) in _PRODUCTS:
                waiting = module
            elif gain is not None or next(module.parameters(), None) is not None:
                waiting = None  # normalised, or no longer the result of the product
    return gains


def gain_of(activation: nn.Module) -> float | None:
    """He's factor for a product before this activation; None if the module is none."""
    match activation:
        case nn.LeakyReLU():
            return math.sqrt(2 / (1 + activation.negative_slope**2))
        case nn.PReLU():
            return math.sqrt(2 / (1 + float(activation.weight.detach().square().mean())))
        case _:
            return _GAINS.get(type(activation))


def _projections(attention: nn.MultiheadAttention) -> list[Tensor]:
    """Its weight matrices; its biases are 0 as torch built them."""
    output = attention.out_proj.weight
    together: Tensor | None = getattr(attention, "in_proj_weight", None)  # None if keys have another size
    if together is not None:
        return [*together.chunk(3), output]
    return [attention.q_proj_weight, attention.k_proj_weight, attention.v_proj_weight, output]


def _default(module: nn.Module, parameter: Tensor, generator: torch.Generator, gain: float) -> None:
    del gain
    bound = 1 / math.sqrt(module.hidden_size if isinstance(module, _RECURRENT) else _fan_in(module))
    parameter.uniform_(-bound, bound, generator=generator)


def _fan_in(module: nn.Module) -> int:
    if isinstance(module, nn.Linear):
        return module.in_features
    assert isinstance(module, nn.Conv2d | nn.ConvTranspose2d)
    # Like torch: the second axis of the weight times the kernel, also for the transposed one.
    return module.weight.shape[1] * module.weight[0, 0].numel()


def _matrices(fill: Callable[[Tensor, torch.Generator, float], object]) -> Callable[..., None]:
    """A rule for weight matrices and kernels: gate by gate for recurrent layers, biases 0."""

    def draw(module: nn.Module, parameter: Tensor, generator: torch.Generator, gain: float) -> None:
        if parameter.dim() < 2:  # a bias
            parameter.zero_()
            return
        gates = {nn.GRU: 3, nn.LSTM: 4}
        count = next((n for kind, n in gates.items() if isinstance(module, kind)), 1)
        # The kernel of a transposed convolution is (inputs, outputs, ...): its fans are the other way round.
        whole = parameter.transpose(0, 1) if isinstance(module, nn.ConvTranspose2d) else parameter
        for gate in whole.chunk(count):
            fresh = torch.empty(gate.shape)
            fill(fresh, generator, gain)
            gate.copy_(fresh)

    return draw


def _he(weight: Tensor, generator: torch.Generator, gain: float) -> None:
    weight.normal_(0, gain / math.sqrt(weight[0].numel()), generator=generator)


_RULES: dict[InitialWeights, Callable[..., None]] = {
    "default": _default,
    "he": _matrices(_he),
    "xavier": _matrices(lambda weight, g, _: nn.init.xavier_uniform_(weight, generator=g)),
    "orthogonal": _matrices(lambda weight, g, _: nn.init.orthogonal_(weight, generator=g)),
}
