"""A figure as SVG 1.1. Texts are outlines, which look alike everywhere and need no font."""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING

from aestudio.export.figure.figure_canvas import Box, Dots, Line, Picture, Words
from aestudio.export.figure.figure_type import figure_type, writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aestudio.export.figure.figure_canvas import Canvas, Shape
    from aestudio.export.figure.figure_type import Point


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
    face, text = figure_type(), writable(words.text)
    scale = words.size / face.units
    width = face.width(text, words.size)
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
    """A closed curve: between two points that steer there is one on the curve, half way."""
    return "".join(_pieces(contour)) + "Z"


def _pieces(contour: Sequence[Point]) -> Iterator[str]:
    points = list(contour)
    if not points[0][2]:
        last = points[-1]
        between = ((points[0][0] + last[0]) / 2, (points[0][1] + last[1]) / 2, True)
        points = [last, *points[:-1]] if last[2] else [between, *points]
    yield f"M{_number(points[0][0])} {_number(points[0][1])}"
    steer: Point | None = None
    for point in [*points[1:], points[0]]:
        x, y, on = point
        if steer is not None:
            end = (x, y) if on else ((steer[0] + x) / 2, (steer[1] + y) / 2)
            yield f"Q{_number(steer[0])} {_number(steer[1])} {_number(end[0])} {_number(end[1])}"
        elif on:
            yield f"L{_number(x)} {_number(y)}"
        steer = None if on else point


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
