"""Errors of a user's own objective in a trained model name the objective and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.analysis.data_support.sensitivity import decoder_sensitivity
from aestudio.analysis.evaluation_metrics import evaluate
from aestudio.analysis.geodesic import decoder_told, geodesic
from aestudio.datasets.image_shape import MNIST
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.own_parts.loading_errors import PartUnavailable
from aestudio.training.initial import initial_snapshot
from tests.training.test_own_part_errors import CALLS, line_of, recipe_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset

GOOD_CODE = "return Code(self.head(features))"
GOOD_LOSS = "return absolute_errors(logits, images)"
# Each text is another one: what was loaded before with the same bytes keeps the folder that it had.
FAILS = "raise LookupError('lost by {}')  # here"


def method(signature: str) -> str:
    return f"{CALLS}    def {signature}:\n        {FAILS}\n\n"


def codes() -> np.ndarray:
    return np.zeros((2, 4), np.float32)


def encode(model: FrozenModel, digits: Dataset) -> Any:
    return model.encode(digits.test.images[:2])


def decode(model: FrozenModel, digits: Dataset) -> Any:
    return model.decode(codes())


def reconstruct(model: FrozenModel, digits: Dataset) -> Any:
    return model.reconstruct(digits.test.images[:2])


def losses(model: FrozenModel, digits: Dataset) -> Any:
    return model.image_losses(digits.test.images[:2])


def points(model: FrozenModel, digits: Dataset) -> Any:
    return model.points(codes())


def measured(model: FrozenModel, digits: Dataset) -> Any:
    return evaluate(model.snapshot, digits.test)


def shortest(model: FrozenModel, digits: Dataset) -> Any:
    return list(geodesic(decoder_told(model.model, None), np.zeros(4), np.ones(4), (9,)))


def sensitive(model: FrozenModel, digits: Dataset) -> Any:
    return decoder_sensitivity(model, codes(), np.eye(4)[:2])


@pytest.mark.parametrize(
    ("change", "by", "ask"),
    [
        (GOOD_CODE, f"{FAILS}\n        {GOOD_CODE}", encode),
        (GOOD_CODE, f"{FAILS}\n        {GOOD_CODE}", reconstruct),
        (CALLS, method("encoder_input(self, images, condition)"), encode),
        (CALLS, method("decoder_input(self, codes, condition)"), decode),
        (CALLS, method("decoder_input(self, codes, condition)"), losses),
        (CALLS, method("to_images(self, logits)"), decode),
        (CALLS, method("to_images(self, logits)"), shortest),
        (CALLS, method("to_images(self, logits)"), sensitive),
        (CALLS, method("points(self, codes)"), points),
        (GOOD_LOSS, f"{FAILS}\n        {GOOD_LOSS}", losses),
        ('return {"loss"', FAILS + '\n        return {"loss"', measured),
    ],
)
def test_a_line_of_the_objective(
    change: str, by: str, ask: Callable[[FrozenModel, Dataset], Any], few_digits: Dataset
) -> None:
    recipe, path = recipe_with(change, by.replace("{}", ask.__name__))
    frozen_model = FrozenModel(initial_snapshot(recipe, MNIST))
    with pytest.raises(PartUnavailable) as caught:
        ask(frozen_model, few_digits)
    assert caught.value.what == f"The objective mean_absolute failed (LookupError: lost by {ask.__name__})"
    assert caught.value.where == line_of(path, "# here")


@pytest.mark.parametrize(
    ("change", "by", "ask", "words"),
    [
        (GOOD_CODE, "return self.head(features)", encode, "TypeError: its code is Tensor, not a Code"),
        (GOOD_LOSS, "return None", losses, "NoneType"),
        (CALLS, f"{CALLS}    def to_images(self):\n        pass\n", decode, "TypeError"),
    ],
)
def test_an_error_in_none_of_its_lines_names_its_folder(
    change: str, by: str, ask: Callable[[FrozenModel, Dataset], Any], words: str, few_digits: Dataset
) -> None:
    recipe, path = recipe_with(change, by)
    frozen_model = FrozenModel(initial_snapshot(recipe, MNIST))
    with pytest.raises(PartUnavailable, match=words) as caught:
        ask(frozen_model, few_digits)
    assert caught.value.where == str(path.parent)


def test_a_wrong_call_is_not_the_objectives_fault() -> None:
    frozen_model = FrozenModel(initial_snapshot(recipe_with()[0], MNIST))
    with pytest.raises(ValueError, match=r"the codes are \(1, 7\), not \(B, 4\)"):
        frozen_model.decode(np.zeros((1, 7), np.float32))
    with pytest.raises(ValueError, match="the condition is"):
        frozen_model.decode(codes(), np.zeros((2, 3), np.float32))


def test_memory_that_runs_out_is_not_the_objectives_fault() -> None:
    raises = f"import torch; raise torch.OutOfMemoryError('out of memory')\n        {GOOD_CODE}"
    frozen_model = FrozenModel(initial_snapshot(recipe_with(GOOD_CODE, raises)[0], MNIST))
    with pytest.raises(torch.OutOfMemoryError):
        frozen_model.encode(np.zeros((1, 1, 28, 28), np.uint8))


def test_what_a_decoder_of_its_own_tells_of_its_sensitivity() -> None:
    recipe, path = recipe_with(CALLS, method("decoder_input(self, codes, condition)"))
    frozen_model = FrozenModel(initial_snapshot(recipe, MNIST))
    with pytest.raises(PartUnavailable) as caught:
        decoder_sensitivity(frozen_model, codes(), np.eye(4)[:2])
    assert caught.value.where == line_of(path, "# here")


def without_gradient(signature: str, result: str) -> str:
    return f"{CALLS}    def {signature}:\n        return {result}\n\n"


@pytest.mark.parametrize("ask", [shortest, sensitive])
def test_images_without_a_gradient_are_the_objectives_fault(
    ask: Callable[[FrozenModel, Dataset], Any], few_digits: Dataset
) -> None:
    by = without_gradient("to_images(self, logits)", f"logits.detach().sigmoid()  # {ask.__name__}")
    recipe, path = recipe_with(CALLS, by)
    frozen_model = FrozenModel(initial_snapshot(recipe, MNIST))
    with pytest.raises(PartUnavailable, match=r"The objective mean_absolute failed \(.*grad") as caught:
        ask(frozen_model, few_digits)
    assert caught.value.where == str(path.parent)


def test_a_search_that_is_stopped_is_not_the_objectives_fault(few_digits: Dataset) -> None:
    def stop(done: float, total: float | None, what: str) -> None:
        raise KeyError("stopped")

    frozen_model = FrozenModel(initial_snapshot(recipe_with()[0], MNIST))
    with pytest.raises(KeyError, match="stopped"):
        decoder_sensitivity(frozen_model, codes(), np.eye(4)[:2], progress=stop)
    with pytest.raises(KeyError, match="stopped"):
        list(geodesic(decoder_told(frozen_model.model, None), np.zeros(4), np.ones(4), (9,), progress=stop))
