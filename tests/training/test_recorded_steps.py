"""Recorded steps do what single steps do; on the CPU a replay does them again, through the same code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.recorded_steps import RecordedSteps
from aestudio.training.spec import RunSpec
from tests.phased_recipes import normalised_two_phases
from tests.training.conftest import small_spec

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import MetricPoint

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
RECIPES = ["vae", "deep-ae", "conv-vae", "denoising-conv-ae", "sparse-ae", "digit-classifier"]


def loop_with(
    dataset: Dataset, runner: str, name: str, device: str = "cpu", **settings: object
) -> TrainingLoop:
    spec = replace(small_spec(name, batch_size=16, epochs=3, **settings), device=device)
    loop = TrainingLoop(spec, dataset)
    loop.recorded = RecordedSteps(train_steps, loop.learner) if runner == "replayed" else None
    return loop


def trained(loop: TrainingLoop, steps: int, most: int | None = None) -> list[MetricPoint]:
    while loop.step < steps:
        loop.advance(most)
    return list(loop.fetch_points())


def same_weights(one: TrainingLoop, other: TrainingLoop, **tolerance: float) -> bool:
    mine, theirs = one.snapshot().weights, other.snapshot().weights
    return all(np.allclose(mine[name], theirs[name], **tolerance) for name in mine)


@pytest.mark.parametrize("name", RECIPES)
def test_replayed_steps_are_the_single_steps(few_digits: Dataset, name: str) -> None:
    """Not bit for bit: live settings and rate are single precision on the device."""
    single, replayed = (loop_with(few_digits, runner, name) for runner in ("single", "replayed"))
    steps = 2 * single.steps_per_epoch
    expected, found = trained(single, steps), trained(replayed, steps)
    assert [point.step for point in found] == [point.step for point in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.terms == pytest.approx(theirs.terms, rel=1e-3, abs=1e-4)
    assert same_weights(single, replayed, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("schedule", ["constant", "one_cycle"])
def test_how_many_at_once_makes_no_difference(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, schedule: str
) -> None:
    """Bit for bit: a pause may cut a chunk anywhere."""
    monkeypatch.setattr(RecordedSteps, "longest", 4)
    at_once = loop_with(few_digits, "replayed", "vae", schedule=schedule, warmup_epochs=1.5)
    one_by_one = loop_with(few_digits, "replayed", "vae", schedule=schedule, warmup_epochs=1.5)
    steps = 2 * at_once.steps_per_epoch
    assert trained(at_once, steps) == trained(one_by_one, steps, most=1)
    assert same_weights(at_once, one_by_one, rtol=0.0, atol=0.0)


def test_chunks_end_where_something_is_due(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """17 steps an epoch (the last one of 14 images), a validation after the ninth and the last."""
    monkeypatch.setattr(RecordedSteps, "longest", 4)
    loop = loop_with(few_digits, "replayed", "deep-ae")
    assert loop.steps_per_epoch == 17
    stops = []
    while loop.step < 2 * loop.steps_per_epoch:
        loop.advance()
        stops.append(loop.step)
    assert stops[:7] == [4, 8, 9, 13, 14, 15, 16]
    assert {9, 17, 26, 34} <= set(stops)
    forms = set(loop.recorded.graphs)  # type: ignore[attr-defined]
    assert forms == {(16, ((0,),) * 4), (16, ((0,),)), (14, ((0,),))}


def test_a_moved_setting_acts_on_the_next_chunk(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecordedSteps, "longest", 4)
    loop = loop_with(few_digits, "replayed", "vae")
    loop.advance()
    loop.change_setting("learning_rate", 1e-12)
    before = loop.snapshot()
    loop.advance()
    assert all(np.allclose(before.weights[k], loop.snapshot().weights[k], atol=1e-9) for k in before.weights)


@pytest.mark.parametrize(
    ("first", "probe", "begins", "longest"),
    [(1, 3, 0.0, 3), (1, 1, 0.0, 4), (2, 2, 0.0, 4), (2, 3, 0.0, 1), (1, 1, 0.35, 4), (1, 3, 1.2, 3)],
)
def test_phases_of_different_frequency_are_replayed(
    few_digits: Dataset,
    monkeypatch: pytest.MonkeyPatch,
    first: int,
    probe: int,
    begins: float,
    longest: int,
) -> None:
    """Bit for bit in chunks and one by one; nearly as single steps, whose rates have double precision.

    Of 17 steps an epoch; a phase that begins later does so in the middle of a chunk (step 6), or step 21.
    """
    monkeypatch.setattr(RecordedSteps, "longest", 4)
    settings: dict[str, float] = {"batch_size": 16, "epochs": 3, "first_every": first, "probe_every": probe}
    settings["probe_begins"] = begins
    spec = RunSpec("run", normalised_two_phases(**settings), "builtin", "cpu")
    single, at_once, one_by_one = (TrainingLoop(spec, few_digits) for _ in range(3))
    for loop in (at_once, one_by_one):
        loop.recorded = RecordedSteps(train_steps, loop.learner)
    steps = 2 * single.steps_per_epoch
    expected, found = trained(single, steps), trained(at_once, steps)
    assert found == trained(one_by_one, steps, most=1)
    assert same_weights(at_once, one_by_one, rtol=0.0, atol=0.0)
    assert [point.step for point in found] == [point.step for point in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.terms == pytest.approx(theirs.terms, rel=1e-3, abs=1e-4)
    # A bias before batch normalisation has no gradient but rounding errors, which Adam makes steps of.
    without_effect = {
        f"{part}.{name}" for part in ("encoder", "decoder") for name in ("0.bias", "1.running_mean")
    }
    weights = at_once.snapshot().weights
    for name, values in single.snapshot().weights.items():
        if name not in without_effect:
            np.testing.assert_allclose(weights[name], values, rtol=1e-3, atol=1e-4, err_msg=name)
    # Several steps at once are whole patterns of due phases, so that few graphs are recorded.
    patterns = {phases for _, phases in at_once.recorded.graphs}  # type: ignore[attr-defined]
    assert max(map(len, patterns)) == longest


def test_one_phase_alone_is_replayed(few_digits: Dataset) -> None:
    loop = TrainingLoop(RunSpec("run", normalised_two_phases(), "builtin", "cpu"), few_digits)
    loop.recorded = RecordedSteps(train_steps, loop.learner)
    loop.advance(1, "probe")
    loop.advance(1, "autoencoder")
    names = [set(point.terms) for point in loop.fetch_points()]
    assert names == [{"misreading", "brightness"}, {"distance"}]
    assert set(loop.recorded.graphs) == {(32, ((1,),)), (32, ((0,),))}


def test_only_cuda_records(few_digits: Dataset) -> None:
    assert TrainingLoop(small_spec(), few_digits).recorded is None


@needs_cuda
@pytest.mark.parametrize("name", RECIPES)
def test_a_recorded_graph_trains_like_single_steps(few_digits: Dataset, name: str) -> None:
    """On a GPU: the recording itself, noise included."""
    recorded = loop_with(few_digits, "replayed", name, device="cuda")
    single = loop_with(few_digits, "single", name, device="cuda")
    steps = 3 * recorded.steps_per_epoch
    found, expected = trained(recorded, steps), trained(single, steps)
    assert found[-1].terms == pytest.approx(expected[-1].terms, rel=0.02)
    assert any(graph.recorded for graph in recorded.recorded.graphs.values())  # type: ignore[attr-defined]
