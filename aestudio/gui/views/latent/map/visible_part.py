"""The visible part of the map, and a signal when the user has stopped moving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from aestudio.gui.views.latent.map.map_panel import MapPanel

# The view must rest for this time before something new is requested for it.
REST_MILLISECONDS = 120


class VisiblePart(QObject):
    """moved(): another part of the map is visible, and it rests; only while `followed`."""

    moved = Signal()

    def __init__(self, panel: MapPanel) -> None:
        super().__init__(panel)
        self.followed = False
        self._panel = panel
        self._connected = False
        self._rest_timer = QTimer(self)
        self._rest_timer.setSingleShot(True)
        self._rest_timer.setInterval(REST_MILLISECONDS)
        self._rest_timer.timeout.connect(self.moved)

    def rect(self) -> QRectF:
        """The visible part in data coordinates; its top is the smallest y."""
        box = self._panel.map.plot.map_box
        if not self._connected:
            self._connected = True
            box.sigRangeChanged.connect(self._changed)
            box.sigResized.connect(self._changed)  # the same part may be larger on the screen
        return box.viewRect()

    @Slot()
    def _changed(self) -> None:
        if self.followed:
            self._rest_timer.start()
