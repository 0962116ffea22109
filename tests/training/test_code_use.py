"""How far the code is used: the numbers of each validation, and that measuring them changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.analysis.axis_statistics import kl_per_dimension
from aestudio.analysis.data_support.mean_image import mean_by_condition
from aestudio.datasets.dataset import part_of
from aestudio.inference.conditions import condition_of_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.training import code_use
from aestudio.training.code_use import CodeUseMeter
from aestudio.training.events import MetricPoint
from aestudio.training.loop import TrainingLoop
from aestudio.training.spec import RunSpec
from tests.proofs.proofs import recipe_of
from tests.training.conftest import events_of, small_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event


def validations(events: Iterator[Event]) -> list[MetricPoint]:
    return [event for event in events if isinstance(event, MetricPoint) and event.split == "validation"]


def trained_loop(few_digits: Dataset, name: str) -> TrainingLoop:
    loop = TrainingLoop(small_spec(name, learning_rate=0.01), few_digits)
    for _ in range(12):
        loop.advance()
    return loop


@pytest.mark.parametrize("name", ["vae", "deep-ae"])
def test_the_numbers_are_those_of_the_frozen_model(few_digits: Dataset, name: str) -> None:
    loop = trained_loop(few_digits, name)
    use = loop.validate().code_use
    assert use is not None
    held_out = few_digits.train.images[-len(loop.validation) :]
    model = FrozenModel(loop.snapshot())
    codes = model.encode(held_out)
    shown = model.decode_exactly(codes.mean).astype(np.float64)
    pixels = held_out / 255
    assert use.images == len(held_out)
    assert use.variance == pytest.approx(codes.mean.astype(np.float64).var(axis=0, ddof=1), rel=1e-4)
    assert use.error == pytest.approx(np.square(shown - pixels).mean(), rel=1e-4)
    assert use.mean_image_error == pytest.approx(np.square(pixels - pixels.mean(axis=0)).mean(), rel=1e-4)
    if name == "vae":
        assert use.kl == pytest.approx(kl_per_dimension(codes), rel=1e-3, abs=1e-6)
    else:
        assert use.kl == ()


def test_a_conditional_model_is_compared_with_the_mean_image_of_the_class(few_digits: Dataset) -> None:
    recipe = recipe_of("conditional", validation_images=60)
    loop = TrainingLoop(RunSpec("run", recipe, "builtin", "cpu"), few_digits)
    use = loop.validate().code_use
    assert use is not None
    first = len(few_digits.train) - len(loop.validation)
    held_out = part_of(few_digits.train, slice(first, None))
    condition = condition_of_set(loop.architecture, held_out)
    assert condition is not None
    answers = mean_by_condition(held_out.images, condition).answers(len(held_out), condition)
    expected = np.square(held_out.images / 255 - answers).mean()
    assert use.mean_image_error == pytest.approx(expected, rel=1e-4)
    assert expected < np.square(held_out.images / 255 - (held_out.images / 255).mean(axis=0)).mean()


def test_a_classifier_has_no_such_numbers(few_digits: Dataset) -> None:
    points = validations(events_of(few_digits, name="digit-classifier", epochs=1))
    assert points
    assert {point.code_use for point in points} == {None}


def test_a_training_is_the_same_bit_for_bit_without_it(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_it = validations(events_of(few_digits))
    monkeypatch.setattr(CodeUseMeter, "measure", lambda _self, _model: {})
    without = validations(events_of(few_digits))
    assert all(point.code_use is not None for point in with_it)
    assert all(point.code_use is None for point in without)
    assert [point.terms for point in with_it] == [point.terms for point in without]


def test_only_the_first_images_are_measured_and_a_long_code_is_not_kept(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_use, "IMAGES", 7)
    monkeypatch.setattr(code_use, "MOST_NUMBERS", 2)
    loop = TrainingLoop(small_spec("vae"), few_digits)
    use = loop.validate().code_use
    assert use is not None
    assert (use.images, use.variance, use.kl) == (7, (), ())
    pixels = few_digits.train.images[len(few_digits.train) - len(loop.validation) :][:7] / 255
    assert use.mean_image_error == pytest.approx(np.square(pixels - pixels.mean(axis=0)).mean(), rel=1e-4)


def test_weights_that_are_no_numbers_give_nothing(few_digits: Dataset) -> None:
    loop = TrainingLoop(small_spec("vae"), few_digits)
    with torch.no_grad():
        next(iter(loop.model.parameters())).fill_(float("nan"))
    assert loop.validate().code_use is None
