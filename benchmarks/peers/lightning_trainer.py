"""(e) Lightning: the models of `benchmarks/training/models.py` in its Trainer.

As in its introduction ("Lightning in 15 minutes"): a LightningModule whose `training_step` logs the loss,
and a DataLoader over a TensorDataset. Progress bar, log files, checkpoints and summary are off. With
BENCHMARK_SILENT set the step does not log the loss.
"""

from __future__ import annotations

import logging
import os
import warnings
from typing import TYPE_CHECKING

import lightning
import torch
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.candidate import StepGate, serve_library
from benchmarks.peers.mnist_images import training_images
from benchmarks.training.models import MODELS, parameter_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.candidate import Task


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
    """Calls the gate after each step."""

    def __init__(self, gate: StepGate) -> None:
        self.gate = gate

    def on_train_batch_end(self, trainer, module, outputs, batch, index) -> None:
        self.gate.passed(len(batch[0]))


def train(task: Task, gate: Callable[[int], StepGate]) -> None:
    """Train until the comparison is over."""
    warnings.filterwarnings("ignore", message=".*num_workers.*")  # the images are already in memory
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
        callbacks=[Counter(gate(parameter_count(module)))],
    )
    trainer.fit(module, loader)


if __name__ == "__main__":
    serve_library(train)
