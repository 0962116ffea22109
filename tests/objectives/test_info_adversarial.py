"""InfoGAN: categories and told numbers of the prior, and what the recogniser says about them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import norm

from aestudio.errors import BadChoice
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.info_adversarial.config import InfoAdversarial
from aestudio.recipes.library import find_recipe
from tests.objectives.test_adversarial import loss, moved
from tests.objectives.test_objectives import batch_of, images_of, model_of

OBJECTIVE = InfoAdversarial(categories=5, told_numbers=2)


def codes_of(count: int) -> torch.Tensor:
    return torch.randn(count, 4, generator=torch.Generator().manual_seed(9))


def test_the_first_number_stands_for_categories_of_equal_probability() -> None:
    model = model_of(OBJECTIVE).eval()
    codes = codes_of(20_000)
    inputs = model.objective.decoder_input(codes, None)
    assert inputs.shape == (20_000, 5 + 3)
    chosen = inputs[:, :5]
    assert torch.equal(chosen.sum(1), torch.ones(20_000))
    assert torch.equal(inputs[:, 5:], codes[:, 1:])
    expected = np.floor(5 * norm.cdf(codes[:, 0].double().numpy())).astype(int)
    assert (chosen.argmax(1).numpy() == expected).mean() > 0.9999
    np.testing.assert_allclose(chosen.mean(0), 0.2, atol=0.01)
    far = model.objective.decoder_input(torch.tensor([[-40.0, 0, 0, 0], [40.0, 0, 0, 0]]), None)
    assert far[:, :5].argmax(1).tolist() == [0, 4]


def test_the_recogniser_is_scored_in_nats() -> None:
    model = model_of(OBJECTIVE).eval()
    with torch.no_grad():
        terms = model.phase_terms("recogniser", batch_of(model, images_of(6)))
        codes = codes_of(6)
        made = model.decode_images(codes)
        told = model.objective.get_submodule("recogniser")(model.encoder(made)).double().numpy()
        deception = -model.objective.head(model.encoder(made)).double().sigmoid().log().mean()
        generator = model.phase_terms(
            "generator", batch_of(model, images_of(6), information_weight=0.7, number_weight=0.3)
        )
    category = np.floor(5 * norm.cdf(codes[:, 0].double().numpy())).astype(int)
    scores = told[:, :5] - np.log(np.exp(told[:, :5]).sum(1, keepdims=True))
    missed = -scores[np.arange(6), category].mean()
    mean, spread = told[:, 5:7], np.exp(np.clip(told[:, 7:9], -5, 2) / 2)
    unread = -norm.logpdf(codes[:, 1:3].double().numpy(), mean, spread).sum(1).mean()
    assert float(terms["recogniser_loss"]) == pytest.approx(missed + unread, rel=1e-5)
    assert float(terms["category_information"]) == pytest.approx(np.log(5) - missed, rel=1e-4)
    entropy = 2 * norm.entropy()
    assert float(terms["number_information"]) == pytest.approx(entropy - unread, rel=1e-4)
    assert float(terms["category_accuracy"]) == pytest.approx((scores.argmax(1) == category).mean())
    assert float(generator["deception"]) == pytest.approx(float(deception), rel=1e-5)
    total = float(deception) + 0.7 * missed + 0.3 * unread
    assert float(generator["generator_loss"]) == pytest.approx(total, rel=1e-5)


@pytest.mark.parametrize("objective", [OBJECTIVE, InfoAdversarial(categories=3, told_numbers=0)])
def test_each_phase_has_the_slope_of_its_loss(objective: InfoAdversarial) -> None:
    model = model_of(objective).double().train()
    assert objective.terms()[0].name == model.phases[0].loss
    for phase in model.phases:
        changed = [one for name, one in model.named_parameters() if phase.changes(name)]
        gradients = torch.autograd.grad(loss(model, phase.name), changed)
        length = torch.stack([gradient.square().sum() for gradient in gradients]).sum().sqrt()
        values: list[float] = []
        for sign in (1, -1):
            moved(changed, list(gradients), sign * 1e-6 / float(length))
            values.append(float(loss(model, phase.name).detach()))
            moved(changed, list(gradients), -sign * 1e-6 / float(length))
        assert (values[0] - values[1]) / 2e-6 == pytest.approx(float(length), rel=1e-4), phase.name


def test_the_generator_learns_from_the_recogniser_and_does_not_change_it() -> None:
    model = model_of(OBJECTIVE).train()
    changes = {
        phase.name: {name.split(".")[0] for name, _ in model.named_parameters() if phase.changes(name)}
        for phase in model.phases
    }
    assert changes["generator"] == {"decoder"}
    assert changes["recogniser"] == {"encoder", "objective"}
    assert not any(model.phases[0].changes(f"objective.recogniser.{index}.weight") for index in range(3))
    decoder = list(model.decoder.parameters())  # type: ignore[union-attr]
    with_it, without = (
        torch.autograd.grad(
            model.phase_terms("generator", batch_of(model, images_of(6), information_weight=weight))[
                "generator_loss"
            ],
            decoder,
        )
        for weight in (1.0, 0.0)
    )
    assert any(not torch.allclose(one, other) for one, other in zip(with_it, without, strict=True))


@pytest.mark.thorough
def test_the_recogniser_overfits_the_codes_of_one_batch() -> None:
    model = model_of(OBJECTIVE, FullyConnected(latent_size=4, hidden=(64,))).train()
    images = images_of(16)
    changed = [one for name, one in model.named_parameters() if model.phases[2].changes(name)]
    optimiser = torch.optim.Adam(changed, 0.003)
    losses: list[float] = []
    for _ in range(200):
        missed = model.phase_terms("recogniser", batch_of(model, images))["recogniser_loss"]
        losses.append(float(missed.detach()))
        optimiser.zero_grad()
        missed.backward()
        optimiser.step()
    assert losses[-1] < losses[0] - 2


def test_a_code_has_room_for_what_is_told() -> None:
    recipe = find_recipe("info-gan")
    with pytest.raises(BadChoice, match="a category and 2 told numbers need a latent size of 3 or more"):
        recipe.with_settings({"latent_size": 2})
    assert recipe.with_settings({"latent_size": 3}).value("latent_size") == 3
