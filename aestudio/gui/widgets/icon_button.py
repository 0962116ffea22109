"""Buttons whose icon follows the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from aestudio.gui.theme.icons import icon
from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.widgets.plain_text import LiteralText, literal

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent


class IconButton(QToolButton):
    """An icon without text; its tooltip is also its accessible name.

    role: "" (outlined), "quiet" (no outline until hovered) or "primary".
    """

    def __init__(
        self, icon_name: str, tip: str, parent: QWidget | None = None, *, role: str = "quiet", side: int = 18
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._side = side
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_tip(tip)
        set_role(self, role)
        self._update_icon()

    def set_icon(self, icon_name: str, tip: str | None = None) -> None:
        """Show another icon (play becomes pause), and another tooltip if one is given."""
        if icon_name != self._icon_name:
            self._icon_name = icon_name
            self._update_icon()
        if tip is not None:
            self.set_tip(tip)

    def set_tip(self, tip: str) -> None:
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def change_role(self, role: str) -> None:
        """Let it look more or less important."""
        if self.property("role") != role:
            set_role(self, role)
            self._update_icon()

    def _update_icon(self) -> None:
        theme = current_theme()
        colour = theme.on_accent if self.property("role") == "primary" else None
        side = theme.px(self._side)
        self.setIcon(icon(self._icon_name, theme, side, colour))
        self.setIconSize(QSize(side, side))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._update_icon()


class TextButton(LiteralText, QPushButton):
    """A button with an icon and a text; roles as for IconButton, "" by default."""

    def __init__(
        self, icon_name: str, text: str, parent: QWidget | None = None, *, tip: str = "", role: str = ""
    ) -> None:
        super().__init__(literal(text), parent)
        self._icon_name = icon_name
        self.setToolTip(tip)
        set_role(self, role)
        self._update_icon()

    def set_icon(self, icon_name: str) -> None:
        if icon_name != self._icon_name:
            self._icon_name = icon_name
            self._update_icon()

    def change_role(self, role: str) -> None:
        """Let it look more or less important."""
        if self.property("role") != role:
            set_role(self, role)
            self._update_icon()

    def _update_icon(self) -> None:
        theme = current_theme()
        if self._icon_name:
            colour = theme.on_accent if self.property("role") == "primary" else None
            side = theme.px(16)
            self.setIcon(icon(self._icon_name, theme, side, colour))
            self.setIconSize(QSize(side, side))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._update_icon()
