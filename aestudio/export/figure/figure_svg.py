"""A figure as SVG 1.1. Texts are outlines, which look alike everywhere and need no font."""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING

from aestudio.export.figure.figure_canvas import Box, Dots, Line, Picture, Words
from aestudio.export.typefaces.figure_type import written
from aestudio.export.typefaces.truetype import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.export.figure.figure_canvas import Canvas, Shape
    from aestudio.export.typefaces.truetype import Point


def svg_data(canvas: Canvas) -> bytes:
    """The content of the file."""
    width, height = _number(canvas.width), _number(canvas.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}">\n'
        f"<title>{html.escape(canvas.title)}</title>\n"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
    )
    return (head + "\n".join(_element(shape) for shape in canvas.shapes) + "\n</svg>\n").encode()


def _element(shape: Shape) -> str:
    match shape:
        case Line(points, colour, width, dash):
            path = "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points.tolist())
            dashes = f' stroke-dasharray="{" ".join(map(_number, dash))}"' if dash else ""
            return (
                f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_number(width)}" '
                f'stroke-linejoin="round"{dashes}/>'
            )
        case Dots(points, colour, diameter):
            radius = _number(diameter / 2)
            places = ((_number(x), _number(y)) for x, y in points.tolist())
            circles = (f'<circle cx="{x}" cy="{y}" r="{radius}"/>' for x, y in places)
            return f'<g fill="{colour}">{"".join(circles)}</g>'
        case Box(left, top, width, height, colour):
            return (
                f'<rect x="{_number(left)}" y="{_number(top)}" width="{_number(width)}" '
                f'height="{_number(height)}" fill="{colour}"/>'
            )
        case Words():
            return _words(shape)
        case Picture():
            return _picture(shape)


def _words(words: Words) -> str:
    found = written(words.text)
    face, text = found.face, found.text
    scale = words.size / face.units
    width = found.width(words.size)
    start = {"left": 0.0, "middle": -width / 2, "right": -width}[words.anchor]
    curves: list[str] = []
    across = 0
    for letter in text:
        for contour in face.outline(letter):
            curves.append(outline_path([(x + across, y, on) for x, y, on in contour]))
        across += face.advance(letter)
    turn = " rotate(-90)" if words.upright else ""
    place = f"translate({_number(words.x)} {_number(words.y)}){turn} translate({_number(start)} 0)"
    return (
        f'<g role="img" aria-label="{html.escape(words.text, quote=True)}" fill="{words.colour}" '
        f'transform="{place} scale({scale:.6g} {-scale:.6g})"><path d="{"".join(curves)}"/></g>'
    )


def outline_path(contour: Sequence[Point]) -> str:
    """A closed curve of a letter."""
    return "".join(f"{kind}{' '.join(map(_number, numbers))}" for kind, numbers in pieces(contour)) + "Z"


def _picture(picture: Picture) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture.pixels).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    return (
        f'<image x="{_number(picture.left)}" y="{_number(picture.top)}" width="{_number(picture.width)}" '
        f'height="{_number(picture.height)}" preserveAspectRatio="none" style="image-rendering:pixelated" '
        f'xlink:href="data:image/png;base64,{data}"/>'
    )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
