"""A figure as PNG, at 300 dots per inch: painted twice as large and made smaller, so edges are smooth."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.export.figure.figure_canvas import POINTS_PER_INCH, Box, Dots, Line, Picture, Words
from aestudio.export.lettering import typeface_of
from aestudio.export.typefaces.figure_type import written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.export.figure.figure_canvas import Canvas, Shape

DOTS_PER_INCH = 300
_FINER = 2


def png_data(canvas: Canvas) -> bytes:
    """The content of the file."""
    from PIL import Image, ImageDraw

    scale = _FINER * DOTS_PER_INCH / POINTS_PER_INCH
    size = (round(canvas.width * scale / _FINER) * _FINER, round(canvas.height * scale / _FINER) * _FINER)
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for shape in canvas.shapes:
        _paint(image, draw, shape, scale)
    file = io.BytesIO()
    about = {"title": canvas.title}
    image.reduce(_FINER).save(file, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), pnginfo=_texts(about))
    return file.getvalue()


def _texts(about: dict[str, str]) -> Any:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for name, text in about.items():
        info.add_itxt(name.capitalize(), text)
    return info


def _paint(image: Any, draw: Any, shape: Shape, scale: float) -> None:
    match shape:
        case Line(points, colour, width, dash):
            for piece in dashed(points, dash):
                if len(piece) > 1:
                    corners = [tuple(point) for point in (piece * scale).tolist()]
                    draw.line(corners, fill=colour, width=max(1, round(width * scale)), joint="curve")
        case Dots(points, colour, diameter):
            radius = diameter * scale / 2
            for x, y in (points * scale).tolist():
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        case Box(left, top, width, height, colour):
            corners = (left * scale, top * scale, (left + width) * scale - 1, (top + height) * scale - 1)
            draw.rectangle(corners, fill=colour)
        case Words():
            _write(image, draw, shape, scale)
        case Picture(left, top, width, height, pixels):
            from PIL import Image

            size = max(1, round(width * scale)), max(1, round(height * scale))
            sharp = Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST)
            image.paste(sharp, (round(left * scale), round(top * scale)))


def _write(image: Any, draw: Any, words: Words, scale: float) -> None:
    from PIL import Image, ImageDraw

    found = written(words.text)
    font, text = typeface_of(found, round(words.size * scale)), found.text
    anchor = {"left": "ls", "middle": "ms", "right": "rs"}[words.anchor]
    at = (words.x * scale, words.y * scale)
    if not words.upright:
        draw.text(at, text, fill=words.colour, font=font, anchor=anchor)
        return
    length, height = round(font.getlength(text)) + 4, round(2 * words.size * scale)
    mask = Image.new("L", (length, height), 0)
    ImageDraw.Draw(mask).text((2, height // 2), text, fill=255, font=font, anchor="ls")
    turned = mask.transpose(Image.Transpose.ROTATE_90)
    above = {"left": length - 2, "middle": length / 2, "right": 2}[words.anchor]
    image.paste(words.colour, (round(at[0] - height // 2), round(at[1] - above)), turned)


def dashed(points: NDArray[np.float64], dash: tuple[float, ...]) -> list[NDArray[np.float64]]:
    """A line through points (N, 2) in the pieces that are drawn; without dashes it is one."""
    if not dash or len(points) < 2:
        return [points]
    lengths = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    marks, at, number = [0.0], 0.0, 0
    while at < along[-1]:
        at += dash[number % len(dash)]
        marks.append(min(at, float(along[-1])))
        number += 1
    pieces: list[NDArray[np.float64]] = []
    for number, (start, end) in enumerate(pairwise(marks)):
        if number % 2 == 0 and end > start:
            inside = along[(along > start) & (along < end)]
            places = np.concatenate([[start], inside, [end]])
            pieces.append(np.stack([np.interp(places, along, points[:, axis]) for axis in (0, 1)], axis=1))
    return pieces
