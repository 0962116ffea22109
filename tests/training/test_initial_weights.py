"""Initial weights: each rule against its formula, and any module from the run's seed alone."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest
import torch
from scipy import integrate, stats
from torch import nn

from aestudio.datasets.image_shape import MNIST
from aestudio.layers.activation import Activation, ActivationName
from aestudio.layers.dense import Dense
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.sequence import build_sequence
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.initial_weights import InitialWeights, SeededDraws, gain_of, initialise
from aestudio.training.model import build_model

if TYPE_CHECKING:
    from collections.abc import Callable

# A module, and fan-in and fan-out of its weights.
PRODUCTS: dict[str, tuple[Callable[[], nn.Module], int, int]] = {
    "linear": (lambda: nn.Linear(150, 400), 150, 400),
    "convolution": (lambda: nn.Conv2d(8, 96, 5), 8 * 25, 96 * 25),
    # A transposed convolution adds inputs x kernel numbers to each output.
    "transposed convolution": (lambda: nn.ConvTranspose2d(96, 8, 5), 96 * 25, 8 * 25),
}
EACH = pytest.mark.parametrize("name", PRODUCTS)
RULES: tuple[InitialWeights, ...] = ("default", "he", "xavier", "orthogonal")


def drawn(module: nn.Module, rule: InitialWeights, seed: int = 3) -> dict[str, np.ndarray]:
    initialise(module, seed, rule)
    return {name: parameter.detach().numpy() for name, parameter in module.named_parameters()}


def chance_of(values: np.ndarray, distribution: Any) -> float:
    """The probability of values as far from the distribution as these (Kolmogorov and Smirnov)."""
    return float(np.asarray(stats.kstest(values.ravel(), distribution.cdf))[1])


@EACH
def test_default_is_uniform_by_the_fan_in_as_torch_counts_it(name: str) -> None:
    make, fan_in, _ = PRODUCTS[name]
    if name == "transposed convolution":
        fan_in = 8 * 25  # torch takes the second axis of the weight, the outputs
    bound = 1 / math.sqrt(fan_in)
    values = drawn(make(), "default")
    for one in values.values():
        assert np.abs(one).max() <= bound
    assert chance_of(values["weight"], stats.uniform(-bound, 2 * bound)) > 0.001


@EACH
def test_he_is_normal_with_variance_two_by_fan_in(name: str) -> None:
    make, fan_in, _ = PRODUCTS[name]
    values = drawn(make(), "he")
    assert chance_of(values["weight"], stats.norm(0, math.sqrt(2 / fan_in))) > 0.001
    assert not values["bias"].any()


ACTIVATIONS: tuple[ActivationName, ...] = get_args(ActivationName)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_hes_factor_keeps_the_mean_square_through_any_activation(name: ActivationName) -> None:
    """g^2 E[f(z)^2] = 1 for z ~ N(0, 1), by an integral of its own."""
    module = Activation(name).build((5,))

    def weighted(z: float) -> float:
        with torch.no_grad():
            value = float(module(torch.full((1, 5), z, dtype=torch.float64))[0, 0])
        return value**2 * stats.norm.pdf(z)

    module.double()
    square = sum(integrate.quad(weighted, *ends)[0] for ends in ((-9, 0), (0, 9)))
    gain = gain_of(module)
    assert gain is not None
    assert gain**2 * square == pytest.approx(1, rel=1e-6)


def test_he_fits_the_activation_after_each_product() -> None:
    """Normalisation and reshaping do not hide it; the code and the output have none."""
    layers = (nn.Linear(300, 400), nn.Tanh(), nn.Linear(400, 800), nn.Unflatten(1, (8, 10, 10)), nn.GELU())
    model = nn.Sequential(*layers, nn.ConvTranspose2d(8, 200, 3), nn.Flatten(), nn.LeakyReLU(0.2))
    model.append(nn.Linear(200 * 144, 50))
    initialise(model, 0, "he")
    deviations = [float(module.weight.detach().std()) for module in model if hasattr(module, "weight")]  # type: ignore[operator]
    gains = (1.5925374 / 300**0.5, 1.5335304 / 400**0.5, (2 / 1.04) ** 0.5 / 72**0.5, (2 / 28_800) ** 0.5)
    assert deviations == pytest.approx(gains, rel=0.03)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_deep_networks_keep_the_signal_with_hes_start(name: ActivationName) -> None:
    """Mean squares at the tenth layer are those of the first, whatever the activation."""
    layers = [layer for _ in range(10) for layer in (Activation(name), Dense(600))]
    model = build_sequence((*layers, Activation(name)), (600,))
    initialise(model, 1, "he")
    values = torch.randn(50, 600, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        for index, module in enumerate(model):
            values = module(values)
            if index % 2:
                assert 0.6 < float(values.square().mean()) < 1.6, index


@EACH
def test_xavier_is_uniform_by_both_fans(name: str) -> None:
    make, fan_in, fan_out = PRODUCTS[name]
    bound = math.sqrt(6 / (fan_in + fan_out))
    values = drawn(make(), "xavier")
    assert np.abs(values["weight"]).max() <= bound
    assert chance_of(values["weight"], stats.uniform(-bound, 2 * bound)) > 0.001
    assert not values["bias"].any()


@EACH
def test_orthogonal_keeps_lengths(name: str) -> None:
    values = drawn(PRODUCTS[name][0](), "orthogonal")
    weight = values["weight"]
    if name == "transposed convolution":
        weight = weight.transpose(1, 0, 2, 3)
    matrix = weight.reshape(len(weight), -1)
    small = min(matrix.shape)
    product = matrix @ matrix.T if len(matrix) == small else matrix.T @ matrix
    np.testing.assert_allclose(product, np.eye(small), atol=1e-5)
    assert not values["bias"].any()


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("own", [False, True], ids=["torch's class", "the layer's class"])
@pytest.mark.parametrize("rule", RULES)
def test_recurrent_weights_are_drawn_gate_by_gate(cell: Any, own: bool, rule: InitialWeights) -> None:
    units, inputs = 64, 50
    torchs: Any = {"gru": nn.GRU, "lstm": nn.LSTM}[cell]
    module = Recurrent(units, cell).build((28, inputs)) if own else torchs(inputs, units)
    gates = {"gru": 3, "lstm": 4}[cell]
    values = drawn(module, rule)
    assert len(values) == 4
    for name, one in values.items():
        if rule == "default":
            bound = 1 / math.sqrt(units)
            assert np.abs(one).max() <= bound
            assert np.abs(one).max() > 0.9 * bound
            continue
        if "bias" in name:
            assert not one.any()
            continue
        parts = np.split(one, gates)
        fan_in = one.shape[1]
        for gate in parts:
            if rule == "he":
                assert chance_of(gate, stats.norm(0, math.sqrt(2 / fan_in))) > 0.001
            elif rule == "xavier":
                assert np.abs(gate).max() <= math.sqrt(6 / (fan_in + units))
                assert gate.std() == pytest.approx(math.sqrt(2 / (fan_in + units)), rel=0.05)
            else:
                product = gate.T @ gate if fan_in <= units else gate @ gate.T
                np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-5)
        assert not np.array_equal(parts[0], parts[1])


def test_default_draws_the_numbers_of_torchs_generator() -> None:
    """Bit for bit what a run of an earlier version started from: one draw after the other."""
    model = nn.Sequential(nn.Linear(5, 7), nn.ReLU(), nn.Conv2d(3, 4, 2), nn.GRU(6, 4))
    initialise(model, 11)
    generator = torch.Generator().manual_seed(11)
    bounds = [5**-0.5] * 2 + [12**-0.5] * 2 + [4**-0.5] * 4
    for parameter, bound in zip(model.parameters(), bounds, strict=True):
        expected = torch.empty(parameter.shape).uniform_(-bound, bound, generator=generator)
        assert torch.equal(parameter, expected)


class Foreign(nn.Module):
    """As somebody else may write it: numbers of its own in parameters and buffers, in many ways."""

    count: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.plane = nn.Parameter(torch.randn(3, 4))
        self.uniform = nn.Parameter(torch.rand(5))
        self.filled = nn.Parameter(torch.empty(6).normal_(2.0, 0.1))
        self.like = nn.Parameter(torch.randn_like(self.plane))
        self.like_uniform = nn.Parameter(torch.rand_like(self.plane))
        self.embedding = nn.Embedding(7, 3)
        self.bilinear = nn.Bilinear(2, 3, 4)
        self.single = nn.Conv1d(2, 3, 2)
        nn.init.trunc_normal_(self.single.weight, std=0.02)
        nn.init.kaiming_normal_(self.bilinear.weight)
        self.register_buffer("codebook", torch.randn(8, 2))
        self.register_buffer("order", torch.randperm(9))
        self.register_buffer("whole", torch.randint(0, 1000, (6,)))
        self.register_buffer("between", torch.randint_like(self.plane, low=3, high=5))
        self.register_buffer("whole_like", torch.randint_like(torch.zeros(6, dtype=torch.int64), 1000))
        self.register_buffer("count", torch.full((8,), 0.5))
        self.register_buffer("frequencies", torch.arange(4) / 4, persistent=False)
        self.register_buffer("draws", torch.rand(4), persistent=False)


MODULES: dict[str, Callable[[], nn.Module]] = {
    "batch": lambda: nn.BatchNorm2d(4),
    "layer": lambda: nn.LayerNorm(4),
    "group": lambda: nn.GroupNorm(2, 4),
    "embedding": lambda: nn.Embedding(5, 4),
    "lstm": lambda: nn.LSTM(3, 4),
    "attention": lambda: nn.MultiheadAttention(4, 2),
    "prelu": lambda: nn.PReLU(4),
    "transformer": lambda: nn.TransformerEncoderLayer(4, 2, 8),
    "foreign": Foreign,
}


def built(make: Callable[[], nn.Module], seed: int = 5, rule: InitialWeights = "default") -> nn.Module:
    with SeededDraws(seed):
        model = nn.Sequential(nn.Linear(2, 2), make())
    initialise(model, seed, rule)
    return model


def numbers(model: nn.Module) -> dict[str, torch.Tensor]:
    """Parameters and buffers, also those that are not kept."""
    return dict(model.named_parameters()) | dict(model.named_buffers())


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", MODULES)
def test_any_module_starts_from_the_seed_and_nothing_else(name: str, rule: InitialWeights) -> None:
    before = torch.get_rng_state()
    one, other = (numbers(built(MODULES[name], rule=rule)) for _ in range(2))
    assert torch.equal(before, torch.get_rng_state())
    assert one.keys() == other.keys()
    for key, values in one.items():
        assert torch.equal(values, other[key]), key
        assert values.isfinite().all()
    with torch.random.fork_rng():
        torch.manual_seed(99)
        again = numbers(built(MODULES[name], rule=rule))
    assert all(torch.equal(values, again[key]) for key, values in one.items())


@pytest.mark.parametrize("name", ["embedding", "lstm", "attention", "foreign"])
def test_another_seed_gives_other_numbers(name: str) -> None:
    one, other = (numbers(built(MODULES[name], seed)) for seed in (5, 6))
    constant = {"1.count", "1.frequencies", "1.in_proj_bias", "1.out_proj.bias"}
    for key, values in one.items():
        assert torch.equal(values, other[key]) == (key in constant), key


def test_two_draws_of_a_module_differ() -> None:
    values = numbers(built(Foreign))
    assert not torch.equal(values["1.plane"], values["1.like"])
    assert len(values["1.plane"].unique()) == 12


def test_two_threads_at_once_start_from_their_own_seeds() -> None:
    expected = {seed: numbers(built(Foreign, seed)) for seed in range(4)}
    found: dict[int, list[dict[str, torch.Tensor]]] = {seed: [] for seed in expected}
    begin = threading.Barrier(len(expected))

    def work(seed: int) -> None:
        begin.wait()
        found[seed] = [numbers(built(Foreign, seed)) for _ in range(10)]

    before = torch.get_rng_state()
    threads = [threading.Thread(target=work, args=(seed,)) for seed in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torch.equal(before, torch.get_rng_state())
    for seed, results in found.items():
        assert len(results) == 10
        for result in results:
            assert all(torch.equal(values, expected[seed][key]) for key, values in result.items())


def test_other_threads_draw_from_torchs_generator_meanwhile() -> None:
    results: list[torch.Tensor] = []
    with torch.random.fork_rng():
        torch.manual_seed(4)
        expected = torch.randn(3)
        torch.manual_seed(4)
        with SeededDraws(1):
            thread = threading.Thread(target=lambda: results.append(torch.randn(3)))
            thread.start()
            thread.join()
    assert torch.equal(results[0], expected)


def test_a_generator_of_its_own_is_left_to_the_module() -> None:
    with SeededDraws(1):
        found = torch.randn(4, generator=torch.Generator().manual_seed(8))
    assert torch.equal(found, torch.randn(4, generator=torch.Generator().manual_seed(8)))


@pytest.mark.parametrize("rule", RULES)
def test_other_kinds_keep_what_they_were_built_with(rule: InitialWeights) -> None:
    for name in ("batch", "layer", "group"):
        state = built(MODULES[name], rule=rule)[1].state_dict()
        assert (state["weight"] == 1).all()
        assert not state["bias"].any()
    batch = built(MODULES["batch"], rule=rule)[1].state_dict()
    assert not batch["running_mean"].any()
    assert (batch["running_var"] == 1).all()
    assert batch["num_batches_tracked"] == 0
    assert (built(MODULES["prelu"], rule=rule)[1].get_parameter("weight") == 0.25).all()
    foreign = numbers(built(Foreign, rule=rule))
    assert (foreign["1.count"] == 0.5).all()
    assert foreign["1.frequencies"].tolist() == [0, 0.25, 0.5, 0.75]
    assert set(foreign["1.between"].tolist()[0]) <= {3, 4}
    assert int(foreign["1.whole_like"].max()) < 1000
    assert sorted(foreign["1.order"].tolist()) == list(range(9))
    assert ((foreign["1.filled"] - 2).abs() < 0.5).all()
    large = built(lambda: nn.Embedding(300, 20), rule=rule)[1].get_parameter("weight").detach().numpy()
    assert chance_of(large, stats.norm()) > 0.001
    attention = built(lambda: nn.MultiheadAttention(60, 2), rule=rule)[1]
    assert not attention.get_parameter("in_proj_bias").any()
    assert not attention.get_parameter("out_proj.bias").any()


def projections(attention: nn.Module) -> list[np.ndarray]:
    """The weights of query, key, value and output."""
    state = {name: values.detach().numpy() for name, values in attention.named_parameters()}
    if "in_proj_weight" in state:
        return [*np.split(state["in_proj_weight"], 3), state["out_proj.weight"]]
    return [state[f"{name}_proj_weight"] for name in "qkv"] + [state["out_proj.weight"]]


@pytest.mark.parametrize("kdim", [60, 40])
def test_the_projections_of_attention_follow_the_rule(kdim: int) -> None:
    def matrices(rule: InitialWeights) -> list[np.ndarray]:
        return projections(built(lambda: nn.MultiheadAttention(60, 2, kdim=kdim), rule=rule)[1])

    if kdim == 60:
        assert np.abs(np.concatenate(matrices("default")[:3])).max() <= math.sqrt(6 / (60 + 180))
    for weight in matrices("he"):
        assert chance_of(weight / math.sqrt(2 / weight.shape[1]), stats.norm()) > 0.001
    for weight in matrices("xavier"):
        bound = math.sqrt(6 / sum(weight.shape))
        assert chance_of(weight, stats.uniform(-bound, 2 * bound)) > 0.001
    for weight in matrices("orthogonal"):
        assert weight.T @ weight == pytest.approx(np.eye(weight.shape[1]), abs=1e-5)


@pytest.mark.parametrize("rule", RULES[1:])
def test_a_recipe_chooses_the_rule(rule: InitialWeights) -> None:
    recipe = find_recipe("conv-vae").with_settings({"initial_weights": rule})
    chosen, default = (
        build_model(Architecture(one, MNIST)).state_dict() for one in (recipe, find_recipe("conv-vae"))
    )
    assert chosen.keys() == default.keys()
    for name, values in chosen.items():
        assert values.isfinite().all()
        assert not torch.equal(values, default[name]), name
        if values.dim() == 1:
            assert not values.any(), name
