"""The base of what is drawn over a whole plot in pixels, whatever the zoom."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF


class OverView(pg.GraphicsObject):
    """An item whose place is all of its view; heirs paint in the widget's pixels."""

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The whole view."""
        view_box = self.getViewBox()
        return QRectF() if view_box is None else view_box.viewRect()

    def viewTransformChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        """The view is another one, and so is the bounding box."""
        self.prepareGeometryChange()
