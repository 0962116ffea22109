"""Terms of autoencoders with point codes, each against a computation of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice, StudioError
from aestudio.networks.convolutional.config import Convolutional
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.networks.residual.config import ResidualConvolutional
from aestudio.networks.row_gru.config import RowGru
from aestudio.objectives.contractive.config import Contractive
from aestudio.objectives.contractive.module import ContractiveModule
from aestudio.objectives.k_sparse.config import KSparse
from aestudio.objectives.k_sparse.module import largest
from aestudio.objectives.masked_patches.config import MaskedPatches
from aestudio.objectives.orthogonal.config import Orthogonal
from aestudio.objectives.orthogonal.module import deviation
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.objectives.sparse.config import Sparse
from aestudio.objectives.supervised.config import Supervised
from aestudio.objectives.winner_take_all.config import WinnerTakeAll
from aestudio.objectives.winner_take_all.module import WinnerTakeAllModule
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.batches import ResidentImages
from aestudio.training.evaluation import mean_terms
from aestudio.training.model import Model, build_model
from aestudio.training.spec import live_values
from tests.objectives.test_objectives import batch_of, images_of, model_of, terms_of

ONE_MATRIX = FullyConnected(latent_size=4, hidden=())


def test_absolute_error_is_summed_over_pixels() -> None:
    model, images = model_of(Reconstruction(distance="absolute_error")), images_of(7)
    with torch.no_grad():
        expected = np.abs((model.reconstruct(images) - images).numpy()).sum(axis=(1, 2, 3))
        own = model.objective.image_loss(model.decode(model.encode(images).mean), images)
    assert terms_of(model, images)["loss"] == pytest.approx(expected.mean(), rel=1e-5)
    np.testing.assert_allclose(own.numpy(), expected, rtol=1e-5)
    assert Reconstruction(distance="absolute_error").image_loss().unit == "absolute error per image"


def test_a_mean_activity_is_evaluated_over_mixed_images() -> None:
    """KL(rho || activity) is of a batch: neighbours in a file are alike."""
    assert Sparse().compares_batches
    assert not Sparse(sparsity="l1").compares_batches
    model = model_of(Sparse())
    assert isinstance(model.objective.head, torch.nn.Linear)
    with torch.no_grad():
        model.objective.head.weight.mul_(20)
    bright = torch.linspace(0, 1, 1024)[:, None, None, None]
    images = (255 * images_of(1024) * bright).to(torch.uint8)
    order = torch.randperm(1024, generator=torch.Generator().manual_seed(5))
    one, other = (
        mean_terms(model, ResidentImages(each, None, None), {"sparsity_weight": 1.0})
        for each in (images, images[order])
    )
    assert one["penalty"] == pytest.approx(other["penalty"], rel=0.05)


# --- contractive ----------------------------------------------------------------------------------


def jacobian_norm(model: Model, images: torch.Tensor) -> float:
    """||dh/dx||_F^2 per image, from torch's whole Jacobian of each image."""
    squares = []
    for image in images:
        whole = torch.autograd.functional.jacobian(lambda x: model.encode(x[None]).mean[0], image)
        squares.append(float(whole.square().sum()))
    return float(np.mean(squares))


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "relu"])
def test_one_matrix_is_contracted_exactly(activation: Any) -> None:
    model = model_of(Contractive(code_activation=activation, contraction=0.7), ONE_MATRIX)
    images = images_of(5)
    terms = terms_of(model, images)
    assert terms["contraction"] == pytest.approx(jacobian_norm(model, images), rel=1e-4)
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + 0.7 * terms["contraction"], rel=1e-6)
    if activation == "sigmoid":  # sum_j (h_j (1 - h_j))^2 sum_i W_ji^2, image by image
        weight = model.objective.head.weight.detach().numpy()  # type: ignore[union-attr]
        with torch.no_grad():
            codes = model.encode(images).mean.numpy()
        sums = [((h * (1 - h)) ** 2 * (weight**2).sum(1)).sum() for h in codes]
        assert terms["contraction"] == pytest.approx(np.mean(sums), rel=1e-5)


@pytest.mark.parametrize(
    "network",
    [
        FullyConnected(latent_size=4, hidden=(12,), activation="tanh"),
        FullyConnected(latent_size=4, hidden=(12,), normalisation="layer"),
        Convolutional(latent_size=4, channels=(3,), dense_units=8),
        ResidualConvolutional(latent_size=4, channels=(3,), dense_units=8, activation="gelu"),
    ],
    ids=["tanh", "layer norm", "convolutional", "residual"],
)
def test_deeper_ones_are_estimated_without_bias(network: Any) -> None:
    recipe = find_recipe("vae").combined(network, Contractive(probes=4))
    model, images = build_model(Architecture(recipe, MNIST), 0), images_of(3)
    exact = jacobian_norm(model, images)
    noise = torch.Generator().manual_seed(1)
    batch = batch_of(model, images)
    batch = type(batch)(images, None, noise, batch.live)
    draws = [float(model.terms(batch)["contraction"].detach()) for _ in range(100)]
    assert np.mean(draws) == pytest.approx(exact, abs=4 * float(np.std(draws)) / 10 + 1e-6 * exact)
    assert np.std(draws) > 0


