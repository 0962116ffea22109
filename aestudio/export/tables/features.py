"""Codes of a whole data set as features for other programs: one .npz, .csv or .parquet file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.datasets.dataset import Dataset, take
from aestudio.errors import StudioError
from aestudio.export.tables.code_arrays import code_arrays
from aestudio.export.tables.code_table import write_codes
from aestudio.export.tables.parquet_table import SUFFIX as PARQUET
from aestudio.export.tables.parquet_table import require_pyarrow
from aestudio.export.tables.source_places import source_places
from aestudio.progress import silent
from aestudio.recipes.requirements import require_encoder
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.datasets.provenance import Provenance
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


Split = Literal["test", "train", "all"]


def export_features(
    snapshot: Snapshot,
    images: ImageSet | Dataset,
    path: Path,
    progress: Progress = silent,
    split: Split = "test",
    provenance: Provenance | None = None,
) -> int:
    """Write the codes of all images, completely or not at all; returns their number N.

    As arrays, or as a table if the path ends in .csv or .parquet (`code_table.write_codes`).

    images: an `ImageSet` with its split "test" or "train"; or a `Dataset` with "all", the test set first
    provenance: of the data set, if it was read from files

    codes           float32 (N, L), the encoder's output (a Gaussian code's mean)
    codes_scaled    float32 (N, L) in [0, 1]: (codes - minimum) / (maximum - minimum), 0 if both are equal;
                    not for discrete codes
    minimum/maximum float32 (L,), not for discrete codes
    deviation       float32 (N, L), the posterior's standard deviation; only for a Gaussian code
    entries         int64 (N, ...), only for discrete codes: the entry of each place (N, h, w), or the
                    category of each variable (N, L), counted from 0; `codes` has the same as numbers
    points          float32 (N, P), only for discrete codes: what the entries stand for, whose distances mean
                    something
    choices         how many entries there are; only for discrete codes
    labels          int64 (N,), only if the images have labels; class_names: text (C,)
    indices         int64 (N,), the position of each row's image within its split
    part            text (N,), each row's split: "test" or "train"
    source_row      int64 (N,), the row of each image in its array, or its page in its file; of files only
    source_file     text (N,), the name of the file of each image; only if each image is in one
    recipe          the recipe as JSON text; run, step, split: what was encoded
    sabotage        text, only of a sabotaged training: that its codes are no real ones

    The file holds no pickled objects. Raises StudioError if there are no images, they have no codes or the
    file cannot be written, and what `progress` raises.
    """
    require_encoder(snapshot.architecture)
    if path.suffix.lower() == PARQUET:
        require_pyarrow(path)
    splits = _splits(images, split)
    counts = [len(part) for part in splits.values()]
    if not sum(counts):
        raise StudioError("The data set has no images to encode", advice="Choose another data set.")
    if len(splits) > 1:
        image_set = take(tuple(splits.values()), np.arange(sum(counts)))
    else:
        [image_set] = splits.values()
    arrays: dict[str, NDArray[np.generic]] = {
        **code_arrays(snapshot, image_set, progress),
        "indices": np.concatenate([np.arange(count, dtype=np.int64) for count in counts]),
        "part": np.repeat(np.array(list(splits), np.str_), counts),
        "split": np.array(split),
        **source_places(provenance, tuple(splits), counts),
    }
    if "entries" not in arrays:
        scaled = min_max_scaled(arrays["codes"].astype(np.float32, copy=False))
        arrays |= dict(zip(("minimum", "maximum", "codes_scaled"), scaled, strict=True))
    with new_file(path) as file:
        write_codes(file, path, arrays)
    return len(image_set)


def _splits(images: ImageSet | Dataset, split: Split) -> dict[str, ImageSet]:
    if isinstance(images, Dataset):
        return {"test": images.test, "train": images.train}
    return {split: images}


def min_max_scaled(
    codes: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Codes float32 (N, L), N > 0 -> (minimum (L,), maximum (L,), scaled (N, L) in [0, 1]), all float32."""
    minimum, maximum = codes.min(axis=0), codes.max(axis=0)
    span = maximum - minimum
    return minimum, maximum, (codes - minimum) / np.where(span > 0, span, 1)
