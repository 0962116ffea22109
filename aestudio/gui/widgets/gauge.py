"""A gauge whose reading is shown by position and text, never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting, write_hint

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPaintEvent

_TRACK, _GAP, _HEAD, _INSET = 6, 3, 7, 8  # logical pixels


@dataclass(frozen=True)
class GaugeReading:
    """What a gauge shows.

    position: of the pointer, from 0 (left) to 1 (right)
    mark:     position of a small ring for a second value, or None
    part:     index of the part that the pointer is in, from the left
    """

    position: float
    mark: float | None
    part: int


class Gauge(QWidget):
    """A track of equal parts with a pointer, and a ring for a second value.

    Below it are its title and the label of the part that the pointer is in: one more line, for the labels of
    all parts, would be taken from the image.
    """

    def __init__(self, title: str, labels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.labels = title, labels
        self.setAccessibleName(title)
        self._reading: GaugeReading | None = None
        self._hint = ""
        self._age, self._grey = "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_reading(self, reading: GaugeReading | None, description: str = "") -> None:
        """Show a reading with a description for screen readers; without a reading show the description."""
        if reading != self._reading or (reading is None and description != self._hint):
            self._reading, self._hint = reading, "" if reading is not None else description
            self.update()
        if description != self.accessibleDescription():
            self.setAccessibleDescription(description)

    def set_age(self, age: str, grey: bool) -> None:
        """Say of which step the reading is, "" for nothing; grey: it is not of the shown step."""
        if (age, grey) != (self._age, self._grey):
            self._age, self._grey = age, grey
            self.update()

    @property
    def reading(self) -> GaugeReading | None:
        """The current reading."""
        return self._reading

    @property
    def label(self) -> str:
        """The label of the current part; "" without a reading."""
        return "" if self._reading is None else self.labels[self._reading.part]

    @property
    def aged_label(self) -> str:
        """The label of the current part, and of which step the reading is if that is worth saying."""
        return self.tr("{}: {}").format(self.label, self._age) if self._age else self.label

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(280), theme.px(_HEAD + 2 + _TRACK + theme.caption_size + 10))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, track = current_theme(), self._track()
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            if self._reading is None and self._hint:
                write_hint(painter, self.rect(), self._hint)
                return
            self._draw_track(painter)
            self._write_texts(painter)
            if self._reading is not None:
                self._draw_pointer(painter, track, self._reading)

    def texts(self) -> tuple[str, str]:
        """The title and the reading in words, as they are written; a long reading has the title's place."""
        theme = current_theme()
        plain, strong = QFontMetricsF(self._font()), QFontMetricsF(self._font(strong=True))
        room = self.width() - 2 * theme.px(_INSET)
        beside = room - plain.horizontalAdvance(self.title) - 2 * theme.px(_INSET)
        title = self.title if strong.horizontalAdvance(self.aged_label) <= beside else ""
        return title, strong.elidedText(self.aged_label, Qt.TextElideMode.ElideRight, room)

    def _part(self, number: int) -> QRectF:
        """The rectangle of a part of the track."""
        theme, count = current_theme(), len(self.labels)
        track, gap = self._track(), theme.px(_GAP)
        width = (track.width() - gap * (count - 1)) / count
        return QRectF(track.left() + number * (width + gap), track.top(), width, track.height())

    def _track(self) -> QRectF:
        theme = current_theme()
        inset = theme.px(_INSET)
        return QRectF(inset, theme.px(_HEAD + 2), self.width() - 2 * inset, theme.px(_TRACK))

    def _font(self, strong: bool = False) -> QFont:
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
        return font(current_theme(), current_theme().caption_size, weight)

    def _draw_track(self, painter: QPainter) -> None:
        theme = current_theme()
        for number in range(len(self.labels)):
            current = self._reading is not None and self._reading.part == number
            painter.setPen(Qt.PenStyle.NoPen)
            strong = theme.control if self._grey else theme.muted
            painter.setBrush(QColor(strong if current else theme.line))
            painter.drawRoundedRect(self._part(number), 2, 2)

    def _write_texts(self, painter: QPainter) -> None:
        """Title and reading below the track, from its left end to its right one."""
        theme, track = current_theme(), self._track()
        line = QRectF(track.left(), track.bottom() + 2, track.width(), self.height() - track.bottom() - 2)
        title, reading = self.texts()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._font())
        painter.setPen(QColor(theme.muted))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(self._font(strong=True))
        painter.setPen(QColor(theme.muted if self._grey else theme.text))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, reading)

    def _draw_pointer(self, painter: QPainter, track: QRectF, reading: GaugeReading) -> None:
        theme = current_theme()
        if reading.mark is not None:
            centre = QPointF(track.left() + reading.mark * track.width(), track.center().y())
            painter.setPen(QPen(QColor(theme.muted if self._grey else theme.text), theme.px(2)))
            painter.setBrush(QColor(theme.panel))
            painter.drawEllipse(centre, theme.px(4), theme.px(4))
        x, head = track.left() + reading.position * track.width(), theme.px(_HEAD)
        painter.setPen(QPen(QColor(theme.panel), 1))
        painter.setBrush(QColor(theme.muted if self._grey else theme.accent))
        tip = track.bottom() + theme.px(1)
        half = head * 0.7
        painter.drawPolygon(
            QPolygonF(
                [QPointF(x - half, 1), QPointF(x + half, 1), QPointF(x + 1.5, tip), QPointF(x - 1.5, tip)]
            )
        )
