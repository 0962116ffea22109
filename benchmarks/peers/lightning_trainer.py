"""(e) Lightning: the models of `benchmarks/training/models.py` in its Trainer.

As its introduction ("Lightning in 15 minutes") has it: a LightningModule whose `training_step` logs the
loss, a DataLoader over a TensorDataset. Progress bar, files of a logger, checkpoints and summary are off.
With BENCHMARK_SILENT set the step logs nothing, and nobody sees a loss.
"""

from __future__ import annotations

import logging
import os
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


SILENT = "BENCHMARK_SILENT" in os.environ


class Module(lightning.LightningModule):
    """One of the three models."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.model = MODELS[name]()

    def training_step(self, batch: list[torch.Tensor], index: int) -> torch.Tensor:
        loss = self.model.loss(batch[0])
        if not SILENT:
            self.log("train_loss", loss)
        return loss

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
        accelerator="auto",
        devices=1,
        max_epochs=-1,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[Counter(turnstile(parameter_count(module)))],
    )
    trainer.fit(module, loader)


if __name__ == "__main__":
    serve_library(train)
