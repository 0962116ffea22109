"""The content of an empty view: an icon, one sentence, and a button that fills the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from aestudio.gui.theme.icons import icon_pixmap
from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.widgets.layouts import aligned, column, fill
from aestudio.gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

_ICON_SIDE = 48


class EmptyState(QWidget):
    """An icon, one sentence, one button; `pressed()` when it is used.

    A button without a text is hidden. A sentence without an icon is less prominent, in the middle.
    """

    pressed = Signal()

    def __init__(
        self, icon_name: str = "", sentence: str = "", button: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._image = PlainLabel()
        self._sentence = PlainLabel()
        self._sentence.setWordWrap(True)
        self._button = QPushButton()
        self._button.clicked.connect(self.pressed)
        centre = Qt.AlignmentFlag.AlignCenter
        self._image.setAlignment(centre)
        self._sentence.setAlignment(centre)
        self._column = column(
            fill(factor=2),
            self._image,
            self._sentence,
            aligned(self._button, centre),
            fill(factor=3),
            gap=16,
            margins=None,
            on=self,
        )
        self.set_state(icon_name, sentence, button)

    def set_state(self, icon_name: str, sentence: str, button: str = "") -> None:
        """Show a different icon, sentence and button."""
        self._icon_name = icon_name
        self._sentence.setText(sentence)
        set_role(self._sentence, "label" if icon_name else "muted")
        self._column.setStretch(0, 2 if icon_name else 3)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setAccessibleName(sentence)
        self._update_icon()

    def _update_icon(self) -> None:
        self._image.setVisible(bool(self._icon_name))
        if not self._icon_name:
            return
        theme = current_theme()
        side = theme.px(_ICON_SIDE)
        self._image.setPixmap(icon_pixmap(self._icon_name, theme.muted, side, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._update_icon()
