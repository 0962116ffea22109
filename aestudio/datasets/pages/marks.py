"""Marks on a page: connected pieces of ink without lines and frames of forms, in the order of reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Box = tuple[int, int, int, int]  # top, left, bottom, right

MOST_PIECES = 20_000
"""A page with more pieces of ink is a photograph or a pattern."""
_FEWEST_PIXELS = 6
_EDGE = 0.12  # of a frame's side: its lines are this near to its ends
_COVERED = 0.85  # of each side of a frame
_SMALLEST_FRAME = 12  # pixels
_LOWEST, _HIGHEST, _WIDEST = 0.45, 2.5, 4.0  # heights of a usual mark
_WIDE = 1.7  # the same: perhaps several digits that touch
_LARGE, _LONG_LINE = 1.8, 1.4  # the same: of pieces that may hold lines; of lines, longer than any stroke
_INCLINED = 0.02  # of a line's length
_THIN, _TALL = 0.15, 1.3  # of its height; the same heights: what is left of a frame's side
_OVERLAP, _GAP, _JOINED = 0.4, 0.3, 1.4  # of widths; of a usual height: pieces of one digit


@dataclass(frozen=True)
class Marks:
    """boxes: of each digit; pieces: the labels of its pieces; lines, spots: what was left out; wide: of boxes

    labels:  int32 (H, W), the piece of each pixel, 0 for paper
    removed: bool (H, W), the ink of lines and frames
    """

    labels: NDArray[np.int32]
    removed: NDArray[np.bool_]
    boxes: tuple[Box, ...]
    pieces: tuple[tuple[int, ...], ...]
    lines: int
    spots: int
    wide: int

    @property
    def heights(self) -> NDArray[np.int64]:
        """Of each digit, in pixels."""
        return np.array([bottom - top for top, _, bottom, _ in self.boxes], np.int64)


def marks_on(present: NDArray[np.bool_]) -> Marks | None:
    """The marks of ink, bool (H, W); None for more pieces than a page of digits has."""
    before, present = present, present.copy()
    lines = 0
    for remove in (_remove_frames, _remove_lines):
        labels, found = _pieces(present)
        if len(found) > MOST_PIECES:
            return None
        lines += remove(present, labels, found)
    labels, found = _pieces(present)
    if len(found) > MOST_PIECES:
        return None
    groups = [(box, (number,)) for number, box in found.items()]
    usual = _usual_height([box for box, _ in groups])
    groups = _joined(groups, usual)
    kept: list[tuple[Box, tuple[int, ...]]] = []
    spots = 0
    for box, pieces in groups:
        height, width = _size(box)
        thin = height > _TALL * usual and width < _THIN * height
        if thin or height > _HIGHEST * usual or width > _WIDEST * usual:
            lines += 1
        elif height < _LOWEST * usual:
            long = width > usual
            lines, spots = lines + long, spots + (not long)
        else:
            kept.append((box, pieces))
    kept = _in_rows(kept)
    wide = sum(_size(box)[1] > _WIDE * usual for box, _ in kept)
    boxes, pieces = tuple(box for box, _ in kept), tuple(pieces for _, pieces in kept)
    return Marks(labels, before & ~present, boxes, pieces, lines, spots, wide)


def _size(box: Box) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def _pieces(present: NDArray[np.bool_]) -> tuple[NDArray[np.int32], dict[int, Box]]:
    """The number of the piece of each pixel, diagonals joined, and the box of each that is no grain."""
    from scipy import ndimage

    labels, count = ndimage.label(present, np.ones((3, 3), np.int8), output=np.int32)
    if not count:
        return labels, {}
    sizes = np.bincount(labels.reshape(-1), minlength=count + 1)
    found: dict[int, Box] = {}
    for number, place in enumerate(ndimage.find_objects(labels), 1):
        if place is not None and sizes[number] >= _FEWEST_PIXELS:
            rows, columns = place
            found[number] = rows.start, columns.start, rows.stop, columns.stop
    return labels, found


def _usual_height(boxes: Sequence[Box]) -> float:
    """The height in the middle of all ink: each mark counts as often as it is high, so spots hardly do."""
    heights = np.sort([box[2] - box[0] for box in boxes]).astype(np.float64)
    if not len(heights):
        return 1.0
    return float(heights[np.searchsorted(np.cumsum(heights), heights.sum() / 2)])


def _remove_frames(present: NDArray[np.bool_], labels: NDArray[np.int32], boxes: dict[int, Box]) -> int:
    """Remove the four sides of each frame; what touches them inside stays. How many they were."""
    count = 0
    largest = _WIDEST * _usual_height(list(boxes.values()))
    for number, (top, left, bottom, right) in boxes.items():
        height, width = bottom - top, right - left
        if min(height, width) < _SMALLEST_FRAME or max(height, width) > largest:
            continue  # a table is many lines
        place = slice(top, bottom), slice(left, right)
        own = labels[place] == number
        edge = max(2, round(_EDGE * min(height, width)))
        if not _is_frame(own, edge):
            continue
        band = np.ones_like(own)
        thick = min(edge, 2 * _thickness(own) + 1)
        band[thick:-thick, thick:-thick] = False
        present[place] &= ~(own & band)
        count += 1
    return count


def _is_frame(own: NDArray[np.bool_], edge: int) -> bool:
    """Whether all four sides of the box are covered and all four corners hold ink, as of no digit."""
    sides = (own[:edge].any(0), own[-edge:].any(0), own[:, :edge].any(1), own[:, -edge:].any(1))
    corners = (own[:edge, :edge], own[:edge, -edge:], own[-edge:, :edge], own[-edge:, -edge:])
    return (
        all(float(side.mean()) >= _COVERED for side in sides)
        and all(bool(corner.any()) for corner in corners)
        and float(own.mean()) < 0.5
    )


def _thickness(own: NDArray[np.bool_]) -> int:
    """Of the upper side of a frame: how far it reaches down from the first ink in most columns."""
    first = own.argmax(axis=0)
    from_it = np.arange(len(own))[:, None] >= first
    after = np.where(own | ~from_it, len(own), np.arange(len(own))[:, None]).min(axis=0)
    return max(1, int(np.median((after - first).astype(np.float64))))


def _remove_lines(present: NDArray[np.bool_], labels: NDArray[np.int32], boxes: dict[int, Box]) -> int:
    """Remove straight lines from pieces that are larger than the others; how many such pieces there were."""
    usual = _usual_height([box for box in boxes.values() if min(_size(box)) >= 4])
    length = max(_SMALLEST_FRAME, round(_LONG_LINE * usual))
    count = 0
    for number, (top, left, bottom, right) in boxes.items():
        if max(bottom - top, right - left) < _LARGE * usual:
            continue
        place = slice(top, bottom), slice(left, right)
        own = labels[place] == number
        across, down = _lines_across(own, length), _lines_across(own.T, length).T
        more = 2 * _reach(length)
        gone = _thin(across, own & (across | ~down), more)
        gone |= _thin(down.T, (own & (down | ~across)).T, more).T
        if gone.any():
            present[place] &= ~gone
            count += 1
    return count


def _lines_across(own: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Where there are lines of this many pixels from left to right, a little inclined at most."""
    from scipy import ndimage

    if own.shape[1] < length:
        return np.zeros_like(own)
    near = ndimage.maximum_filter1d(own.astype(np.uint8), 2 * _reach(length) + 1, axis=0)
    ends = ndimage.minimum_filter1d(near, length, axis=1, mode="constant")
    return own & (ndimage.maximum_filter1d(ends, length, axis=1, origin=-1 + length % 2) > 0)


