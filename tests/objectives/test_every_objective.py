"""What holds for the loss of every objective: batch size, gradients, declared terms, overfitting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
import torch

from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.categorical_variational.config import CategoricalVariational
from aestudio.objectives.classification.config import Classification
from aestudio.objectives.conditional_variational.config import ConditionalVariational
from aestudio.objectives.contractive.config import Contractive
from aestudio.objectives.denoising.config import Denoising
from aestudio.objectives.dip_variational.config import DipVariational
from aestudio.objectives.flow_posterior.config import FlowPosterior
from aestudio.objectives.gaussian_code import GaussianCode
from aestudio.objectives.gaussian_mixture_prior.config import GaussianMixturePrior
from aestudio.objectives.importance_weighted.config import ImportanceWeighted
from aestudio.objectives.k_sparse.config import KSparse
from aestudio.objectives.ladder.config import Ladder
from aestudio.objectives.masked_patches.config import MaskedPatches
from aestudio.objectives.mixture_of_posteriors.config import MixtureOfPosteriors
from aestudio.objectives.orthogonal.config import Orthogonal
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.objectives.regularised.config import Regularised
from aestudio.objectives.semi_supervised.config import SemiSupervised
from aestudio.objectives.sparse.config import Sparse
from aestudio.objectives.supervised.config import Supervised
from aestudio.objectives.total_correlation.config import TotalCorrelation
from aestudio.objectives.variational.config import Variational
from aestudio.objectives.wasserstein.config import Wasserstein
from aestudio.objectives.winner_take_all.config import WinnerTakeAll
from aestudio.recipes import objective as objectives
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import discover
from tests.objectives.test_objectives import batch_of, certain, images_of, model_of, terms_of

ALL: dict[str, Objective] = {
    "reconstruction": Reconstruction(weight_penalty=0.01, code_activation="tanh"),
    "cross-entropy": Reconstruction(distance="cross_entropy"),
    "absolute error": Reconstruction(distance="absolute_error"),
    "denoising": Denoising(noise_strength=0.3),
    "sparse": Sparse(),
    "sparse l1": Sparse(sparsity="l1", code_activation="linear"),
    "k-sparse": KSparse(active_units=2),
    "winner-take-all": WinnerTakeAll(winner_share=0.4),
    "contractive": Contractive(contraction=3.0),
    "masked patches": MaskedPatches(weight_penalty=0.01),
    "masked, cross-entropy": MaskedPatches(distance="cross_entropy"),
    "masked, absolute error": MaskedPatches(distance="absolute_error"),
    "orthogonal": Orthogonal(),
    "supervised": Supervised(),
    "regularised": Regularised(),
    "variational": Variational(beta=3.0),
    "variational gaussian": Variational(likelihood="gaussian", pixel_variance=0.1),
    "learned variance": Variational(likelihood="learned_gaussian"),
    "discretised logistic": Variational(likelihood="discretised_logistic"),
    "capacity": Variational(beta=3.0, capacity=5.0),
    "importance-weighted": ImportanceWeighted(samples=3),
    "importance-weighted, learned": ImportanceWeighted(samples=3, likelihood="learned_gaussian"),
    "dip": DipVariational(),
    "total correlation": TotalCorrelation(),
    "mixture of posteriors": MixtureOfPosteriors(components=3),
    "ladder": Ladder(top_size=2, level_units=6, beta=2.0),
    "flow posterior": FlowPosterior(flows=3, beta=2.0),
    "mixture prior": GaussianMixturePrior(mixture_size=3, beta=2.0),
    "conditional": ConditionalVariational(beta=3.0),
    "semi-supervised": SemiSupervised(classifier_units=6),
    "semi-supervised, learned variance": SemiSupervised(likelihood="learned_gaussian"),
    "categorical": CategoricalVariational(categories=3, beta=2.0),
    "wasserstein": Wasserstein(weight_penalty=0.01),
    "classification": Classification(),
}
EACH = pytest.mark.parametrize("objective", ALL.values(), ids=ALL)
# A statistic of a batch, or an estimate by random numbers: the same in the mean only. Tests of their own.
OF_A_BATCH = {"mmd": "mmd_weight", "correlation": "orthogonality", "contraction": "contraction"}


def test_every_shipped_objective_is_among_them() -> None:
    known = set(discover(objectives.PACKAGE, Objective))
    with_a_critic = {
        "adversarial",
        "wasserstein_adversarial",
        "adversarial_autoencoder",
        "vae_gan",  # test_vae_gan.py
        "info_adversarial",  # test_info_adversarial.py
    }  # test_adversarial.py
    without_gradient = {"principal_components"}
    # test_codebook.py, test_factor_variational.py, test_autoregressive.py, test_wake_sleep.py,
    # test_variable_rate.py
    of_their_own = {"codebook", "factor_variational", "autoregressive", "wake_sleep", "variable_rate"}
    others = with_a_critic | without_gradient | of_their_own
    assert {objective.kind() for objective in ALL.values()} == known - others


@EACH
def test_losses_do_not_depend_on_the_batch_size(objective: Objective) -> None:
    """A sum where a mean belongs, or the other way round, would show here."""
    model = model_of(objective)
    live: dict[str, float] = {name: 0.0 for name in OF_A_BATCH.values() if hasattr(objective, name)}
    if isinstance(objective, TotalCorrelation):
        return  # each part of the KL is a statistic of the batch: test_variational_kinds.py
    if isinstance(objective, GaussianCode):
        certain(model)
    if isinstance(objective, Ladder):
        top = cast("Any", model.objective).upward[-1]
        with torch.no_grad():
            top.weight[2:] = 0
            top.bias[2:] = -40
    if isinstance(objective, CategoricalVariational):
        with torch.no_grad():
            model.objective.head.weight.mul_(1e5)  # type: ignore[operator,union-attr]
    if isinstance(objective, Denoising):
        live["noise_strength"] = 0.0
    if isinstance(objective, MaskedPatches):
        model = model_of(objective.model_copy(update={"masked_share": 0.0}))
        live["visible_weight"] = 1.0
    if isinstance(objective, WinnerTakeAll):
        model.eval()  # in training the winners are those of the batch
    images, labels = images_of(6), torch.arange(6)
    once = terms_of(model, images, labels, **live)
    often = terms_of(model, images.repeat(4, 1, 1, 1), labels.repeat(4), **live)
    # The weights contain the density of the drawn code, which no narrow posterior makes certain.
    drawn = ("loss",) if isinstance(objective, ImportanceWeighted) else ()
    if isinstance(objective, MixtureOfPosteriors | FlowPosterior):
        drawn = ("loss", "kl", "negative_elbo")
    for name in (*OF_A_BATCH, *drawn):
        often.pop(name, None)
        once.pop(name, None)
    assert often == pytest.approx(once, rel=1e-5)


@EACH
def test_gradients_are_finite_differences(objective: Objective) -> None:
    """Along random directions in weight space, in float64."""
    model = model_of(objective).double()
    images, labels = images_of(5).double(), torch.arange(5)
    loss = model.terms(batch_of(model, images, labels))["loss"]
    loss.backward()
    parameters = list(model.parameters())
    generator = torch.Generator().manual_seed(2)
    for _ in range(3):
        direction = [torch.randn(p.shape, generator=generator, dtype=torch.float64) for p in parameters]
        slope = sum(
            float((p.grad * d).sum())
            for p, d in zip(parameters, direction, strict=True)
            if p.grad is not None
        )
        values = []
        for step in (1e-7, -1e-7):
            with torch.no_grad():
                for parameter, d in zip(parameters, direction, strict=True):
                    parameter.add_(d, alpha=step)
                values.append(terms_of(model, images, labels)["loss"])
                for parameter, d in zip(parameters, direction, strict=True):
                    parameter.sub_(d, alpha=step)
        assert (values[0] - values[1]) / 2e-7 == pytest.approx(slope, rel=1e-5, abs=1e-5)


@pytest.mark.thorough
@EACH
def test_one_batch_is_overfitted(objective: Objective) -> None:
    """The error of ten images, of strokes and not of noise, becomes a part of what it was."""
    live: dict[str, Any] = {}
    if isinstance(objective, Denoising | MaskedPatches):
        live = {"noise_strength": 0.0, "visible_weight": 1.0}
    model = model_of(objective, FullyConnected(latent_size=16, hidden=(64,))).train()
    images = (images_of(10).view(10, 1, 4, 7, 4, 7).mean((3, 5), keepdim=True) > 0.5).float()
    images = images.expand(10, 1, 4, 7, 4, 7).reshape(10, 1, 28, 28)
    labels = torch.arange(10)
    # Of several samples the best decides the bound: the mean of their errors may be anything.
    by_loss = isinstance(objective, Classification | ImportanceWeighted)
    judged = "loss" if by_loss else "reconstruction"
    before = terms_of(model, images, labels, **live)[judged]
    optimiser = torch.optim.Adam(model.parameters(), 0.003)
    batch = replace(batch_of(model, images, labels, **live), noise=torch.Generator().manual_seed(4))
    for _ in range(300):
        optimiser.zero_grad()
        model.terms(batch)["loss"].backward()
        optimiser.step()
        with torch.no_grad():
            model.objective.after_step()
    assert terms_of(model, images, labels, **live)[judged] < 0.4 * before


@EACH
def test_terms_are_declared_as_they_come(objective: Objective) -> None:
    model = model_of(objective)
    declared = [term.name for term in objective.terms()]
    for mode in (True, False):
        terms = terms_of(model.train(mode), images_of(3), torch.arange(3))
        assert list(terms) == declared
    same = {term.name: term.same_as for term in objective.terms() if term.same_as}
    assert all(terms[name] == terms[other] for name, other in same.items())


@EACH
def test_an_evaluation_needs_no_gradients_and_leaves_none(objective: Objective) -> None:
    model = model_of(objective).eval()
    with torch.no_grad():
        terms = model.terms(batch_of(model, images_of(3), torch.arange(3)))
    assert not any(value.requires_grad for value in terms.values())
    assert all(parameter.grad is None for parameter in model.parameters())
