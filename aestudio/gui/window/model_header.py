"""The line that names what is on show: the model, its data set, its step and its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.painting import painting
from aestudio.gui.window.heading_lines import count_of_lines, lines_of, text_of
from aestudio.gui.window.model_heading import SEPARATOR, Heading, heading_of

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent

    from aestudio.gui.state.studio_state import StudioState

MOST_LINES = 3
_SPARE = 2  # pixels
_OF_THE_RUN = ("run.name", "run.show_folder", "runs.all")  # commands
_LEAST_TITLE = 150  # logical pixels to which a title is cut before the step is left out


class ModelHeader(QWidget):
    """One line, or two or three if all of it does not fit into one.

    If those are too few, the data set is left out first, and the end of a long title; then the step. What is
    left out is in the tooltip. The state is always shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = Heading()
        self._shown_parts = Shown()
        self._side = Qt.AlignmentFlag.AlignLeft
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All of it in one line."""
        return self._heading.text

    def offer_at(self, at: QPoint | None) -> Offer:
        """What is on show as a text, and what can be done with the run."""
        del at
        return Offer(what=self.text, text=self.text, terms=("step",), commands=_OF_THE_RUN)

    @property
    def shown(self) -> str:
        """What is painted, in one line."""
        return text_of(self._lines())

    @property
    def needed_width(self) -> int:
        """Pixels in which all of it fits into one line, also while the numbers of a training grow."""
        headings = (self._heading, *self._heading.longest)
        return max((self._width_of(one.text) for one in headings), default=0)

    def height_in(self, width: int, most: int) -> int:
        """The height in this width: of as many lines as all of it needs, `most` at most."""
        return self._height() * min(most, count_of_lines(self._heading, width, most, self._width_of))

    @property
    def height_of_two(self) -> int:
        """The least height of two lines."""
        return 2 * self._metrics().height()

    def fits_in_two(self, width: int) -> bool:
        """Whether all of it fits into two lines of this width, also while the numbers of a training grow."""
        return count_of_lines(self._heading, width, 2, self._width_of) <= 2

    def set_alignment(self, side: Qt.AlignmentFlag) -> None:
        """Align the line; left by default."""
        if side != self._side:
            self._side = side
            self.update()

    def show_state(self, state: StudioState, *, comparison: bool = False) -> bool:
        """Show what is on show; return whether it may need another width.

        comparison: whether the view in front shows the compared runs
        """
        parts = (
            state.model,
            state.shown_run,
            state.history.step,
            state.runs,
            state.data.dataset,
            state.comparison if comparison else None,
        )
        if not self._shown_parts.differs(*parts):
            return False
        heading = heading_of(state, comparison=comparison)
        if heading == self._heading:
            return False
        wider = heading.longest != self._heading.longest
        self._heading = heading
        self.setAccessibleName(heading.text)
        self._update_tooltip()
        self.update()
        return wider

    def _lines(self) -> tuple[Heading, ...]:
        """What is painted in each line."""
        most = min(MOST_LINES, self.height() // max(1, self._metrics().height()))
        least_title = current_theme().px(_LEAST_TITLE)
        return lines_of(self._heading, self.width(), most, self._width_of, least_title)

    def _font(self) -> QFont:
        return font(current_theme(), weight=QFont.Weight.Medium)

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._font())

    def _width_of(self, text: str) -> int:
        return self._metrics().horizontalAdvance(text) + _SPARE

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._height())

    def _height(self) -> int:
        return self._metrics().height() + current_theme().px(4)

    def _update_tooltip(self) -> None:
        whole = self._heading.text
        self.setToolTip(self.tr("The model that every view shows: {}").format(whole) if whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        lines = self._lines()
        # Several lines stay together, in the middle of the height.
        height = self.height() if len(lines) == 1 else min(self.height() // len(lines), self._height())
        top = (self.height() - height * len(lines)) // 2
        with painting(self) as painter:
            painter.setFont(self._font())
            for number, shown in enumerate(lines):
                self._paint_line(painter, shown, QRect(0, top + number * height, self.width(), height))

    def _paint_line(self, painter: QPainter, shown: Heading, area: QRect) -> None:
        theme = current_theme()
        tone = {"good": theme.good, "warn": theme.warn, "bad": theme.bad}.get(shown.tone, theme.text)
        runs: list[tuple[str, str]] = []
        for part in shown.parts:
            if runs:
                runs.append((SEPARATOR, theme.muted))
            colour = {shown.model: theme.text, shown.state: tone}.get(part, theme.muted)
            runs.append((part, colour))
        metrics = painter.fontMetrics()
        x = 0
        if self._side == Qt.AlignmentFlag.AlignRight:
            x = max(0, self.width() - sum(metrics.horizontalAdvance(text) for text, _ in runs) - 1)
        for text, colour in runs:
            width = metrics.horizontalAdvance(text)
            painter.setPen(QColor(colour))
            place = QRect(x, area.top(), width + 1, area.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            x += width
