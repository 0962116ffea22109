"""M2: the bounds of images with and without a label, by enumeration; the classifier's loss."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.objectives.conditional_variational.config import ConditionalVariational
from aestudio.objectives.objective_module import Batch, Labelled
from aestudio.objectives.semi_supervised.config import SemiSupervised
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.model import Model, build_model
from aestudio.training.spec import live_values
from tests.objectives.test_objectives import SMALL, batch_of, images_of, model_of, terms_of

OBJECTIVE = SemiSupervised(classifier_units=6, class_weight=3.0)
SOME = torch.tensor([4, -1, -1, 0, -1])
"""Labels of five images, some of them hidden."""


def hiding(objective: SemiSupervised = OBJECTIVE) -> Model:
    """A model of a recipe that hides labels, in training."""
    recipe = find_recipe("vae").combined(SMALL, objective).with_settings({"hidden_labels": 0.5})
    return build_model(Architecture(recipe, MNIST), 0).train()


def exact(model: Model) -> Model:
    """Posteriors so narrow that every draw is the mean, which differs from class to class."""
    module = cast("Any", model.objective)
    with torch.no_grad():
        module.head.weight[4:] = 0
        module.head.bias[4:] = -60
        module.class_shift[0].weight.mul_(20)
        module.class_shift[0].weight[4:] = 0
        module.class_shift[0].bias[4:] = 0
        module.classifier[-1].weight.mul_(20)
    return model


def enumerated(model: Model, images: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """-log p(x|z, y) + KL + log K of each image and class (B, K), and q(y|x) (B, K), class by class."""
    module = cast("Any", model.objective)
    columns = []
    with torch.no_grad():
        features = model.encoder(images)
        chances = module.classifier(features).softmax(1)
        for number in range(10):
            told = functional.one_hot(torch.full((len(images),), number), 10).to(images.dtype)
            mean, log_variance = model.encode(images, told)
            assert log_variance is not None
            shown = model.decode_images(mean, told)
            distance = functional.binary_cross_entropy(shown, images, reduction="none").sum((1, 2, 3))
            kl = (mean.square() + log_variance.exp() - 1 - log_variance).sum(1) / 2
            columns.append(distance + kl + np.log(10))
    return torch.stack(columns, 1).numpy(), chances.numpy()


def test_an_unknown_class_is_summed_over_and_a_known_one_is_told() -> None:
    model, images = exact(hiding().double()), images_of(5).double()
    bounds, chances = enumerated(model, images)
    unknown = (chances * (bounds + np.log(chances))).sum(1)
    expected = np.where(SOME.numpy() >= 0, bounds[np.arange(5), SOME.clamp(min=0).numpy()], unknown)
    terms = terms_of(model, images, SOME)
    assert terms["negative_elbo"] == pytest.approx(expected.mean(), rel=1e-6)
    own = chances[[0, 3], [4, 0]]
    assert terms["class_loss"] == pytest.approx(-np.log(own).mean(), rel=1e-6)
    assert terms["loss"] == pytest.approx(expected.mean() - 3 * np.log(own).mean(), rel=1e-6)
    parts = terms["reconstruction"] + terms["kl"] + terms["class_kl"]
    assert terms["negative_elbo"] == pytest.approx(parts, rel=1e-9)


def test_the_bound_is_below_the_likelihood_by_the_doubt_about_the_class() -> None:
    """U(x) >= -log sum_y exp(-L(x, y)), and equal where q(y|x) is the exact posterior of the classes."""
    model, images = exact(hiding().double()), images_of(5).double()
    bounds, _ = enumerated(model, images)
    least = -torch.tensor(-bounds).logsumexp(1).mean()
    nobody = torch.full((5,), -1)
    assert terms_of(model, images, nobody)["negative_elbo"] >= float(least) - 1e-9
    module = cast("Any", model.objective)
    batch = batch_of(model, images, nobody)
    with torch.no_grad():
        features = model.encoder(images)
        parts = module.bounds(features, torch.tensor(-bounds), batch, model._functions, nobody >= 0)
    assert float(sum(parts).mean()) == pytest.approx(float(least), rel=1e-9)


def test_an_evaluation_tells_no_label() -> None:
    model, images = exact(hiding()).eval(), images_of(6)
    once, other = (terms_of(model, images, labels) for labels in (torch.arange(6), torch.arange(6).flip(0)))
    assert once["negative_elbo"] == other["negative_elbo"]
    assert once["class_loss"] != other["class_loss"]
    with torch.no_grad():
        each = model.negative_elbo_of_images(batch_of(model, images, torch.arange(6)))
    assert each is not None
    assert float(each.mean()) == pytest.approx(once["negative_elbo"], rel=1e-5)


def test_where_no_label_is_hidden_only_the_told_class_is_decoded() -> None:
    """And the bound is that of a model that hides others."""
    plain, images, labels = exact(model_of(OBJECTIVE)).train(), images_of(5), torch.arange(5)
    seen: list[int] = []
    assert plain.decoder is not None
    plain.decoder.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    terms = terms_of(plain, images, labels)
    assert seen == [5]
    assert terms == pytest.approx(terms_of(exact(hiding()), images, labels), rel=1e-5)


def test_further_labelled_images_teach_the_classifier_and_nothing_else() -> None:
    model, images = hiding(), images_of(5)
    labelled = Labelled(images_of(7, seed=3), torch.arange(7))
    with torch.no_grad():
        without = model.terms(batch_of(model, images, SOME))
        found = model.terms(replace(batch_of(model, images, SOME), labelled=labelled))
        logits = cast("Any", model.objective).classifier(model.encoder(labelled.images))
        expected = functional.cross_entropy(logits, labelled.labels)
    for name, value in found.items():
        if name not in ("loss", "class_loss", "accuracy"):
            assert torch.equal(value, without[name]), name
    assert float(found["class_loss"]) == pytest.approx(float(expected), rel=1e-6)
    assert float(found["accuracy"]) == pytest.approx(
        float((logits.argmax(1) == labelled.labels).float().mean())
    )
    assert float(found["loss"]) == pytest.approx(float(found["negative_elbo"] + 3 * expected), rel=1e-6)


def test_gradients_with_hidden_labels_are_finite_differences() -> None:
    model, images = hiding().double(), images_of(5).double()
    parameters = list(model.parameters())
    gradients = torch.autograd.grad(model.terms(batch_of(model, images, SOME))["loss"], parameters)
    generator = torch.Generator().manual_seed(2)
    direction = [torch.randn(one.shape, generator=generator, dtype=torch.float64) for one in parameters]
    slope = sum(float((gradient * one).sum()) for gradient, one in zip(gradients, direction, strict=True))
    values = []
    with torch.no_grad():
        for step in (1e-7, -2e-7):
            for parameter, one in zip(parameters, direction, strict=True):
                parameter.add_(one, alpha=step)
            values.append(terms_of(model, images, SOME)["loss"])
    assert (values[0] - values[1]) / 2e-7 == pytest.approx(slope, rel=1e-4, abs=1e-5)


def test_losses_with_hidden_labels_do_not_depend_on_the_batch_size() -> None:
    model, images = exact(hiding()), images_of(5)
    once = terms_of(model, images, SOME)
    assert terms_of(model, images.repeat(4, 1, 1, 1), SOME.repeat(4)) == pytest.approx(once, rel=1e-5)


def test_a_batch_without_any_label_has_a_loss() -> None:
    terms = terms_of(hiding(), images_of(3), torch.full((3,), -1))
    assert terms["class_loss"] == terms["accuracy"] == 0
    assert np.isfinite(terms["loss"])


def test_images_without_labels_are_refused() -> None:
    model = hiding()
    batch = Batch(images_of(3), None, None, live_values(model.recipe))
    with pytest.raises(StudioError, match="needs labels"):
        model.terms(batch)


@pytest.mark.parametrize("objective", [OBJECTIVE, ConditionalVariational()], ids=lambda one: one.kind())
def test_the_code_depends_on_the_class_that_is_told(objective: Any) -> None:
    model, images = model_of(objective).eval(), images_of(2)[:1].expand(10, -1, -1, -1)
    told = torch.eye(10)
    with torch.no_grad():
        code = model.encode(images, told)
        shown = model.decode_images(torch.zeros(10, 4), told)
    assert code.log_variance is not None
    for values in (code.mean, code.log_variance, shown.flatten(1)):
        assert len({tuple(row) for row in values.tolist()}) == 10
