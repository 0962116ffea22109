"""Trains a recipe and prints its last validation loss, to compare bfloat16 with float32."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from aestudio.datasets.catalogue import load_dataset
from aestudio.recipes.library import find_recipe
from aestudio.training.events import MetricPoint
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train


def final_loss(model: str, precision: str, epochs: int, device: str, data: Path) -> float:
    """The loss on the validation images after the last epoch, per image."""
    recipe = find_recipe(model).with_settings({"precision": precision, "epochs": epochs})
    loss = float("nan")
    for event in train(RunSpec("benchmark", recipe, "mnist", device), load_dataset("mnist", data_dir=data)):
        if isinstance(event, MetricPoint) and event.split == "validation":
            loss = event.terms["loss"]
    return loss


def main() -> None:
    """`--model`, `--precision`, `--epochs`, `--device`, `--data`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    loss = final_loss(given.model, given.precision, given.epochs, given.device, given.data)
    print(json.dumps({"loss": loss}))


if __name__ == "__main__":
    main()
