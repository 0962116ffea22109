"""MNIST in memory, as every library gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torchvision.datasets import MNIST

if TYPE_CHECKING:
    from torch import Tensor

    from benchmarks.candidate import Task


def training_images(task: Task) -> Tensor:
    """MNIST's training images, float32 (60000, 1, 28, 28) in [0, 1]; also sets torch's threads and seed."""
    torch.set_num_threads(task.threads)
    torch.manual_seed(0)
    return MNIST(str(task.data), train=True).data[:, None].float() / 255
