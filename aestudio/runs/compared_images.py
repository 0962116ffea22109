"""The same images through several kept runs, and samples of each, to be seen side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.errors import StudioError, ignore_problem
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.errors import OnProblem
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun

COUNT = 10


@dataclass(frozen=True, eq=False)
class ComparedImages:
    """Images uint8 (N, C, H, W); of the runs None where a run has none, and then the reason is why.

    originals:       the first images of the set
    reconstructions: of the same images; no_reconstructions: why not, "" if there are some
    samples:         of the prior, decoded; no_samples: why not. Of the same random numbers in all runs
    """

    originals: NDArray[np.uint8]
    reconstructions: tuple[NDArray[np.uint8] | None, ...]
    no_reconstructions: tuple[str, ...]
    samples: tuple[NDArray[np.uint8] | None, ...]
    no_samples: tuple[str, ...]


def compared_images(
    runs: Sequence[KeptRun],
    images: ImageSet,
    count: int = COUNT,
    progress: Progress = silent,
    on_problem: OnProblem = ignore_problem,
) -> ComparedImages:
    """Reconstruct the first `count` images with the newest weights of each run, and decode as many samples.

    A run that takes images of another shape, or has no prior, has a reason instead. A conditional model is
    told the classes or factors of these images. Needs torch; raises StudioError if weights cannot be read.
    """
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.threads import temporary_threads

    some = part_of(images, slice(0, count))
    found: list[tuple[_Outcome, _Outcome]] = []
    with temporary_threads(1):
        for number, run in enumerate(runs):
            progress(number, len(runs), "Reconstructing the images")
            model = FrozenModel(run.snapshot(on_problem))
            found.append((_reconstructed(model, some), _sampled(model, some)))
    shown, drawn = zip(*found, strict=True)
    return ComparedImages(
        some.images,
        tuple(one.images for one in shown),
        tuple(one.reason for one in shown),
        tuple(one.images for one in drawn),
        tuple(one.reason for one in drawn),
    )


@dataclass(frozen=True, eq=False)
class _Outcome:
    images: NDArray[np.uint8] | None = None
    reason: str = ""


def _reconstructed(model: FrozenModel, some: ImageSet) -> _Outcome:
    from aestudio.inference.conditions import condition_of_set
    from aestudio.inference.taken_images import require_shape

    if not model.reconstructs:
        return _Outcome(reason="This model reconstructs nothing")
    try:
        require_shape(model.snapshot, some.images)
        condition = condition_of_set(model.snapshot.architecture, some)
        return _Outcome(model.reconstruct(some.images, condition))
    except StudioError as problem:
        return _Outcome(reason=problem.what)


def _sampled(model: FrozenModel, some: ImageSet) -> _Outcome:
    from aestudio.inference.conditions import condition_of_set

    if not model.decodes:
        return _Outcome(reason="This model decodes nothing")
    try:
        codes = model.sample_prior(len(some.images), np.random.default_rng(0))
        condition = condition_of_set(model.snapshot.architecture, some)
        return _Outcome(model.decode(codes, condition))
    except StudioError as problem:
        return _Outcome(reason=problem.what)
