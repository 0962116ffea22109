"""One image in every codec, side by side, as a picture: what equal bytes look like."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from aestudio.datasets.image_layout import pixel_rows
from aestudio.export.lettering import MUTED, PAGE, TEXT, fitting, write
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.codec.rate_distortion import MeasuredRate

_SIDE = 224  # pixels at least of an image in the picture, and the room of its text
_GAP, _LINE, _SIZE = 24, 26, 18


def save_examples(path: Path, original: NDArray[np.uint8], rates: Sequence[MeasuredRate]) -> None:
    """Write the original (C, H, W) and each rate's example with name, setting, bits and error, as a PNG.

    Raises StudioError if the file cannot be written.
    """
    from PIL import Image, ImageDraw

    scale = max(1, -(-_SIDE // original.shape[-1]))
    height, width = (scale * side for side in original.shape[-2:])
    entries: list[tuple[NDArray[np.uint8], tuple[str, ...]]] = [(original, ("Original",))]
    for rate in rates:
        lines = (rate.codec, rate.setting, f"{rate.shared:,.0f} bits, MSE {rate.mse:.4f}")
        entries.append((rate.example, lines))
    size = len(entries) * (width + _GAP) + _GAP, height + 2 * _GAP + 3 * _LINE
    page = Image.new("RGB", size, (PAGE, PAGE, PAGE))
    draw = ImageDraw.Draw(page)
    for number, (image, lines) in enumerate(entries):
        left = _GAP + number * (width + _GAP)
        enlarged = pixel_rows(image).repeat(scale, axis=0).repeat(scale, axis=1)
        page.paste(Image.fromarray(enlarged).convert("RGB"), (left, _GAP))
        for row, line in enumerate(lines):
            at = left, _GAP + height + _LINE * (row + 0.7)
            write(draw, at, fitting(line, _SIZE, width), _SIZE, MUTED if row else TEXT)
    buffer = io.BytesIO()
    page.save(buffer, "png", optimize=True)
    with new_file(path) as file:
        file.write(buffer.getvalue())
