"""What is guessed by the mouse in a frame: a curve over epochs, or a point on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.focus_ring import FocusRing
from aestudio.gui.widgets.guesses.guess_editor import GuessEditor, ShownGuess
from aestudio.gui.widgets.guesses.number_guess import number_at, share_of
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.gui.theme.tokens import Theme
    from aestudio.lessons.guesses import CurveGuess

_LEFT, _ABOVE, _BELOW, _SIDE, _DOT = 40, 10, 22, 12, 4
_KEY_SHARE = 0.02
_SPREADS = 3.0  # of the codes, from the middle of the map to its edge

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Guess of a curve or a point"),
    LocalKey("guess_frame.left", ("Left",), lambda: translate("keys", "the epoch before, or further left")),
    LocalKey("guess_frame.right", ("Right",), lambda: translate("keys", "the next epoch, or further right")),
    LocalKey("guess_frame.up", ("Up",), lambda: translate("keys", "higher")),
    LocalKey("guess_frame.down", ("Down",), lambda: translate("keys", "lower")),
)
_MOVES = {
    "guess_frame.left": (-1, 0),
    "guess_frame.right": (1, 0),
    "guess_frame.up": (0, 1),
    "guess_frame.down": (0, -1),
}


class _Frame(GuessEditor):
    """A frame with an axis to each side, in which the mouse answers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        FocusRing(self)
        self.shown: ShownGuess | None = None

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(240), theme.px(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(current_theme().px(160), self.sizeHint().height())

    def show_guess(self, shown: ShownGuess) -> None:
        """Show the answer, and after it was measured what was measured."""
        self.shown = shown
        self.setAccessibleName(self.described())
        self.update()

    def described(self) -> str:
        """What it shows, for screen readers."""
        raise NotImplementedError

    def area(self) -> QRectF:
        """The frame, in the widget's coordinates."""
        px = current_theme().px
        return QRectF(self.rect()).adjusted(px(_LEFT), px(_ABOVE), -px(_SIDE), -px(_BELOW))

    @property
    def open(self) -> bool:
        """Whether an answer is taken."""
        return self.shown is not None and not self.shown.locked

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._touched(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._touched(event.position())

    def _touched(self, at: QPointF) -> None:
        area = self.area()
        if self.open and area.width() > 0 and area.height() > 0:
            across = min(1.0, max(0.0, (at.x() - area.left()) / area.width()))
            up = min(1.0, max(0.0, (area.bottom() - at.y()) / area.height()))
            self.touched(across, up)

    def touched(self, across: float, up: float) -> None:
        """The user touched the frame at these shares of its sides."""
        raise NotImplementedError

    def place(self, across: float, up: float) -> QPointF:
        """The point at these shares of the frame's sides."""
        area = self.area()
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawRect(self.area())
            if self.shown is not None:
                painter.setFont(font(theme, theme.caption_size))
                self.draw(painter, theme, self.shown)

    def draw(self, painter: QPainter, theme: Theme, shown: ShownGuess) -> None:
        """Draw what is in the frame, and its axes."""
        raise NotImplementedError

    def _write_ends(self, painter: QPainter, theme: Theme, low: str, high: str) -> None:
        """The ends of the upright axis."""
        metrics, area = QFontMetricsF(painter.font()), self.area()
        painter.setPen(QColor(theme.muted))
        for text, bottom in ((low, area.bottom()), (high, area.top() + metrics.ascent())):
            painter.drawText(
                QPointF(area.left() - theme.px(6) - metrics.horizontalAdvance(text), bottom), text
            )


class CurveGuessEditor(_Frame):
    """A value for each of the next epochs; the mouse draws, the arrow keys move one value after the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epoch = 0  # which the arrow keys move

    def _values(self) -> list[float]:
        assert self.shown is not None
        guess: CurveGuess = self.shown.guess
        middle = number_at(guess.low, guess.high, guess.scale == "log", 0.5)
        return list(self.shown.answer or (middle,) * guess.epochs)

    def _across(self, number: int) -> float:
        assert self.shown is not None
        return (number + 0.5) / self.shown.guess.epochs

    def touched(self, across: float, up: float) -> None:
        assert self.shown is not None
        self.epoch = min(self.shown.guess.epochs - 1, int(across * self.shown.guess.epochs))
        self._set(up)

    def _set(self, up: float) -> None:
        assert self.shown is not None
        guess: CurveGuess = self.shown.guess
        values = self._values()
        first = self.shown.answer is None
        value = number_at(guess.low, guess.high, guess.scale == "log", up)
        for number in range(self.epoch if not first else 0, guess.epochs if first else self.epoch + 1):
            values[number] = value
        self.answered.emit(tuple(values))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(KEYS.command(event))
        if not self.open or self.shown is None or move is None:
            super().keyPressEvent(event)
            return
        sideways, upwards = move
        guess: CurveGuess = self.shown.guess
        self.epoch = max(0, min(guess.epochs - 1, self.epoch + sideways))
        if upwards:
            share = share_of(guess.low, guess.high, guess.scale == "log", self._values()[self.epoch])
            self._set(min(1.0, max(0.0, share + upwards * _KEY_SHARE)))
        self.update()

    def described(self) -> str:
        assert self.shown is not None
        values = ", ".join(f"{value:.3g}" for value in self.shown.answer or ())
        return self.tr("Curve over the next epochs: {}").format(values or self.tr("not drawn yet"))

    def draw(self, painter: QPainter, theme: Theme, shown: ShownGuess) -> None:
        guess: CurveGuess = shown.guess
        self._write_ends(painter, theme, f"{guess.low:g}", f"{guess.high:g}")
        metrics, area = QFontMetricsF(painter.font()), self.area()
        for number in range(guess.epochs):
            text, x = f"+{number + 1}", self.place(self._across(number), 0).x()
            left = x - metrics.horizontalAdvance(text) / 2
            painter.drawText(QPointF(left, area.bottom() + theme.px(6) + metrics.ascent()), text)
        if shown.answer is not None:
            self._line(painter, theme, shown.answer, theme.muted if shown.locked else theme.accent)
        else:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("Draw the curve here"))
        if shown.outcome is not None:
            self._line(painter, theme, shown.outcome.measured, theme.good)

    def _line(self, painter: QPainter, theme: Theme, values: Sequence[float], colour: str) -> None:
        assert self.shown is not None
        guess: CurveGuess = self.shown.guess
        log = guess.scale == "log"
        points = [
            self.place(self._across(number), min(1.0, max(0.0, share_of(guess.low, guess.high, log, value))))
            for number, value in enumerate(values)
        ]
        painter.setPen(QPen(QColor(colour), theme.px(2)))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(colour))
        for point in points:
            painter.drawEllipse(point, theme.px(_DOT), theme.px(_DOT))
        painter.setBrush(Qt.BrushStyle.NoBrush)


class PointGuessEditor(_Frame):
    """A point on the map, around its origin; the arrow keys move it."""

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(240), theme.px(240))

    def _reach(self) -> float:
        assert self.shown is not None
        return _SPREADS * max(self.shown.spread, 1e-6)

    def touched(self, across: float, up: float) -> None:
        reach = self._reach()
        self.answered.emit(((2 * across - 1) * reach, (2 * up - 1) * reach))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _MOVES.get(KEYS.command(event))
        if move is None or not self.open or self.shown is None:
            super().keyPressEvent(event)
            return
        reach = self._reach()
        now = self.shown.answer or (0.0, 0.0)
        self.answered.emit(
            tuple(
                max(-reach, min(reach, value + step * 2 * reach * _KEY_SHARE))
                for value, step in zip(now, move, strict=True)
            )
        )

    def described(self) -> str:
        assert self.shown is not None
        if self.shown.answer is None:
            return self.tr("Point on the map: not placed yet")
        return self.tr("Point on the map: {}, {}").format(*(f"{value:.3g}" for value in self.shown.answer))

    def draw(self, painter: QPainter, theme: Theme, shown: ShownGuess) -> None:
        reach = self._reach()
        self._write_ends(painter, theme, f"−{reach:.3g}", f"{reach:.3g}")
        for one, other in (((0.5, 0), (0.5, 1)), ((0, 0.5), (1, 0.5))):
            painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.DashLine))
            painter.drawLine(self.place(*one), self.place(*other))
        guessed = None if shown.answer is None else self._at(shown.answer)
        measured = None if shown.outcome is None else self._at(shown.outcome.measured)
        if guessed is None:
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.area(), Qt.AlignmentFlag.AlignHCenter, self.tr("Click where it lands"))
        if guessed is not None and measured is not None:
            painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
            painter.drawLine(guessed, measured)
        for point, colour in (
            (guessed, theme.muted if shown.locked else theme.accent),
            (measured, theme.good),
        ):
            if point is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colour))
                painter.drawEllipse(point, theme.px(_DOT + 2), theme.px(_DOT + 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _at(self, code: Sequence[float]) -> QPointF:
        reach = self._reach()
        shares = [min(1.0, max(0.0, (value / reach + 1) / 2)) for value in code]
        return self.place(shares[0], shares[1])
