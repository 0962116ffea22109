"""The list of the palette: each row has a text, its kind and its shortcut; painted in the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from aestudio.gui.window.palette.palette_entries import PaletteEntry

_HEIGHT, _INSET = 30, 10  # logical pixels of a row, and left and right of its texts
_KIND_SHARE = 0.4  # of the width at most, for kind and shortcut
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class PaletteModel(QAbstractListModel):
    """The entries that match, the best first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: tuple[PaletteEntry, ...] = ()

    def set_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Show these."""
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(entry.text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.obstacle or entry.help
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (one_line(entry.text), entry.kind, entry.keys) if part)
        return None


class _Delegate(QStyledItemDelegate):
    """Paints the text on the left, the kind and the shortcut on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, current_theme().px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, model = current_theme(), index.model()
        assert isinstance(model, PaletteModel)
        entry = model.entries[index.row()]
        area: QRect = option.rect
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(theme.raised))
        inset = theme.px(_INSET)
        inside = area.adjusted(inset, 0, -inset, 0)
        side = self._paint_side(painter, inside, entry)
        body = font(theme)
        painter.setFont(body)
        painter.setPen(QPen(QColor(theme.muted if entry.obstacle else theme.text)))
        width = inside.width() - side - inset
        text = QFontMetrics(body).elidedText(one_line(entry.text), Qt.TextElideMode.ElideMiddle, width)
        left = QRect(inside.left(), inside.top(), width, inside.height())
        painter.drawText(left, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_side(self, painter: QPainter, inside: QRect, entry: PaletteEntry) -> int:
        """Paint shortcut and kind, and return their width."""
        theme = current_theme()
        small = font(theme, theme.caption_size)
        metrics = QFontMetrics(small)
        text = f"{entry.keys}   {entry.kind}" if entry.keys else entry.kind
        most = int(_KIND_SHARE * inside.width())
        text = metrics.elidedText(text, Qt.TextElideMode.ElideLeft, most)
        painter.setFont(small)
        painter.setPen(QPen(QColor(theme.muted)))
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        return metrics.horizontalAdvance(text)


class PaletteList(QListView):
    """One row is always selected while there is any."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries = PaletteModel(self)
        self.setModel(self.entries)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps the keyboard
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("What was found"))

    @property
    def row(self) -> int:
        """The selected row, -1 if nothing was found."""
        return self.currentIndex().row()

    @property
    def entry(self) -> PaletteEntry | None:
        """The selected entry."""
        return self.entries.entries[self.row] if 0 <= self.row < len(self.entries.entries) else None

    def show_entries(self, entries: Sequence[PaletteEntry]) -> None:
        """Show these, with the first one selected."""
        self.entries.set_entries(entries)
        self.select(0)
        self.scrollToTop()

    def select(self, row: int) -> None:
        """Select a row, or the nearest one there is."""
        count = len(self.entries.entries)
        if count:
            self.setCurrentIndex(self.entries.index(min(max(row, 0), count - 1)))

    @property
    def page(self) -> int:
        """How many rows are visible."""
        return max(1, self.viewport().height() // current_theme().px(_HEIGHT))
