"""The pixels of an image that Pillow opened, in grey or as colours, before the size of its set is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from PIL.Image import Image

    Ends = tuple[float, float]  # the numbers that are black and white
    EndsOf = Callable[[NDArray[np.float64]], Ends]

_DEPTHS = (1023.0, 4095.0, 16383.0, 65535.0)  # of 10 to 16 bits
DEEP = ("I;16", "I;16L", "I;16B", "I", "F")
_TRANSPARENT = ("LA", "PA", "RGBA", "La", "RGBa")
GREY = (*DEEP, "1", "L", "LA", "La")  # modes that hold no colours


def grey_of(image: Image, ends: EndsOf | None = None) -> NDArray[np.uint8]:
    """Grey (H, W); transparent pixels as those of what `_background` says.

    ends: black and white of numbers of more than 8 bits; None for those of `depth_of`
    """
    if image.mode in DEEP:  # Pillow's own conversion clips at 255
        values = np.asarray(image, np.float64)
        bottom, top = (ends or depth_of)(values)
        return np.clip(np.rint((values - bottom) * (255.0 / (top - bottom))), 0, 255).astype(np.uint8)
    if not has_transparency(image):
        return np.asarray(image.convert("L"))
    grey, alpha = image.convert("RGBA").convert("LA").split()
    opacity = _opacity(alpha)
    return _composed(grey, opacity, _background(grey, opacity))


def depth_of(values: NDArray[np.float64]) -> Ends:
    """Black and white of one image (H, W) of which the set is not known: by the bits that hold it."""
    high = float(values.max())
    tops = (1.0, 255.0, *_DEPTHS) if high <= 1 and (values != np.rint(values)).any() else (255.0, *_DEPTHS)
    return 0.0, next((top for top in tops if high <= top), max(high, 1.0))


def colours_of(image: Image) -> Iterator[NDArray[np.uint8]]:
    """Red, green and blue, (H, W) each, one after another: all at once would take much memory."""
    if not has_transparency(image):
        opaque = image if image.mode == "RGB" else image.convert("RGB")
        yield from (np.asarray(opaque.getchannel(channel)) for channel in range(3))
        return
    layers = image if image.mode == "RGBA" else image.convert("RGBA")
    opacity = _opacity(layers.getchannel("A"))
    background = _background(layers.convert("L"), opacity)
    yield from (_composed(layers.getchannel(channel), opacity, background) for channel in range(3))


def has_transparency(image: Image) -> bool:
    """Whether the image has a channel or a colour that is transparent."""
    return image.mode in _TRANSPARENT or "transparency" in image.info


def _opacity(alpha: Image) -> NDArray[np.float32]:
    return np.asarray(alpha, np.float32) / np.float32(255)


def _background(grey: Image, opacity: NDArray[np.float32]) -> float:
    """Black, if what is seen of the image is light; white, if it is dark."""
    weight = float(opacity.sum())
    return 0.0 if weight and float((np.asarray(grey, np.float32) * opacity).sum()) / weight > 127.5 else 255.0


def _composed(channel: Image, opacity: NDArray[np.float32], background: float) -> NDArray[np.uint8]:
    """One channel (H, W) before a background of this level."""
    if float(opacity.min()) == 1.0:
        return np.asarray(channel)
    return np.rint(np.asarray(channel, np.float32) * opacity + background * (1 - opacity)).astype(np.uint8)
