"""(e) Lightning: the models of `benchmarks/training/models.py` in its Trainer.

As its guide for beginners has it: a LightningModule with `training_step` and `configure_optimizers`,
a DataLoader over a TensorDataset. Progress bar, logger, checkpoints and summary are off, and nothing
is logged by the step, which is more than fair: its guide logs the loss.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

import lightning
import torch
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.contestant import Turnstile, serve_library
from benchmarks.peers.digits import training_images
from benchmarks.training.models import MODELS, parameter_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.contestant import Task


class Module(lightning.LightningModule):
    """One of the three models."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.model = MODELS[name]()

    def training_step(self, batch: list[torch.Tensor], index: int) -> torch.Tensor:
        return self.model.loss(batch[0])

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.parameters(), lr=1e-3)


class Counter(lightning.Callback):
    """Passes the turnstile after each step."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.turnstile = turnstile

    def on_train_batch_end(self, trainer, module, outputs, batch, index) -> None:
        self.turnstile.passed(len(batch[0]))


def train(task: Task, turnstile: Callable[[int], Turnstile]) -> None:
    """Until the referee has seen enough."""
    warnings.filterwarnings("ignore", message=".*num_workers.*")  # the images lie in memory already
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    module = Module(task.model)
    loader = DataLoader(TensorDataset(training_images(task)), batch_size=task.batch, shuffle=True)
    trainer = lightning.Trainer(
        accelerator="auto", devices=1, max_epochs=-1, logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False,
        callbacks=[Counter(turnstile(parameter_count(module)))],
    )  # fmt: skip
    trainer.fit(module, loader)


if __name__ == "__main__":
    serve_library(train)
