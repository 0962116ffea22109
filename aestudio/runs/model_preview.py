"""codes.npz of a shipped model: a part of the test set, to explore before any data set is loaded."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.code_limit import LARGEST
from aestudio.datasets.dataset import DIGIT_NAMES, ImageSet
from aestudio.runs.kept_images import images_rule, with_channels
from aestudio.storage.arrays import ArrayRule
from aestudio.storage.damage import Damage
from aestudio.storage.files import replace_file
from aestudio.storage.npz import read_npz
from aestudio.storage.os_errors import reading

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape

FILE = "codes.npz"
MOST_BYTES = 256_000_000  # in memory

_RULES = {
    "codes": ArrayRule("float32", ("codes", "numbers"), finite=True, most=LARGEST),
    "labels": ArrayRule("uint8", ("codes",)),
    "ranges": ArrayRule("float32", ("numbers", 2), finite=True, most=LARGEST),
    "class_names": ArrayRule("text", ("classes",)),
}
_DAMAGE = Damage(advice="Install the program again.")


@dataclass(frozen=True, eq=False)
class ModelPreview:
    """Codes and images that ship with a model.

    codes:  float32 (N, L), of the first N test images; labels: int64 (N,)
    ranges: float32 (L, 2), the useful range of each slider, from the training codes
    sample: the first few of those test images
    """

    codes: NDArray[np.float32]
    labels: NDArray[np.int64]
    ranges: NDArray[np.float32]
    sample: ImageSet


def write_preview(folder: Path, preview: ModelPreview) -> None:
    """Write the folder's codes.npz; raises StudioError."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        codes=preview.codes,
        labels=preview.labels.astype(np.uint8),
        ranges=preview.ranges,
        images=preview.sample.images,
        class_names=np.array(preview.sample.class_names, np.str_),
    )
    replace_file(folder / FILE, buffer.getvalue())


def read_preview(folder: Path, latent_size: int, shape: ImageShape | None = None) -> ModelPreview | None:
    """The preview in the folder, None without a file; raises StudioError if it is damaged.

    latent_size: the length L of a code
    shape:       that of the run's images, None if it is not known
    """
    path = folder / FILE
    if not path.exists():
        return None
    with reading(path):
        rules = {**_RULES, "images": images_rule(path, "images", "pictures", _DAMAGE)}
        arrays = read_npz(path, rules, MOST_BYTES, _DAMAGE)
    labels, ranges = arrays["labels"].astype(np.int64), arrays["ranges"]
    images = with_channels(arrays["images"], path, _DAMAGE, shape)
    names = tuple(str(name) for name in arrays["class_names"]) or DIGIT_NAMES
    if len(images) > len(labels) or (len(labels) and labels.max() >= len(names)):
        raise _DAMAGE.error(path, "labels, images and classes do not belong together")
    if arrays["codes"].shape[1:] != (latent_size,):
        raise _DAMAGE.error(path, "its codes are those of another model")
    if (ranges[:, 0] > ranges[:, 1]).any():
        raise _DAMAGE.error(path, "a range ends before it begins")
    return ModelPreview(
        arrays["codes"], labels, ranges, ImageSet(images, labels[: len(images)].copy(), names)
    )
