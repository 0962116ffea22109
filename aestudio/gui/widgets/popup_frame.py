"""A frame over the window beside the button that opens it, for controls that need not be visible always."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from aestudio.gui.theme.late_parts import leave_until_shown
from aestudio.gui.theme.style import current_theme, set_role, take_theme

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent

_GAP = 4  # logical pixels between the button and the frame


class PopupFrame(QFrame):
    """Closes with Escape, by a click elsewhere, and when the window changes its size.

    Tab stays inside. It is a child of the window, not a popup window, which would not get the keyboard on
    every platform.

    closed()
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button: QWidget | None = None
        self._above = False
        set_role(self, "floating")
        self.hide()
        leave_until_shown(self)

    def switch(self, button: QWidget) -> None:
        """Open below a button, or close if it is open."""
        if self.isVisible():
            self.close_popup()
        else:
            self.open_at(button)

    def open_at(self, button: QWidget, *, above: bool = False) -> None:
        """Open inside the button's window, and take the focus.

        above: above the button, otherwise below it; on the other side if only that has space
        """
        self._button, self._above, window = button, above, button.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        take_theme(self)
        self._place()
        self.show()
        self.raise_()
        if stops := self._stops():
            stops[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def fit(self) -> None:
        """Adapt to its content, if it is open."""
        if self.isVisible():
            self._place()

    def close_popup(self) -> None:
        """Close, and give the focus back to the button."""
        focused = self.window().focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        self.hide()
        if inside and self._button is not None and self._button.isVisible():
            self._button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> None:
        """At the right edge of the button, as far left as needed to be in the window."""
        assert self._button is not None
        window, gap = self._button.window(), current_theme().px(_GAP)
        size = self._needed_size().boundedTo(window.size())
        corner = self._button.mapTo(window, QPoint(self._button.width(), 0))
        left = min(max(corner.x() - size.width(), 0), window.width() - size.width())
        above, below = corner.y() - gap - size.height(), corner.y() + self._button.height() + gap
        fits_below = below + size.height() <= window.height()
        if above >= 0 and (self._above or not fits_below):
            top = above
        else:
            top = below if fits_below else window.height() - size.height()
        self.setGeometry(left, max(0, top), size.width(), size.height())

    def _needed_size(self) -> QSize:
        """What the content needs now; Qt adapts only windows to texts that wrap."""
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()
        self.adjustSize()
        size = self.size()
        if layout is not None and layout.hasHeightForWidth():
            size.setHeight(layout.totalHeightForWidth(size.width()))
        return size

    def _stops(self) -> list[QWidget]:
        """What the Tab key goes to, in its order."""
        chain, at = [], self.nextInFocusChain()
        while at is not None and at is not self:
            chain.append(at)
            at = at.nextInFocusChain()
        usable = [at for at in chain if self.isAncestorOf(at) and at.isVisible() and at.isEnabled()]
        return [at for at in usable if at.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's
        """Tab goes round inside the frame."""
        stops, focused = self._stops(), self.window().focusWidget()
        if not stops:
            return False
        step = 1 if next else -1
        index = stops.index(focused) + step if focused is not None and focused in stops else 0
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        stops[index % len(stops)].setFocus(reason)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.MouseButtonPress
        outside = pressed and isinstance(watched, QWidget) and self._is_elsewhere(watched)
        hidden = event.type() == QEvent.Type.Hide and watched is self._button
        resized = event.type() == QEvent.Type.Resize and watched is self.window()
        if outside or hidden or resized:
            self.hide()
        return False

    def _is_elsewhere(self, widget: QWidget) -> bool:
        """Whether a widget of this window is neither inside this frame nor the button that opens it."""
        inside = widget in (self, self._button) or self.isAncestorOf(widget)
        return widget.window() is self.window() and not inside

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click on the frame must not reach the widgets below

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_popup()
        else:
            super().keyPressEvent(event)
