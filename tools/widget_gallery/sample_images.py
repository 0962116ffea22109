"""Sample images: digits in the font of the interface, each slanted and rotated a little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDE = MNIST.image.height


def sample_digits(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Draw the digits 0, 1, 2, ..., uint8 (count, 1, H, W), each slanted and rotated differently."""
    random = np.random.default_rng(seed)
    return np.stack([_digit(index % 10, random) for index in range(count)])[:, None]


def sample_reconstructions(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Blur images, uint8 (N, 1, H, W), as the reconstructions of a small autoencoder are."""
    padded = np.pad(images.astype(float), ((0, 0), (0, 0), (1, 1), (1, 1)))
    moved = [padded[..., y : y + _SIDE, x : x + _SIDE] for y in range(3) for x in range(3)]
    return np.mean(moved, axis=0).astype(np.uint8)


def _digit(digit: int, random: np.random.Generator) -> NDArray[np.uint8]:
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    with painting(image) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        font = QFont()
        font.setPixelSize(24)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.translate(QPointF(_SIDE / 2, _SIDE / 2))
        painter.rotate(random.uniform(-12, 12))
        painter.shear(random.uniform(-0.35, 0.05), 0)
        painter.drawText(-14, -14, _SIDE, _SIDE, Qt.AlignmentFlag.AlignCenter, str(digit))
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(_SIDE, image.bytesPerLine())
    return rows[:, :_SIDE].copy()
