"""The metrics in README: each recipe trained by the command line on the real MNIST."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.mnist, pytest.mark.timeout(1500)]

VAE_400_20 = ("--set", "hidden=400", "--set", "latent_size=20", "--set", "batch_size=128")


@pytest.mark.parametrize(
    ("recipe", "epochs", "more", "metric", "low", "high"),
    [
        ("deep-ae", 3, (), "test_mse_per_pixel", 0.0, 0.018),
        ("compress-ae", 10, (), "test_mse_per_pixel", 0.0, 0.014),
        ("hidden-256", 3, (), "test_mse_per_pixel", 0.0, 0.002),
        ("vae", 10, VAE_400_20, "test_negative_elbo", 104.8, 106.2),
        ("conv-vae", 5, (), "test_negative_elbo", 45.53, 106.0),
        ("conv-vae-2d", 10, (), "test_negative_elbo", 45.53, 147.0),
        ("digit-classifier", 5, (), "test_accuracy", 0.97, 1.0),
    ],
)
def test_trained_by_the_command_line(
    recipe: str,
    epochs: int,
    more: tuple[str, ...],
    metric: str,
    low: float,
    high: float,
    mnist_folder: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    command = [
        sys.executable, "-m", "aestudio", "train", recipe, "--dataset", "mnist", "--epochs", str(epochs),
        "--seed", "0", "--device", "cpu", "--out", str(tmp_path / "run"), "--json", *more,
    ]  # a table  # fmt: skip
    environment = {**os.environ, "AESTUDIO_DATA": str(mnist_folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    value = json.loads(done.stdout.splitlines()[-1])[metric]
    record_property(metric, value)
    assert low <= value <= high
