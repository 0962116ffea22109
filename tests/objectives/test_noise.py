"""Noise has the stated statistics and comes from the run's own generator only."""

from __future__ import annotations

import pytest
import torch
from scipy import stats
from torch import nn

from aestudio.layers.dropout import Dropout, lend_generator
from aestudio.objectives.corruption import corrupt

KINDS = ("gaussian", "mask", "salt_and_pepper", "block")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def grey(level: float = 0.5, count: int = 100) -> torch.Tensor:
    return torch.full((count, 1, 28, 28), level)


def test_gaussian_noise_has_its_deviation() -> None:
    noisy = corrupt(grey(), "gaussian", 0.1, generator())
    assert float(noisy.mean()) == pytest.approx(0.5, abs=0.002)
    assert float(noisy.std()) == pytest.approx(0.1, rel=0.02)
    sample = noisy.numpy().ravel()[:5000]
    assert stats.kstest(sample, stats.norm(0.5, 0.1).cdf).pvalue > 0.001


def test_gaussian_noise_is_clipped() -> None:
    noisy = corrupt(grey(0.0), "gaussian", 0.5, generator())
    assert float(noisy.min()) == 0
    assert float(noisy.max()) == 1
    assert float((noisy == 0).float().mean()) == pytest.approx(0.5, abs=0.01)
    beyond = float(stats.norm.sf(2))
    assert float((noisy == 1).float().mean()) == pytest.approx(beyond, abs=0.003)


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_mask_sets_its_share_to_black(share: float) -> None:
    noisy = corrupt(grey(0.75), "mask", share, generator())
    assert float((noisy == 0).float().mean()) == pytest.approx(share, abs=0.01)
    assert set(noisy.unique().tolist()) <= {0.0, 0.75}


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_salt_and_pepper_spoils_its_share_half_and_half(share: float) -> None:
    noisy = corrupt(grey(0.75), "salt_and_pepper", share, generator())
    assert float((noisy == 0).float().mean()) == pytest.approx(share / 2, abs=0.01)
    assert float((noisy == 1).float().mean()) == pytest.approx(share / 2, abs=0.01)
    assert set(noisy.unique().tolist()) <= {0.0, 1.0, 0.75}


@pytest.mark.parametrize("kind", KINDS)
def test_strength_zero_changes_nothing(kind: str) -> None:
    images = torch.rand(20, 1, 28, 28, generator=generator())
    assert torch.equal(corrupt(images, kind, 0.0, generator(1)), images)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_drawn_from_the_given_generator(kind: str) -> None:
    images = torch.rand(5, 1, 28, 28, generator=generator())
    kept = images.clone()
    before = torch.get_rng_state()
    first = corrupt(images, kind, 0.3, generator(1))
    assert torch.equal(first, corrupt(images, kind, 0.3, generator(1)))
    assert not torch.equal(first, corrupt(images, kind, 0.3, generator(2)))
    assert torch.equal(images, kept), "the clean image is not written to"
    assert torch.equal(before, torch.get_rng_state())
    assert float(first.min()) >= 0
    assert float(first.max()) <= 1


@pytest.mark.parametrize("share", [0.1, 0.25, 0.64, 1.0])
def test_a_block_is_one_rectangle_of_its_share(share: float) -> None:
    images = torch.full((400, 3, 20, 30), 0.75)
    black = corrupt(images, "block", share, generator()) == 0
    assert float(black.float().mean()) == pytest.approx(share, rel=0.05, abs=0.005)
    assert torch.equal(black, black[:, :1].expand(-1, 3, -1, -1))
    for one in black[:20, 0]:
        rows, columns = one.any(1).nonzero().ravel(), one.any(0).nonzero().ravel()
        assert int(one.sum()) == len(rows) * len(columns), "without holes"
        assert len(rows) == rows.max() - rows.min() + 1
        assert len(columns) == columns.max() - columns.min() + 1
        assert abs(len(rows) - share**0.5 * 20) <= 1
        assert abs(len(columns) - share**0.5 * 30) <= 1
    assert black[:, 0].any((0, 1)).all(), "anywhere in the image"
    assert black[:, 0].any((0, 2)).all()


def test_unknown_noise() -> None:
    with pytest.raises(ValueError, match="rain"):
        corrupt(grey(), "rain", 0.5, None)


def test_dropout_silences_its_share_and_keeps_the_mean() -> None:
    dropout = Dropout(0.2).build(())
    dropout.generator = generator()
    out = dropout(torch.ones(1000, 100))
    assert float((out == 0).float().mean()) == pytest.approx(0.2, abs=0.01)
    assert float(out.max()) == pytest.approx(1 / 0.8)
    assert float(out.mean()) == pytest.approx(1, abs=0.01)


def test_dropout_does_nothing_in_evaluation() -> None:
    values = torch.rand(10, 10, generator=generator())
    assert torch.equal(Dropout(0.9).build(()).eval()(values), values)
    assert torch.equal(Dropout(0.0).build(()).train()(values), values)


def test_lent_generator_reaches_every_dropout_and_nothing_else_is_drawn_from() -> None:
    model = nn.Sequential(Dropout(0.5).build(()), nn.Sequential(nn.ReLU(), Dropout(0.5).build(()))).train()
    before = torch.get_rng_state()
    lend_generator(model, generator(4))
    first = model(torch.ones(50, 50))
    second = model(torch.ones(50, 50))
    lend_generator(model, generator(4))
    assert torch.equal(model(torch.ones(50, 50)), first)
    assert torch.equal(model(torch.ones(50, 50)), second)
    assert not torch.equal(first, second)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("kind", ["mask", "salt_and_pepper"])
def test_a_pixel_of_a_colour_image_becomes_black_or_white_as_a_whole(kind: str) -> None:
    images = torch.rand(50, 3, 32, 32, generator=generator()) * 0.8 + 0.1
    noisy = corrupt(images, kind, 0.4, generator(1))
    spoilt = (noisy != images).any(dim=1)
    assert float(spoilt.float().mean()) == pytest.approx(0.4, abs=0.01)
    colours = noisy.movedim(1, -1)[spoilt]
    assert set(colours.unique().tolist()) == ({0.0} if kind == "mask" else {0.0, 1.0})
    assert torch.equal(colours, colours[:, :1].expand(-1, 3))


@pytest.mark.parametrize("kind", ["mask", "salt_and_pepper"])
def test_grey_images_get_the_same_numbers_as_in_earlier_versions(kind: str) -> None:
    images = torch.rand(20, 1, 28, 28, generator=generator())
    drawn = torch.rand(images.shape, generator=generator(1))
    spoilt = torch.zeros_like(images) if kind == "mask" else (drawn < 0.15).float()
    assert torch.equal(corrupt(images, kind, 0.3, generator(1)), torch.where(drawn < 0.3, spoilt, images))
