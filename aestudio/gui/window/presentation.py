"""The presentation: the view fills the screen, with type that can be read from the last row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QByteArray, QSize
    from PySide6.QtWidgets import QMainWindow, QWidget

    from aestudio.gui.theme.holder import ThemeHolder


def screen_size_of(window: QWidget) -> QSize:
    """The size of the screen that the window is on."""
    return window.screen().size()


class Presentation:
    """Begins and ends the presentation of a window.

    surroundings: what is hidden meanwhile; those that were hidden before stay hidden afterwards. They are
                  asked for each time: what Python holds of a menu bar, which Qt made, can become invalid
    instead:      what is shown only meanwhile
    active:       whether there is one
    screen_size:  of the screen that the window will fill
    geometry:     of the window before it began, as `QWidget.saveGeometry` gives it
    """

    def __init__(
        self,
        window: QMainWindow,
        surroundings: Callable[[], tuple[QWidget, ...]],
        instead: tuple[QWidget, ...],
    ) -> None:
        self._window = window
        self._surroundings, self._instead = surroundings, instead
        self._visible_before: tuple[bool, ...] = ()
        self._was_maximised, self._before = False, window.geometry()
        self.active = False
        self.geometry: QByteArray | None = None
        self.screen_size: Callable[[QWidget], QSize] = screen_size_of
        for part in instead:
            part.hide()

    def begin(self, holder: ThemeHolder | None) -> None:
        """Fill the screen."""
        window = self._window
        self.geometry = window.saveGeometry()
        surroundings = self._surroundings()
        self._visible_before = tuple(part.isVisibleTo(window) for part in surroundings)
        self._was_maximised, self._before = window.isMaximized(), window.geometry()
        for part in surroundings:
            part.hide()
        if holder is not None:
            holder.present(self.screen_size(window))
        for part in self._instead:
            part.show()
        if not self._was_maximised:
            # The window system gives it its size a little later: the views would be laid out for both.
            window.setGeometry(window.screen().geometry())
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)

    def follow_screen(self, holder: ThemeHolder | None) -> None:
        """Adapt the type to the screen: a projector may have been plugged in, or its resolution changed."""
        if self.active and holder is not None:
            holder.present(self.screen_size(self._window))

    def end(self, holder: ThemeHolder | None) -> None:
        """Give the window its former state."""
        window = self._window
        for part in self._instead:
            part.hide()
        if holder is not None:
            holder.end_presentation()
        for part, visible in zip(self._surroundings(), self._visible_before, strict=True):
            part.setVisible(visible)
        if self._was_maximised:
            window.showMaximized()
        else:
            window.showNormal()
            window.setGeometry(self._before)
