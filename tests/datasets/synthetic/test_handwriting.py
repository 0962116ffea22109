"""Do the built-in digits look hand-written? A network trained on either set reads the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.synthetic import generate

if TYPE_CHECKING:
    from torch import Tensor, nn

    from aestudio.datasets.dataset import Dataset, ImageSet

pytestmark = [pytest.mark.slow, pytest.mark.mnist, pytest.mark.timeout(1800)]
EPOCHS, BATCH = 2, 64


@pytest.fixture(scope="module")
def builtin() -> Dataset:
    return generate()


def _pixels(image_set: ImageSet) -> Tensor:
    import torch

    return torch.from_numpy(np.array(image_set.images)).float() / 255


def _labels(image_set: ImageSet) -> Tensor:
    import torch

    return torch.from_numpy(np.array(image_set.labels))


def _trained(image_set: ImageSet) -> nn.Module:
    """A small convolutional classifier, 2 epochs of Adam with a one-cycle schedule."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    model = nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Dropout(0.25), nn.Linear(32 * 7 * 7, 128), nn.ReLU()),
        *(nn.Dropout(0.4), nn.Linear(128, 10)),
    )
    images, labels = _pixels(image_set), _labels(image_set)
    optimizer = torch.optim.Adam(model.parameters())
    steps = EPOCHS * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images))[: len(images) // BATCH * BATCH].view(-1, BATCH):
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def _accuracy(model: nn.Module, image_set: ImageSet) -> float:
    import torch

    with torch.no_grad():
        guesses = torch.cat([model(part).argmax(dim=1) for part in _pixels(image_set).split(1000)])
    return float((guesses == _labels(image_set)).float().mean())


def test_a_network_trained_on_the_built_in_digits_reads_mnist(builtin: Dataset, mnist: Dataset) -> None:
    model = _trained(builtin.train)
    accuracy, own = _accuracy(model, mnist.test), _accuracy(model, builtin.test)
    print(f"trained on the built-in digits: {accuracy:.2%} on MNIST, {own:.2%} on themselves")
    assert accuracy >= 0.88


def test_a_network_trained_on_mnist_reads_the_built_in_digits(builtin: Dataset, mnist: Dataset) -> None:
    model = _trained(mnist.train)
    accuracy, own = _accuracy(model, builtin.test), _accuracy(model, mnist.test)
    print(f"trained on MNIST: {accuracy:.2%} on the built-in digits, {own:.2%} on itself")
    assert accuracy >= 0.95
