"""Text in exported pictures, without Qt: dark on a light page, in the typeface that comes with Pillow."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aestudio.export.typefaces.figure_type import written

if TYPE_CHECKING:
    from PIL import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    from aestudio.export.typefaces.figure_type import Written

    Font = FreeTypeFont | ImageFont

TEXT, MUTED, PAGE = 24, 96, 255
"""Grey levels of text, of less important text and of the page: contrasts of 18:1 and 6:1."""


@cache
def typeface(size: int) -> Font:
    """The typeface in this size in pixels; a small bitmap one if this Pillow has no FreeType."""
    from PIL import ImageFont

    return ImageFont.load_default(size)


def typeface_of(found: Written, size: int) -> Font:
    """The typeface in which a text is written, in this size in pixels."""
    return typeface(size) if found.own else _system_typeface(found.face.path, found.face.number, size)


@cache
def _system_typeface(path: str, number: int, size: int) -> Font:
    from PIL import ImageFont

    return ImageFont.truetype(path, size, index=number)


def text_width(text: str, size: int) -> int:
    """The width of a line in pixels."""
    found = written(text)
    return round(typeface_of(found, size).getlength(found.text))


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    grey: int = TEXT,
    anchor: str = "lm",
) -> None:
    """Write a line. anchor: as Pillow's, "lm" for the left end at middle height."""
    found = written(text)
    fill = grey if draw.mode == "L" else (grey,) * 3
    draw.text(at, found.text, fill=fill, font=typeface_of(found, size), anchor=anchor)


def fitting(text: str, size: int, width: int) -> str:
    """The text, or its beginning with "…" if it is wider than this many pixels."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(f"{text}…", size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"
