"""Marks a part of a view that shows an earlier step than the rest: displays the step, dims the part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

SHORT_MILLISECONDS = 250
"""A part that catches up within this time is not marked, which would flicker."""
LONG_MILLISECONDS = 10_000
"""While steps follow one another, a part is always a little behind; it is dimmed after this time."""
_DIMNESS = 150  # of 255


class StepMark(QWidget):
    """An overlay on the part, transparent for the mouse, visible only while the part is behind.

    It covers the whole part only while that is dimmed: what lies under it is painted again with it.

    show_text: whether the step is written over the part. Otherwise only the part's tooltip has it, and the
               part is dimmed as soon as it is behind.
    """

    def __init__(self, part: QWidget, show_text: bool = True) -> None:
        super().__init__(part)
        self._part, self._show_text = part, show_text
        self._step: int | None = None
        self._follows = self._dimmed = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._mark_timer, self._dim_timer = self._timer(self._appear), self._timer(self._dim)
        part.installEventFilter(self)
        self.hide()

    def _timer(self, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(then)
        return timer

    def show_step(self, step: int | None, now: int | None, follows: bool) -> None:
        """Set the step of the part, and `now`, the step of everything else; None hides the mark.

        follows: whether steps follow one another (training, animation): the part catches up and falls behind
        """
        if step is None or now is None or step == now:
            self._step, self._dimmed = None, False
            self._mark_timer.stop()
            self._dim_timer.stop()
            self.hide()
            return
        if self._step is None:
            self._mark_timer.start(SHORT_MILLISECONDS)
        changed = (step, follows) != (self._step, self._follows)
        before = self._dimmed
        if changed or not self._dim_timer.isActive():
            self._start_dimming(step, follows)
        self._step, self._follows = step, follows
        if changed or before != self._dimmed:
            self._place()
            self.update()

    def _start_dimming(self, step: int, follows: bool) -> None:
        delay = LONG_MILLISECONDS if follows and self._show_text else SHORT_MILLISECONDS
        if step != self._step and follows and self._show_text:
            self._dimmed = False  # the part has just changed
        if not self._dimmed:
            self._dim_timer.start(delay)

    @property
    def step(self) -> int | None:
        """The earlier step that the part shows; None if it is not behind."""
        return self._step

    @property
    def dimmed(self) -> bool:
        """Whether the part is dimmed."""
        return self._dimmed and self.isVisibleTo(self._part)

    def text(self) -> str:
        """The text over the part, "" if it is not behind."""
        return "" if self._step is None else self.tr("of step {}").format(f"{self._step:,}")

    def _appear(self) -> None:
        if self._step is None:
            return
        self._place()
        self.raise_()
        self.show()

    def _dim(self) -> None:
        self._dimmed = self._step is not None
        self._place()
        self.update()

    def _place(self) -> None:
        """Cover the part if it is dimmed, otherwise only the place of the text."""
        self.setGeometry(self._part.rect() if self._dimmed else self._text_box().toAlignedRect())

    def _text_box(self) -> QRectF:
        """The place of the text in the upper right corner of the part, in its coordinates; empty without."""
        theme, text = current_theme(), self.text()
        if not self._show_text or not text:
            return QRectF()
        metrics = QFontMetrics(font(theme, theme.caption_size))
        width, height = metrics.horizontalAdvance(text) + theme.px(12), metrics.height() + theme.px(4)
        gap = theme.px(theme.spacing)
        return QRectF(self._part.width() - width - gap, gap, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the part."""
        if watched is self._part and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, text = current_theme(), self.text()
        with painting(self) as painter:
            if self._dimmed:
                veil = QColor(theme.panel)
                veil.setAlpha(_DIMNESS)
                painter.fillRect(self.rect(), veil)
            if not self._show_text or not text:
                return
            painter.setFont(font(theme, theme.caption_size))
            box = self._text_box().translated(-self.x(), -self.y())
            painter.setPen(QColor(theme.line))
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(box, theme.radius / 2, theme.radius / 2)
            painter.setPen(QColor(theme.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
