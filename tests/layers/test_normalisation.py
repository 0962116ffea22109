"""Normalisations against mean and variance as numpy computes them, in training and in evaluation."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.layers.normalisation import Normalisation, NormalisationName
from tests.layers.support import IMAGES, check, check_refused, some

MAPS = [(16, 14, 14), (12, 5, 3), *IMAGES]
EPSILON = 1e-5


def normalised(values: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    mean, variance = values.mean(axes, keepdims=True), values.var(axes, keepdims=True)
    return (values - mean) / np.sqrt(variance + EPSILON)


@pytest.mark.parametrize("inputs", [(9,), *MAPS], ids=str)
def test_batch(inputs: tuple[int, ...]) -> None:
    module = check(Normalisation("batch"), inputs)
    module.load_state_dict(Normalisation("batch").build(inputs).state_dict())
    values = 3 * some(5, *inputs) + 2
    axes = (0, *range(2, values.dim()))
    found = module(values).detach()
    np.testing.assert_allclose(found, normalised(values.numpy(), axes), rtol=1e-4, atol=1e-4)
    # A tenth of the statistics of each batch; of the unbiased variance.
    numbers = values.numel() / inputs[0]
    mean = 0.1 * values.mean(axes)
    variance = 0.9 + 0.1 * values.numpy().var(axes) * numbers / (numbers - 1)
    np.testing.assert_allclose(module.get_buffer("running_mean"), mean, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(module.get_buffer("running_var"), variance, rtol=1e-4)
    assert int(module.get_buffer("num_batches_tracked")) == 1
    module.eval()
    shape = (1, -1, *[1] * (values.dim() - 2))
    expected = (values - mean.reshape(shape)) / torch.tensor(variance + EPSILON).sqrt().reshape(shape)
    np.testing.assert_allclose(module(values).detach(), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("inputs", [(9,), (6, 7), *MAPS], ids=str)
def test_layer(inputs: tuple[int, ...]) -> None:
    """All numbers of an example together; of a sequence, those of each row."""
    module = check(Normalisation("layer"), inputs)
    values = 3 * some(5, *inputs) + 2
    axes = (2,) if len(inputs) == 2 else tuple(range(1, values.dim()))
    np.testing.assert_allclose(
        module(values).detach(), normalised(values.numpy(), axes), rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize(
    ("inputs", "groups"),
    [((16, 14, 14), 8), ((12, 5, 3), 4), ((3, 32, 32), 1), ((1, 28, 20), 1), ((16,), 8), ((8,), 4)],
    ids=str,
)
def test_group(inputs: tuple[int, ...], groups: int) -> None:
    """Eight groups if they divide the channels; a group of a single number would always be 0."""
    module = check(Normalisation("group"), inputs)
    values = 3 * some(5, *inputs) + 2
    together = values.numpy().reshape(5, groups, -1)
    expected = normalised(together, (2,)).reshape(values.shape)
    np.testing.assert_allclose(module(values).detach(), expected, rtol=1e-4, atol=1e-4)
    assert module(values).std() > 0.5


@pytest.mark.parametrize("inputs", [(9,), (4, 1, 1), (3, 8, 8)], ids=str)
def test_a_last_batch_of_one_image_can_be_normalised(inputs: tuple[int, ...]) -> None:
    """A single number has no variance: the running statistics stand in, and do not change."""
    module = Normalisation("batch").build(inputs)
    module(some(6, *inputs))
    before = {name: values.clone() for name, values in module.state_dict().items()}
    one = some(1, *inputs, seed=3)
    found = module(one)
    assert found.isfinite().all()
    if inputs != (3, 8, 8):
        assert all(torch.equal(before[name], values) for name, values in module.state_dict().items())
        assert torch.equal(found, module.eval()(one))
    else:
        assert not torch.equal(before["running_mean"], module.get_buffer("running_mean"))


@pytest.mark.parametrize("name", ["batch", "group"])
def test_a_sequence_has_no_channels(name: NormalisationName) -> None:
    assert "sequence" in check_refused(Normalisation(name), (28, 28))


def test_a_single_number_is_no_group() -> None:
    """Torch refuses it in the middle of a training, at a batch of one image."""
    assert "single number" in check_refused(Normalisation("group"), (1,))
    assert "single number" in check_refused(Normalisation("group"), (1, 1, 1))
    check(Normalisation("layer"), (1,))
