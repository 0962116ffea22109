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
    """A track of equal parts, each labelled below, with a pointer and a ring for a second value."""

    def __init__(self, labels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = labels
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
            if self._reading is not None:
                self._draw_pointer(painter, track, self._reading)

    def label_rect(self, number: int) -> tuple[QRectF, str]:
        """The rectangle of a part's label, and the label, elided if it does not fit.

        A long label may extend beyond its part, because its neighbours are shorter.
        """
        theme, label = current_theme(), self.labels[number]
        part = self._part(number)
        metrics = QFontMetricsF(self._font_of(number))
        width = min(
            max(part.width(), metrics.horizontalAdvance(label) + 1), part.width() + 3 * theme.px(_INSET)
        )
        start = min(max(part.center().x() - width / 2, 0.0), self.width() - width)
        rectangle = QRectF(start, part.bottom() + 2, width, self.height() - part.bottom() - 2)
        return rectangle, metrics.elidedText(label, Qt.TextElideMode.ElideRight, width)

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

    def _is_current(self, number: int) -> bool:
        return self._reading is not None and self._reading.part == number

    def _font_of(self, number: int) -> QFont:
        weight = QFont.Weight.DemiBold if self._is_current(number) else QFont.Weight.Normal
        return font(current_theme(), current_theme().caption_size, weight)

    def _draw_track(self, painter: QPainter) -> None:
        theme = current_theme()
        for number in range(len(self.labels)):
            current = self._is_current(number)
            painter.setPen(Qt.PenStyle.NoPen)
            strong = theme.control if self._grey else theme.muted
            painter.setBrush(QColor(strong if current else theme.line))
            painter.drawRoundedRect(self._part(number), 2, 2)
            if self._age and self._reading is not None:
                continue
            painter.setPen(QColor(theme.text if current and not self._grey else theme.muted))
            painter.setFont(self._font_of(number))
            rectangle, text = self.label_rect(number)
            painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter, text)
        if self._age and self._reading is not None:
            self._write_age(painter)

    def _write_age(self, painter: QPainter) -> None:
        """One line instead of the labels: the verdict, and of which step it is."""
        theme = current_theme()
        painter.setFont(font(theme, theme.caption_size))
        painter.setPen(QColor(theme.muted))
        top = self._track().bottom() + 2
        line = QRectF(0, top, self.width(), self.height() - top)
        text = painter.fontMetrics().elidedText(self.aged_label, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)

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
