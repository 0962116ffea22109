"""Schedules against torch's own, optimisers against torch's defaults, their state as arrays."""

from __future__ import annotations

import pytest
import torch
from torch import nn, optim
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler, OneCycleLR

from aestudio.recipes.phase import SINGLE, Phase
from aestudio.recipes.training_settings import Training
from aestudio.training.optimisers import (
    Arrays,
    Optimiser,
    arrays_of_flat,
    build_optimisers,
    clip,
    flat_state,
    rate_factor,
    restore_optimiser,
)

RATE = 0.02


def optimiser_arrays(optimiser: Optimiser) -> Arrays:
    return arrays_of_flat(optimiser, flat_state(optimiser))


def rates_of(scheduler: LRScheduler, optimiser: optim.Optimizer, total: int) -> list[float]:
    rates = []
    for _ in range(total):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if len(rates) < total:
            scheduler.step()
    return rates


@pytest.mark.parametrize("total", [4, 7, 10, 100, 4540])
def test_one_cycle_is_torchs(total: int) -> None:
    optimiser = optim.SGD([nn.Parameter(torch.zeros(1))], lr=RATE)
    expected = rates_of(
        OneCycleLR(optimiser, RATE, total_steps=total, cycle_momentum=False), optimiser, total
    )
    ours = [RATE * rate_factor("one_cycle", step, total) for step in range(total)]
    assert ours == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("total", [1, 2, 10, 333])
def test_cosine_is_torchs(total: int) -> None:
    optimiser = optim.SGD([nn.Parameter(torch.zeros(1))], lr=RATE)
    expected = rates_of(CosineAnnealingLR(optimiser, T_max=total), optimiser, total)
    ours = [RATE * rate_factor("cosine", step, total) for step in range(total)]
    assert ours == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle"])
@pytest.mark.parametrize("total", [1, 2, 3, 5, 1000])
def test_factors_stay_within_bounds(schedule: str, total: int) -> None:
    factors = [rate_factor(schedule, step, total) for step in range(total)]
    assert all(0 < factor <= 1 for factor in factors)


def quadratic(parameter: nn.Parameter) -> torch.Tensor:
    return (parameter.square() * torch.tensor([1.0, 4.0, 9.0])).sum()


def torch_steps(optimiser: optim.Optimizer, parameter: nn.Parameter, steps: int) -> torch.Tensor:
    for _ in range(steps):
        optimiser.zero_grad()
        quadratic(parameter).backward()
        optimiser.step()
    return parameter.detach().clone()


def quadratic_steps(
    optimiser: Optimiser, parameter: nn.Parameter, steps: int, rate: float | torch.Tensor = RATE
) -> torch.Tensor:
    for _ in range(steps):
        optimiser.step(torch.autograd.grad(quadratic(parameter), optimiser.parameters), rate)
    return parameter.detach().clone()


