"""A sheet of traversals as a file: PNG, or GIF in which each axis swings from one end to the other.

A light page for papers. Pixels of images are repeated, never smoothed, and a PNG keeps each of them exactly;
so does a GIF of grey images. Around them are the axes' names, what they are sorted by, and what was decoded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.analysis.traversal_sheet import COLUMNS, traversal_sheet
from aestudio.datasets.image_layout import pixel_rows
from aestudio.errors import BadChoice, StudioError
from aestudio.export.lettering import MUTED, PAGE, TEXT, fitting, text_width, write
from aestudio.export.pictures.animation import enlarged, write_animation
from aestudio.progress import silent
from aestudio.storage.atomic_file import new_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import ImageDraw

    from aestudio.analysis.traversal_sheet import RankedAxes, TraversalSheet
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

SheetFormat = Literal["png", "gif"]
FORMATS: tuple[SheetFormat, ...] = ("png", "gif")
FRAMES, RATE = 25, 15.0
"""Images from one end of an axis to the other in a GIF, and frames per second."""
MAX_SIDE = 30_000
"""Pixels of a page in each direction; more is refused before it is drawn."""
_MARGIN, _GAP, _LEAST_ROW, _LEAST_TILE = 16, 3, 44, 84
_TYPE, _SMALL = 15, 13
_LINE = 18
_LAMP = 4  # radius of the mark of an active axis
_WIDEST_HEAD = 220
_SQUARE = 4 / 3  # width of a GIF by its height, about


@dataclass(frozen=True)
class SheetPage:
    """Where the parts of a page are, in pixels.

    cell:   width and height of an image; scale: pixels of the page for each pixel of an image
    left, top: of the first image; across, down: from one image to the next
    columns, rows: how many there are; size: width and height of the page
    """

    cell: tuple[int, int]
    scale: int
    left: int
    top: int
    across: int
    down: int
    columns: int
    rows: int
    size: tuple[int, int]

    def corner(self, row: int, column: int) -> tuple[int, int]:
        """The left and the top edge of an image."""
        return self.left + column * self.across, self.top + row * self.down


def export_traversals(
    snapshot: Snapshot,
    ranked: RankedAxes,
    around: NDArray[np.float32],
    path: Path,
    *,
    heads: Sequence[str],
    notes: Sequence[str] = (),
    columns: int = 11,
    rows: int | None = None,
    scale: int | None = None,
    condition: ConditionRow | None = None,
    inverted: bool = False,
    progress: Progress = silent,
) -> tuple[int, int]:
    """Write the sheet to a .png or .gif file, completely or not at all; returns its width and height.

    around:  the code (L,) whose other coordinates are kept
    heads:   the name of each of the k axes, by their numbers; notes: lines below the images
    rows:    the most informative axes only; None: all
    scale:   pixels of the file for each pixel of an image, 1 to 64; None: as many as the labels need
    inverted: whether grey images are drawn black on white
    Raises BadChoice for another format, number or scale, StudioError for a page that is too large, for
    discrete codes or if the file cannot be written, and what `progress` raises.
    """
    from aestudio.inference.frozen_model import FrozenModel

    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise BadChoice("format", path.name, "a file whose name ends in .png or .gif")
    if columns not in COLUMNS:
        raise BadChoice("columns", columns, map(str, COLUMNS))
    count = len(ranked) if rows is None else rows
    if not 1 <= count <= len(ranked):
        raise BadChoice("rows", count, f"whole number from 1 up to {len(ranked)}")
    least = _LEAST_ROW if kind == "png" else _LEAST_TILE
    chosen = max(1, math.ceil(least / snapshot.data.image.height)) if scale is None else scale
    if not 1 <= chosen <= 64:
        raise BadChoice("scale", chosen, "whole number from 1 to 64")
    steps = columns if kind == "png" else FRAMES
    numbers: list[int] = ranked.order[:count].tolist()
    titles = tuple(heads[number] for number in numbers)
    facts = tuple(_fact(ranked, number) for number in numbers)
    image = snapshot.data.image
    page = (
        sheet_page((image.height, image.width), count, columns, chosen, titles, facts, notes)
        if kind == "png"
        else tile_page((image.height, image.width), count, chosen, titles, facts, notes)
    )
    _refuse_huge(page, path)
    sheet = traversal_sheet(FrozenModel(snapshot), ranked, around, steps, slice(count), condition, progress)
    if inverted and snapshot.data.image.grey:
        sheet.images[:] = 255 - sheet.images
    if kind == "png":
        picture = drawn_sheet(sheet, page, titles, facts, notes)
        _write_png(picture, path)
    else:
        write_animation(drawn_frames(sheet, page, titles, facts, notes), path, "gif", 1, RATE, progress)
    return page.size


def _refuse_huge(page: SheetPage, path: Path) -> None:
    if max(page.size) > MAX_SIDE:
        width, height = page.size
        raise StudioError(
            f"The sheet would be {width:,} x {height:,} pixels, more than {MAX_SIDE:,} in one direction",
            where=str(path),
            advice="Write fewer rows, or choose a smaller scale.",
        )


def _fact(ranked: RankedAxes, number: int) -> str:
    """How informative an axis is: "KL 2.31 nats", and whether it has collapsed."""
    amount = float(ranked.information[number])
    text = {
        "kl": f"KL {amount:.2f} nats",
        "variance": f"{100 * amount:.1f} % of variance",
        "change": f"changes pixels by {amount:.3f}",
    }[ranked.measure]
    collapsed = ranked.active is not None and not ranked.active[number]
    return f"{text}, collapsed" if collapsed else text


def sheet_page(
    image: tuple[int, int],
    rows: int,
    columns: int,
    scale: int,
    titles: Sequence[str],
    facts: Sequence[str],
    notes: Sequence[str],
) -> SheetPage:
    """The page of a sheet: heads on the left, values above, images, notes below. image: (height, width)"""
    height, width = image[0] * scale, image[1] * scale
    widest = max([text_width(text, _TYPE) for text in titles] + [text_width(text, _SMALL) for text in facts])
    head = min(widest, _WIDEST_HEAD) + 2 * _LAMP + 2 * _GAP + _MARGIN
    left, top = _MARGIN + head, _MARGIN + _LINE + _GAP
    across, down = width + _GAP, max(height, _LEAST_ROW) + _GAP
    right = left + columns * across - _GAP
    right = max(right, _MARGIN + max((text_width(note, _SMALL) for note in notes), default=0))
    bottom = top + rows * down - _GAP + (_GAP + len(notes) * _LINE if notes else 0)
    size = right + _MARGIN, bottom + _MARGIN
    return SheetPage((width, height), scale, left, top, across, down, columns, rows, size)


def tile_page(
    image: tuple[int, int],
    count: int,
    scale: int,
    titles: Sequence[str],
    facts: Sequence[str],
    notes: Sequence[str],
) -> SheetPage:
    """The page of a GIF: one image for each axis, in reading order, each with its name below."""
    height, width = image[0] * scale, image[1] * scale
    widest = max([text_width(text, _SMALL) for text in (*titles, *facts)])
    across = max(width, min(widest, _WIDEST_HEAD)) + 3 * _GAP
    down = height + 2 * _LINE + 4 * _GAP
    columns = max(1, min(count, round(math.sqrt(count * _SQUARE * down / across))))
    rows = math.ceil(count / columns)
    right = _MARGIN + columns * across - 3 * _GAP
    right = max(right, _MARGIN + max((text_width(note, _SMALL) for note in notes), default=0))
    bottom = _MARGIN + rows * down + _GAP + len(notes) * _LINE
    size = right + _MARGIN, bottom + _MARGIN
    return SheetPage((width, height), scale, _MARGIN, _MARGIN, across, down, columns, rows, size)


def drawn_sheet(
    sheet: TraversalSheet,
    page: SheetPage,
    titles: Sequence[str],
    facts: Sequence[str],
    notes: Sequence[str],
) -> NDArray[np.uint8]:
    """The page as an image, uint8 (C, H, W)."""

    def letters(draw: ImageDraw.ImageDraw) -> None:
        _write_values(draw, sheet, page)
        for row, (title, fact) in enumerate(zip(titles, facts, strict=True)):
            middle = page.corner(row, 0)[1] + page.cell[1] / 2
            _write_head(draw, sheet, row, middle, title, fact)
        _write_notes(draw, page, notes)

    picture = _lettered(page, sheet.images.shape[2], letters)
    for row in range(page.rows):
        for column in range(page.columns):
            _paste(picture, page, row, column, sheet.images[row, column])
    return picture


def drawn_frames(
    sheet: TraversalSheet,
    page: SheetPage,
    titles: Sequence[str],
    facts: Sequence[str],
    notes: Sequence[str],
) -> NDArray[np.uint8]:
    """The frames of a GIF, uint8 (N, C, H, W): there and back, so that it loops without a jump."""

    def letters(draw: ImageDraw.ImageDraw) -> None:
        for number, (title, fact) in enumerate(zip(titles, facts, strict=True)):
            left, top = page.corner(*divmod(number, page.columns))
            below, width = top + page.cell[1] + _GAP, page.across - 3 * _GAP
            write(draw, (left, below + _LINE / 2), fitting(title, _SMALL, width), _SMALL)
            write(draw, (left, below + 1.5 * _LINE), fitting(fact, _SMALL, width), _SMALL, MUTED)
        _write_notes(draw, page, notes)

    steps = sheet.images.shape[1]
    there_and_back = [*range(steps), *range(steps - 2, 0, -1)]
    background = _lettered(page, sheet.images.shape[2], letters)
    frames = np.repeat(background[None], len(there_and_back), axis=0)
    for frame, step in zip(frames, there_and_back, strict=True):
        for number, images in enumerate(sheet.images):
            _paste(frame, page, *divmod(number, page.columns), images[step])
    return frames


def _lettered(
    page: SheetPage, channels: int, letters: Callable[[ImageDraw.ImageDraw], None]
) -> NDArray[np.uint8]:
    from PIL import Image, ImageDraw

    mode = "L" if channels == 1 else "RGB"
    picture = Image.new(mode, page.size, PAGE if channels == 1 else (PAGE,) * 3)
    letters(ImageDraw.Draw(picture))
    pixels = np.array(picture)  # a copy, which images are put into
    return np.ascontiguousarray(pixels[None] if channels == 1 else np.moveaxis(pixels, 2, 0))


def _paste(
    picture: NDArray[np.uint8], page: SheetPage, row: int, column: int, image: NDArray[np.uint8]
) -> None:
    left, top = page.corner(row, column)
    width, height = page.cell
    picture[:, top : top + height, left : left + width] = enlarged(image, page.scale)


def _write_values(draw: ImageDraw.ImageDraw, sheet: TraversalSheet, page: SheetPage) -> None:
    """The coordinates above the columns; if each row has its own range, "low" and "high" only."""
    same = bool((sheet.values == sheet.values[0]).all())
    middle = _MARGIN + _LINE / 2
    if not same:
        first, last = page.left, page.corner(0, page.columns - 1)[0] + page.cell[0]
        write(draw, (first, middle), "lowest of the data", _SMALL, MUTED)
        write(draw, (last, middle), "highest", _SMALL, MUTED, anchor="rm")
        return
    texts = [_one_decimal(value) for value in sheet.values[0].tolist()]
    widest = max(text_width(text, _SMALL) for text in texts)
    every = next(
        n for n in (1, 2, 3, 5, len(texts)) if n * page.across > widest + 2 * _GAP or n == len(texts)
    )
    centre = (len(texts) - 1) // 2
    for column, text in enumerate(texts):
        if (column - centre) % every == 0:
            at = page.corner(0, column)[0] + page.cell[0] / 2
            write(draw, (at, middle), text, _SMALL, MUTED, anchor="mm")


def _one_decimal(value: float) -> str:
    return f"{value:.1f}"  # with a hyphen: the typeface has no minus sign


def _write_head(
    draw: ImageDraw.ImageDraw, sheet: TraversalSheet, row: int, middle: float, title: str, fact: str
) -> None:
    """A mark (filled: active, ring: collapsed), the axis' name, and how informative it is."""
    active = sheet.ranked.active
    left = _MARGIN + 2 * _LAMP + 2 * _GAP
    width = _WIDEST_HEAD
    if active is not None:
        ink, centre = _ink(draw, TEXT), (_MARGIN + _LAMP, middle - _LINE / 2)
        box = (centre[0] - _LAMP, centre[1] - _LAMP, centre[0] + _LAMP, centre[1] + _LAMP)
        draw.ellipse(box, outline=ink, fill=ink if active[sheet.numbers[row]] else None)
    write(draw, (left, middle - _LINE / 2), fitting(title, _TYPE, width), _TYPE)
    write(draw, (left, middle + _LINE / 2), fitting(fact, _SMALL, width), _SMALL, MUTED)


def _write_notes(draw: ImageDraw.ImageDraw, page: SheetPage, notes: Sequence[str]) -> None:
    bottom = page.size[1] - _MARGIN - len(notes) * _LINE
    for number, note in enumerate(notes):
        write(draw, (_MARGIN, bottom + (number + 0.5) * _LINE + _GAP), note, _SMALL, MUTED)


def _ink(draw: ImageDraw.ImageDraw, grey: int) -> int | tuple[int, int, int]:
    return grey if draw.mode == "L" else (grey, grey, grey)


def _write_png(picture: NDArray[np.uint8], path: Path) -> None:
    from PIL import Image

    with new_file(path) as file:
        Image.fromarray(pixel_rows(picture)).save(file, "PNG", optimize=True)
