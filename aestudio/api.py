"""The Python API: train or open a run, then evaluate, encode and decode with it.

run = aestudio.train("vae", dataset="mnist", epochs=3)
run.evaluate()["test_negative_elbo"]
codes = run.encode(run.dataset.test.images[:16])
images = run.decode(codes)
new = run.decode(run.sample_prior(16))
run.save("my-vae")
run.resume(epochs=6)
"""

from __future__ import annotations

import math
import shutil
import warnings
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.dataset import Dataset
from aestudio.errors import BadChoice, StudioError
from aestudio.progress import silent
from aestudio.recipes.library import find_recipe
from aestudio.runs.condition_checks import given_condition
from aestudio.runs.index import find_run
from aestudio.runs.input_checks import given_codes, given_images
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_metrics import metrics_of
from aestudio.runs.start import resume_run, start_run
from aestudio.storage.lock import FILE as LOCK
from aestudio.storage.os_errors import is_there, writing
from aestudio.training.events import Ended, MetricPoint, Started

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.recipes.objective import Term
    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.metrics_file import Point
    from aestudio.runs.start import RunEvents


class Run:
    """A trained model with its data and its curves."""

    def __init__(self, kept: KeptRun, dataset: Dataset | None = None, data_dir: Path | None = None) -> None:
        self.kept = kept
        self._dataset = dataset
        self._data_dir = data_dir

    @property
    def name(self) -> str:
        """The name that `open_run` and the command line take."""
        return self.kept.name

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self.kept.folder

    @property
    def recipe(self) -> Recipe:
        """What was trained."""
        return self.kept.recipe

    @property
    def dataset(self) -> Dataset:
        """The images that it was trained on, loaded on first use.

        Raises StudioError if they are missing or have changed.
        """
        if self._dataset is None:
            self._dataset = self.kept.dataset(self._data_dir)
        return self._dataset

    @property
    def points(self) -> tuple[Point, ...]:
        """Every metric point of the training, in order."""
        return self.kept.points()

    def evaluate(self, dataset: Dataset | str | None = None) -> dict[str, Any]:
        """The metrics on a test set, by default the run's own; raises StudioError, BadChoice."""
        if isinstance(dataset, str):
            dataset = load_dataset(
                dataset, data_dir=self._data_dir, image=self.kept.require_record().shape.image
            )
        return metrics_of(self.kept, self.dataset if dataset is None else dataset, on_problem=_warn)

    def encode(
        self, images: ArrayLike, *, labels: ArrayLike | None = None, factors: ArrayLike | None = None
    ) -> NDArray[np.float32]:
        """Images -> codes (N, L), a Gaussian code's mean.

        images: (N, C, H, W) in the shape of the run's images, in grey also (N, H, W); uint8 from 0 to 255 or
                floats from 0 to 1, ink on 0; BadChoice for anything else, such as floats up to 255 or NaN
        labels:  for a model that is told classes, that of each image (N,), or one for all
        factors: for a model that is told factors of variation, those of each image (N, K), or (K,) for all
        Raises StudioError if the model needs labels or factors and they are missing.
        """
        given = self._given(images)
        return self._frozen_model.encode(given, self._told(len(given), labels, factors)).mean

    def sample_prior(self, count: int, *, temperature: float = 1.0, seed: int = 0) -> NDArray[np.float32]:
        """`count` codes float32 (N, L) of the model's prior, declared or learned, for `decode`.

        temperature: 1 for the prior itself, less for typical codes
        Raises StudioError if the model has no prior, BadChoice for a negative count or temperature.
        """
        if count < 0:
            raise BadChoice("count", count, "whole number from 0")
        if not 0 <= temperature < math.inf:
            raise BadChoice("temperature", temperature, "number from 0")
        return self._frozen_model.sample_prior(count, np.random.default_rng(seed), temperature)

    def decode(
        self, codes: ArrayLike, *, labels: ArrayLike | None = None, factors: ArrayLike | None = None
    ) -> NDArray[np.uint8]:
        """Codes (N, L) -> images uint8 (N, C, H, W).

        labels, factors: as for `encode`
        Raises TypeError if nothing is decoded, BadChoice for other shapes, for NaN and for what is no entry
        of a discrete code, StudioError as `encode` does.
        """
        latent = self._frozen_model.snapshot.architecture.latent
        given = given_codes(codes, latent.size, latent.choices)
        return self._frozen_model.decode(given, self._told(len(given), labels, factors))

    def reconstruct(
        self, images: ArrayLike, *, labels: ArrayLike | None = None, factors: ArrayLike | None = None
    ) -> NDArray[np.uint8]:
        """Images, labels and factors as for `encode` -> images uint8 (N, C, H, W); raises like them."""
        given = self._given(images)
        return self._frozen_model.reconstruct(given, self._told(len(given), labels, factors))

    def resume(
        self, epochs: int | None = None, *, device: str | None = None, progress: Progress = silent
    ) -> Run:
        """Go on from the newest complete state, in the same folder; returns this run, with its new weights.

        On the device and with the threads of before, a run that was stopped or killed ends with the weights
        and curves, bit for bit, of one that nobody disturbed.

        epochs:   a new number of epochs in all; None for that of the run. It goes on where the run ended.
        device:   None for that of the run; another one does not compute exactly the same
        progress: as for `train`

        Raises StudioError if the images are missing or have changed, if another process trains the run, for a
        shipped model and as `train` does; BadChoice for epochs that have passed.
        """
        from aestudio.training.threads import temporary_threads

        kept = KeptRun.at(self.folder, self.kept.shipped)
        events = resume_run(kept, self.dataset, epochs=epochs, device=device, on_problem=_warn)
        try:
            with temporary_threads(), closing(events):
                _follow(events, progress, kept.recipe.objective.terms()[0])
        finally:
            self.kept = KeptRun.at(self.folder, self.kept.shipped)
            self.__dict__.pop("_frozen_model", None)  # of the weights before
        return self

    def save(self, folder: str | Path) -> Path:
        """Copy the run to a new folder, which `open_run` and the commands take; raises StudioError."""
        target = Path(folder).expanduser()
        if is_there(target):
            raise StudioError(
                "A file or folder of this name already exists",
                where=str(target),
                advice="Choose another name.",
            )
        with writing(target):
            shutil.copytree(self.folder, target, ignore=shutil.ignore_patterns(LOCK, ".*"))
        return target

    def _given(self, images: ArrayLike) -> NDArray[Any]:
        """Images as for `encode` -> uint8 or float32 (N, C, H, W); raises BadChoice for anything else."""

        return given_images(images, self._frozen_model.snapshot.data.image)

    def _told(
        self, count: int, labels: ArrayLike | None, factors: ArrayLike | None
    ) -> NDArray[np.float32] | None:
        """What the model is told of `count` images or codes, float32 (count, K), or None."""
        return given_condition(self._frozen_model.snapshot.architecture, count, labels, factors)

    @cached_property
    def _frozen_model(self) -> FrozenModel:
        from aestudio.inference.frozen_model import FrozenModel

        return FrozenModel(self.kept.snapshot(_warn))