class Three(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.numbers = nn.Parameter(torch.tensor([1.0, -2.0, 0.5]))


REFERENCES = {
    "adam": lambda p: optim.Adam(p, lr=RATE, weight_decay=0.1, foreach=False),
    "adamw": lambda p: optim.AdamW(p, lr=RATE, weight_decay=0.1, foreach=False),
    "sgd": lambda p: optim.SGD(p, lr=RATE, momentum=0.7, weight_decay=0.1, foreach=False),
    "rmsprop": lambda p: optim.RMSprop(p, lr=RATE, weight_decay=0.1, foreach=False),
}


def settings(name: str) -> Training:
    return Training.model_validate(
        {"optimiser": name, "learning_rate": RATE, "momentum": 0.7, "weight_decay": 0.1}
    )


def single(model: nn.Module, name: str) -> Optimiser:
    """The optimiser of a model with one phase."""
    (optimiser,) = build_optimisers(model, SINGLE, settings(name))
    return optimiser


@pytest.mark.parametrize("name", REFERENCES)
def test_the_optimiser_is_the_one_that_is_named(name: str) -> None:
    ours, reference = Three(), Three()
    found = quadratic_steps(single(ours, name), ours.numbers, 20)
    expected = torch_steps(REFERENCES[name](reference.parameters()), reference.numbers, 20)
    assert torch.allclose(found, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", REFERENCES)
def test_state_taken_and_put_back_goes_on_exactly(name: str) -> None:
    straight, halted = Three(), Three()
    expected = quadratic_steps(single(straight, name), straight.numbers, 10)
    first = single(halted, name)
    quadratic_steps(first, halted.numbers, 4)
    arrays = optimiser_arrays(first)
    second = single(halted, name)
    restore_optimiser(second, arrays)
    assert torch.equal(quadratic_steps(second, halted.numbers, 6), expected)
    fresh = optimiser_arrays(single(Three(), name))
    assert fresh.keys() == arrays.keys()
    assert not any(array.any() for array in fresh.values())


@pytest.mark.parametrize("name", REFERENCES)
def test_a_rate_on_the_device_is_the_same_rate(name: str) -> None:
    """Recorded steps read the learning rate from a tensor."""
    one, other = Three(), Three()
    expected = quadratic_steps(single(one, name), one.numbers, 10)
    rate = torch.tensor(RATE)
    found = quadratic_steps(single(other, name), other.numbers, 10, rate)
    assert torch.allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("name", REFERENCES)
def test_the_state_has_torchs_names(name: str) -> None:
    """Runs that were kept with torch's own optimiser objects go on."""
    ours, reference = Three(), Three()
    theirs = REFERENCES[name](reference.parameters())
    torch_steps(theirs, reference.numbers, 1)
    assert set(single(ours, name).state) == set(theirs.state[reference.numbers])


@pytest.mark.parametrize("norm", [0.5, 3.0, 1e6])
def test_clipping_is_torchs(norm: float) -> None:
    generator = torch.Generator().manual_seed(4)
    gradients = [torch.randn(shape, generator=generator) for shape in ((3, 4), (7,), (2, 2, 2))]
    parameters = [nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient.clone()
    nn.utils.clip_grad_norm_(parameters, norm)
    clip(gradients, norm)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        assert parameter.grad is not None
        assert torch.allclose(parameter.grad, gradient, rtol=1e-6)


def test_arrays_are_copies() -> None:
    model = Three()
    optimiser = single(model, "adam")
    quadratic_steps(optimiser, model.numbers, 1)
    arrays = optimiser_arrays(optimiser)
    before = {name: array.copy() for name, array in arrays.items()}
    quadratic_steps(optimiser, model.numbers, 3)
    assert all((arrays[name] == before[name]).all() for name in arrays)


def test_a_gradient_that_lies_otherwise_in_memory() -> None:
    """Channels last: the fused kernel walks through memory, not through indices."""
    generator = torch.Generator().manual_seed(5)
    model = nn.Conv2d(3, 4, 2, bias=False).to(memory_format=torch.channels_last)
    with torch.no_grad():
        model.weight.zero_()
    gradient = torch.randn(model.weight.shape, generator=generator)
    assert gradient.stride() != model.weight.stride()
    single(model, "sgd").step([gradient], 1.0)
    assert torch.allclose(model.weight, -gradient)


class Parts(nn.Module):
    """Two parameters: a loss may depend on either."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = nn.Parameter(torch.tensor([1.0, -2.0, 0.5]))
        self.others = nn.Parameter(torch.tensor([[3.0], [-1.0]]))


@pytest.mark.parametrize("name", REFERENCES)
def test_a_parameter_without_a_gradient_stays_as_torchs_does(name: str) -> None:
    """Neither it nor its state changes, not by weight decay or momentum either."""
    ours, reference = Parts(), Parts()
    optimiser, theirs = single(ours, name), REFERENCES[name](reference.parameters())
    for step in range(9):
        with_gradient = [parameter for parameter in ("numbers", "others") if step % 3 != len(parameter) - 6]
        gradients: list[torch.Tensor | None] = []
        for parameter in ("numbers", "others"):
            mine, other = ours.get_parameter(parameter), reference.get_parameter(parameter)
            present = parameter in with_gradient
            gradients.append(2 * mine.detach() + step if present else None)
            other.grad = 2 * other.detach() + step if present else None
        before = optimiser_arrays(optimiser)
        optimiser.step(gradients, RATE)
        theirs.step()
        for key, array in optimiser_arrays(optimiser).items():
            if key.split("/")[0] not in with_gradient:
                assert (array == before[key]).all(), key
    for parameter in ("numbers", "others"):
        mine, other = ours.get_parameter(parameter), reference.get_parameter(parameter)
        assert torch.allclose(mine, other, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", REFERENCES)
def test_a_step_without_any_gradient_does_nothing(name: str) -> None:
    model = Parts()
    optimiser = single(model, name)
    optimiser.step([None, None], RATE)
    clip([None, None], 1.0)
    assert torch.equal(model.numbers, Parts().numbers)
    assert not any(array.any() for array in optimiser_arrays(optimiser).values())


def test_clipping_counts_the_gradients_that_are_there() -> None:
    gradients = [torch.full((4,), 3.0), None, torch.full((2, 2), 4.0)]
    clip(gradients, 5.0)
    present = [gradient for gradient in gradients if gradient is not None]
    assert sum(float(gradient.square().sum()) for gradient in present) == pytest.approx(25, rel=1e-5)


@pytest.mark.parametrize("beta", [0.0, 0.5])
def test_a_phase_has_its_own_rule_and_first_beta(beta: float) -> None:
    ours, reference = Parts(), Parts()
    phases = [
        Phase("a", parameters=("numbers",), optimiser="sgd"),
        Phase("b", parameters=("others",), first_beta=beta),
    ]
    first, second = build_optimisers(ours, phases, settings("adam"))
    assert (first.parameter_names, second.parameter_names) == (("numbers",), ("others",))
    theirs = REFERENCES["sgd"]([reference.numbers])
    adam = optim.Adam([reference.others], lr=RATE, betas=(beta, 0.999), weight_decay=0.1, foreach=False)
    for step in range(6):
        for model in (ours, reference):
            for parameter in model.parameters():
                parameter.grad = 2 * parameter.detach() + step
        first.step([ours.numbers.grad], RATE)
        second.step([ours.others.grad], RATE)
        theirs.step()
        adam.step()
    assert torch.allclose(ours.numbers, reference.numbers, rtol=1e-5)
    assert torch.allclose(ours.others, reference.others, rtol=1e-5)
