"""(b) A plain fast loop: the data set as one float tensor, fused Adam, and nothing else."""

from __future__ import annotations

import time

import torch
from torchvision.datasets import MNIST

from benchmarks.candidate import Ready, Task, serve
from benchmarks.training.models import MODELS, parameter_count


def prepare(task: Task) -> Ready:
    """The training after thirty steps of warm-up."""
    torch.set_num_threads(task.threads)
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images = (MNIST(str(task.data), train=True).data[:, None].float() / 255).to(device)
    model = MODELS[task.model]().to(device)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)

    def batches():
        while True:
            yield from torch.randperm(len(images), device=device).split(task.batch)

    endless = batches()

    def step() -> int:
        batch = images[next(endless)]
        optimiser.zero_grad()
        model.loss(batch).backward()
        optimiser.step()
        return len(batch)

    def train(seconds: float) -> tuple[int, float]:
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            done += step()
        if device == "cuda":
            torch.cuda.synchronize()
        return done, time.perf_counter() - began

    for _ in range(30):
        step()
    return Ready(train, parameter_count(model))


if __name__ == "__main__":
    serve(prepare)
