"""Images selected on the map: a file of arrays with their codes, and one image that shows all of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.image_formats import encoded
from aestudio.datasets.dataset import take
from aestudio.errors import StudioError
from aestudio.export.tables.code_arrays import code_arrays
from aestudio.export.tables.code_table import write_codes
from aestudio.export.tables.source_places import source_places
from aestudio.progress import silent
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.datasets.provenance import Provenance
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

MAX_ON_SHEET = 2_500
"""Images on the contact sheet; of more, the first ones. 50 to a row."""
GAP = 1
"""Pixels between two images of the contact sheet."""
_LINES = 64  # their grey


def export_selection(
    snapshot: Snapshot,
    splits: tuple[ImageSet, ...],
    numbers: NDArray[np.int64],
    path: Path,
    progress: Progress = silent,
    provenance: Provenance | None = None,
) -> int:
    """Write images as an .npz file and, beside it, as a .png; both or neither. Returns their number n.

    A path that ends in .csv becomes a table of their codes, without the images, which are on the .png.

    provenance: of the data set, if it was read from files
    splits:  the test set, then the training set if there is one
    numbers: int64 (n,), positions counted from 0 through both splits; others are ignored

    images      uint8 (n, C, H, W); codes: float32 (n, L), a Gaussian code's mean
    deviation   float32 (n, L), the posterior's standard deviation; only for a Gaussian code
    entries, points, choices: of discrete codes only, as in `export_features`
    labels      int64 (n,), only if the images have labels; class_names: text (C,)
    indices     int64 (n,), each image's position within its split; split: text (n,), "test" or "train"
    source_row, source_file: as in `export_features`
    recipe      the recipe as JSON text; run, step: what they were encoded with

    Raises StudioError if no number is that of an image or the files cannot be written, and what `progress`
    raises.
    """
    starts = np.cumsum([0, *map(len, splits)])
    chosen = numbers[(numbers >= 0) & (numbers < starts[-1])]
    if not len(chosen):
        raise StudioError("None of the selected images is there any more", advice="Select some images again.")
    split = np.searchsorted(starts, chosen, side="right") - 1
    indices = chosen - starts[split]
    image_set = take(splits, chosen)
    arrays: dict[str, NDArray[np.generic]] = {
        "images": image_set.images,
        "indices": indices.astype(np.int64),
        "split": np.array(["test", "train"], np.str_)[split],
        **code_arrays(snapshot, image_set, progress),
    }
    places = source_places(provenance, ("test", "train")[: len(splits)], [len(part) for part in splits])
    arrays |= {name: known[chosen] for name, known in places.items()}
    png = encoded(contact_sheet(image_set.images[:MAX_ON_SHEET]))
    with new_file(path) as file, new_file(path.with_suffix(".png")) as png_file:
        write_codes(file, path, arrays)
        png_file.write(png)
    return len(chosen)


def contact_sheet(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images uint8 (n, C, h, w), n > 0, in as many columns as rows, grey lines between: uint8 (C, H, W)."""
    channels, height, width = images.shape[1:]
    columns = math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    down, across = height + GAP, width + GAP
    page = np.full((channels, rows * down + GAP, columns * across + GAP), _LINES, np.uint8)
    for number, image in enumerate(images):
        row, column = divmod(number, columns)
        top, left = GAP + row * down, GAP + column * across
        page[:, top : top + height, left : left + width] = image
    return page