def test_what_cannot_be_contracted_is_refused() -> None:
    recipe = find_recipe("vae")
    for network in (FullyConnected(normalisation="batch"), ResidualConvolutional(normalisation="batch")):
        with pytest.raises(BadChoice, match="also depends on the others of its batch"):
            recipe.combined(network, Contractive())
    with pytest.raises(BadChoice, match="cannot be differentiated again"):
        recipe.combined(RowGru(), Contractive())
    with pytest.raises(BadChoice, match="batch normalisation"):
        recipe.combined(objective=Contractive()).with_settings({"normalisation": "batch"})


def test_contraction_makes_codes_insensitive() -> None:
    """Trained with it, the same change of an image moves the code less, at the same reconstruction task."""
    moved = {}
    for weight in (0.0, 50.0):
        model = model_of(Contractive(contraction=weight, code_activation="sigmoid")).train()
        images = images_of(20)
        optimiser = torch.optim.Adam(model.parameters(), 0.003)
        for _ in range(60):
            optimiser.zero_grad()
            model.terms(batch_of(model, images))["loss"].backward()
            optimiser.step()
        moved[weight] = jacobian_norm(model, images)
        assert isinstance(model.objective, ContractiveModule)
    assert moved[50.0] < 0.1 * moved[0.0]


# --- sparse codes ---------------------------------------------------------------------------------


def test_k_largest_are_kept_with_their_gradient() -> None:
    code = torch.tensor([[3.0, -1.0, 2.0, 5.0], [-4.0, -3.0, -2.0, -1.0]], requires_grad=True)
    kept = largest(code, 2)
    assert kept.tolist() == [[3, 0, 0, 5], [0, 0, -2, -1]]
    kept.sum().backward()
    assert code.grad is not None
    assert code.grad.tolist() == [[1, 0, 0, 1], [0, 0, 1, 1]]
    assert torch.equal(largest(code, torch.tensor(2.0)), kept), "in a recorded step it is a tensor"
    assert torch.equal(largest(code, 4), code)
    assert torch.equal(largest(code, 9), code)


def test_a_k_sparse_code_has_k_numbers() -> None:
    model, plain = model_of(KSparse(active_units=3)), model_of(Reconstruction())
    with torch.no_grad():
        codes, all_numbers = model.encode(images_of(9)).mean, plain.encode(images_of(9)).mean
    assert ((codes != 0).sum(1) == 3).all()
    for kept, every in zip(codes.numpy(), all_numbers.numpy(), strict=True):
        assert sorted(kept[kept != 0]) == sorted(every)[1:]


def test_all_units_learn_before_few_are_kept() -> None:
    model = model_of(KSparse(active_units=2, all_units_epochs=2.0), FullyConnected(latent_size=10, hidden=()))
    counts = []
    for step in (0, 5, 10, 19, 20, 100):
        live = live_values(model.recipe)
        model.objective.anneal(step, 10, live)
        batch = batch_of(model, images_of(5), **live)
        with torch.no_grad():
            model.train().terms(batch)
            code = model.objective.code(model.encoder(batch.images)).mean
        counts += (code != 0).sum(1).unique().tolist()
        assert ((model.eval().encode(batch.images).mean != 0).sum(1) == 2).all(), "outside training always k"
    assert counts == [10, 8, 6, 2, 2, 2]


def test_winners_are_each_units_largest_activities_over_the_batch() -> None:
    model = model_of(WinnerTakeAll(winner_share=0.05, code_activation="linear")).train()
    images = images_of(40)
    with torch.no_grad():
        features = model.encoder(images)
        code = model.objective.code(features).mean.numpy()
        activity = model.objective.head(features).numpy()
    for unit in range(4):
        winners = np.argsort(activity[:, unit])[-2:]
        assert set(np.flatnonzero(code[:, unit])) == set(winners)
        np.testing.assert_array_equal(code[winners, unit], activity[winners, unit])


def test_outside_training_the_threshold_decides_and_neighbours_do_not() -> None:
    model = model_of(WinnerTakeAll(winner_share=0.1))
    objective = model.objective
    assert isinstance(objective, WinnerTakeAllModule)
    images = images_of(600)
    with torch.no_grad():
        for _ in range(150):
            model.train().encode(images)
            objective.after_step()
        together = model.eval().encode(images).mean
        alone = torch.cat([model.encode(image[None]).mean for image in images])
    torch.testing.assert_close(together, alone)
    share = (together > 0).float().mean(0)
    used = objective.thresholds > 0  # with ReLU some units of a fresh model are never above 0
    assert used.any()
    assert share[used].numpy() == pytest.approx(0.1, abs=0.005)
    assert "thresholds" in dict(objective.named_buffers())


def test_one_image_wins() -> None:
    model = model_of(WinnerTakeAll()).train()
    with torch.no_grad():
        assert torch.equal(model.encode(images_of(1)).mean, model.eval().encode(images_of(1)).mean)


