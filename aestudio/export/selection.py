"""Digits selected on the map, as a file of arrays with their codes, and as an image of them all."""

from __future__ import annotations

import io
import json
import math
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import SIDE, take
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

MOST_IN_IMAGE = 2_500
"""Digits on the image; of more, the first ones. 50 to a row, which is 1,450 pixels."""
GAP = 1


def export_selection(
    snapshot: Snapshot,
    parts: tuple[ImageSet, ...],
    numbers: NDArray[np.int64],
    path: Path,
    progress: Progress = silent,
) -> int:
    """Write digits as an .npz file and, beside it, as a .png; both or neither. Returns how many there are.

    parts: the test set, then the training set if there is one; numbers: (n,), counted through the parts

    images      uint8 (n, 28, 28); codes: float32 (n, L), a Gaussian code's mean
    deviation   float32 (n, L), only where the code is Gaussian
    labels      int64 (n,), only where there are labels; class_names: their names
    indices     int64 (n,), each image within its split; split: "test" or "train" for each
    recipe      the recipe as JSON text; run, step: what they were encoded with

    Raises StudioError if no number is a digit's, or the files cannot be written.
    """
    starts = np.cumsum([0, *map(len, parts)])
    chosen = numbers[(numbers >= 0) & (numbers < starts[-1])]
    if not len(chosen):
        raise StudioError("None of the selected images is there any more", advice="Select some images again.")
    part = np.searchsorted(starts, chosen, side="right") - 1
    indices = chosen - starts[part]
    digits = take(parts, chosen)
    codes = encode_set(FrozenModel(snapshot), digits, progress)
    arrays: dict[str, NDArray[np.generic]] = {
        "images": digits.images[:, 0],
        "codes": codes.mean,
        "indices": indices.astype(np.int64),
        "split": np.array(["test", "train"], np.str_)[part],
        "class_names": np.array(digits.class_names, np.str_),
        "recipe": np.array(json.dumps(snapshot.recipe.model_dump(mode="json"), ensure_ascii=False)),
        "run": np.array(snapshot.run),
        "step": np.array(snapshot.step, np.int64),
    }
    if codes.std is not None:
        arrays["deviation"] = codes.std
    if digits.labels is not None:
        arrays["labels"] = digits.labels
    picture = _as_png(sheet(digits.images[:MOST_IN_IMAGE, 0]))
    with new_file(path) as file, new_file(path.with_suffix(".png")) as other:
        np.savez(file, allow_pickle=False, **arrays)
        other.write(picture)
    return len(chosen)


def sheet(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images (n, 28, 28) side by side in about as many rows as columns, a grey line between them."""
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    pitch = SIDE + GAP
    page = np.full((rows * pitch + GAP, columns * pitch + GAP), 64, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = (GAP + place * pitch for place in divmod(number, columns))
        page[top : top + SIDE, left : left + SIDE] = picture
    return page


def _as_png(page: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(page).save(buffer, "png", optimize=True)
    return buffer.getvalue()