def _warn(problem: StudioError) -> None:
    """A problem that does not end the call, as a Python warning."""
    warnings.warn(str(problem), stacklevel=2)


def train(
    recipe: str | Recipe,
    dataset: str | Dataset = "mnist",
    epochs: int | None = None,
    *,
    device: str = "auto",
    data_dir: str | Path | None = None,
    progress: Progress = silent,
    **settings: Any,
) -> Run:
    """Train a recipe, by name or as changed by hand, and keep the run in the user's folder.

    dataset:  a name, a path, or a `Dataset` made of arrays, which is then kept with the run
    settings: any of the recipe's, by name (`latent_size=2`)
    progress: called with the step, the number of steps and the loss; may raise Cancelled, which keeps the run

    Raises BadChoice for an unknown name or an impossible value, StudioError if the training does not
    reach its end or needs more memory than is free. Warns if images are too large to be kept, or if the run
    cannot be written for a while.
    """
    from aestudio.training.threads import temporary_threads

    chosen = find_recipe(recipe) if isinstance(recipe, str) else recipe
    chosen = chosen.with_settings(settings if epochs is None else settings | {"epochs": epochs})
    data_folder = None if data_dir is None else Path(data_dir)
    data = dataset if isinstance(dataset, Dataset) else load_dataset(dataset, data_dir=data_folder)
    events = start_run(chosen, data, device=device, keep_images=True, on_problem=_warn)
    with temporary_threads(), closing(events):
        _follow(events, progress, chosen.objective.terms()[0])
    return Run(KeptRun.at(events.folder), data, data_folder)


def _follow(events: RunEvents, progress: Progress, loss: Term) -> None:
    """Pull the events to their end; raises what the training raises, StudioError if it diverges.

    loss: what is reported, the loss of the first phase; a point of other phases alone lacks it
    """
    total, text = None, ""
    for event in events:
        if isinstance(event, Started):
            total = event.epochs * event.steps_per_epoch
        elif isinstance(event, MetricPoint) and event.split == "training":
            if loss.name in event.terms:
                text = f"{loss.title} {event.terms[loss.name]:.4g}"
            progress(event.step, total, text)
        elif isinstance(event, Ended) and event.reason == "diverged":
            raise StudioError("The training diverged", where=str(events.folder), advice=event.advice)


def open_run(name: str | Path, *, data_dir: str | Path | None = None) -> Run:
    """A kept run by its folder or name, or a shipped model; raises BadChoice, StudioError."""
    return Run(find_run(str(name)), None, None if data_dir is None else Path(data_dir))
