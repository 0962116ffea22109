"""A number on a line; what was measured is marked on the same line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.focus_ring import FocusRing
from aestudio.gui.widgets.guesses.guess_editor import GuessEditor, ShownGuess
from aestudio.gui.widgets.layouts import column, label
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting
from aestudio.lessons.number_text import number_text

if TYPE_CHECKING:
    from aestudio.lessons.guesses import NumberGuess

_INSET, _TRACK, _HEIGHT, _RADIUS = 10, 4, 64, 7
_KEY_SHARE = 0.02  # of the line, for an arrow key

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Guess of a number"),
    LocalKey("guess_line.less", ("Left",), lambda: translate("keys", "guesses less")),
    LocalKey("guess_line.more", ("Right",), lambda: translate("keys", "guesses more")),
)


class GuessLine(PaintedWidget):
    """placed(float): the user put the mark at a share of the line, from 0 to 1"""

    placed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        FocusRing(self)
        self.ends: tuple[str, str] = ("", "")
        self.mark: float | None = None
        self.measured: float | None = None
        self.measured_text = ""
        self.locked = False

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(200), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(120), self.sizeHint().height())

    def _track(self) -> QRectF:
        px = current_theme().px
        return QRectF(px(_INSET), px(26), self.width() - 2 * px(_INSET), px(_TRACK))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._place(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._place(event.position())

    def _place(self, at: QPointF) -> None:
        track = self._track()
        if not self.locked and track.width() > 0:
            self.placed.emit(min(1.0, max(0.0, (at.x() - track.left()) / track.width())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = {"guess_line.less": -1, "guess_line.more": 1}.get(KEYS.command(event))
        if direction is None or self.locked:
            super().keyPressEvent(event)
            return
        before = 0.5 if self.mark is None else self.mark
        self.placed.emit(min(1.0, max(0.0, before + direction * _KEY_SHARE)))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, track = current_theme(), self._track()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line))
            painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
            if self.mark is not None:
                painter.setBrush(QColor(theme.muted if self.locked else theme.accent))
                radius = theme.px(_RADIUS)
                painter.drawEllipse(self._point(self.mark), radius, radius)
            if self.measured is not None:
                painter.setPen(QPen(QColor(theme.good), theme.px(3)))
                at = self._point(self.measured)
                painter.drawLine(
                    QPointF(at.x(), track.top() - theme.px(9)), QPointF(at.x(), track.bottom() + theme.px(9))
                )
            self._write(painter, track)

    def _point(self, share: float) -> QPointF:
        track = self._track()
        return QPointF(track.left() + min(1.0, max(0.0, share)) * track.width(), track.center().y())

    def _write(self, painter: QPainter, track: QRectF) -> None:
        theme = current_theme()
        painter.setFont(font(theme, theme.caption_size))
        metrics = QFontMetricsF(painter.font())
        below = track.bottom() + theme.px(10) + metrics.ascent()
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(track.left(), below), self.ends[0])
        painter.drawText(
            QPointF(track.right() - metrics.horizontalAdvance(self.ends[1]), below), self.ends[1]
        )
        if self.measured is not None:
            painter.setPen(QColor(theme.good))
            width = metrics.horizontalAdvance(self.measured_text)
            left = min(max(track.left(), self._point(self.measured).x() - width / 2), track.right() - width)
            painter.drawText(QPointF(left, track.top() - theme.px(12)), self.measured_text)


class NumberGuessEditor(GuessEditor):
    """The line, and below it the number that was guessed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = GuessLine()
        self.value = label("", "label")
        self.value.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._guess: NumberGuess | None = None
        self.line.placed.connect(self._placed)
        column(self.line, self.value, gap=4, on=self)

    def _placed(self, share: float) -> None:
        guess = self._guess
        if guess is not None:
            value = number_at(guess.low, guess.high, guess.scale == "log", share)
            self.answered.emit(round(value, guess.digits))

    def show_guess(self, shown: ShownGuess) -> None:
        """Show the mark, and after it was measured the measured number."""
        guess: NumberGuess = shown.guess
        self._guess, line = guess, self.line
        log = guess.scale == "log"
        line.ends = (f"{guess.low:g}", f"{guess.high:g}")
        line.locked = shown.locked
        line.mark = None if shown.answer is None else share_of(guess.low, guess.high, log, shown.answer)
        measured = None if shown.outcome is None else float(shown.outcome.measured)
        line.measured = None if measured is None else share_of(guess.low, guess.high, log, measured)
        line.measured_text = "" if measured is None else self.tr("measured {}").format(number_text(measured))
        said = "–" if shown.answer is None else f"{shown.answer:.{guess.digits}f}"
        unit = f" {shown.unit}" if shown.unit else ""
        self.value.setText(self.tr("Guess: {}").format(f"{said}{unit}"))
        line.setAccessibleName(self.value.text())
        line.update()


def share_of(low: float, high: float, log: bool, value: float) -> float:
    """Where a number is on a line, from 0 to 1."""
    if log:
        return math.log(max(value, low) / low) / math.log(high / low)
    return (value - low) / (high - low)


def number_at(low: float, high: float, log: bool, share: float) -> float:
    """The number at a share of a line."""
    return low * (high / low) ** share if log else low + share * (high - low)
