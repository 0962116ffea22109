"""Asks a widget and those around it what they offer, and what every label, tooltip and table offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QTreeView

from aestudio.gui.widgets.glossary import PROPERTY
from aestudio.gui.widgets.offer import Offer, Offering, ValueTable
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.plain_text import text_of_label
from aestudio.gui.widgets.true_pixels import pixel_table

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

translate = QCoreApplication.translate


def offer_of(widget: QWidget, at: QPoint | None) -> Offer:
    """What a widget and those around it, up to its window, offer at a point of it; None: for the keys."""
    found, around = Offer(), widget
    while True:
        found = found.inside(_own(around, at))
        outer = around.parentWidget()
        if outer is None or around.isWindow():
            return _with_numbers(found)
        at = None if at is None else around.mapToParent(at)
        around = outer


def _with_numbers(offer: Offer) -> Offer:
    """An image has a table, too: its pixels, unless a plot or table around it has one of its own."""
    pixels = offer.picture
    if pixels is None or offer.values is not None:
        return offer
    return offer.inside(Offer(values=lambda: pixel_table(pixels)))


def _own(widget: QWidget, at: QPoint | None) -> Offer:
    """What this widget alone offers: its declaration first, then what its kind offers."""
    declared = widget.offer_at(at) if isinstance(widget, Offering) else Offer()
    text = text_of_label(widget)
    if text is not None:
        declared = declared.inside(Offer(text=text))
    elif isinstance(widget, QAbstractItemView):
        declared = declared.inside(_of_table(widget))
    return declared.inside(_explained(widget, at))


def _explained(widget: QWidget, at: QPoint | None) -> Offer:
    """The tooltip at the point, and the terms that it explains."""
    text = widget.help_at(at) if at is not None and isinstance(widget, PaintedWidget) else None
    terms = widget.property(PROPERTY) or ""
    return Offer(terms=tuple(terms.split()), help=widget.toolTip() if text is None else text)


def _of_table(view: QAbstractItemView) -> Offer:
    """Its selected cells and all of them, in the order of the columns on the screen."""
    model = view.model()
    if model is None or not model.rowCount():
        return Offer()
    display = Qt.ItemDataRole.DisplayRole
    # A list model has one column, and its `columnCount` is private.
    columns = _columns(view, 1 if isinstance(model, QAbstractListModel) else model.columnCount())

    def text(row: int, column: int) -> str:
        value = model.index(row, column).data(display)
        return "" if value is None else str(value)

    def cells() -> str:
        chosen = {(index.row(), index.column()) for index in view.selectedIndexes()}
        rows = sorted({row for row, _ in chosen})
        return "\n".join("\t".join(text(row, at) for at in columns if (row, at) in chosen) for row in rows)

    def values() -> ValueTable:
        headings = tuple(
            str(model.headerData(at, Qt.Orientation.Horizontal, display) or "") for at in columns
        )
        return ValueTable(headings, [[text(row, at) for at in columns] for row in range(model.rowCount())])

    return Offer(what=view.accessibleName(), values=values, cells=cells if view.selectedIndexes() else None)


def _columns(view: QAbstractItemView, count: int) -> list[int]:
    """The columns that are shown, from the left; a list has one, and no header."""
    header = None
    if isinstance(view, QTableView):
        header = view.horizontalHeader()
    elif isinstance(view, QTreeView):
        header = view.header()
    if header is None:
        return list(range(count))
    return sorted((at for at in range(count) if not header.isSectionHidden(at)), key=header.visualIndex)
