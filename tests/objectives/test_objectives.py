"""Loss terms of every objective against computations of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives import likelihood
from aestudio.objectives.classification.config import Classification
from aestudio.objectives.corruption import corrupt
from aestudio.objectives.denoising.config import Denoising
from aestudio.objectives.objective_module import Batch
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.objectives.sparse.config import Sparse
from aestudio.objectives.sparse.module import bernoulli_kl
from aestudio.objectives.variational.config import Variational
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.batches import Examples
from aestudio.training.model import Model, build_model
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from aestudio.recipes.objective import Objective

SMALL = FullyConnected(latent_size=4, hidden=(12,))


def model_of(objective: Objective, network: FullyConnected = SMALL) -> Model:
    return build_model(Architecture(find_recipe("vae").combined(network, objective), MNIST), 0)


def images_of(count: int, seed: int = 0) -> Tensor:
    return torch.rand(count, 1, 28, 28, generator=torch.Generator().manual_seed(seed))


def batch_of(model: Model, images: Tensor, labels: Tensor | None = None, **live: float) -> Batch:
    """A batch whose noise starts at the same place every time."""
    noise = torch.Generator().manual_seed(9)
    told = model.condition_of(Examples(images, labels))
    told = None if told is None else told.to(images.dtype)
    return Batch(images, labels, noise, live_values(model.recipe) | live, told)


def terms_of(model: Model, images: Tensor, labels: Tensor | None = None, **live: float) -> dict[str, float]:
    with torch.no_grad():
        terms = model.terms(batch_of(model, images, labels, **live))
    return {name: float(value) for name, value in terms.items()}


def certain(model: Model) -> Model:
    """The same variational model with a posterior so narrow that its samples are its mean."""
    head = model.objective.head
    assert isinstance(head, torch.nn.Linear)
    with torch.no_grad():
        head.weight[4:] = 0
        head.bias[4:] = -40
    return model


# --- reconstruction -------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["sigmoid", "linear"])
def test_squared_error_is_summed_over_pixels_and_averaged_over_images(output: Any) -> None:
    model = model_of(Reconstruction(output=output))
    images = images_of(7)
    with torch.no_grad():
        logits = model.decode(model.encode(images).mean)
    means = (logits.sigmoid() if output == "sigmoid" else logits).numpy()
    expected = ((means - images.numpy()) ** 2).sum(axis=(1, 2, 3)).mean()
    terms = terms_of(model, images)
    assert terms == {"loss": terms["loss"], "reconstruction": terms["loss"]}
    assert terms["loss"] == pytest.approx(expected, rel=1e-5)


def test_cross_entropy_of_a_point_code() -> None:
    model = model_of(Reconstruction(distance="cross_entropy"))
    images = images_of(7)
    with torch.no_grad():
        chance = model.reconstruct(images).double().numpy()
    x = images.double().numpy()
    expected = -(x * np.log(chance) + (1 - x) * np.log1p(-chance)).sum(axis=(1, 2, 3)).mean()
    assert terms_of(model, images)["loss"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("output", ["sigmoid", "linear"])
def test_output_covers_the_range_of_the_target(output: Any) -> None:
    model = model_of(Reconstruction(output=output))
    logits = torch.linspace(-30, 30, 784).reshape(1, 1, 28, 28)
    shown = model.objective.to_images(logits)
    assert float(shown.min()) == pytest.approx(0, abs=1e-6)
    assert float(shown.max()) == pytest.approx(1, abs=1e-6)
    inside = torch.tensor([0.25, 0.5])
    expected = inside if output == "linear" else inside.sigmoid()
    torch.testing.assert_close(model.objective.to_images(inside), expected)


def test_a_linear_output_is_compared_as_it_is() -> None:
    """Clamping before the loss would lose the gradient of every pixel outside [0, 1]."""
    model = model_of(Reconstruction(output="linear"))
    assert model.decoder is not None
    for parameter in model.decoder.parameters():
        torch.nn.init.constant_(parameter, 0)
    bias = list(model.decoder.parameters())[-1]
    torch.nn.init.constant_(bias, 2)
    loss = model.terms(batch_of(model, torch.ones(3, 1, 28, 28)))["loss"]
    assert float(loss.detach()) == pytest.approx(784)
    loss.backward()
    assert bias.grad is not None
    torch.testing.assert_close(bias.grad, torch.full((784,), 2.0))


@pytest.mark.parametrize(
    ("name", "function"),
    [("linear", lambda x: x), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("relu", torch.relu)],
)
def test_code_activation(name: Any, function: Any) -> None:
    plain, model = model_of(Reconstruction()), model_of(Reconstruction(code_activation=name))
    images = images_of(5)
    with torch.no_grad():
        torch.testing.assert_close(model.encode(images).mean, function(plain.encode(images).mean))


def test_l2_penalty_counts_weights_and_no_biases() -> None:
    plain, model = model_of(Reconstruction()), model_of(Reconstruction(weight_penalty=0.01))
    images = images_of(5)
    weights = [values.numpy() for name, values in model.state_dict().items() if name.endswith("weight")]
    assert len(weights) == 4
    expected = 0.01 * sum(float((values.astype(float) ** 2).sum()) for values in weights)
    terms = terms_of(model, images)
    assert terms["penalty"] == pytest.approx(expected, rel=1e-5)
    assert terms["reconstruction"] == pytest.approx(terms_of(plain, images)["loss"])
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + expected, rel=1e-6)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.constant_(parameter, 5)
    assert terms_of(model, images)["penalty"] == pytest.approx(expected, rel=1e-5)


# --- denoising ------------------------------------------------------------------------------------


def test_the_encoder_sees_noise_and_the_target_is_clean() -> None:
    model = model_of(Denoising(noise="mask", noise_strength=1.0))
    images = images_of(6)
    with torch.no_grad():
        of_black = model.reconstruct(torch.zeros_like(images))
    expected = float(likelihood.squared_error(of_black, images))
    assert terms_of(model, images)["loss"] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("noise", ["gaussian", "mask", "salt_and_pepper", "block"])
def test_denoising_spoils_with_the_live_strength(noise: Any) -> None:
    model = model_of(Denoising(noise=noise, noise_strength=0.9))
    images = images_of(6)
    seen = corrupt(images, noise, 0.2, torch.Generator().manual_seed(9))
    with torch.no_grad():
        expected = float(likelihood.squared_error(model.reconstruct(seen), images))
        clean = float(likelihood.squared_error(model.reconstruct(images), images))
    assert terms_of(model, images, noise_strength=0.2)["loss"] == pytest.approx(expected, rel=1e-6)
    assert terms_of(model, images, noise_strength=0.0)["loss"] == pytest.approx(clean, rel=1e-6)
    assert expected != pytest.approx(clean, rel=1e-6)


# --- sparse ---------------------------------------------------------------------------------------


def test_sparse_kl_is_that_of_numpy() -> None:
    model = model_of(Sparse(target_activity=0.05, sparsity_weight=3.0))
    images = images_of(50)
    with torch.no_grad():
        activity = model.encode(images).mean.double().numpy().mean(axis=0)
    assert ((activity > 0) & (activity < 1)).all()
    rho = 0.05
    kl = (rho * np.log(rho / activity) + (1 - rho) * np.log((1 - rho) / (1 - activity))).sum()
    terms = terms_of(model, images)
    assert terms["penalty"] == pytest.approx(3 * kl, rel=1e-5)
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + terms["penalty"], rel=1e-6)
    assert terms_of(model, images, sparsity_weight=1.0)["penalty"] == pytest.approx(kl, rel=1e-5)


def test_sparse_kl_is_zero_at_the_target_and_finite_at_the_edge() -> None:
    assert float(bernoulli_kl(0.1, torch.full((7,), 0.1))) == pytest.approx(0, abs=1e-6)
    assert float(bernoulli_kl(0.1, torch.full((7,), 0.2))) > 0.1
    edge = torch.tensor([0.0, 1.0], requires_grad=True)
    price = bernoulli_kl(0.1, edge)
    price.backward()
    assert price.isfinite()
    assert edge.grad is not None
    assert edge.grad.isfinite().all()


def test_sparse_l1_is_the_mean_of_absolute_sums() -> None:
    model = model_of(Sparse(sparsity="l1", code_activation="linear", sparsity_weight=0.7, weight_penalty=0.1))
    images = images_of(8)
    with torch.no_grad():
        code = model.encode(images).mean.numpy()
    weights = [values.numpy() for name, values in model.state_dict().items() if name.endswith("weight")]
    l2 = 0.1 * sum(float((values.astype(float) ** 2).sum()) for values in weights)
    expected = 0.7 * np.abs(code).sum(axis=1).mean() + l2
    assert terms_of(model, images)["penalty"] == pytest.approx(expected, rel=1e-5)


# --- variational ----------------------------------------------------------------------------------


@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("kind", ["bernoulli", "gaussian"])
def test_loss_is_reconstruction_and_beta_times_kl(kind: Any, beta: float) -> None:
    model = model_of(Variational(likelihood=kind, pixel_variance=0.3, beta=beta))
    images = images_of(6)
    with torch.no_grad():
        mean, log_variance = model.encode(images)
        assert log_variance is not None
        epsilon = torch.randn(mean.shape, generator=torch.Generator().manual_seed(9))
        logits = model.decode(mean + (log_variance / 2).exp() * epsilon)
    posterior = torch.distributions.Normal(mean.double(), (log_variance.double() / 2).exp())
    kl = float(torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum() / 6)
    if kind == "gaussian":
        pixels = torch.distributions.Normal(logits.double().sigmoid(), 0.3**0.5)
    else:
        pixels = torch.distributions.Bernoulli(logits=logits.double(), validate_args=False)
    reconstruction = -float(pixels.log_prob(images.double()).sum() / 6)
    terms = terms_of(model, images)
    assert terms["kl"] == pytest.approx(kl, rel=1e-5)
    assert terms["reconstruction"] == pytest.approx(reconstruction, rel=1e-5)
    assert terms["loss"] == pytest.approx(reconstruction + beta * kl, rel=1e-5)
    assert terms["negative_elbo"] == pytest.approx(reconstruction + kl, rel=1e-5)


def test_the_elbo_is_a_bound_on_the_likelihood() -> None:
    """-log p(x) by importance sampling with many samples lies below the negative ELBO."""
    model = model_of(Variational(likelihood="gaussian", pixel_variance=1.0))
    image = images_of(1)
    samples = 20_000
    with torch.no_grad():
        mean, log_variance = model.encode(image)
        assert log_variance is not None
        noise = torch.Generator().manual_seed(0)
        codes = likelihood.reparameterise(mean.repeat(samples, 1), log_variance.repeat(samples, 1), noise)
        means = model.decode_images(codes)
        prior = torch.distributions.Normal(0.0, 1.0).log_prob(codes).sum(1)
        posterior = torch.distributions.Normal(mean, (log_variance / 2).exp()).log_prob(codes).sum(1)
        given = torch.distributions.Normal(means, 1.0).log_prob(image).sum((1, 2, 3))
        weights = (given + prior - posterior).double()
    evidence = float(weights.logsumexp(0) - np.log(samples))
    assert -float(weights.mean()) > -evidence
    draws = [
        float(model.terms(Batch(image, None, noise, {"beta": 1.0}))["negative_elbo"].detach())
        for _ in range(300)
    ]
    assert np.mean(draws) == pytest.approx(-float(weights.mean()), rel=0.001)


def test_warm_up_scales_the_kl_and_the_elbo_is_reported_at_weight_one() -> None:
    model = model_of(Variational(beta=2.0, warmup_epochs=2.0))
    weights = []
    for step in (0, 5, 10, 15, 19, 20, 100):
        live = live_values(model.recipe)
        model.objective.anneal(step, 10, live)
        weights.append(live["beta"])
        terms = terms_of(model, images_of(4), None, **live)
        assert terms["loss"] == pytest.approx(terms["reconstruction"] + live["beta"] * terms["kl"], rel=1e-5)
        assert terms["negative_elbo"] == pytest.approx(terms["reconstruction"] + terms["kl"], rel=1e-5)
    assert weights == pytest.approx([0, 0.5, 1.0, 1.5, 1.9, 2, 2])


def test_no_warm_up_leaves_beta_alone() -> None:
    model = model_of(Variational(beta=2.0))
    live = {"beta": 2.0}
    model.objective.anneal(0, 10, live)
    assert live == {"beta": 2.0}


# --- classification -------------------------------------------------------------------------------


def test_classification_is_cross_entropy_and_share_named_right() -> None:
    model = model_of(Classification())
    images = images_of(30)
    labels = torch.arange(30) % 10
    with torch.no_grad():
        logits = model.encode(images).mean.double().numpy()
    shifted = logits - logits.max(axis=1, keepdims=True)
    probabilities = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    terms = terms_of(model, images, labels)
    assert terms["loss"] == pytest.approx(-np.log(probabilities[np.arange(30), labels]).mean(), rel=1e-5)
    assert terms["accuracy"] == pytest.approx((logits.argmax(axis=1) == labels.numpy()).mean())


def test_a_classifier_needs_labels() -> None:
    with pytest.raises(StudioError, match="needs labels") as caught:
        terms_of(model_of(Classification()), images_of(3))
    assert caught.value.advice


def test_functional_reference_is_not_ours() -> None:
    """The cross-entropy that torch gives as a mean over pixels, times 784, is ours per image."""
    images, logits = images_of(4), torch.randn(4, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    mean = functional.binary_cross_entropy_with_logits(logits, images)
    assert float(likelihood.cross_entropy(logits, images)) == pytest.approx(784 * float(mean), rel=1e-5)
