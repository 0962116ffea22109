"""The inside of a plot: a view box between its two axes.

pyqtgraph's own `PlotItem` makes some sixty widgets for a menu that no plot here has. They took a third of
the time to make a plot, and each change of the theme styled them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsItem

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsLayoutItem

_VIEW, _LEFT, _BELOW, _BESIDE = (2, 1), (2, 0), (3, 1), (2, 3)
_MUCH = 100
LAYOUT_MARGIN = 1
"""Pixels around axes and view."""
_OF_THE_VIEW = frozenset(
    {
        "autoRange",
        "clear",
        "disableAutoRange",
        "enableAutoRange",
        "register",
        "setAspectLocked",
        "setLimits",
        "setMouseEnabled",
        "setRange",
        "setXLink",
        "setXRange",
        "setYLink",
        "setYRange",
        "unregister",
        "viewRange",
        "viewRect",
    }
)


class PlotFrame(pg.GraphicsWidget):
    """The item of a `pg.PlotWidget`, without menus, buttons, title and averages.

    Methods of the view box that `pg.PlotWidget` offers (`setXRange`, `viewRect` ...) go to the view box.
    """

    sigRangeChanged = Signal(object, object)  # noqa: N815 - pyqtgraph's name

    def __init__(self, view_box: pg.ViewBox, left: pg.AxisItem, bottom: pg.AxisItem) -> None:
        super().__init__()
        self.vb: pg.ViewBox | None = view_box
        self.axes = {"left": left, "bottom": bottom}
        self.grid = QGraphicsGridLayout()
        self.grid.setContentsMargins(*[LAYOUT_MARGIN] * 4)
        self.grid.setSpacing(0)
        self.setLayout(self.grid)
        self.grid.addItem(view_box, *_VIEW)
        self.grid.setRowStretchFactor(_VIEW[0], _MUCH)
        self.grid.setColumnStretchFactor(_VIEW[1], _MUCH)
        for axis, place in ((bottom, _BELOW), (left, _LEFT)):
            axis.linkToView(view_box)
            axis.setFlag(QGraphicsItem.GraphicsItemFlag.ItemNegativeZStacksBehindParent)
            axis.setZValue(-1)  # the grid lies under the curves
            self.grid.addItem(axis, *place)
        view_box.sigRangeChanged.connect(self._range_changed)

    def _range_changed(self, _: pg.ViewBox, shown: object, __: object) -> None:
        self.sigRangeChanged.emit(self, shown)

    def add_beside(self, item: QGraphicsLayoutItem) -> None:
        """Put an item to the right of the view, as high as the space between the axes."""
        self.grid.addItem(item, *_BESIDE)

    def getViewBox(self) -> pg.ViewBox:
        """The part between the axes."""
        assert self.vb is not None
        return self.vb

    def addItem(self, item: QGraphicsItem, ignoreBounds: bool = False) -> None:  # noqa: N803
        """Draw an item in the view's coordinates."""
        self.getViewBox().addItem(item, ignoreBounds=ignoreBounds)

    def removeItem(self, item: QGraphicsItem) -> None:
        """Remove an item."""
        self.getViewBox().removeItem(item)

    def setAxisItems(self, *_: object) -> None:
        """Not supported, because the axes are given to the constructor; raises TypeError."""
        raise TypeError("the axes of a PlotFrame stay")

    def close(self) -> bool:
        """Close the axes and remove the view, as pyqtgraph requires before its scene is deleted."""
        if self.vb is not None:
            for axis in self.axes.values():
                axis.close()
            self.axes = {}
            self.scene().removeItem(self.vb)
            self.vb = None
        return True

    def __getattr__(self, name: str) -> Any:
        view_box = self.__dict__.get("vb")
        if name not in _OF_THE_VIEW or view_box is None:
            raise AttributeError(name)  # pyqtgraph looks for mouse handlers by name on every item
        return getattr(view_box, name)
