"""Typefaces of this computer whose outlines can be read, for letters that the figures' own lacks."""

from __future__ import annotations

import mmap
import os
import struct
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.export.typefaces.truetype import Typeface

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFERRED = (
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "segoeui.ttf", "arial.ttf", "Arial.ttf", "Arial Unicode.ttf"),
    *("DroidSansFallbackFull.ttf", "wqy-microhei.ttc", "wqy-zenhei.ttc", "msyh.ttc", "msgothic.ttc"),
    *("malgun.ttf", "simsun.ttc", "STHeiti Light.ttc"),
)
"""Upright ones without serifs, as the figures' own; the others of the computer come after them."""
_MOST_FILES = 800
_DAMAGED = (OSError, KeyError, ValueError, IndexError, StopIteration, struct.error)


def typeface_with(text: str) -> Typeface | None:
    """A typeface of this computer that has an outline for each letter of the text; None if none has."""
    wanted = set(text) - {" "}
    for path in _files():
        face = _face(path)
        if face is None:
            continue
        try:
            if wanted <= face.glyphs.keys() and " " in face.glyphs and all(map(face.outline, wanted)):
                return face
        except _DAMAGED:
            continue
    return None


@cache
def _face(path: Path) -> Typeface | None:
    """The file; None if it is none whose outlines are read here, such as PostScript ones."""
    try:
        with path.open("rb") as file:
            face = Typeface(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), str(path))
        return face if face.has_outlines and face.units and face.glyphs else None
    except _DAMAGED:
        return None


@cache
def _files() -> tuple[Path, ...]:
    """Files of typefaces, the preferred ones first."""
    found: list[Path] = []
    for folder in _folders():
        for parent, _, names in os.walk(folder):
            found += [Path(parent, name) for name in names if name.lower().endswith((".ttf", ".ttc"))]
            if len(found) > _MOST_FILES:
                break
    order = {name: number for number, name in enumerate(_PREFERRED)}
    return tuple(sorted(found, key=lambda path: (order.get(path.name, len(order)), path.name, str(path))))


def _folders() -> Iterator[Path]:
    """Where systems keep typefaces."""
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts")
        yield Path(os.environ.get("LOCALAPPDATA", str(home)), "Microsoft", "Windows", "Fonts")
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    else:
        shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        yield from (Path(one, "fonts") for one in shared.split(":") if one)
        yield from (home / ".local" / "share" / "fonts", home / ".fonts")
