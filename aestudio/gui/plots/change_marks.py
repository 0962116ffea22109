"""Vertical marks at which a setting was changed during a training: a thin line with its text.

Where texts would overlap, there are only ticks at the top; the read-out of the plot tells each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import colour_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from aestudio.gui.theme.tokens import ColourRole, Theme

NEAR = 5.0  # pixels: marks that are nearer than this are one, and the mouse is over one that is
TICK, BESIDE, BETWEEN = 9.0, 4.0, 10.0  # pixels: length of a tick, from a line to its text, between two texts


@dataclass(frozen=True)
class ChangeMark:
    """x: on the plot's axis; text: "β 1 → 4"; step: at which it was changed.

    owner:       the name of its curve where there are several runs, "" otherwise
    colour_role: of its curve, as in `Curve`
    """

    x: float
    text: str
    step: int
    owner: str = ""
    colour_role: ColourRole | int = "muted"

    @property
    def full_text(self) -> str:
        """With the run that it is of."""
        return f"{self.owner}: {self.text}" if self.owner else self.text


def colour_of_marks(theme: Theme, marks: Sequence[ChangeMark]) -> str:
    """The colour of marks at one place: that of their curve, if it is the same."""
    roles: set[ColourRole | int] = {mark.colour_role for mark in marks}
    return colour_of(theme, roles.pop() if len(roles) == 1 else "muted")


@dataclass(frozen=True)
class PlacedMark:
    """Marks at one place.

    at:    pixels from the left
    text:  what is written beside the line; "" for a tick
    left:  where the text begins
    """

    at: float
    marks: tuple[ChangeMark, ...]
    text: str = ""
    left: float = 0.0


def placed_marks(
    marks: Sequence[tuple[float, ChangeMark]],
    width: float,
    text_width: Callable[[str], float],
    joined: Callable[[Sequence[ChangeMark]], str],
) -> tuple[PlacedMark, ...]:
    """Which marks are lines with a text, and which are ticks because there is no room for theirs.

    marks: with their places in pixels from the left, ascending; width: of the plot
    joined: the text of several marks at one place
    """
    groups: list[tuple[float, list[ChangeMark]]] = []
    for at, mark in marks:
        if 0 <= at <= width:
            if groups and at - groups[-1][0] < NEAR:
                groups[-1][1].append(mark)
            else:
                groups.append((at, [mark]))
    placed: list[PlacedMark] = []
    free = 0.0  # from where on there is no text yet
    for number, (at, members) in enumerate(groups):
        following = groups[number + 1][0] if number + 1 < len(groups) else width
        text = members[0].text if len(members) == 1 else joined(members)
        length = text_width(text)
        if at + BESIDE >= free and at + BESIDE + length <= following:
            placed.append(PlacedMark(at, tuple(members), text, at + BESIDE))
            free = at + BESIDE + length + BETWEEN
        elif at - BESIDE - length >= free and number + 1 == len(groups):  # at the right edge
            placed.append(PlacedMark(at, tuple(members), text, at - BESIDE - length))
        else:
            placed.append(PlacedMark(at, tuple(members)))
            free = max(free, at + BETWEEN)
    return tuple(placed)


def joined_text(marks: Sequence[ChangeMark]) -> str:
    """Of changes at one place: the first and the last value of one setting, otherwise how many there are."""
    begin, end = marks[0].text.split(" → "), marks[-1].text.split(" → ")
    names = {(mark.owner, mark.text.split(" → ")[0].rpartition(" ")[0]) for mark in marks}
    if len(names) == 1 and len(begin) == len(end) == 2:
        return f"{begin[0]} → {end[1]}"
    return ", ".join(mark.text for mark in marks) if len(marks) == 2 else f"{marks[0].text}, …"


class ChangeMarks(pg.GraphicsObject):
    """Belongs to a view box, and is painted in its pixels, below the curves.

    labelled: whether texts are written if they have room; otherwise all are ticks
    """

    def __init__(self, view_box: pg.ViewBox, *, labelled: bool = True) -> None:
        super().__init__()
        self._view_box, self._labelled = view_box, labelled
        self._marks: tuple[ChangeMark, ...] = ()
        self.setParentItem(view_box)
        self.setZValue(-1)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        view_box.sigXRangeChanged.connect(self._moved)
        view_box.sigResized.connect(self._resized)

    @property
    def marks(self) -> tuple[ChangeMark, ...]:
        """The marks that are shown, wherever they lie."""
        return self._marks

    def places_of(self, curve: str) -> tuple[float, ...]:
        """The x of the changes of the run that this curve is of, by its name."""
        return tuple(mark.x for mark in self._marks if mark.owner in ("", curve))

    def set_marks(self, marks: tuple[ChangeMark, ...]) -> None:
        """Show these marks, in the order of their x."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def placed(self) -> tuple[PlacedMark, ...]:
        """The marks as they are painted."""
        low, high = self._view_box.viewRange()[0]
        width = self._view_box.width()
        shares = ((mark.x - low) / max(high - low, 1e-300) for mark in self._marks)
        places = [(share * width, mark) for share, mark in zip(shares, self._marks, strict=True)]
        metrics = QFontMetricsF(self._font())
        room: Callable[[str], float] = metrics.horizontalAdvance
        if not self._labelled:
            room = _endless
        return placed_marks(places, width, room, joined_text)

    def at(self, pixel: float) -> tuple[ChangeMark, ...]:
        """The marks at this number of pixels from the left."""
        near = (place for place in self.placed() if abs(place.at - pixel) <= NEAR)
        return min(near, key=lambda place: abs(place.at - pixel), default=PlacedMark(0, ())).marks

    def boundingRect(self) -> QRectF:
        """The view box."""
        return self._view_box.boundingRect()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Thin lines with their texts at the top, ticks at the top."""
        if not self._marks:
            return
        theme, area = current_theme(), self.boundingRect()
        painter.setFont(self._font())
        metrics = QFontMetricsF(self._font())
        for place in self.placed():
            painter.setPen(QPen(QColor(colour_of_marks(theme, place.marks)), 1))
            bottom = area.bottom() if place.text else area.top() + theme.px(TICK)
            painter.drawLine(QPointF(place.at, area.top()), QPointF(place.at, bottom))
            if place.text:
                width = metrics.horizontalAdvance(place.text)
                box = QRectF(place.left - 1, area.top(), width + 2, metrics.height())
                painter.fillRect(box, QColor(theme.panel))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, place.text)

    def _font(self) -> QFont:
        theme = current_theme()
        return font(theme, theme.caption_size)

    def _moved(self) -> None:
        self.update()

    def _resized(self) -> None:
        self.prepareGeometryChange()
        self.update()


def _endless(_text: str) -> float:
    return float("inf")
