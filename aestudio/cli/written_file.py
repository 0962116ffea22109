"""What `aestudio compress` writes: images as a compressed file, decoded again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.codec.container import Container
    from aestudio.datasets.dataset import ImageSet
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot
    from aestudio.types import Condition

_REFERENCE = 2_000  # training images whose codes say how finely codes are rounded
_BINARY = 128  # grey levels from here on are ink


@dataclass(frozen=True, eq=False)
class WrittenAs:
    """How images are compressed.

    training:  the training images, by whose codes codes are rounded; None for without loss
    fineness:  bits, rate or quality, as `Fineness` has them; none for the usual quality
    binarise:  make the images black and white first
    condition: float32 (N, K), what a conditional model is told
    """

    training: ImageSet | None
    fineness: Mapping[str, Any]
    binarise: bool = False
    condition: Condition | None = None
    with_model: bool = False


def written_file(
    snapshot: Snapshot, images: Sequence[NDArray[np.uint8]], how: WrittenAs, path: Path, progress: Progress
) -> tuple[Container, float]:
    """The file of images, each uint8 (C, H, W), and the mean squared error per pixel of what it decodes to.

    path: what it will be called, for messages
    Raises StudioError, BadChoice and what `progress` raises.
    """
    from aestudio.codec.bits_back import compress_exactly
    from aestudio.codec.opened_file import decompress
    from aestudio.codec.rounded_codes import Fineness, compress_codes, require_codec
    from aestudio.datasets.dataset import part_of
    from aestudio.inference.codes import encode_set
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.threads import temporary_threads

    taken = np.stack(images)
    if how.binarise:
        taken = np.where(taken >= _BINARY, 255, 0).astype(np.uint8)
    with temporary_threads(1):
        model = FrozenModel(snapshot)
        if how.training is None:
            container = compress_exactly(model, taken, progress, how.with_model).container
        else:
            require_codec(snapshot.architecture)
            reference = encode_set(model, part_of(how.training, slice(_REFERENCE)), progress)
            fineness = Fineness(**how.fineness)
            container = compress_codes(model, taken, reference, fineness, how.condition, how.with_model)
        pictures = decompress(container, snapshot, path, progress).pictures
    return container, float(np.square(pictures / 255 - taken / 255).mean())