def _reach(length: int) -> int:
    """Pixels by which a line of this length may be inclined, to either side."""
    return max(1, round(_INCLINED * length))


def _thin(line: NDArray[np.bool_], own: NDArray[np.bool_], more: int) -> NDArray[np.bool_]:
    """The part of a line from left to right where nothing else is: what crosses or touches it stays whole.

    more: pixels by which it may be thicker than in the middle of its heights
    """
    if not line.any():
        return line
    heights = _heights(own)
    return line & (heights <= float(np.median(heights[line])) + more)


def _heights(own: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many pixels of ink stand one above the other at each pixel."""
    return np.where(own, _ink_above(own) + _ink_above(own[::-1])[::-1] - 1, 0)


def _ink_above(own: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pixels of ink from each up to the next paper above, itself included."""
    count = np.cumsum(own, axis=0, dtype=np.int64)
    return count - np.maximum.accumulate(np.where(own, 0, count), axis=0)


def _joined(groups: list[tuple[Box, tuple[int, ...]]], usual: float) -> list[tuple[Box, tuple[int, ...]]]:
    """Pieces of one digit together: one above the other with a small gap, as the stroke of a 5."""
    groups = sorted(groups, key=lambda group: group[0])
    done: list[tuple[Box, tuple[int, ...]]] = []
    for box, pieces in groups:
        fitting = [at for at, (other, _) in enumerate(done) if _belong(other, box, usual)]
        if not fitting:
            done.append((box, pieces))
            continue
        at = fitting[-1]
        other, before = done[at]
        done[at] = _around(other, box), before + pieces
    return done


def _belong(one: Box, other: Box, usual: float) -> bool:
    around = _around(one, other)
    if around[2] - around[0] > _JOINED * usual or around[3] - around[1] > _WIDE * usual:
        return False
    if min(max(_size(one)), max(_size(other))) < 0.12 * usual:  # grain beside a digit
        return False
    across = min(one[3], other[3]) - max(one[1], other[1])
    gap = max(one[0], other[0]) - min(one[2], other[2])
    narrow = min(_size(one)[1], _size(other)[1])
    return across >= _OVERLAP * narrow and gap <= _GAP * usual


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _in_rows(groups: list[tuple[Box, tuple[int, ...]]]) -> list[tuple[Box, tuple[int, ...]]]:
    """Row by row from the top, each from the left: a row goes on while the middles are within its marks."""
    rows: list[list[tuple[Box, tuple[int, ...]]]] = []
    for group in sorted(groups, key=lambda group: (group[0][0] + group[0][2], group[0][1])):
        middle = (group[0][0] + group[0][2]) / 2
        last = rows[-1] if rows else []
        if last and middle <= float(np.median([box[2] for box, _ in last])):
            last.append(group)
        else:
            rows.append([group])
    return [group for row in rows for group in sorted(row, key=lambda group: group[0][1])]
