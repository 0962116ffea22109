"""Writes a data set as one .npz that other programs read: x_train, y_train, x_test, y_test, class_names.

A validation part is there as well, as x_val and y_val.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset


def write_converted(path: Path, dataset: Dataset) -> None:
    """Write images uint8 (N, H, W), in colour (N, H, W, 3), labels int64 (N,), and the classes' names.

    Attributes of the images are float32 (N, attributes), with their names.

    Without labels in a part its y is left out. Raises StudioError if the disk refuses.
    """
    arrays: dict[str, NDArray[Any]] = {}
    for name, part in (("train", dataset.train), ("test", dataset.test), ("val", dataset.validation)):
        if part is None:
            continue
        images = part.images
        arrays[f"x_{name}"] = images[:, 0] if part.image_shape.grey else np.moveaxis(images, 1, 3)
        if part.labels is not None:
            arrays[f"y_{name}"] = part.labels
        if part.factors is not None:
            arrays[f"attributes_{name}"] = part.factors
    if dataset.train.class_names:
        arrays["class_names"] = np.array(dataset.train.class_names)
    if dataset.train.factor_names:
        arrays["attribute_names"] = np.array(dataset.train.factor_names)
    with new_file(path) as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
