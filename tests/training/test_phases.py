"""Two phases with optimisers, rates and frequencies of their own, buffers and moving averages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn, optim

from aestudio.datasets.image_shape import MNIST
from aestudio.inference.frozen_model import FrozenModel
from aestudio.layers.dropout import lend_generator
from aestudio.objectives.objective_module import Batch
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.phase import Phase
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.start import resume_run
from aestudio.training.batches import ResidentImages, epoch_order
from aestudio.training.commands import Commands
from aestudio.training.evaluation import Validator, mean_terms
from aestudio.training.events import CheckpointTaken, Event, MetricPoint, Paused, SnapshotTaken
from aestudio.training.learner import Learner, PlannedStep
from aestudio.training.lockstep import LockstepCommands, in_lockstep
from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.model import build_model
from aestudio.training.optimisers import build_optimisers
from aestudio.training.recorded_steps import RecordedSteps
from aestudio.training.spec import RunSpec
from aestudio.training.state import NOISE_SEED
from aestudio.training.trainer import train
from tests.phased_recipes import normalised_two_phases
from tests.runs.conftest import same_weights
from tests.training.conftest import small_spec
from tests.training.test_side_stream import Later

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint
    from aestudio.training.model import Model

FIRST = ("encoder.", "decoder.", "objective.head.", "objective.unused")


def loop_of(digits: Dataset, checkpoint: Checkpoint | None = None, **settings: Any) -> TrainingLoop:
    spec = RunSpec("run", normalised_two_phases(**settings), "builtin", "cpu")
    return TrainingLoop(spec, digits, checkpoint)


def state_of(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: values.clone() for name, values in model.state_dict().items()}


def changed(before: dict[str, torch.Tensor], model: nn.Module) -> set[str]:
    """The names of the parameters that are not what they were."""
    return {name for name, one in model.named_parameters() if not torch.equal(one, before[name])}


def test_a_phase_without_parameters_is_an_error() -> None:
    model = build_model(Architecture(normalised_two_phases(), MNIST))
    with pytest.raises(ValueError, match="the phase discriminator changes no parameter"):
        build_optimisers(model, [Phase("discriminator", parameters=("objective.d",))], model.recipe.training)


def test_each_parameter_belongs_to_its_phase() -> None:
    model = build_model(Architecture(normalised_two_phases(), MNIST))
    first, second = build_optimisers(model, model.phases, model.recipe.training)
    names = [name for name, _ in model.named_parameters()]
    assert list(first.parameter_names) == [name for name in names if name.startswith(FIRST)]
    assert set(second.parameter_names) == {name for name in names if name.startswith("objective.probe.")}
    assert set(first.parameter_names) | set(second.parameter_names) == set(names)


def plain_torch(digits: Dataset, steps: int, every: int, factor: float, first_step: int) -> Model:
    """The same training, written down with torch's own optimisers."""
    recipe = normalised_two_phases(weight_decay=0.01)
    model = build_model(Architecture(recipe, MNIST)).train()
    generator = torch.Generator().manual_seed(NOISE_SEED ^ recipe.training.seed)
    lend_generator(model, generator)
    first = [one for name, one in model.named_parameters() if name.startswith(FIRST)]
    second = [one for name, one in model.named_parameters() if not name.startswith(FIRST)]
    rate = recipe.training.learning_rate
    adam = optim.Adam(first, lr=rate, weight_decay=0.01, fused=True)
    sgd = optim.SGD(second, lr=rate * factor, momentum=0.9, weight_decay=0.01, fused=True)
    images = torch.tensor(digits.train.images[:270]).float() * (1 / 255)
    for step in range(steps):
        order = epoch_order(270, recipe.training.seed, step // 9, torch.device("cpu"))
        chosen = images[order[step % 9 * 32 :][:32]]
        batch = Batch(chosen, None, generator, {"weight": 1.0})
        for optimiser, name, loss, often, since in (
            (adam, "autoencoder", "distance", 1, 0),
            (sgd, "probe", "misreading", every, first_step),
        ):
            if step % often == 0 and step >= since:
                model.zero_grad(set_to_none=True)
                value: Any = model.phase_terms(name, batch)[loss]
                value.backward()
                optimiser.step()
        with torch.no_grad():
            model.objective.after_step()
    return model


@pytest.mark.parametrize(
    ("every", "factor", "begins", "first_step"),
    [(1, 1.0, 0.0, 0), (3, 0.5, 0.0, 0), (4, 20.0, 0.0, 0), (1, 0.5, 0.7, 6), (4, 0.5, 0.7, 8)],
)
def test_two_phases_are_two_loops_of_torch(
    few_digits: Dataset, every: int, factor: float, begins: float, first_step: int
) -> None:
    """Bit for bit, batch normalisation, dropout and moving averages included. 9 steps an epoch."""
    settings = {"probe_every": every, "probe_rate": factor, "probe_begins": begins}
    loop = loop_of(few_digits, **settings, weight_decay=0.01)
    start = state_of(loop.model)
    while loop.step < 14:
        loop.advance()
    expected = plain_torch(few_digits, 14, every, factor, first_step).state_dict()
    for name, values in loop.model.state_dict().items():
        assert torch.equal(values, expected[name]), name
        assert torch.equal(values, start[name]) == (name == "objective.unused"), name


def test_no_gradient_piles_up(few_digits: Dataset) -> None:
    loop = loop_of(few_digits)
    for _ in range(4):
        loop.advance()
    assert all(parameter.grad is None for parameter in loop.model.parameters())


def test_a_single_phase_of_some_parameters_leaves_no_gradient_on_others() -> None:
    model = build_model(Architecture(normalised_two_phases(), MNIST)).train()
    model.phases = (Phase("autoencoder", parameters=("decoder",), loss="distance"),)
    generator = torch.Generator().manual_seed(0)
    lend_generator(model, generator)
    images = ResidentImages(torch.randint(0, 256, (12, 1, 28, 28), generator=generator).byte(), None)
    optimisers = build_optimisers(model, model.phases, model.recipe.training)
    before, live = state_of(model), {"weight": 1.0}
    plan = [PlannedStep(step, 1e-2, live, (0,), torch.arange(4) + 4 * step) for step in range(3)]
    train_steps(Learner(model, optimisers, images, generator), plan, lambda *_: None)
    found = changed(before, model)
    assert found
    assert all(name.startswith("decoder.") for name in found)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_one_phase_alone(few_digits: Dataset) -> None:
    loop = loop_of(few_digits, probe_every=5)
    loop.advance()
    before = state_of(loop.model)
    loop.advance(phase="probe")  # which is not due in the second step
    found = changed(before, loop.model)
    assert found
    assert all(name.startswith("objective.probe.") for name in found)
    before = state_of(loop.model)
    loop.advance(phase="autoencoder")
    found = changed(before, loop.model)
    assert "decoder.0.weight" in found
    assert not any(name.startswith("objective.probe.") for name in found)
    loop.advance(phase="of another run")
    assert loop.step == 4
    names = [set(point.terms) for point in loop.fetch_points()]
    first, second = {"distance"}, {"misreading", "brightness"}
    assert names == [first | second, second, first, first]


def test_a_phase_that_has_not_begun_is_stepped_alone(few_digits: Dataset) -> None:
    """As asked; the steps after it are again without the phase, until it begins with step 9."""
    loop = loop_of(few_digits, probe_every=1, probe_begins=1.0)
    loop.advance()
    before = state_of(loop.model)
    loop.advance(phase="probe")
    found = changed(before, loop.model)
    assert found
    assert all(name.startswith("objective.probe.") for name in found)
    while loop.step < 12:
        loop.advance()
    of_probe = [point.step for point in loop.fetch_points() if "misreading" in point.terms]
    assert of_probe == [2, 10, 11, 12]  # numbers of steps after them


@pytest.mark.parametrize(("begins", "best"), [(0.0, 3), (1.0, 12)])
def test_the_best_weights_are_trained_in_every_phase(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, begins: float, best: int
) -> None:
    """The validation loss grows from the first on; patience waits for a phase that begins later."""
    loop = loop_of(few_digits, probe_begins=begins, probe_every=1, patience=50)
    losses = iter(range(1, 9))
    measured = Validator.begin

    def growing(validator: Validator, model: Model, live: Any, finish: Any) -> Any:
        loss = float(next(losses))
        return measured(validator, model, live, lambda terms, use: finish(terms | {"distance": loss}, use))

    monkeypatch.setattr(Validator, "begin", growing)
    while loop.step < 24:
        loop.advance()
        if loop.step % 3 == 0:
            loop.validate()
    assert loop.best is not None
    assert loop.best.step == best


def test_a_command_steps_one_phase(few_digits: Dataset) -> None:
    commands = Commands()
    commands.advance(1)
    commands.advance(2, "probe")
    events = train(RunSpec("run", normalised_two_phases(), "builtin", "cpu"), few_digits, commands)
    points: list[MetricPoint] = []
    for event in events:
        if isinstance(event, MetricPoint) and event.split == "training":
            points.append(event)
        if isinstance(event, Paused):
            commands.stop()
    assert [point.step for point in points] == [1, 2, 3]
    assert [set(point.terms) for point in points[1:]] == [{"misreading", "brightness"}] * 2


@pytest.mark.parametrize("replayed", [False, True])
def test_steps_in_which_nothing_is_due(few_digits: Dataset, replayed: bool) -> None:
    loop = loop_of(few_digits, first_every=2, probe_every=4)
    if replayed:
        loop.recorded = RecordedSteps(train_steps, loop.learner)
    points: list[MetricPoint] = []
    while loop.step < 9:
        loop.advance()
        points += loop.fetch_points()
    assert [point.step for point in points] == [1, 3, 5, 7, 9]
    assert ["misreading" in point.terms for point in points] == [True, False, True, False, True]
    assert int(loop.model.state_dict()["objective.steps"]) == 9


def test_an_epoch_may_end_with_a_batch_of_one_image(few_digits: Dataset) -> None:
    loop = loop_of(few_digits, batch_size=269)
    for _ in range(2):
        loop.advance()
    assert all(values.isfinite().all() for values in loop.model.state_dict().values())
    assert [point.step for point in loop.fetch_points()] == [1, 2]


def test_trainings_side_by_side_step_one_phase(few_digits: Dataset) -> None:
    """The one without such a phase does a whole step: all of them are always at the same step."""
    commands = LockstepCommands(2)
    specs = [RunSpec("a", normalised_two_phases(), "builtin", "cpu"), small_spec()]
    trainings = [
        train(spec, few_digits, own, yield_every=4) for spec, own in zip(specs, commands.each, strict=True)
    ]
    commands.advance(1)
    commands.advance(2, "probe")
    points: dict[int, list[MetricPoint]] = {0: [], 1: []}
    ready = 0
    for number, event in in_lockstep(trainings, commands):
        if isinstance(event, MetricPoint) and event.split == "training":
            points[number].append(event)
        ready += isinstance(event, Paused) and event.step == 3
        if ready == 2:
            commands.stop()
    assert [point.step for point in points[0]] == [point.step for point in points[1]] == [1, 2, 3]
    assert [set(point.terms) for point in points[0][1:]] == [{"misreading", "brightness"}] * 2
    assert all("kl" in point.terms for point in points[1])


def test_a_kept_run_resumes_to_the_same_bits(few_digits: Dataset, tmp_path: Path) -> None:
    """Through its files: weights, buffers, both optimisers, counters of both phases."""
    spec = RunSpec("run", normalised_two_phases(), few_digits.origin, "cpu")

    def keep(folder: Path, stop_at: int) -> KeptRun:
        commands = Commands()
        commands.advance(stop_at)
        for event in record(train(spec, few_digits, commands), spec, folder):
            if isinstance(event, Paused):
                commands.stop()
        return KeptRun.at(folder)

    straight, halted = keep(tmp_path / "straight", 18), keep(tmp_path / "halted", 7)
    for _ in resume_run(halted, few_digits):
        pass
    resumed = KeptRun.at(halted.folder)
    assert resumed.require_record().step == straight.require_record().step == 18
    assert resumed.recipe == normalised_two_phases()
    assert same_weights(resumed.snapshot(), straight.snapshot())
    assert resumed.points() == straight.points()
    one, other = resumed.checkpoint(), straight.checkpoint()
    assert one is not None
    assert other is not None
    assert one.counters == other.counters
    assert "probe/first_loss" in one.counters
    assert one.optimiser.keys() == other.optimiser.keys()
    assert all(np.array_equal(one.optimiser[key], other.optimiser[key]) for key in one.optimiser)


def test_moving_averages_follow_the_steps_and_nothing_else(few_digits: Dataset) -> None:
    loop = loop_of(few_digits)
    for _ in range(5):
        loop.advance()
    before = state_of(loop.model)
    assert int(before["objective.steps"]) == 5
    assert int(before["encoder.1.num_batches_tracked"]) == 5 + 2, "both phases encode"
    loop.validate()
    loop.snapshot()
    after = loop.model.state_dict()
    assert all(torch.equal(values, after[name]) for name, values in before.items())
    assert loop.model.training


@pytest.mark.parametrize(
    ("stop_at", "begins"), [(1, 0.0), (5, 0.0), (9, 0.0), (13, 0.0), (5, 0.2), (13, 0.2)]
)
def test_resumed_is_the_same_as_straight(few_digits: Dataset, stop_at: int, begins: float) -> None:
    """Bit for bit: weights, buffers, both optimisers, counters, points; before and after a phase begins."""
    # Points of several steps, so that a checkpoint falls between two.
    settings: dict[str, Any] = {"batch_size": 5, "schedule": "cosine", "probe_begins": begins}
    straight, halted = loop_of(few_digits, **settings), loop_of(few_digits, **settings)
    assert straight.log_every > 1
    points: dict[str, list[MetricPoint]] = {"straight": [], "halted": []}

    def go(loop: TrainingLoop, to: int, name: str) -> None:
        while loop.step < to:
            loop.advance()
            if loop.step % 6 == 0:
                points[name].append(loop.validate())
        points[name] += loop.fetch_points()

    go(straight, 20, "straight")
    go(halted, stop_at, "halted")
    checkpoint = halted.checkpoint()
    for _ in range(3):
        halted.advance()  # the checkpoint does not follow
    resumed = loop_of(few_digits, checkpoint, **settings)
    go(resumed, 20, "halted")
    one, other = straight.checkpoint(), resumed.checkpoint()
    assert one.counters == pytest.approx(other.counters, rel=0, abs=0, nan_ok=True)
    assert np.array_equal(one.noise, other.noise)
    for first, second in ((one.optimiser, other.optimiser), (one.snapshot.weights, other.snapshot.weights)):
        assert first.keys() == second.keys()
        assert all(np.array_equal(first[name], second[name]) for name in first)
    assert "probe/objective.probe.0.weight/momentum_buffer" in one.optimiser
    assert "encoder.0.weight/exp_avg" in one.optimiser
    assert "encoder.1.running_var" in one.snapshot.weights
    mine, theirs = (sorted(some, key=lambda point: (point.step, point.split)) for some in points.values())
    assert mine == theirs


def test_the_trainer_stops_and_resumes_to_the_same_end(few_digits: Dataset) -> None:
    spec = RunSpec("run", normalised_two_phases(), "builtin", "cpu")

    def last(events: list[Event]) -> SnapshotTaken:
        return [event for event in events if isinstance(event, SnapshotTaken)][-1]

    straight = list(train(spec, few_digits))
    commands = Commands()
    commands.advance(7)
    halted: list[Event] = []
    for event in train(spec, few_digits, commands):
        halted.append(event)
        if isinstance(event, Paused):
            commands.stop()
    checkpoint = [event for event in halted if isinstance(event, CheckpointTaken)][-1].checkpoint
    assert checkpoint.snapshot.step == 7
    resumed = list(train(spec, few_digits, checkpoint=checkpoint))
    mine, theirs = last(straight).snapshot.weights, last(resumed).snapshot.weights
    assert last(resumed).snapshot.step == 18
    assert mine.keys() == theirs.keys()
    assert all(np.array_equal(mine[name], theirs[name]) for name in mine)


def test_validating_beside_the_steps_takes_the_buffers_along(few_digits: Dataset) -> None:
    loop = loop_of(few_digits)
    for _ in range(6):
        loop.advance()
    expected = mean_terms(loop.model, loop.validation, loop.live)
    assert set(expected) == {"distance", "misreading", "brightness"}
    side_stream = Later(torch.device("cpu"))
    validator = Validator(loop.architecture, loop.validation, side_stream)
    pending = validator.begin(loop.model, loop.live, lambda terms, _: terms)
    for _ in range(3):
        loop.advance()
    assert pending.value() == pytest.approx(expected, rel=1e-6)
    assert mean_terms(loop.model, loop.validation, loop.live) != pytest.approx(expected, rel=1e-4)


def test_the_frozen_model_has_the_buffers_and_does_not_change(few_digits: Dataset) -> None:
    loop = loop_of(few_digits)
    for _ in range(6):
        loop.advance()
    frozen = FrozenModel(loop.snapshot())
    images = few_digits.test.images[:7]
    found = frozen.encode(images).mean
    loop.model.eval()
    with torch.no_grad():
        expected = loop.model.encode(torch.tensor(images).float() / 255).mean.numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(frozen.encode(images[:1]).mean, found[:1], rtol=1e-4, atol=1e-5)
    assert np.array_equal(frozen.encode(images).mean, found)
