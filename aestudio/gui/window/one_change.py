"""A change of the whole window in one go: presentation, size of the text.

Each of its steps would lay the views out anew: hidden bars, closed sidebars, new type, another size of the
window. A layout of the Latent view takes 10 to 50 ms, and F11 took ten of them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QLayout, QMainWindow


class OneChange:
    """While it is active, the views keep their size, and nothing is painted.

    active: whether there is a change at present
    """

    def __init__(self, window: QMainWindow, views: QLayout, show: Callable[[], None]) -> None:
        """views: the layout that gives the views their size

        show: shows the state at the end; once it has shown it in what is around the views, it calls `lay_out`
        """
        self._window, self._views, self._show = window, views, show
        self.active = False

    @contextmanager
    def steps(self) -> Iterator[None]:
        """What is done within it is laid out, shown and painted once, at its end."""
        self.active = True
        self._window.setUpdatesEnabled(False)
        self._views.setEnabled(False)
        try:
            yield
        finally:
            self.active = False
            self._show()
            self._window.setUpdatesEnabled(True)

    def lay_out(self) -> None:
        """Give the views the size that they have from now on, if a change is at its end."""
        if self._views.isEnabled():
            return
        for widget in (self._window, self._window.centralWidget()):
            layout = None if widget is None else widget.layout()
            if layout is not None:
                layout.activate()
        self._views.setEnabled(True)
        self._views.invalidate()
        self._views.activate()
