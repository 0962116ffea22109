"""A layout that sets its widgets in lines, as words are set in a paragraph.

superqt has one, too; it was the only part of superqt in use, and importing it (with qtpy, pygments and
OpenGL) took 0.1 s before the first frame.
"""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """From left to right, or from right to left where the language is read so; a full line starts the next.

    gap: pixels between two widgets and between two lines
    """

    def __init__(self, parent: QWidget | None = None, gap: int = 0) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap)
        if parent is not None:
            self.setContentsMargins(QMargins())
            parent.setLayout(self)

    def addItem(self, item: QLayoutItem) -> None:
        """Append an item."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at this place, None if there is none: that is how Qt finds the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove the item at this place and return it, None if there is none."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It needs no more room than its widgets."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """A narrower layout is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at this width, in pixels."""
        return self._set_lines(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets."""
        super().setGeometry(rect)
        self._set_lines(rect, apply=True)

    def sizeHint(self) -> QSize:
        """The smallest size, since the width decides on the height."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The size of the largest widget, with margins."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def _set_lines(self, rect: QRect, apply: bool) -> int:
        """The height of all lines within the width of the rectangle; apply: move the widgets there, too."""
        margins, gap = self.contentsMargins(), self.spacing()
        inner = rect.marginsRemoved(margins)
        corner, line = QPoint(inner.topLeft()), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if corner.x() > inner.x() and corner.x() + size.width() > inner.x() + inner.width():
                corner, line = QPoint(inner.x(), corner.y() + line + gap), 0
            if apply:
                item.setGeometry(self._mirrored(QRect(corner, size), inner))
            corner.setX(corner.x() + size.width() + gap)
            line = max(line, size.height())
        return corner.y() + line - inner.y() + margins.top() + margins.bottom()

    def _mirrored(self, box: QRect, inner: QRect) -> QRect:
        parent = self.parentWidget()
        if parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            box.moveRight(inner.left() + inner.right() - box.left())
        return box
