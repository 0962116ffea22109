"""A calm gauge: where a needle stands is said in words and by place, never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPaintEvent

_TRACK, _GAP, _HEAD, _INSET = 6, 3, 7, 8  # logical pixels


@dataclass(frozen=True)
class Stand:
    """Where a gauge stands.

    place: of the needle, from 0 (left) to 1 (right); mark: of a small ring beside it, or None
    part:  which of its parts that is, counted from the left
    """

    place: float
    mark: float | None
    part: int


class Needle(QWidget):
    """A track of equal parts, each with its word below; a needle on it, and a ring for a second figure."""

    def __init__(self, words: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = words
        self._stand: Stand | None = None
        self._hint = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_stand(self, stand: Stand | None, said: str = "") -> None:
        """Where it stands and what that means, for tooltip and screen readers; None: `said` in its place."""
        if stand != self._stand or (stand is None and said != self._hint):
            self._stand, self._hint = stand, "" if stand is not None else said
            self.update()
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)

    @property
    def stand(self) -> Stand | None:
        """Where it stands."""
        return self._stand

    @property
    def word(self) -> str:
        """What it says now; "" while it says nothing."""
        return "" if self._stand is None else self.words[self._stand.part]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        theme = current_theme()
        return QSize(theme.px(280), theme.px(_HEAD + 2 + _TRACK + theme.caption_size + 10))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(current_theme().px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's signature
        theme = current_theme()
        inset = theme.px(_INSET)
        track = QRectF(inset, theme.px(_HEAD + 2), self.width() - 2 * inset, theme.px(_TRACK))
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            if self._stand is None and self._hint:
                painter.setPen(QColor(theme.muted))
                painter.drawText(
                    QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint
                )
                return
            self._draw_track(painter, track)
            if self._stand is not None:
                self._draw_needle(painter, track, self._stand)

    def _draw_track(self, painter: QPainter, track: QRectF) -> None:
        theme, count = current_theme(), len(self.words)
        gap = theme.px(_GAP)
        width = (track.width() - gap * (count - 1)) / count
        for number, word in enumerate(self.words):
            here = self._stand is not None and self._stand.part == number
            left = track.left() + number * (width + gap)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.muted if here else theme.line))
            painter.drawRoundedRect(QRectF(left, track.top(), width, track.height()), 2, 2)
            painter.setPen(QColor(theme.text if here else theme.muted))
            weight = QFont.Weight.DemiBold if here else QFont.Weight.Normal
            painter.setFont(font(theme, theme.caption_size, weight))
            # A long word reaches a little beyond its part; at the edges that is what the inset is for.
            beyond = theme.px(_INSET)
            room = width + 2 * beyond
            below = QRectF(left - beyond, track.bottom() + 2, room, self.height() - track.bottom() - 2)
            text = painter.fontMetrics().elidedText(word, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_needle(self, painter: QPainter, track: QRectF, stand: Stand) -> None:
        theme = current_theme()
        if stand.mark is not None:
            at = QPointF(track.left() + stand.mark * track.width(), track.center().y())
            painter.setPen(QPen(QColor(theme.text), theme.px(2)))
            painter.setBrush(QColor(theme.panel))
            painter.drawEllipse(at, theme.px(4), theme.px(4))
        x, head = track.left() + stand.place * track.width(), theme.px(_HEAD)
        painter.setPen(QPen(QColor(theme.panel), 1))
        painter.setBrush(QColor(theme.accent))
        tip = track.bottom() + theme.px(1)
        half = head * 0.7
        painter.drawPolygon(
            QPolygonF(
                [QPointF(x - half, 1), QPointF(x + half, 1), QPointF(x + 1.5, tip), QPointF(x - 1.5, tip)]
            )
        )


def _sample() -> QWidget:
    from PySide6.QtWidgets import QVBoxLayout

    around = QWidget()
    column = QVBoxLayout(around)
    words = ("no data here", "at the edge", "backed by data")
    for stand in (Stand(0.86, 0.93, 2), Stand(0.52, 0.8, 1), Stand(0.02, 0.0, 0), None):
        needle = Needle(words)
        needle.set_stand(stand, "" if stand else "The needle needs digits to compare with.")
        column.addWidget(needle)
    return around


if __name__ == "__main__":
    from aestudio.gui.widgets.alone import show_alone

    raise SystemExit(show_alone(_sample, size="360x220"))
