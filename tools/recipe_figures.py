"""Trains recipes on MNIST and writes down what they reach: `python -m tools.recipe_figures [NAMES]`.

Each recipe is trained as it is shipped, with its own seed, and measured on the 10,000 test images. A row goes
to `resources/figures.json`, which the gallery shows, and from there to the table in docs/numbers.md. Rows
of recipes that are not named stay as they are; `--table` only writes the table again. MNIST is needed in the
folder that AESTUDIO_DATA names. Processor time is that of all threads, so that it hardly depends on what
else the machine does; AESTUDIO_PRECISION=float32 makes figures that agree between machines.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.mode_coverage import SAMPLES, mode_coverage
from aestudio.datasets.catalogue import load_dataset
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.figures import FIGURES, Figure, read_figures
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.resources import resources_folder
from aestudio.runs.run_metrics import metrics_of_snapshot
from aestudio.runs.sample_classifier import sample_classifier
from aestudio.training.events import Ended, SnapshotTaken, Started
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aestudio.datasets.dataset import Dataset
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "numbers.md"
BEGIN, END = "<!-- table -->", "<!-- end of the table -->"
# Terms that are figures of their own beside the squared error, in the order of the table.
SHOWN = ("negative_elbo", "negative_log_likelihood", "accuracy")
HEADINGS = {"negative_elbo": "-ELBO, nats", "negative_log_likelihood": "-log p, nats", "accuracy": "accuracy"}
RAREST = "rarest_class"  # of a generator: the share of its rarest class among 1,000 samples


def measured(recipe: Recipe, dataset: Dataset) -> Figure:
    """Train the recipe to its end, and measure it; raises RuntimeError if it stops early."""
    began, snapshot, steps = time.process_time(), None, 0
    for event in train(RunSpec(recipe.name, recipe, dataset.name, "cpu"), dataset):
        if isinstance(event, Started):
            steps = event.epochs * event.steps_per_epoch
        elif isinstance(event, SnapshotTaken):
            snapshot = event.snapshot
        elif isinstance(event, Ended) and event.reason != "finished":
            raise RuntimeError(f"{recipe.name} ended early: {event.reason}")
    assert snapshot is not None
    minutes = (time.process_time() - began) / 60
    found = metrics_of_snapshot(snapshot, {}, dataset)
    further = {name: _rounded(found[f"test_{name}"]) for name in SHOWN if f"test_{name}" in found}
    if not snapshot.architecture.encodes and (share := _rarest(snapshot, dataset)) is not None:
        further[RAREST] = share
    return Figure(
        epochs=recipe.training.epochs,
        steps=steps,
        seed=recipe.training.seed,
        processor_minutes=round(minutes, 1),
        squared_error=_rounded(found.get("squared_error_per_image")),
        further=further,
    )


def _rarest(snapshot: Snapshot, dataset: Dataset) -> float | None:
    """The share of the rarest class among samples, as a classifier names them; None without classes."""
    classifier = sample_classifier(dataset.test, dataset.train)
    if classifier is None:
        return None
    model = FrozenModel(snapshot)
    images = model.decode(model.sample_prior(SAMPLES, np.random.default_rng(0)))
    return mode_coverage(classifier(images), dataset.test.class_names).rarest[1]


def _rounded(value: Any) -> Any:
    return None if value is None else float(f"{value:.4g}")


def write(figures: Mapping[str, Figure], folder: Path) -> None:
    """Write the rows, in the order of their names."""
    rows = {name: figures[name].to_json() for name in sorted(figures)}
    text = json.dumps(rows, indent=2) + "\n"
    (folder / FIGURES).write_text(text, encoding="utf-8")


def table_of(figures: Mapping[str, Figure], recipes: Iterable[Recipe]) -> str:
    """A row for each recipe that was measured, in the gallery's order."""
    columns = (*HEADINGS, RAREST)
    titles = [*HEADINGS.values(), "rarest class of samples"]
    rows = [
        f"| recipe | epochs | steps | seed | squared error | {' | '.join(titles)} | processor minutes |",
        f"|{'---|' * (6 + len(columns))}",
    ]
    for recipe in recipes:
        one = figures.get(recipe.name)
        if one is not None:
            further = [f"{one.further[name]:g}" if name in one.further else "" for name in columns]
            error = "" if one.squared_error is None else f"{one.squared_error:g}"
            cells = (recipe.name, one.epochs, f"{one.steps:,}", one.seed, error, *further)
            rows.append("| " + " | ".join(map(str, (*cells, one.processor_minutes))) + " |")
    return "\n".join(rows)


def write_table(figures: Mapping[str, Figure], page: Path) -> None:
    """Put the table between its marks in the page."""
    text = page.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    table = f"{BEGIN}\n{table_of(figures, shipped_recipes())}\n{END}"
    page.write_text(pattern.sub(lambda _: table, text), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Measure the named recipes, or all, and write both files after each."""
    parser = argparse.ArgumentParser(description="What each recipe reaches on MNIST.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--table", action="store_true", help="only write the table again")
    chosen = parser.parse_args(arguments)
    folder, figures = resources_folder(), dict(read_figures())
    if not chosen.table:
        dataset = load_dataset("mnist")
        for name in chosen.names or [recipe.name for recipe in shipped_recipes()]:
            figures[name] = measured(find_recipe(name), dataset)
            sys.stdout.write(f"{name}: {figures[name].to_json()}\n")
            sys.stdout.flush()
            write(figures, folder)
    write_table(figures, PAGE)


if __name__ == "__main__":
    main(sys.argv[1:])
