"""(c) pythae's trainer on its VAE, with encoder and decoder of the size of our `vae`.

As in its tutorials: custom networks, VAEConfig with Bernoulli pixels ("bce"), and a TrainingPipeline over the
images as one tensor. tqdm's variable switches off the progress bars.
"""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

os.environ["TQDM_DISABLE"] = "1"  # read when tqdm is imported

from pythae.models import VAE, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.pipelines import TrainingPipeline
from pythae.trainers import BaseTrainerConfig
from pythae.trainers.training_callbacks import TrainingCallback
from torch import nn

from benchmarks.candidate import StepGate, serve_library
from benchmarks.peers.mnist_images import training_images
from benchmarks.training.models import parameter_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from benchmarks.candidate import Task

ENDLESS_EPOCHS = 100_000


class Encoder(BaseEncoder):
    """784-256-(32 means, 32 log variances)."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU())
        self.mean = nn.Linear(256, 32)
        self.log_variance = nn.Linear(256, 32)

    def forward(self, images: Tensor) -> ModelOutput:
        hidden = self.hidden(images)
        return ModelOutput(embedding=self.mean(hidden), log_covariance=self.log_variance(hidden))


class Decoder(BaseDecoder):
    """32-256-784, probabilities."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(32, 256), nn.ReLU(), nn.Linear(256, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28))
        )

    def forward(self, codes: Tensor) -> ModelOutput:
        return ModelOutput(reconstruction=self.layers(codes))


class Counter(TrainingCallback):
    """Calls the gate after each step; pythae does not report the size of the batch."""

    def __init__(self, gate: StepGate, images_per_step: float) -> None:
        self.gate = gate
        self.images_per_step = images_per_step

    def on_train_step_end(self, training_config, **more) -> None:
        self.gate.passed(self.images_per_step)


def train(task: Task, gate: Callable[[int], StepGate]) -> None:
    """Train until the comparison is over. Raises ValueError if the model is not `vae`."""
    if task.model != "vae":
        raise ValueError(f"pythae is compared on vae only, not on {task.model}")
    images = training_images(task)
    config = VAEConfig(input_dim=(1, 28, 28), latent_dim=32, reconstruction_loss="bce")
    model = VAE(config, Encoder(), Decoder())
    steps = -(-len(images) // task.batch)
    with tempfile.TemporaryDirectory() as folder:
        pipeline = TrainingPipeline(
            model=model,
            training_config=BaseTrainerConfig(
                output_dir=folder,
                num_epochs=ENDLESS_EPOCHS,
                learning_rate=1e-3,
                per_device_train_batch_size=task.batch,
                optimizer_cls="Adam",
            ),
        )
        pipeline(images, callbacks=[Counter(gate(parameter_count(model)), len(images) / steps)])


if __name__ == "__main__":
    serve_library(train)
