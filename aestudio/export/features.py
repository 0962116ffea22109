"""Codes of a whole set as features for other programs: one .npz file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.datasets.dataset import Dataset, take
from aestudio.errors import StudioError
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.progress import silent
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


Split = Literal["test", "train", "all"]


def export_features(
    snapshot: Snapshot,
    digits: ImageSet | Dataset,
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

    Reads back without pickle. Raises StudioError if there are no digits or it cannot be written.
    """
    parts = _parts(digits, split)
    counts = [len(part) for part in parts.values()]
    if not sum(counts):
        raise StudioError("The data set has no images to encode", advice="Choose another data set.")
    if len(parts) > 1:
        digits = take(tuple(parts.values()), np.arange(sum(counts)))
    else:
        [digits] = parts.values()
    codes = encode_set(FrozenModel(snapshot), digits, progress)
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
    if codes.std is not None:
        arrays["deviation"] = codes.std
    if digits.labels is not None:
        arrays["labels"] = digits.labels
    with new_file(path) as file:
        np.savez(file, allow_pickle=False, **arrays)
    return len(codes)


def _parts(digits: ImageSet | Dataset, split: Split) -> dict[str, ImageSet]:
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
