"""Typefaces as TrueType has them: widths and outlines of letters, without a library.

Tables as in the OpenType specification 1.9; the outlines are quadratic curves.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from mmap import mmap

_WORD, _XY, _MORE, _SCALE, _SCALES, _MATRIX = 0x01, 0x02, 0x20, 0x08, 0x40, 0x80
"""Flags of a part of a composed letter."""

Point = tuple[float, float, bool]
"""x, y upwards in units of the typeface, and whether it is on the curve or steers it."""


@dataclass(frozen=True, eq=False)
class Typeface:
    """A TrueType file, or one face of a collection of them.

    data: the whole file; path, number: where it is, and which face of it; "" for that of Pillow
    Its properties and methods raise what damaged files cause: KeyError, ValueError, IndexError, struct.error.
    """

    data: bytes | mmap
    path: str = ""
    number: int = 0

    def _number(self, kind: str, at: int) -> int:
        (number,) = struct.unpack_from(f">{kind}", self.data, at)
        return int(number)

    @cached_property
    def _tables(self) -> dict[str, int]:
        start = 0
        if self.data[:4] == b"ttcf":
            start = self._number("I", 12 + 4 * self.number)
        entries = range(start + 12, start + 12 + 16 * self._number("H", start + 4), 16)
        return {self.data[at : at + 4].decode("latin-1"): self._number("I", at + 8) for at in entries}

    @property
    def has_outlines(self) -> bool:
        """Whether its outlines are TrueType's, and not PostScript's."""
        return "glyf" in self._tables

    @cached_property
    def units(self) -> int:
        """Units of the square of the type."""
        return self._number("H", self._tables["head"] + 18)

    @cached_property
    def box(self) -> tuple[int, ...]:
        """Least x and y, largest x and y of all letters."""
        return tuple(struct.unpack_from(">4h", self.data, self._tables["head"] + 36))

    @cached_property
    def rise(self) -> tuple[int, int]:
        """How far letters reach above and below the base line, the latter negative."""
        ascent, descent = struct.unpack_from(">2h", self.data, self._tables["hhea"] + 4)
        return int(ascent), int(descent)

    @cached_property
    def glyphs(self) -> dict[str, int]:
        """The number of the shape of each letter, of a table of format 4 for Unicode."""
        table = self._tables["cmap"]
        records = range(table + 4, table + 4 + 8 * self._number("H", table + 2), 8)
        at = next(table + self._number("I", one + 4) for one in records if self._number("I", one) == 0x30001)
        count = self._number("H", at + 6) // 2
        ends, starts = at + 14, at + 16 + 2 * count
        found: dict[str, int] = {}
        for part in range(count):
            first, last = self._number("H", starts + 2 * part), self._number("H", ends + 2 * part)
            shift = self._number("H", starts + 2 * count + 2 * part)
            place = starts + 4 * count + 2 * part
            offset = self._number("H", place)
            for code in range(first, min(last, 0xFFFE) + 1):
                glyph = code
                if offset:
                    glyph = self._number("H", place + offset + 2 * (code - first))
                    if not glyph:
                        continue
                found[chr(code)] = (glyph + shift) & 0xFFFF
        return found

    @cached_property
    def letters(self) -> frozenset[str]:
        """Those that every form of a figure has: a PDF's texts are in Windows' Latin encoding."""
        return frozenset(one for one in self.glyphs if one.encode("cp1252", "ignore"))

    def advance(self, letter: str) -> int:
        """How far the next letter is, in units."""
        last = self._number("H", self._tables["hhea"] + 34) - 1
        return self._number("H", self._tables["hmtx"] + 4 * min(self.glyphs[letter], last))

    def outline(self, letter: str) -> tuple[tuple[Point, ...], ...]:
        """The closed curves of a letter; () for a space."""
        return self._outline(self.glyphs[letter])

    def _outline(self, glyph: int) -> tuple[tuple[Point, ...], ...]:
        long, loca = self._number("h", self._tables["head"] + 50), self._tables["loca"]
        kind, size, factor = ("I", 4, 1) if long else ("H", 2, 2)
        start, end = (factor * self._number(kind, loca + size * one) for one in (glyph, glyph + 1))
        if start == end:
            return ()
        at = self._tables["glyf"] + start
        contours = self._number("h", at)
        return self._simple(at, contours) if contours >= 0 else self._composed(at + 10)

    def _simple(self, at: int, contours: int) -> tuple[tuple[Point, ...], ...]:
        ends = [self._number("H", at + 10 + 2 * one) for one in range(contours)]
        count = ends[-1] + 1
        at += 12 + 2 * contours + self._number("H", at + 10 + 2 * contours)
        flags: list[int] = []
        while len(flags) < count:
            flag, repeats = self.data[at], 0
            at += 1
            if flag & 8:
                repeats, at = self.data[at], at + 1
            flags += [flag] * (1 + repeats)
        axes: list[list[int]] = []
        for short, same in ((2, 16), (4, 32)):
            values, value = list[int](), 0
            for flag in flags:
                if flag & short:
                    value += self.data[at] if flag & same else -self.data[at]
                    at += 1
                elif not flag & same:
                    value += self._number("h", at)
                    at += 2
                values.append(value)
            axes.append(values)
        points = [(float(x), float(y), bool(flag & 1)) for x, y, flag in zip(*axes, flags, strict=True)]
        begins = [0, *(end + 1 for end in ends[:-1])]
        return tuple(tuple(points[begin : end + 1]) for begin, end in zip(begins, ends, strict=True))

    def _composed(self, at: int) -> tuple[tuple[Point, ...], ...]:
        """Of other letters that are moved, and in some typefaces scaled."""
        found: list[tuple[Point, ...]] = []
        more = True
        while more:
            flags, glyph = self._number("H", at), self._number("H", at + 2)
            if not flags & _XY:
                raise ValueError("a letter whose parts are placed by their points")
            x, y = struct.unpack_from(">2h" if flags & _WORD else ">2b", self.data, at + 4)
            at += 8 if flags & _WORD else 6
            count = 1 if flags & _SCALE else 2 if flags & _SCALES else 4 if flags & _MATRIX else 0
            given = [one / 16384 for one in struct.unpack_from(f">{count}h", self.data, at)]
            at += 2 * count
            (p, q), (r, s) = _matrix(given)
            found += [
                tuple((p * a + r * b + x, q * a + s * b + y, on) for a, b, on in one)
                for one in self._outline(glyph)
            ]
            more = bool(flags & _MORE)
        return tuple(found)

    def width(self, text: str, size: float) -> float:
        """Of a text that the typeface has, in points."""
        return sum(self.advance(letter) for letter in text) * size / self.units


def _matrix(numbers: Sequence[float]) -> tuple[tuple[float, float], tuple[float, float]]:
    """What a part of a letter is multiplied by: nothing, one number, one for each axis, or all four."""
    match tuple(numbers):
        case ():
            return (1.0, 0.0), (0.0, 1.0)
        case (scale,):
            return (scale, 0.0), (0.0, scale)
        case (across, up):
            return (across, 0.0), (0.0, up)
        case (p, q, r, s):
            return (p, q), (r, s)
        case _:
            raise ValueError(numbers)


def pieces(contour: Sequence[Point]) -> Iterator[tuple[str, tuple[float, ...]]]:
    """A closed curve as "M" x y, "L" x y and "Q" with the point that steers and the end.

    Between two points that steer there is one on the curve, half way.
    """
    points = list(contour)
    if not points[0][2]:
        last = points[-1]
        between = ((points[0][0] + last[0]) / 2, (points[0][1] + last[1]) / 2, True)
        points = [last, *points[:-1]] if last[2] else [between, *points]
    yield "M", points[0][:2]
    steer: Point | None = None
    for point in [*points[1:], points[0]]:
        x, y, on = point
        if steer is not None:
            end = (x, y) if on else ((steer[0] + x) / 2, (steer[1] + y) / 2)
            yield "Q", (*steer[:2], *end)
        elif on:
            yield "L", (x, y)
        steer = None if on else point
