"""The view between the sidebars: which are open, folded or over the view, and the user drags their width.

The sidebars are not in the splitter: they are laid over empty places in it, or over the view in a window
without such a place. So a sidebar moves without getting another parent, which would polish all of it again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from aestudio.gui.theme.late_parts import leave_until_shown
from aestudio.gui.theme.style import current_theme, keep_length, set_over, take_theme
from aestudio.gui.window.sidebars.sidebar_arrangement import (
    LEAST,
    LEFT,
    MOST,
    RIGHT,
    USUAL,
    Display,
    Side,
    SidebarChoices,
    WindowSize,
    displays,
    size_of,
    widths,
)

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QResizeEvent

_HANDLE = 4


class SidebarLayout(QWidget):
    """Shows the sidebars as the user wants them, if they fit. changed(): another one is open, or none.

    choices_changed(SidebarChoices): what the user chose, to be kept
    """

    changed = Signal()
    choices_changed = Signal(object)

    def __init__(
        self,
        sidebars: tuple[QWidget, QWidget],
        folded: tuple[QWidget, QWidget],
        view: QWidget,
        choices: SidebarChoices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sidebars, self._folded, self._view = sidebars, folded, view
        self.choices = choices
        self._presentation = False
        self._shown: tuple[Display, Display] = ("none", "none")
        self._size: WindowSize = size_of(self.width(), False)
        self.places = (QWidget(), QWidget())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setProperty("role", "gap")
        for part in (self.places[LEFT], view, self.places[RIGHT]):
            self.splitter.addWidget(part)
        self.splitter.setStretchFactor(1, 1)
        keep_length(self.splitter, lambda splitter, theme: splitter.setHandleWidth(theme.px(_HANDLE)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        for part in (*folded, *sidebars):
            part.setParent(self)
            part.hide()
            leave_until_shown(part)
        for place in self.places:
            place.installEventFilter(self)
        self.splitter.splitterMoved.connect(self._dragged)

    # ---- what is shown -----------------------------------------------------------------------------

    @property
    def shown(self) -> tuple[Display, Display]:
        """How the left and the right sidebar are shown now."""
        return self._shown

    def is_open(self, sidebar: QWidget) -> bool:
        """Whether this sidebar is open, beside the view or over it."""
        return self._shown[self._side_of(sidebar)] in ("open", "over")

    def toggle(self, sidebar: QWidget) -> None:
        """Open or fold a sidebar in windows of the present size."""
        self.set_open(sidebar, not self.is_open(sidebar))

    def set_open(self, sidebar: QWidget, opened: bool) -> None:
        """Open or fold a sidebar in windows of the present size."""
        side = self._side_of(sidebar)
        other = RIGHT if side == LEFT else LEFT
        self.choices = self.choices.with_opened(self._size, side, opened)
        if not opened and self._shown[other] == "open":
            self.choices = replace(self.choices, last=other)
        self.choices_changed.emit(self.choices)
        self.arrange()

    def close_over_view(self) -> bool:
        """Fold what lies over the view; return whether there was something."""
        over = [side for side in (LEFT, RIGHT) if self._shown[side] == "over"]
        for side in over:
            self.set_open(self._sidebars[side], False)
        return bool(over)

    def set_presentation(self, presentation: bool) -> None:
        """Give the view all the space; afterwards the sidebars are as before."""
        self._presentation = presentation
        self.arrange()

    def _side_of(self, sidebar: QWidget) -> Side:
        return LEFT if sidebar is self._sidebars[LEFT] else RIGHT

    # ---- arrangement -------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Place everything as the width allows."""
        px, scale = current_theme().px, current_theme().scale
        width = round(self.width() / scale)
        size = size_of(width, self._presentation)
        if size != self._size:
            self._size = size
            self.choices = replace(self.choices, small=(False, False))
        shown = displays(self.choices, width, self._presentation)
        lengths = widths(self.choices, shown, width)
        for side, place in enumerate(self.places):
            opened = shown[side] == "open"
            least, most = (LEAST[side], MOST) if opened else (lengths[side], lengths[side])
            place.setMinimumWidth(px(least))
            place.setMaximumWidth(px(most))
            place.setVisible(shown[side] in ("open", "folded"))
            handle = self.splitter.handle(1 if side == LEFT else 2)
            handle.setEnabled(opened)
            handle.setVisible(opened)
        left, right = (px(length) for length in lengths)
        self.splitter.refresh()  # it counts handles that have just been shown or hidden
        self.splitter.setSizes([left, max(1, self.width() - left - right), right])
        self._place_parts(shown)
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()

    def _place_parts(self, shown: tuple[Display, Display]) -> None:
        for side in (LEFT, RIGHT):
            for part, when in ((self._folded[side], ("folded",)), (self._sidebars[side], ("open", "over"))):
                visible = shown[side] in when
                if visible:
                    take_theme(part)
                    set_over(part, shown[side] == "over")
                    part.setGeometry(self._area(side, shown[side]))
                    part.raise_()
                part.setVisible(visible)

    def _area(self, side: Side, display: Display) -> QRect:
        if display == "over":
            width = min(self.width(), current_theme().px(max(USUAL[side], self.choices.widths[side])))
            return QRect(0 if side == LEFT else self.width() - width, 0, width, self.height())
        place = self.places[side]
        return QRect(place.mapTo(self, QPoint(0, 0)), place.size())

    def _dragged(self, position: int, index: int) -> None:
        del position
        side = LEFT if index == 1 else RIGHT
        if self._shown[side] == "open":
            width = round(self.places[side].width() / current_theme().scale)
            self.choices = self.choices.with_width(side, width)

    # ---- events ------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a part over its place."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and watched in self.places:
            side = cast("Side", self.places.index(cast("QWidget", watched)))
            display = self._shown[side]
            part = {"open": self._sidebars[side], "folded": self._folded[side]}.get(display)
            if part is not None:
                part.setGeometry(self._area(side, display))
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()
