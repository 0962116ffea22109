"""The box in which one of several values is chosen, wherever the window offers a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

from aestudio.gui.theme.late_parts import leave_until_shown
from aestudio.gui.theme.style import take_theme
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QContextMenuEvent, QPaintEvent, QStandardItemModel, QWheelEvent

_MOST_VISIBLE = 100
_WIDE = 1000
_INSET = 1  # pixels that the styles leave free on each side of the text

Entry = tuple[Any, str] | tuple[Any, str, str]


class ChoiceBox(QComboBox):
    """One of several values, each with a text. `chosen(value)`: by the user.

    The wheel changes it only while it has the focus, so that scrolling the page does not. A text for which
    the box is too narrow ends in "…".
    """

    chosen = Signal(object)

    def __init__(
        self,
        name: str,
        tip: str = "",
        entries: Iterable[Entry] = (),
        *,
        characters: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """name: for screen readers; entries: each value, its text and, if it has one, its tooltip.

        characters: how many of the text are seen at least, the rest if there is space; 0: those of the
        longest text
        """
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(_MOST_VISIBLE)  # as many as the screen has space for; the others scroll
        self.setAccessibleName(name)
        self.setToolTip(tip)
        if characters:
            self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self.setMinimumContentsLength(characters)
        self._entries: tuple[Entry, ...] = ()
        self.set_entries(entries)
        self.activated.connect(self._choose)

    @property
    def value(self) -> Any:
        """The value that is shown as the chosen one; None of no entries."""
        return self.currentData()

    def show_value(self, value: Any) -> None:
        """Show this value as the chosen one; nothing, if it is not among the entries. No `chosen`."""
        self.setCurrentIndex(self.findData(value))

    def set_entries(self, entries: Iterable[Entry]) -> bool:
        """Offer these values, and show the first, if they are others than before; whether they are."""
        entries = tuple(entries)
        if entries == self._entries:
            return False
        self._entries = entries
        self.clear()
        for index, (value, text, *tip) in enumerate(entries):
            self.addItem(text, value)
            if tip:
                self.setItemData(index, tip[0], Qt.ItemDataRole.ToolTipRole)
        if entries:  # Qt makes the list with the first
            leave_until_shown(self, lambda box: box.view().window())
        return True

    def showPopup(self) -> None:
        take_theme(self)
        super().showPopup()

    def offer(self, value: Any, why_not: str) -> None:
        """Offer one of the values, or grey it with a tooltip that says why not."""
        model: QStandardItemModel = self.model()  # type: ignore[assignment]
        item = model.item(self.findData(value))
        item.setEnabled(not why_not)
        item.setData(why_not, Qt.ItemDataRole.ToolTipRole)

    def whole_width(self) -> int:
        """The width in pixels in which the longest text is whole."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.rect = QRect(0, 0, _WIDE, self.sizeHint().height())
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        texts = (self.fontMetrics().horizontalAdvance(text) for _, text, *_ in self._entries)
        return max(texts, default=0) + _WIDE - field.width() + 2 * _INSET

    def _choose(self, index: int) -> None:
        self.chosen.emit(self.itemData(index))

    def sizeHint(self) -> QSize:
        """With what the styles leave free beside the longest text, which Qt forgets."""
        hint = super().sizeHint()
        if self.sizeAdjustPolicy() != QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon:
            hint.setWidth(hint.width() + 2 * _INSET)
        return hint

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        whole = option.currentText
        shown = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, field.width() - 2 * _INSET)
        if shown == whole:
            super().paintEvent(event)
            return
        option.currentText = shown
        with painting(self) as painter:
            self.style().drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option, painter, self)
            self.style().drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option, painter, self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Leave it to the window's menus; Qt takes the right click and opens nothing."""
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
