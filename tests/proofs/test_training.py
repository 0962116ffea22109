"""Each proof model trains, improves, is saved, resumed bit for bit, compared, recorded and explored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.architecture import Architecture
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.start import resume_run
from aestudio.training.commands import Commands
from aestudio.training.events import CheckpointTaken, Ended, MetricPoint, Snapshot, SnapshotTaken
from aestudio.training.lockstep import LockstepCommands, in_lockstep
from aestudio.training.model import build_model
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.proofs.proofs import PROOFS, recipe_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint, Event

every_proof = pytest.mark.parametrize("name", PROOFS)


def spec(name: str, **training: object) -> RunSpec:
    return RunSpec("run", recipe_of(name, **training), "builtin", "cpu")


def last_checkpoint(events: Iterable[Event]) -> Checkpoint:
    return [event.checkpoint for event in events if isinstance(event, CheckpointTaken)][-1]


_WHOLE: dict[str, list[Event]] = {}


def whole_training(name: str, digits: Dataset) -> list[Event]:
    """The events of the proof's training, which is done once for all tests of the proof."""
    if name not in _WHOLE:
        _WHOLE[name] = list(train(spec(name), digits))
    return _WHOLE[name]


def same(one: Checkpoint, other: Checkpoint) -> None:
    for kept, again in ((one.snapshot.weights, other.snapshot.weights), (one.optimiser, other.optimiser)):
        assert kept.keys() == again.keys()
        for name, array in kept.items():
            assert np.array_equal(array, again[name], equal_nan=True), name
    assert np.array_equal(one.noise, other.noise)


@every_proof
def test_the_declaration_is_what_is_built(name: str, few_digits: Dataset) -> None:
    architecture = Architecture(recipe_of(name), few_digits.shape)
    model = build_model(architecture)
    assert architecture.parameter_count == sum(parameter.numel() for parameter in model.parameters())
    images = torch.rand(5, *few_digits.shape.image.array)
    condition = None
    if architecture.condition_size:
        condition = torch.eye(architecture.condition_size)[:5]
    codes = torch.zeros(5, architecture.latent.size)
    if architecture.encodes:
        codes = model.eval().encode(images, condition).mean
        assert codes.shape == (5, architecture.latent.size)
    assert model.eval().decode_images(codes, condition).shape == images.shape


@every_proof
def test_it_trains_and_every_phase_has_curves(name: str, few_digits: Dataset) -> None:
    events = whole_training(name, few_digits)
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.reason == "finished"
    names = {term.name for term in recipe_of(name).objective.terms()}
    points = [event for event in events if isinstance(event, MetricPoint)]
    assert {term for point in points for term in point.terms} == names
    assert all(np.isfinite(value) for point in points for value in point.terms.values())


@every_proof
def test_it_is_resumed_bit_for_bit(name: str, few_digits: Dataset, tmp_path: Path) -> None:
    whole = last_checkpoint(whole_training(name, few_digits))
    commands = Commands()
    events = record(train(spec(name), few_digits, commands), spec(name), tmp_path / "run")
    for event in events:
        if isinstance(event, MetricPoint) and event.step >= 7:
            commands.stop()
    kept = KeptRun.at(tmp_path / "run")
    assert 0 < kept.require_record().step < whole.counters["step"]
    resumed = last_checkpoint(resume_run(kept, few_digits))
    same(whole, resumed)
    again = KeptRun.at(tmp_path / "run")
    assert again.snapshot().step == whole.counters["step"]
    checkpoint = again.checkpoint()
    assert checkpoint is not None
    same(whole, checkpoint)


@pytest.mark.thorough
@every_proof
def test_it_is_stepped_in_a_comparison(name: str, few_digits: Dataset) -> None:
    commands = LockstepCommands(2)
    specs = [spec(name), spec(name, learning_rate=0.001)]
    trainings = [
        train(one, few_digits, commands.each[number], yield_every=3) for number, one in enumerate(specs)
    ]
    snapshots: dict[int, Snapshot] = {}
    for number, event in in_lockstep(trainings, commands):
        if isinstance(event, SnapshotTaken):
            snapshots[number] = event.snapshot
    alone = last_checkpoint(train(specs[1], few_digits)).snapshot
    assert snapshots[0].step == snapshots[1].step == alone.step
    for weight, array in alone.weights.items():
        assert np.array_equal(array, snapshots[1].weights[weight]), weight


@every_proof
def test_buffers_are_shown_as_they_were_trained(name: str, few_digits: Dataset) -> None:
    recipe_of(name)  # its parts are in the folder of this test's user, too
    snapshot = last_checkpoint(whole_training(name, few_digits)).snapshot
    frozen = FrozenModel(snapshot)
    for key, tensor in frozen.model.state_dict().items():
        assert np.array_equal(tensor.numpy().astype(np.float32), snapshot.weights[key]), key
    assert not frozen.model.training
