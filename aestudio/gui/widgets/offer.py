"""What can be done with the thing at a place of the window: each widget offers it, a context menu shows it.

A widget that shows something declares it by a method `offer_at(point)`. The menu asks the widget at the
pointer and then each widget around it, and the inner offer goes first: a grid knows its pixels, the view
around it knows which digit they are, and neither needs to know a menu. What a label says, a tooltip and the
terms of the glossary are offered without a declaration (`offer_kinds.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

Pixels = NDArray[np.uint32]
"""What is shown of an image, a number for each pixel of the data: 0xAARRGGBB (H, W)."""


@dataclass(frozen=True, eq=False)
class ValueTable:
    """Numbers or texts for a CSV file. header: with units"""

    header: tuple[str, ...]
    rows: Iterable[Sequence[object]]


@dataclass(frozen=True)
class Entry:
    """An entry of the menu that only this kind of thing has.

    act: is called when it is chosen; checked: None for what cannot be on; obstacle: why it cannot be done now
    """

    text: str
    act: Callable[[], object]
    checked: bool | None = None
    obstacle: str = ""


@dataclass(frozen=True, eq=False)
class Offer:
    """Everything that can be done with one thing; what it does not have is left out of the menu.

    what:     what it is, a line or more: "Test image 17 · 4"; also part of the names of its files
    picture:  the pixels of one image as it is shown; pictures: makes those of all images around it
    no_picture: why there is no picture now, of a thing that can have one
    chart:    what a plot or chart is called, for the names of its files
    screen:   the plot or chart whose picture on the screen can be copied
    figure:   makes what draws it for a paper, light and in vectors: a function from "pdf", "svg" or "png" to
              the content of the file. It is called on the window's thread, what it makes on another one
    values:   makes the table of what it shows
    cells:    what is copied of a table: the selected cells, tabs between them
    text:     what a label says
    terms:    keys of the glossary; help: what the thing is, if it has no term, or more than its sentences
    digit:    number of the image, as `StudioState.image_at` counts
    source:   what was shown made from it, for the names of files: "run", or "data" for an image of a data set
    run, step: of the weights it was computed with, if that is not what the header says
    entries:  of this kind of thing only; commands: ids of commands of the window that concern it
    """

    what: str = ""
    picture: Pixels | None = None
    pictures: Callable[[], Pixels] | None = None
    no_picture: str = ""
    chart: str = ""
    screen: QWidget | None = None
    figure: Callable[[], Callable[[str], bytes]] | None = None
    values: Callable[[], ValueTable] | None = None
    cells: Callable[[], str] | None = None
    text: str = ""
    terms: tuple[str, ...] = ()
    help: str = ""
    digit: int | None = None
    source: str = ""
    run: str = ""
    step: int | None = None
    entries: tuple[Entry, ...] = ()
    commands: tuple[str, ...] = ()

    def inside(self, outer: Offer) -> Offer:
        """This offer with what the thing around it offers besides."""
        values: dict[str, Any] = {}
        for field in fields(self):
            inner, around = getattr(self, field.name), getattr(outer, field.name)
            if field.name in ("entries", "commands"):
                values[field.name] = inner + around
            else:
                values[field.name] = around if _missing(inner) else inner
        return Offer(**values)


@runtime_checkable
class Offering(Protocol):
    """A widget that offers something."""

    def offer_at(self, at: QPoint | None) -> Offer:
        """What it offers at a point of it; None asks for what its keys are about, as the selected image."""
        ...


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, (str, tuple)) and not value)
