"""A line of text over the window, with an arrow to what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from aestudio.gui.window.tour.callout_place import CalloutPlace

ARROW, _HALF = 10, 8  # logical pixels: length of the arrow, which is around the frame, and half its width
_WIDTH = 288
_LINE = 1.5


class Callout(QWidget):
    """Takes no focus by itself, and nothing outside its frame is covered.

    skipped(), wanted(), ended(): the buttons were clicked: go on, do what it offers, show no more
    """

    skipped = Signal()
    wanted = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._place: CalloutPlace | None = None
        self.text = PlainLabel()
        self.text.setWordWrap(True)
        self.count = label("", "caption")
        self.end = IconButton("close", self.tr("End the tour; Help has it again"), side=14)
        self.end.clicked.connect(self.ended)
        self.offer = TextButton("", "")
        self.offer.clicked.connect(self.wanted)
        tip = self.tr("Go on without doing this (Esc)")
        self.skip = TextButton("", self.tr("Skip"), tip=tip, role="link")
        self.skip.clicked.connect(self.skipped)
        self._column = column(
            row(fill(self.text), gap=8),
            row(self.count, fill(), self.offer, self.skip, self.end, gap=4),
            gap=8,
            on=self,
        )
        self._arrange()
        self.hide()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What the Tab key goes to, in its order."""
        return tuple(part for part in (self.offer, self.skip, self.end) if not part.isHidden())

    def show_line(self, text: str, count: str, offer: str, *, last: bool) -> None:
        """Say something. count: which of how many; offer: of the button that does it, "" for none."""
        self.text.setText(text)
        self.setAccessibleName(text)
        self.count.setText(count)
        self.offer.setText(offer)
        self.offer.setVisible(bool(offer))
        self.skip.setVisible(not last)

    @property
    def needed_size(self) -> QSize:
        """The size with its arrow, whichever side that is on."""
        width = current_theme().px(_WIDTH + 2 * ARROW)
        self._column.invalidate()
        return QSize(width, self._column.totalHeightForWidth(width))

    def show_at(self, place: CalloutPlace) -> None:
        """Move there, over everything that is in the window now."""
        if place != self._place or self.isHidden():
            self._place = place
            self.setGeometry(place.area)
            self.update()
            self.show()
            self.raise_()

    def _arrange(self) -> None:
        px = current_theme().px
        side, end = px(ARROW + 14), px(ARROW + 8)
        self._column.setContentsMargins(side, px(ARROW + 12), end, end)
        self._column.setSpacing(px(8))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._arrange()
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click on the frame must not reach what is below

    def _outline(self) -> QPainterPath:
        """The frame with its arrow, in the widget's coordinates."""
        theme, place = current_theme(), self._place
        arrow, half, line = theme.px(ARROW), theme.px(_HALF), _LINE / 2
        frame = QRectF(self.rect()).adjusted(arrow, arrow, -arrow, -arrow).adjusted(line, line, -line, -line)
        path = QPainterPath()
        path.addRoundedRect(frame, theme.px(theme.radius), theme.px(theme.radius))
        if place is None or place.side is None:
            return path
        tip = QPointF(place.tip - place.area.topLeft())
        along = QPointF(0, half) if place.side in ("right", "left") else QPointF(half, 0)
        foot = {
            "right": QPointF(frame.left() + 1, tip.y()),
            "left": QPointF(frame.right() - 1, tip.y()),
            "below": QPointF(tip.x(), frame.top() + 1),
            "above": QPointF(tip.x(), frame.bottom() - 1),
        }[place.side]
        triangle = QPainterPath()
        triangle.addPolygon(QPolygonF([foot - along, tip, foot + along]))
        triangle.closeSubpath()
        return path.united(triangle)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(theme.accent), _LINE)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(QColor(theme.raised))
            painter.drawPath(self._outline())
