"""Asks for one line of text, as a name, without waiting for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialogButtonBox, QInputDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_BESIDE_TEXT, _AROUND = 5, 48  # margins beside the text, in its heights; pixels of the window around it


def ask_text(
    parent: QWidget, title: str, label: str, text: str, accepted: Callable[[str], object]
) -> QInputDialog:
    """Open the question, with `text` in its field; OK is off while the field is empty.

    accepted: is called with what was typed, without spaces around it
    """
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setTextValue(text)
    dialog.textValueChanged.connect(lambda typed: _allow(dialog, typed))
    dialog.textValueSelected.connect(lambda typed: typed.strip() and accepted(typed.strip()))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    # As wide as the text, as far as the window is: Qt makes the field as wide as the title.
    metrics = dialog.fontMetrics()
    wanted = metrics.horizontalAdvance(text) + _BESIDE_TEXT * metrics.height()
    dialog.resize(min(max(wanted, dialog.width()), parent.window().width() - _AROUND), dialog.height())
    _allow(dialog, text)
    return dialog


def _allow(dialog: QInputDialog, typed: str) -> None:
    buttons = dialog.findChild(QDialogButtonBox)
    if buttons is not None:
        buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(typed.strip()))
