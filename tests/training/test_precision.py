"""bfloat16 rounds the products of a training, and nothing else; "auto" takes what a trial shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.errors import BadChoice
from aestudio.training import precision as precision_module
from aestudio.training.evaluation import mean_terms
from aestudio.training.loop import TrainingLoop
from aestudio.training.precision import choose_precision
from tests.training.conftest import small_spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.precision import Precision
    from aestudio.training.spec import RunSpec


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["vae", "conv-vae", "deep-ae", "digit-classifier"])
def test_half_precision_learns_about_the_same(few_digits: Dataset, name: str) -> None:
    losses = []
    for precision in ("float32", "bfloat16"):
        loop = TrainingLoop(small_spec(name, precision=precision, epochs=3), few_digits)
        while loop.step < loop.total_steps:
            loop.advance()
        assert all(parameter.dtype == torch.float32 for parameter in loop.model.parameters())
        losses.append(mean_terms(loop.model, loop.validation, loop.live)["loss"])
    assert losses[1] != losses[0]
    assert losses[1] == pytest.approx(losses[0], rel=0.05)


def test_evaluation_is_not_rounded(few_digits: Dataset) -> None:
    full, half = (
        TrainingLoop(small_spec(precision=precision), few_digits) for precision in ("float32", "bfloat16")
    )
    assert mean_terms(full.model, full.validation, full.live) == mean_terms(
        half.model, half.validation, half.live
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], list[str]]:
    """Returns a function that tries steps of these seconds, and lists which were executed."""
    monkeypatch.delenv("AESTUDIO_PRECISION")
    now = [0.0]
    monkeypatch.setattr(precision_module.time, "thread_time", lambda: now[0])

    def executed(full: float, half: float) -> list[str]:
        seconds = {"float32": full, "bfloat16": half}
        steps: list[str] = []

        def step(precision: Precision) -> None:
            now[0] += seconds[precision]
            steps.append(precision)

        return [choose_precision(step), *steps]

    return executed


@pytest.mark.parametrize(
    ("full", "half", "chosen"),
    [(0.1, 0.05, "bfloat16"), (0.1, 0.086, "bfloat16"), (0.1, 0.09, "float32"), (0.1, 0.2, "float32")],
)
def test_the_faster_precision_is_taken_if_the_gain_is_worth_it(
    clock: Callable[[float, float], list[str]], full: float, half: float, chosen: str
) -> None:
    assert clock(full, half)[0] == chosen


def test_the_environment_decides_instead_of_a_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    def step(precision: Precision) -> None:
        pytest.fail(f"a trial in {precision}")

    monkeypatch.setenv("AESTUDIO_PRECISION", "bfloat16")
    assert choose_precision(step) == "bfloat16"
    monkeypatch.setenv("AESTUDIO_PRECISION", "half")
    with pytest.raises(BadChoice, match="float32, bfloat16"):
        choose_precision(step)


def test_short_steps_are_not_tried_and_hopeless_ones_once(
    clock: Callable[[float, float], list[str]],
) -> None:
    chosen, *steps = clock(0.007, 0.001)
    assert chosen == "float32"
    assert "bfloat16" not in steps
    chosen, *steps = clock(0.1, 0.5)
    assert chosen == "float32"
    assert steps.count("bfloat16") == 1


@pytest.fixture
def half_is_faster(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every trial finds that bfloat16 is faster; lists the trials."""
    trials: list[str] = []

    def choose(step: Callable[[Precision], object], threads: int = 1) -> Precision:
        step("float32")
        step("bfloat16")
        trials.append("trial")
        return "bfloat16"

    monkeypatch.setattr("aestudio.training.loop.choose_precision", choose)
    return trials


def trained(spec: RunSpec, dataset: Dataset, checkpoint=None) -> TrainingLoop:
    loop = TrainingLoop(spec, dataset, checkpoint)
    while loop.step < loop.total_steps:
        loop.advance()
    return loop


def weights_of(loop: TrainingLoop) -> dict[str, np.ndarray]:
    return dict(loop.snapshot().weights)


def test_auto_trains_as_the_chosen_precision_does(few_digits: Dataset, half_is_faster: list[str]) -> None:
    auto = trained(small_spec("conv-vae", precision="auto", epochs=1), few_digits)
    half = trained(small_spec("conv-vae", precision="bfloat16", epochs=1), few_digits)
    assert half_is_faster == ["trial"]
    for name, weights in weights_of(auto).items():
        assert np.array_equal(weights, weights_of(half)[name]), name


@pytest.mark.thorough
def test_a_resumed_run_keeps_its_precision_without_a_trial(
    few_digits: Dataset, half_is_faster: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = small_spec("conv-vae", precision="auto", epochs=2)
    whole = trained(spec, few_digits)
    first = TrainingLoop(spec, few_digits)
    while first.step < first.steps_per_epoch:
        first.advance()
    checkpoint = first.checkpoint()
    assert checkpoint.counters["bfloat16"] == 1
    monkeypatch.setattr("aestudio.training.loop.choose_precision", lambda *_: pytest.fail("a trial"))
    rest = trained(spec, few_digits, checkpoint)
    for name, weights in weights_of(whole).items():
        assert np.array_equal(weights, weights_of(rest)[name]), name


def test_compared_runs_and_kept_runs_without_a_choice_have_full_precision(
    few_digits: Dataset, half_is_faster: list[str]
) -> None:
    from dataclasses import replace

    spec = small_spec("conv-vae", precision="auto", epochs=2)
    assert TrainingLoop(replace(spec, compared=True), few_digits).model.precision == "float32"
    checkpoint = TrainingLoop(spec, few_digits).checkpoint()
    counters = {name: value for name, value in checkpoint.counters.items() if name != "bfloat16"}
    old = replace(checkpoint, counters=counters)
    assert TrainingLoop(spec, few_digits, old).model.precision == "float32"
    assert half_is_faster == ["trial"]


def test_a_trial_changes_nothing_of_the_run(few_digits: Dataset) -> None:
    spec = small_spec("conv-vae", precision="auto")
    chosen = precision_module.choose_precision

    def with_trial(step: Callable[[Precision], object], threads: int = 1) -> Precision:
        chosen(step, threads)
        step("bfloat16")
        return "float32"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aestudio.training.loop.choose_precision", with_trial)
        tried = trained(spec, few_digits)
    plain = trained(small_spec("conv-vae", precision="float32"), few_digits)
    for name, weights in weights_of(plain).items():
        assert np.array_equal(weights, weights_of(tried)[name]), name
