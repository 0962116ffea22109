"""(a) The loop of most tutorials: torchvision's transforms through a DataLoader, Adam with its defaults."""

from __future__ import annotations

import time

import torch
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

from benchmarks.candidate import Ready, Task, serve
from benchmarks.training.models import MODELS, parameter_count


def prepare(task: Task) -> Ready:
    """The training after twenty steps of warm-up."""
    torch.set_num_threads(task.threads)
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images = MNIST(str(task.data), train=True, transform=ToTensor())
    loader = DataLoader(images, batch_size=task.batch, shuffle=True)
    model = MODELS[task.model]().to(device)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    running = 0.0

    def batches():
        while True:
            yield from loader

    endless = batches()

    def step() -> int:
        nonlocal running
        batch, _ = next(endless)
        batch = batch.to(device)
        optimiser.zero_grad()
        loss = model.loss(batch)
        loss.backward()
        optimiser.step()
        running += loss.item()
        return len(batch)

    def train(seconds: float) -> tuple[int, float]:
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            done += step()
        return done, time.perf_counter() - began

    for _ in range(20):
        step()
    return Ready(train, parameter_count(model))


if __name__ == "__main__":
    serve(prepare)
