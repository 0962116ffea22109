"""A sentence below a field that says why its text is not taken; it stays while it is true.

A tooltip would be gone after some seconds or with the next movement of the mouse, and cannot be read from
afar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer

from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_WIDTH, _GAP = 260, 4  # logical pixels
LINGER_MILLISECONDS = 8000


class FieldNote(QObject):
    """The note of one field: a label over its window, below the field, or above it if there is no space.

    It disappears with its field, and when the window is resized or another page is shown.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._label: PlainLabel | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LINGER_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        field.installEventFilter(self)

    @property
    def text(self) -> str:
        """The text that is shown, "" for none."""
        shown = self._label is not None and self._label.isVisible()
        return self._label.text() if self._label is not None and shown else ""

    def show(self, text: str, *, linger: bool = False) -> None:
        """Show a text; linger: only for a while, because the field has a valid text again."""
        if not self._field.isVisible():
            return
        label = self._label_in_window()
        label.setText(text)
        self._place(label)
        label.show()
        label.raise_()
        self._timer.start() if linger else self._timer.stop()

    def hide(self) -> None:
        """Remove the note."""
        self._timer.stop()
        if self._label is not None:
            self._label.hide()

    def _label_in_window(self) -> PlainLabel:
        window = self._field.window()
        if self._label is None or self._label.parentWidget() is not window:
            if self._label is not None:
                self._label.deleteLater()
            label = self._label = PlainLabel(parent=window)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setWordWrap(True)
            set_role(label, "refusal")
            label.destroyed.connect(self._forget)
        return self._label

    def _forget(self) -> None:
        self._label = None

    def _place(self, label: PlainLabel) -> None:
        theme, window = current_theme(), self._field.window()
        label.ensurePolished()
        most = min(theme.px(_WIDTH), window.width() - 2 * theme.px(_GAP))
        label.setFixedWidth(min(most, label.fontMetrics().horizontalAdvance(label.text()) + theme.px(26)))
        label.setFixedHeight(label.heightForWidth(label.width()))
        corner = self._field.mapTo(window, QPoint(0, self._field.height() + theme.px(_GAP)))
        if corner.y() + label.height() > window.height():
            corner.setY(self._field.mapTo(window, QPoint(0, 0)).y() - label.height() - theme.px(_GAP))
        left = min(corner.x(), window.width() - label.width() - theme.px(_GAP))
        label.move(max(theme.px(_GAP), left), max(theme.px(_GAP), corner.y()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go when the field is hidden, moved or resized."""
        if event.type() in (QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize):
            self.hide()
        return False
