"""Any compressed file back into pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.codec.bits_back import decompress_exactly
from aestudio.codec.carried_model import carried_snapshot, require_model
from aestudio.codec.container import DAMAGE
from aestudio.codec.lossless_models import likelihood_of
from aestudio.codec.rounded_codes import decompress_codes, require_codec
from aestudio.datasets.memory_limit import check_size
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.codec.container import Container
    from aestudio.codec.rounded_codes import Decoded
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

_NUMBER, _LEARNED = 8, 32  # bytes of a number of a code while it is decoded, by tables and by the model


def decompress(container: Container, snapshot: Snapshot, path: Path, progress: Progress = silent) -> Decoded:
    """The pictures, uint8 (N, C, H, W), and the codes in a compressed file.

    snapshot: the model that wrote it; path: of the file, for messages
    Raises StudioError for another model, a damaged file, more images than memory allows, and for a lossless
    file whose images this machine cannot decode exactly; what `progress` raises.
    """
    from aestudio.inference.frozen_model import FrozenModel

    require_model(container, snapshot, path)
    latent = snapshot.architecture.latent
    each = container.shape.size + (_LEARNED if latent.rounds_itself else _NUMBER) * latent.size
    check_size(container.count * each, str(path))
    try:
        if container.kind == "codes":
            require_codec(snapshot.architecture)
            return decompress_codes(FrozenModel(snapshot), container)
        likelihood_of(snapshot.architecture)
        decoded = decompress_exactly(FrozenModel(snapshot), container, progress)
    except (ValueError, TypeError) as error:
        raise DAMAGE.error(path, error) from error
    if not decoded.as_written:
        raise StudioError(
            "The images of this file cannot be decoded exactly here: this machine computes the model's "
            "probabilities otherwise than the one that wrote the file, or the file was changed",
            where=str(path),
            advice="Open it on the machine that wrote it, or compress the images again here.",
        )
    return decoded


def model_inside(container: Container, path: Path) -> Snapshot | None:
    """The model that came with the file, None if none did; raises StudioError if it is damaged."""
    return carried_snapshot(container, path) if container.model else None
