"""Codes of a whole set: encoded in parts, ranges for the sliders, exported as features."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.parts import in_parts
from aestudio.analysis.projections import data_limits
from aestudio.analysis.viewer import Codes, Viewer
from aestudio.data.digits import Dataset, Digits, gathered
from aestudio.data.new_file import new_file
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

Split = Literal["test", "train", "all"]

SPREAD = 2.5
"""Standard deviations to each side that a slider reaches at least, where the code is Gaussian."""


def encode_set(viewer: Viewer, digits: Digits, progress: Progress = silent) -> Codes:
    """The codes of all the digits, in their order (class logits where nothing is decoded)."""
    parts = [
        viewer.encode(digits.images[part]) for part in in_parts(len(digits), progress, "Encoding the images")
    ]
    if not parts:
        return viewer.encode(digits.images)
    deviations = [part.deviation for part in parts if part.deviation is not None]
    return Codes(
        np.concatenate([part.mean for part in parts]), np.concatenate(deviations) if deviations else None
    )


def latent_ranges(codes: Codes) -> NDArray[np.float64]:
    """What each slider covers: (low, high) of every dimension, float64 (L, 2), low < high.

    The data's 0.5 to 99.5 % quantiles. A Gaussian code's slider covers at least 2.5 standard deviations
    of all that the encoder says (mean and spread together) to both sides: a dimension that has collapsed
    onto the prior gets the prior's range, though its means hardly move.
    """
    limits = data_limits(codes.mean)
    if codes.deviation is None or not len(codes):
        return limits
    means = codes.mean.astype(np.float64)
    whole = np.sqrt(means.var(axis=0) + np.square(codes.deviation.astype(np.float64)).mean(axis=0))
    centre = means.mean(axis=0)
    return np.stack(
        [
            np.minimum(limits[:, 0], centre - SPREAD * whole),
            np.maximum(limits[:, 1], centre + SPREAD * whole),
        ],
        axis=1,
    )


def export_features(
    snapshot: Snapshot,
    digits: Digits | Dataset,
    path: Path,
    progress: Progress = silent,
    split: Split = "test",
) -> int:
    """Write the codes of all the digits as an .npz file, wholly or not at all; returns how many.

    digits: a whole dataset with "all" as split, the test set first; else the digits of one part

    codes           float32 (N, L), as the encoder gives them (a Gaussian code's mean)
    codes_scaled    float32 (N, L) in [0, 1]: (codes - minimum) / (maximum - minimum), 0 where both agree
    minimum/maximum float32 (L,)
    deviation       float32 (N, L), only where the code is Gaussian
    labels          int64 (N,), only where there are labels; class_names: their names
    indices         int64 (N,), each row's image within its part
    part            text (N,), each row's part: "test" or "train"
    recipe          the recipe as JSON text; run, step, split: what was encoded

    Reads back without pickle. Raises StudioError where there are no digits or it cannot be written.
    """
    parts = _parts(digits, split)
    counts = [len(part) for part in parts.values()]
    if not sum(counts):
        raise StudioError("There is no image to encode", advice="Choose another dataset.")
    if len(parts) > 1:
        digits = gathered(tuple(parts.values()), np.arange(sum(counts)))
    else:
        [digits] = parts.values()
    codes = encode_set(Viewer(snapshot), digits, progress)
    minimum, maximum, scaled = min_max_scaled(codes.mean)
    arrays: dict[str, NDArray[np.generic]] = {
        "codes": codes.mean,
        "codes_scaled": scaled,
        "minimum": minimum,
        "maximum": maximum,
        "indices": np.concatenate([np.arange(count, dtype=np.int64) for count in counts]),
        "part": np.repeat(np.array(list(parts), np.str_), counts),
        "class_names": np.array(digits.class_names, dtype=np.str_),
        "recipe": np.array(json.dumps(snapshot.recipe.model_dump(mode="json"), ensure_ascii=False)),
        "run": np.array(snapshot.run),
        "step": np.array(snapshot.step, dtype=np.int64),
        "split": np.array(split),
    }
    if codes.deviation is not None:
        arrays["deviation"] = codes.deviation
    if digits.labels is not None:
        arrays["labels"] = digits.labels
    with new_file(path) as file:
        np.savez(file, allow_pickle=False, **arrays)
    return len(codes)


def _parts(digits: Digits | Dataset, split: Split) -> dict[str, Digits]:
    if isinstance(digits, Dataset):
        return {"test": digits.test, "train": digits.train}
    return {split: digits}


def min_max_scaled(
    codes: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """(minimum (L,), maximum (L,), scaled (N, L) in [0, 1]) of codes (N, L) with N > 0."""
    minimum, maximum = codes.min(axis=0), codes.max(axis=0)
    span = maximum - minimum
    return minimum, maximum, (codes - minimum) / np.where(span > 0, span, 1)
