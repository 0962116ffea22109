"""Trains the models that ship with the program, and keeps them small, with a few codes."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.datasets.dataset import ImageSet, part_of
from aestudio.errors import StudioError
from aestudio.progress import silent
from aestudio.recipes.library import find_recipe
from aestudio.runs.history_files import FOLDER as HISTORY
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.metrics_file import rewrite
from aestudio.runs.model_preview import ModelPreview, write_preview
from aestudio.runs.run_metrics import latent_metrics_of, metrics_of
from aestudio.runs.run_record import change_record
from aestudio.runs.start import start_run
from aestudio.runs.weights_file import CHECKPOINT
from aestudio.storage.lock import FILE as LOCK
from aestudio.storage.os_errors import writing
from aestudio.training.events import Ended, MetricPoint, Started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.progress import Progress
    from aestudio.runs.metrics_file import Point
    from aestudio.training.events import Event

SHIPPED = ("conv-vae-2d", "conv-vae", "gan")
CODES = 2000
IMAGES = 60
CURVE = 100  # training points that are kept, evenly spaced


def make_pretrained(name: str, dataset: Dataset, folder: Path, progress: Progress = silent) -> KeptRun:
    """Train the recipe of that name on the CPU and write it, ready to ship, to `folder`/name.

    An existing model is replaced only at the end. Raises StudioError if the training does not
    end well or the folder cannot be written, BadChoice for an unknown recipe, Cancelled.
    """
    recipe = find_recipe(name)
    target = folder / name
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as workshop:
        built = Path(workshop) / name
        with closing(start_run(recipe, dataset, folder=built, device="cpu")) as events:
            _follow(events, name, progress)
        _finish(KeptRun.at(built), dataset, progress)
        with writing(target):
            if target.exists():
                shutil.rmtree(target)
            shutil.move(built, target)
    return KeptRun.at(target, shipped=True)


def _follow(events: Iterator[Event], name: str, progress: Progress) -> None:
    total = None
    for event in events:
        if isinstance(event, Started):
            total = event.epochs * event.steps_per_epoch
        elif isinstance(event, MetricPoint):
            progress(event.step, total, f"Training {name}")
        elif isinstance(event, Ended) and event.reason != "finished":
            raise StudioError(f"The training ended early ({event.reason})", where=name, advice=event.advice)


def _finish(run: KeptRun, dataset: Dataset, progress: Progress) -> None:
    """Add metrics and codes, and remove files that only a training needs."""
    evaluation = metrics_of(run, dataset, progress)
    latent = latent_metrics_of(run.snapshot(), dataset, progress)
    change_record(run.folder, evaluation=evaluation, latent=latent, title=run.recipe.title)
    if run.snapshot().architecture.encodes:  # of a generator there are no codes of images to keep
        write_preview(run.folder, _preview(run, dataset, progress))
    rewrite(run.folder, _thinned(run.points()))
    shutil.rmtree(run.folder / HISTORY, ignore_errors=True)
    for name in (CHECKPOINT, LOCK):
        (run.folder / name).unlink(missing_ok=True)


def _preview(run: KeptRun, dataset: Dataset, progress: Progress) -> ModelPreview:
    from aestudio.analysis.latent_ranges import latent_ranges
    from aestudio.inference.codes import encode_set
    from aestudio.inference.frozen_model import FrozenModel

    frozen_model = FrozenModel(run.snapshot())
    test = dataset.test
    if test.labels is None:
        raise StudioError("A shipped model needs labelled test images", where=dataset.title)
    ranges = latent_ranges(encode_set(frozen_model, dataset.train, progress)).astype("float32")
    codes = encode_set(frozen_model, part_of(test, slice(CODES))).mean
    images = ImageSet(test.images[:IMAGES].copy(), test.labels[:IMAGES].copy(), test.class_names)
    return ModelPreview(codes, test.labels[:CODES].copy(), ranges, images)


def _thinned(points: tuple[Point, ...]) -> list[Point]:
    """All validation points, and about a hundred training points."""
    training = sum(isinstance(point, MetricPoint) and point.split == "training" for point in points)
    interval, count = max(1, -(-training // CURVE)), 0
    thinned: list[Point] = []
    for point in points:
        if isinstance(point, MetricPoint) and point.split == "training":
            count += 1
            if count % interval:
                continue
        thinned.append(point)
    return thinned
