"""Trains the classifier that names the classes of samples: `python -m tools.sample_classifier`.

MNIST is needed in the folder that AESTUDIO_DATA names. A minute of one core.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from aestudio.datasets.catalogue import load_dataset
from aestudio.networks.convolutional.config import Convolutional
from aestudio.recipes.library import find_recipe
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_metrics import metrics_of
from aestudio.runs.sample_classifier import shipped_folder
from aestudio.runs.start import start_run

FILES = ("run.json", "weights.safetensors")
SETTINGS = {"epochs": 5, "learning_rate": 0.003, "schedule": "one_cycle", "dense_units": 64}


def main() -> None:
    """Train it, and put what is needed to use it in its folder."""
    dataset = load_dataset("mnist")
    recipe = find_recipe("digit-classifier").combined(Convolutional()).with_settings(SETTINGS)
    with tempfile.TemporaryDirectory() as workshop:
        built = Path(workshop) / "digits"
        with closing(start_run(recipe, dataset, folder=built, device="cpu")) as events:
            for _ in events:
                pass
        accuracy = metrics_of(KeptRun.at(built), dataset)["terms"]["accuracy"]
        shipped_folder().mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copy(built / name, shipped_folder() / name)
    sys.stdout.write(f"{shipped_folder()}: {100 * accuracy:.2f} % of the test set\n")


if __name__ == "__main__":
    main()
