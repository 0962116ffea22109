"""Images on the device, and the order in which they are seen."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aestudio.training.batches import ResidentImages, epoch_order, to_tensor, to_unit

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

CPU = torch.device("cpu")


@given(st.integers(1, 500), st.integers(0, 2**31 - 1), st.integers(0, 9999))
def test_every_epoch_sees_every_image_once(count: int, seed: int, epoch: int) -> None:
    order = epoch_order(count, seed, epoch, CPU)
    assert sorted(order.tolist()) == list(range(count))
    assert torch.equal(order, epoch_order(count, seed, epoch, CPU))


def test_epochs_and_seeds_have_their_own_order() -> None:
    orders = {tuple(epoch_order(50, seed, epoch, CPU).tolist()) for seed in range(10) for epoch in range(10)}
    assert len(orders) == 100


def test_the_global_generator_is_left_alone() -> None:
    before = torch.get_rng_state()
    epoch_order(100, 3, 4, CPU)
    assert torch.equal(before, torch.get_rng_state())


def test_gather_and_split(few_digits: Dataset) -> None:
    digits = ResidentImages.of(few_digits.train, CPU)
    first, last = digits.split(30)
    assert (len(first), len(last), len(digits)) == (270, 30, 300)
    images, labels, factors = last.gather(torch.tensor([0, 29]))
    assert factors is None or len(factors) == 2
    assert labels is not None
    assert few_digits.train.labels is not None
    assert labels.tolist() == few_digits.train.labels[[270, 299]].tolist()
    assert np.allclose(images.numpy() * 255, few_digits.train.images[[270, 299]], atol=1e-4)


def test_in_order_covers_everything(few_digits: Dataset) -> None:
    digits = ResidentImages.of(few_digits.train, CPU)
    parts = [examples.images for examples in digits.in_order(128)]
    assert [len(part) for part in parts] == [128, 128, 44]
    assert torch.equal(torch.cat(parts), to_unit(digits.images))


def test_unit_range() -> None:
    assert to_unit(torch.tensor([0, 51, 255], dtype=torch.uint8)).tolist() == pytest.approx(
        [0.0, 0.2, 1.0], abs=1e-7
    )


def test_on_the_cpu_the_images_are_not_copied() -> None:
    """Nor let go while a tensor of them lives, nor complained about for being read-only."""
    array = np.random.default_rng(2).integers(0, 256, (50, 1, 28, 28), dtype=np.uint8)
    array.setflags(write=False)
    expected, address = array.copy(), array.ctypes.data
    tensor = to_tensor(array, torch.device("cpu"))
    assert tensor.data_ptr() == address
    del array
    gc.collect()
    np.random.default_rng(3).integers(0, 256, (50, 1, 28, 28), dtype=np.uint8)
    assert np.array_equal(tensor.numpy(), expected)
    labels = np.arange(5)
    assert to_tensor(labels, torch.device("cpu")).tolist() == [0, 1, 2, 3, 4]
    assert to_tensor(labels[::2], torch.device("cpu")).tolist() == [0, 2, 4]
    assert to_tensor(labels[:0], torch.device("cpu")).shape == (0,)
