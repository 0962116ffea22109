"""Steps of several phases: what each changes, what is recorded of it, and what a checkpoint keeps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.recipes.part import module_of
from aestudio.recipes.phase import Phase, period
from aestudio.training.commands import Commands
from aestudio.training.divergence import OUT_OF_BOUNDS
from aestudio.training.events import (
    Checkpoint,
    CheckpointTaken,
    Ended,
    Event,
    MetricPoint,
    Paused,
    SnapshotTaken,
)
from aestudio.training.lockstep import LockstepCommands, in_lockstep
from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.phase_divergence import PhaseDivergence
from aestudio.training.recorded_steps import CHUNK, MOST_GRAPHS, RecordedSteps, steps_at_once
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.phased_recipes import two_phases
from tests.training.conftest import small_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def spec(**settings: Any) -> RunSpec:
    return RunSpec("run", two_phases(**settings), "builtin", "cpu")


def changed(before: Snapshot, after: Snapshot) -> set[str]:
    """The parts of the model, by the first two words of their names, whose weights differ."""
    return {
        ".".join(name.split(".")[: 2 if name.startswith("objective") else 1])
        for name, array in before.weights.items()
        if not np.array_equal(array, after.weights[name])
    }


AUTOENCODER, PROBE = {"encoder", "decoder", "objective.head"}, {"objective.probe"}


def until_paused(events: Iterator[Event]) -> list[Event]:
    taken: list[Event] = []
    for event in events:
        taken.append(event)
        if isinstance(event, Paused):
            return taken
    return taken


def points(events: list[Event], split: str = "training") -> list[MetricPoint]:
    return [event for event in events if isinstance(event, MetricPoint) and event.split == split]


def snapshot(events: list[Event]) -> Snapshot:
    return [event for event in events if isinstance(event, SnapshotTaken)][-1].snapshot


@pytest.mark.parametrize(
    ("phase", "parts", "terms"),
    [
        ("probe", PROBE, {"misreading", "brightness"}),
        ("autoencoder", AUTOENCODER, {"distance"}),
        ("", AUTOENCODER, {"distance"}),
    ],
)
def test_a_phase_is_stepped_alone(few_digits: Dataset, phase: str, parts: set[str], terms: set[str]) -> None:
    """From the second step on, in which a whole step has the first phase only."""
    commands = Commands()
    commands.advance(1)
    events = train(spec(), few_digits, commands)
    before = until_paused(events)
    commands.advance(1, phase)
    after = until_paused(events)
    assert changed(snapshot(before), snapshot(after)) == parts
    (point,) = points(after)
    assert point.step == 2
    assert set(point.terms) == terms
    commands.stop()
    *_, last = events
    assert isinstance(last, Ended)


def test_every_fifth_step_has_both_phases(few_digits: Dataset) -> None:
    events = list(train(spec(), few_digits))
    of_probe = [point.step for point in points(events) if "misreading" in point.terms]
    assert of_probe == [1, 6, 11, 16]  # the steps 0, 5, 10 and 15, counted from 0
    assert all("distance" in point.terms for point in points(events))
    assert all(
        set(point.terms) == {"distance", "misreading", "brightness"} for point in points(events, "validation")
    )


def test_whole_steps_follow_again(few_digits: Dataset) -> None:
    """A phase that was stepped alone is no setting: the training goes on with the phases that are due."""
    commands = Commands()
    commands.advance(1, "probe")
    events = train(spec(), few_digits, commands)
    until_paused(events)
    commands.resume()
    rest = list(events)
    assert [point.step for point in points(rest) if "misreading" in point.terms] == [6, 11, 16]
    assert [point.step for point in points(rest)] == list(range(2, 19))


def test_resuming_is_bit_for_bit(few_digits: Dataset) -> None:
    """Also from a pause after single phases, in the middle of the pattern of phases."""
    commands = Commands()
    for phase in ("", "probe", "autoencoder", "probe", "", ""):
        commands.advance(1, phase)
    events = train(spec(), few_digits, commands)
    paused = until_paused(events)
    while not any(isinstance(event, CheckpointTaken) for event in paused[-3:]):
        paused += until_paused(events)
    checkpoint = [event for event in paused if isinstance(event, CheckpointTaken)][-1].checkpoint
    commands.resume()
    straight = list(events)
    resumed = list(train(spec(), few_digits, checkpoint=checkpoint))
    assert points(resumed) == points(straight)
    assert changed(snapshot(straight), snapshot(resumed)) == set()
    mine, theirs = last_checkpoint(resumed), last_checkpoint(straight)
    assert mine.counters.keys() == theirs.counters.keys()
    for name, value in theirs.counters.items():
        assert mine.counters[name] == pytest.approx(value, nan_ok=True, rel=0, abs=0), name
    assert mine.optimiser.keys() == theirs.optimiser.keys()
    assert any(name.startswith("probe/objective.probe") for name in mine.optimiser)
    assert all(np.array_equal(mine.optimiser[name], array) for name, array in theirs.optimiser.items())


def last_checkpoint(events: list[Event]) -> Checkpoint:
    return [event for event in events if isinstance(event, CheckpointTaken)][-1].checkpoint


def test_a_comparison_steps_one_phase_of_those_that_have_it(few_digits: Dataset) -> None:
    """A run without that phase does a whole step, so that all stay at the same step."""
    commands = LockstepCommands(2)
    commands.pause()
    trainings = [
        train(one, few_digits, each, yield_every=2)
        for one, each in zip((spec(), small_spec("deep-ae")), commands.each, strict=True)
    ]
    events = in_lockstep(trainings, commands)
    both_paused(events)  # before the first step
    commands.advance(1)
    before = both_paused(events)
    commands.advance(1, "probe")
    after = both_paused(events)
    assert changed(snapshot(before[0]), snapshot(after[0])) == PROBE
    assert changed(snapshot(before[1]), snapshot(after[1])) == AUTOENCODER
    assert [event.step for one in after for event in one if isinstance(event, Paused)] == [2, 2]
    commands.stop()
    ends = [event for _, event in events if isinstance(event, Ended)]
    assert [end.step for end in ends] == [2, 2]


def both_paused(events: Iterator[tuple[int, Event]]) -> tuple[list[Event], list[Event]]:
    taken: tuple[list[Event], list[Event]] = ([], [])
    for number, event in events:
        taken[number].append(event)
        if all(one and isinstance(one[-1], Paused) for one in taken):
            break
    return taken


# ---- divergence -------------------------------------------------------------------------------------


def monitor(log_every: int = 1, **of_second: Any) -> PhaseDivergence:
    return PhaseDivergence((Phase("model", "Model"), Phase("critic", "Critic", **of_second)), log_every, 10)


PHASES = (Phase("model", "Model", loss="a"), Phase("critic", "Critic", loss="b", every=5))


def test_the_phase_that_diverged_is_named() -> None:
    divergence = PhaseDivergence(PHASES, 1, 10)
    divergence.add_training_losses(1, {"a": 1.0, "b": 1.0})
    assert divergence.broken_phase is None
    divergence.add_training_losses(2, {"a": 2.0, "b": math.nan})
    assert divergence.diverged
    assert divergence.broken_phase == PHASES[1]


def test_the_advice_names_the_loss_and_what_was_kept() -> None:
    single = PhaseDivergence(PHASES[:1], 1, 10)
    single.add_training_losses(1, {"a": math.nan})
    text = "The loss grew out of bounds. Try a learning rate of 1e-04 instead of 1e-03, or gradient "
    assert (
        single.advice(1e-3, 1234) == f"{text}clipping at 1. The last good snapshot was kept, of step 1,234."
    )
    several = PhaseDivergence(PHASES, 1, 10)
    several.add_training_losses(1, {"a": 1.0, "b": math.nan})
    assert several.advice(1e-3, 0).startswith("The loss of the phase “Critic” grew")
    unnoticed = PhaseDivergence(PHASES, 1, 10)
    assert unnoticed.advice(1e-3, 0).startswith("The loss grew")


def test_each_phase_has_its_threshold_and_as_many_points() -> None:
    """51 is just within fifty times the first loss and one; every fifth step has a point of the critic."""
    lenient = Phase("critic", "Critic", loss="b", every=5, out_of_bounds=math.inf)
    strict = PHASES[1]
    far = 1.0 + OUT_OF_BOUNDS * 2 + 1
    for critic, points_until in ((strict, 11), (lenient, None)):
        divergence = PhaseDivergence((PHASES[0], critic), 1, 10)
        divergence.add_training_losses(1, {"a": 1.0, "b": 1.0})
        diverged_at = None
        for number in range(1, 20):
            divergence.add_training_losses(1 + 5 * number, {"a": 1.0, "b": far})
            if divergence.diverged:
                diverged_at = number
                break
        assert diverged_at == points_until


def test_the_advice_names_the_phase(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    real = TrainingLoop.advance

    def advance(loop: TrainingLoop, most: int | None = None, phase: str = "") -> None:
        if loop.step == 9:
            with torch.no_grad():
                for parameter in loop.model.objective.get_submodule("probe").parameters():
                    parameter.mul_(1e30)
        real(loop, most, phase)

    monkeypatch.setattr(TrainingLoop, "advance", advance)
    *_, end = train(spec(), few_digits)
    assert isinstance(end, Ended)
    assert end.reason == "diverged"
    assert end.advice.startswith("The loss of the phase “Probe” grew out of bounds.")


# ---- recorded steps -----------------------------------------------------------------------------------


def phases_every(*periods: int) -> tuple[Phase, ...]:
    return tuple(Phase(f"phase {every}", every=every) for every in periods)


@pytest.mark.parametrize(
    ("periods", "steps", "pattern"),
    [((1,), 16, 1), ((1, 5), 15, 5), ((1, 2, 4), 16, 4), ((1, 7), 14, 7), ((1, 5, 7), 1, 35), ((1, 9), 1, 9)],
)
def test_a_replay_is_whole_patterns(periods: tuple[int, ...], steps: int, pattern: int) -> None:
    assert period(phases_every(*periods)) == pattern
    assert steps_at_once(phases_every(*periods), CHUNK) == steps


def with_phases(monkeypatch: pytest.MonkeyPatch, *periods: int) -> None:
    """The probe's phase again and again, each with its period and its terms, after the autoencoder's."""
    objective = two_phases().objective
    first, probe = objective.phases()
    others = tuple(
        Phase(f"probe {every}", "Probe", probe.parameters, f"{probe.loss} of probe {every}", every)
        for every in periods[1:]
    )
    monkeypatch.setattr(type(objective), "phases", lambda _: (first, *others))
    module = module_of(objective).ProbedModule
    given = module.phase_terms

    def phase_terms(self: Any, phase: str, *values: Any) -> dict[str, torch.Tensor]:
        terms = given(self, phase, *values)
        return terms if phase == first.name else {f"{name} of {phase}": one for name, one in terms.items()}

    monkeypatch.setattr(module, "phase_terms", phase_terms)


def loop_with(dataset: Dataset, replayed: bool, epochs: int = 12) -> TrainingLoop:
    loop = TrainingLoop(spec(epochs=epochs, batch_size=8), dataset)
    loop.recorded = RecordedSteps(train_steps, loop.learner) if replayed else None
    return loop


@pytest.mark.parametrize(("periods", "most"), [((1, 5), 8), ((1, 5, 7), 8), ((1, 3), 8)])
def test_recorded_steps_are_the_single_steps_of_few_graphs(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, periods: tuple[int, ...], most: int
) -> None:
    with_phases(monkeypatch, *periods)
    single, replayed = loop_with(few_digits, False), loop_with(few_digits, True)
    steps = 4 * single.steps_per_epoch
    while replayed.step < steps:
        replayed.advance()
    while single.step < steps:
        single.advance()
    found, expected = list(replayed.fetch_points()), list(single.fetch_points())
    assert [point.step for point in found] == [point.step for point in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.terms == pytest.approx(theirs.terms, rel=1e-3, abs=1e-4)
    runner = replayed.recorded
    assert isinstance(runner, RecordedSteps)
    long = [phases for _, phases in runner.graphs if len(phases) > 1]
    assert bool(long) == (periods != (1, 5, 7))
    assert len(long) <= period(replayed.phases)
    assert len(runner.graphs) <= 2 * most


def test_graphs_are_bounded(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aestudio.training.recorded_steps.MOST_GRAPHS", 2)
    with_phases(monkeypatch, 1, 5, 7)
    loop = loop_with(few_digits, True)
    single = loop_with(few_digits, False)
    for _ in range(36):
        loop.advance()
        single.advance()
    assert isinstance(loop.recorded, RecordedSteps)
    assert len(loop.recorded.graphs) == 2 < MOST_GRAPHS
    assert [point.step for point in loop.fetch_points()] == [point.step for point in single.fetch_points()]
