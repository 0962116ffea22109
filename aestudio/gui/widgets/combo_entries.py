"""Single entries of a choice that are offered, or not, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QStandardItemModel
    from PySide6.QtWidgets import QComboBox


def offer(box: QComboBox, index: int, offered: bool, why_not: str) -> None:
    """Enable an entry, or disable it with a tooltip that says why."""
    model: QStandardItemModel = box.model()  # type: ignore[assignment]
    item = model.item(index)
    if item.isEnabled() != offered or item.data(Qt.ItemDataRole.ToolTipRole) != (why_not or None):
        item.setEnabled(offered)
        item.setData("" if offered else why_not, Qt.ItemDataRole.ToolTipRole)
