"""Where images come from: the file of each, and its row or page there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.provenance import Provenance


def source_places(
    provenance: Provenance | None, splits: Sequence[str], counts: Sequence[int]
) -> dict[str, NDArray[np.generic]]:
    """Where each image (N,) is in the source; nothing if that is not known."""
    if provenance is None:
        return {}
    known = {"test": provenance.test, "train": provenance.train}
    places = [known[split] for split in splits]
    if [len(part) for part in places] != list(counts):
        return {}
    numbers = np.concatenate(places)
    arrays: dict[str, NDArray[np.generic]] = {"source_row": provenance.row_of[numbers]}
    if provenance.file_of is not None:
        names = np.array([printable(file.name) for file in provenance.files], np.str_)
        arrays["source_file"] = names[provenance.file_of[numbers]]
    return arrays
