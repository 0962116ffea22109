"""The training loop beside a plain one of torch, and the steps that it plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn, optim
from torch.utils._python_dispatch import TorchDispatchMode

from aestudio.layers.dropout import lend_generator
from aestudio.objectives.objective_module import Batch
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import shipped_recipes
from aestudio.training.batches import epoch_order
from aestudio.training.learner import Learner, PlannedStep
from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.model import build_model
from aestudio.training.optimisers import rate_factor
from aestudio.training.spec import RunSpec, live_values
from aestudio.training.state import NOISE_SEED
from tests.phased_recipes import normalised_two_phases
from tests.training.conftest import small_spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from aestudio.datasets.dataset import Dataset


def plain_loop(
    spec: RunSpec, digits: Dataset, steps: int
) -> tuple[nn.Module, list[dict[str, float]], list[float]]:
    """As a script would train it with torch's own optimiser: the model, its terms, its learning rates."""
    settings = spec.recipe.training
    model = build_model(Architecture(spec.recipe, digits.shape)).train()
    noise = torch.Generator().manual_seed(NOISE_SEED ^ settings.seed)
    lend_generator(model, noise)
    optimiser = optim.Adam(model.parameters(), fused=True)
    images = torch.tensor(digits.train.images[:270]).float() * (1 / 255)
    labels = torch.tensor(digits.train.labels[:270])  # type: ignore[index]
    logged, rates = [], []
    for step in range(steps):
        rates.append(settings.learning_rate * rate_factor(settings.schedule, step, settings.epochs * 9))
        optimiser.param_groups[0]["lr"] = rates[-1]
        chosen = epoch_order(270, settings.seed, step // 9, torch.device("cpu"))[step % 9 * 32 :][:32]
        terms = model.terms(Batch(images[chosen], labels[chosen], noise, live_values(spec.recipe)))
        optimiser.zero_grad()
        terms["loss"].backward()
        nn.utils.clip_grad_norm_(model.parameters(), settings.gradient_clip or torch.inf)
        optimiser.step()
        logged.append({name: value.item() for name, value in terms.items()})
    return model, logged, rates


@pytest.mark.parametrize("name", ["deep-ae", "vae", "conv-vae", "digit-classifier", "denoising-conv-ae"])
@pytest.mark.parametrize("settings", [{}, {"schedule": "cosine", "gradient_clip": 0.5}])
def test_it_is_a_plain_loop_of_torch(few_digits: Dataset, name: str, settings: dict[str, Any]) -> None:
    """Rates, loss terms and weights, over the end of an epoch."""
    spec = small_spec(name, optimiser="adam", **settings)
    loop = TrainingLoop(spec, few_digits)
    model, expected, rates = plain_loop(spec, few_digits, 11)
    found: list[dict[str, float]] = []
    for rate in rates:
        loop.advance()
        assert loop.rate == rate
        found += [dict(point.terms) for point in loop.fetch_points()]
    assert loop.log_every == 1
    for mine, theirs in zip(found, expected, strict=True):
        assert mine == pytest.approx(theirs, rel=1e-5)
    for name, values in model.state_dict().items():
        np.testing.assert_allclose(loop.snapshot().weights[name], values.numpy(), rtol=1e-4, atol=1e-6)


def test_steps_are_logged_one_by_one_before_their_updates(few_digits: Dataset) -> None:
    loop = TrainingLoop(small_spec("deep-ae"), few_digits)
    plan = [loop.plan_step(step) for step in range(3)]
    terms, logged = [], []
    for step in plan:
        examples = loop.training.gather(step.indices)
        with torch.no_grad():
            batch = Batch(examples.images, None, loop.noise, step.live)
            terms.append(loop.model.terms(batch)["loss"].item())
        train_steps(loop.learner, [step], lambda number, one: logged.append((number, one["loss"])))
    assert [(number, loss.item()) for number, loss in logged] == list(zip((1, 2, 3), terms, strict=True))
    assert not any(loss.requires_grad for _, loss in logged)


def test_an_epoch_takes_each_image_once(few_digits: Dataset) -> None:
    loop = TrainingLoop(small_spec(), few_digits)
    plan = [loop.plan_step(step) for step in range(9)]
    assert [step.number for step in plan] == list(range(9))
    assert [len(step.indices) for step in plan] == [32] * 8 + [14]
    assert torch.equal(torch.cat([step.indices for step in plan]).sort().values, torch.arange(270))


def test_a_step_is_told_its_rate_its_live_settings_and_its_phases(few_digits: Dataset) -> None:
    spec = RunSpec("run", normalised_two_phases(schedule="one_cycle"), "builtin", "cpu")
    loop = TrainingLoop(spec, few_digits)
    loop.change_setting("learning_rate", 0.5)
    loop.change_setting("weight", 0.25)
    for number in range(9):
        step = loop.plan_step(number)
        assert step.rate == 0.5 * rate_factor("one_cycle", number, 18)
        assert step.live["weight"] == 0.25
        assert step.phases == ((0, 1) if number % 3 == 0 else (0,))
        assert loop.plan_step(number, "probe").phases == (1,)
        assert loop.plan_step(number, "of another run").phases == step.phases


def test_a_schedule_of_the_objective_changes_live_values_of_the_step_only(few_digits: Dataset) -> None:
    loop = TrainingLoop(small_spec(beta=2.0, warmup_epochs=1.0), few_digits)
    assert [loop.plan_step(step).live["beta"] for step in (0, 3, 9, 12)] == pytest.approx([0, 2 / 3, 2, 2])
    assert loop.live["beta"] == 2.0


class Waits(TorchDispatchMode):
    """Collects the operations that wait for a GPU, because the CPU needs a number of it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def __torch_dispatch__(
        self, operation: Any, types: Any, given: Any = (), named: Mapping[str, Any] | None = None
    ) -> Any:
        if operation.overloadpacket.__name__ in ("_local_scalar_dense", "nonzero", "masked_select", "equal"):
            self.found.append(str(operation))
        return operation(*given, **(named or {}))


@pytest.mark.parametrize("name", [one.name for one in shipped_recipes() if not one.objective.exact])
def test_no_step_waits_for_the_device(few_digits: Dataset, name: str) -> None:
    """As a recorded step: rate and live settings are tensors, gradients are clipped."""
    small: dict[str, Any] = {"row-gru-ae": {"units": 8}, "conv-ae": {"channels": (4,)}}.get(name, {})
    loop = TrainingLoop(small_spec(name, gradient_clip=1.0, **small), few_digits)
    step = loop.plan_step(0)
    live = {setting: torch.tensor(float(value)) for setting, value in step.live.items()}
    recorded = step._replace(rate=torch.tensor(1e-3), live=live)
    waits, logged = Waits(), []
    with waits:
        train_steps(loop.learner, [recorded], lambda _, terms: logged.append(terms))
    assert logged[0][loop.phases[0].loss].isfinite()
    assert waits.found == []


def test_a_plan_is_taken_lazily(few_digits: Dataset) -> None:
    """A step that is planned after another sees what that one has done."""
    loop = TrainingLoop(small_spec("deep-ae"), few_digits)
    seen: list[Tensor] = []

    def plan() -> Any:
        for number in range(2):
            seen.append(next(loop.model.parameters()).detach().clone())
            yield loop.plan_step(number)

    train_steps(loop.learner, plan(), lambda *_: None)
    assert not torch.equal(*seen)


def test_a_learner_is_fixed_by_its_seeds(few_digits: Dataset) -> None:
    loop = TrainingLoop(small_spec(), few_digits)
    one, other = (Learner.build(loop.architecture, loop.training, seed) for seed in (1, 2))
    for mine, theirs in zip(one.model.parameters(), other.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    assert not torch.equal(one.noise.get_state(), other.noise.get_state())
    step = PlannedStep(0, 1e-3, loop.live, (0,), torch.arange(8))
    logged: list[float] = []
    for learner in (one, Learner.build(loop.architecture, loop.training, 1), other):
        train_steps(learner, [step], lambda _, terms: logged.append(terms["loss"].item()))
    assert logged[0] == logged[1] != logged[2]
