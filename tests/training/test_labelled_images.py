"""Images with known labels that a step gets besides its batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.recipes.library import find_recipe
from aestudio.training.batches import Examples, ResidentImages
from aestudio.training.labelled_images import LabelledImages, divided
from aestudio.training.loop import TrainingLoop
from aestudio.training.recorded_steps import RecordedSteps
from aestudio.training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.datasets.dataset import Dataset
    from aestudio.objectives.objective_module import Batch
    from aestudio.recipes.recipe import Recipe

RECIPE = find_recipe("semi-supervised-vae")


def resident(labels: list[int]) -> ResidentImages:
    images = torch.arange(len(labels), dtype=torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 8, 8)
    return ResidentImages(images, torch.tensor(labels))


def recipe(**settings: Any) -> Recipe:
    return RECIPE.with_settings({"labelled_batch": 6} | settings)


def test_only_known_ones_are_drawn_each_as_likely_and_others_in_each_step() -> None:
    found = LabelledImages.of(resident([-1, 3, -1, 0, 5, -1]), recipe())
    assert found is not None
    drawn = [found.of_step(step) for step in range(500)]
    assert all(one.shape == (6,) for one in drawn)
    counts = torch.bincount(torch.cat(drawn), minlength=6)
    assert counts[[0, 2, 5]].sum() == 0
    assert (counts[[1, 3, 4]] > 900).all()
    assert torch.equal(found.of_step(7), found.of_step(7))
    assert len({tuple(one.tolist()) for one in drawn}) > 300


@pytest.mark.parametrize(
    ("labels", "settings"),
    [([1, 2, 3], {}), ([-1, -1], {}), ([-1, 2], {"hidden_labels": 0.0})],
    ids=["none hidden", "all hidden", "nothing is hidden by the recipe"],
)
def test_without_hidden_and_known_labels_there_are_none(labels: list[int], settings: dict[str, Any]) -> None:
    assert LabelledImages.of(resident(labels), recipe(**settings)) is None


def test_other_objectives_ask_for_none() -> None:
    hiding = find_recipe("supervised-ae").with_settings({"hidden_labels": 0.5})
    assert LabelledImages.of(resident([-1, 2]), hiding) is None


def test_the_last_examples_are_the_further_ones() -> None:
    examples = Examples(torch.rand(5, 1, 8, 8), torch.arange(5), torch.rand(5, 2))
    batch, labelled = divided(examples, 2)
    assert labelled is not None
    assert torch.equal(batch.images, examples.images[:3])
    assert batch.labels is not None
    assert batch.labels.tolist() == [0, 1, 2]
    assert batch.factors is not None
    assert len(batch.factors) == 3
    assert labelled.labels.tolist() == [3, 4]
    assert torch.equal(labelled.images, examples.images[3:])
    assert divided(examples, 0) == (examples, None)


def loop_of(digits: Dataset, **settings: Any) -> TrainingLoop:
    small = {"batch_size": 10, "epochs": 2, "hidden_labels": 0.9, "validation_images": 20, "hidden": (8,)}
    return TrainingLoop(RunSpec("run", recipe(**small | settings), "digits", "cpu"), digits)


def test_a_step_gets_them_with_the_labels_that_are_told(few_digits: Dataset, monkeypatch: Any) -> None:
    loop = loop_of(few_digits)
    seen: list[Batch] = []
    own = loop.model.phase_terms

    def watched(phase: str, batch: Batch) -> Mapping[str, torch.Tensor]:
        seen.append(batch)
        return own(phase, batch)

    monkeypatch.setattr(loop.model, "phase_terms", watched)
    loop.advance()
    loop.advance()
    for batch in seen:
        assert len(batch.images) == 10
        assert batch.labelled is not None
        assert len(batch.labelled.images) == 6
        assert (batch.labelled.labels >= 0).all()
    points = [label for batch in seen for label in (batch.labels if batch.labels is not None else ())]
    assert sum(int(label) < 0 for label in points) > 12
    loop.validate()
    assert seen[-1].labelled is None, "an evaluation has its own labels"


def test_recorded_steps_are_the_same(few_digits: Dataset) -> None:
    from aestudio.training.loop import train_steps

    plain, recorded = loop_of(few_digits), loop_of(few_digits)
    recorded.recorded = RecordedSteps(train_steps, recorded.learner)
    for loop in (plain, recorded):
        while loop.step < 32:
            loop.advance()
    ours, theirs = plain.snapshot().weights, recorded.snapshot().weights
    assert all(np.allclose(ours[name], theirs[name], atol=1e-5) for name in ours)