# --- masked patches -------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "share"), [(4, 0.5), (4, 0.75), (5, 0.3), (32, 0.9), (7, 0.0)])
def test_exactly_its_share_of_the_patches_is_grey(size: int, share: float) -> None:
    model = model_of(MaskedPatches(patch_size=size, masked_share=share))
    batch = batch_of(model, torch.ones(50, 1, 28, 28))
    hidden = model.objective.corrupted(batch).numpy() == 0.5
    side = -(-28 // size)
    patches = np.zeros((50, side, side))
    for row in range(side):
        for column in range(side):
            part = hidden[:, 0, row * size : (row + 1) * size, column * size : (column + 1) * size]
            assert (part.all((1, 2)) | ~part.any((1, 2))).all()
            patches[:, row, column] = part.all((1, 2))
    assert (patches.sum((1, 2)) == round(share * side**2)).all()
    if share > 0 and side > 1:
        assert patches.any(0).all(), "any patch can be hidden"
        assert len(np.unique(patches.reshape(50, -1), axis=0)) > 20


def test_masked_patches_sum_what_was_hidden_and_what_was_not() -> None:
    model = model_of(MaskedPatches(masked_share=0.4))
    images = images_of(6)
    seen = model.objective.corrupted(batch_of(model, images))
    hidden = (seen == 0.5).numpy()
    with torch.no_grad():
        errors = (model.reconstruct(seen) - images).square().numpy()
    terms = terms_of(model, images, visible_weight=0.3)
    assert terms["hidden"] == pytest.approx((errors * hidden).sum() / 6, rel=1e-5)
    assert terms["visible"] == pytest.approx((errors * ~hidden).sum() / 6, rel=1e-5)
    assert terms["loss"] == pytest.approx(terms["hidden"] + 0.3 * terms["visible"], rel=1e-5)
    assert terms["reconstruction"] == pytest.approx(terms["hidden"] + terms["visible"], rel=1e-5)


def test_patches_of_colour_images_are_hidden_in_all_channels() -> None:
    model = model_of(MaskedPatches())
    images = torch.rand(4, 3, 10, 17)
    seen = model.objective.corrupted(batch_of(model, images))
    hidden = seen != images
    assert torch.equal(hidden, hidden[:, :1].expand(-1, 3, -1, -1))


# --- orthogonal -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [4, 64])
def test_deviation_is_that_of_all_images_and_a_bias_of_the_batch(count: int) -> None:
    """For N(0, C): ||C - I||^2 + (||C||^2 + (tr C)^2) / B, the fourth moments of a Gaussian."""
    generator = torch.Generator().manual_seed(3)
    factor = torch.tensor([[1.0, 0.0], [0.8, 0.5]], dtype=torch.float64)
    covariance = (factor @ factor.T).numpy()
    exact = ((covariance - np.eye(2)) ** 2).sum()
    exact += ((covariance**2).sum() + np.trace(covariance) ** 2) / count
    drawn = torch.randn(4000, count, 2, generator=generator, dtype=torch.float64) @ factor.T
    values = [float(deviation(codes)) for codes in drawn]
    assert np.mean(values) == pytest.approx(exact, abs=4 * float(np.std(values)) / 4000**0.5)


def test_orthonormal_codes_do_not_deviate() -> None:
    codes = 3 * torch.linalg.qr(torch.randn(9, 4, generator=torch.Generator().manual_seed(0)))[0]
    assert float(deviation(codes)) == pytest.approx(0, abs=1e-9)
    assert float(deviation(2 * codes)) == pytest.approx(4 * 9, rel=1e-5)


def test_orthogonal_codes_become_uncorrelated() -> None:
    model = model_of(Orthogonal(orthogonality=100.0)).train()
    images = images_of(64)
    optimiser = torch.optim.Adam(model.parameters(), 0.003)
    for _ in range(200):
        optimiser.zero_grad()
        model.terms(batch_of(model, images))["loss"].backward()
        optimiser.step()
    with torch.no_grad():
        codes = model.encode(images).mean
    torch.testing.assert_close(codes.T @ codes / 64, torch.eye(4), atol=0.15, rtol=0)


# --- supervised -----------------------------------------------------------------------------------


def test_class_loss_is_cross_entropy_of_a_linear_classifier() -> None:
    model = model_of(Supervised(class_weight=3.0))
    images, labels = images_of(30), torch.arange(30) % 10
    classifier = model.objective.get_submodule("classifier")[0]  # type: ignore[index]
    with torch.no_grad():
        scores = model.encode(images).mean @ classifier.weight.T + classifier.bias
    terms = terms_of(model, images, labels)
    assert terms["class_loss"] == pytest.approx(float(functional.cross_entropy(scores, labels)), rel=1e-5)
    assert terms["accuracy"] == pytest.approx(float((scores.argmax(1) == labels).float().mean()))
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + 3 * terms["class_loss"], rel=1e-6)


def test_labels_are_needed() -> None:
    with pytest.raises(StudioError, match="needs labels"):
        terms_of(model_of(Supervised()), images_of(3))
