"""The typeface of figures: Aileron, in the public domain (CC0), of which Pillow brings English letters.

It is read here as TrueType has it (widths, outlines), so that a PDF can embed it and an SVG can have its
shapes. Tables as in the OpenType specification 1.9; the outlines are quadratic curves.
"""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from aestudio.errors import StudioError

_WORDS = {
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta"},
    **{"κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau"},
    **{"φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "Delta", "Σ": "Sigma", "Ω": "Omega"},
    **{"→": "->", "←": "<-", "−": "-", "–": "-", "—": "-", "×": "x", "≤": "<=", "≥": ">=", "≈": "~"},
    **{"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "²": "^2", "³": "^3", "√": "sqrt", "∞": "infinity"},
}
"""How letters are written that the typeface lacks."""
_WORD, _XY, _MORE, _SCALED = 0x01, 0x02, 0x20, 0x08 | 0x40 | 0x80  # flags of a part of a composed letter

Point = tuple[float, float, bool]
"""x, y upwards in units of the typeface, and whether it is on the curve or steers it."""


@dataclass(frozen=True)
class Typeface:
    """A TrueType file. units: how many make the size of the type"""

    data: bytes

    def _number(self, kind: str, at: int) -> int:
        (number,) = struct.unpack_from(f">{kind}", self.data, at)
        return int(number)

    @cached_property
    def _tables(self) -> dict[str, int]:
        entries = range(12, 12 + 16 * self._number("H", 4), 16)
        return {self.data[at : at + 4].decode("ascii"): self._number("I", at + 8) for at in entries}

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
        """Of other letters that are moved; this typeface has none that are scaled."""
        found: list[tuple[Point, ...]] = []
        more = True
        while more:
            flags, glyph = self._number("H", at), self._number("H", at + 2)
            if flags & _SCALED or not flags & _XY:
                raise StudioError("The typeface that came with Pillow has letters that cannot be read")
            x, y = struct.unpack_from(">2h" if flags & _WORD else ">2b", self.data, at + 4)
            at += 8 if flags & _WORD else 6
            found += [tuple((a + x, b + y, on) for a, b, on in one) for one in self._outline(glyph)]
            more = bool(flags & _MORE)
        return tuple(found)

    def width(self, text: str, size: float) -> float:
        """Of a text that the typeface has, in points."""
        return sum(self.advance(letter) for letter in text) * size / self.units


@cache
def figure_type() -> Typeface:
    """The typeface; raises StudioError if this Pillow was built without it."""
    from PIL import ImageFont

    font: Any = ImageFont.load_default(12)
    data = getattr(font, "font_bytes", None)
    if not isinstance(data, bytes):
        raise StudioError(
            "This Pillow has no typeface, without which no figure is drawn",
            advice="Install Pillow anew: pip install --force-reinstall pillow",
        )
    return Typeface(data)


def writable(text: str) -> str:
    """The text in letters that the typeface has: Greek by its name, accents left out, "?" for the others."""
    known = figure_type().letters
    letters: list[str] = []
    for letter in text.replace("\n", " "):
        if letter in known:
            letters.append(letter)
        elif letter in _WORDS:
            letters.append(_WORDS[letter])
        else:
            plain = [one for one in unicodedata.normalize("NFKD", letter) if one in known]
            letters.append("".join(plain) or ("" if unicodedata.combining(letter) else "?"))
    return "".join(letters)
