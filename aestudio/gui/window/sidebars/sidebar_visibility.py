"""Decides which sidebars are visible: both if the window is wide enough, otherwise one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.window.sidebars import left_sidebar, right_sidebar

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.window.sidebars.left_sidebar import LeftSidebar
    from aestudio.gui.window.sidebars.right_sidebar import RightSidebar

MINIMUM_VIEW_WIDTH = 692  # logical pixels that a view needs, with the margins around it


class SidebarVisibility:
    """Shows and hides the sidebars as the user wants them, if they fit.

    In a narrow window an opened sidebar replaces the other one, which returns when the window is wide enough.
    Until then a button beside the view (`open_buttons`) opens it, too.
    """

    def __init__(self, left: LeftSidebar, right: RightSidebar, changed: Callable[[], object]) -> None:
        self._sidebars: tuple[QWidget, QWidget] = (left, right)
        self._changed = changed
        self._requested: dict[QWidget, bool] = dict.fromkeys(self._sidebars, True)
        self._first: QWidget = left
        self._narrow = False
        self._saved: dict[QWidget, bool] | None = None
        translate = QCoreApplication.translate
        tips = (
            translate("SidebarVisibility", "Open the recipe sidebar instead of the inspector (Ctrl+B)"),
            translate("SidebarVisibility", "Open the inspector instead of the recipe sidebar (Ctrl+I)"),
        )
        icons = ("fold-right", "fold-left")  # the direction in which the view shrinks
        self.open_buttons = tuple(IconButton(name, tip) for name, tip in zip(icons, tips, strict=True))
        for button, sidebar in zip(self.open_buttons, self._sidebars, strict=True):
            button.clicked.connect(lambda _=False, sidebar=sidebar: self.toggle(sidebar))
            button.hide()

    def is_shown(self, sidebar: QWidget) -> bool:
        """Whether this sidebar is shown now."""
        return self._requested[sidebar] and not self._displaced(sidebar)

    def toggle(self, sidebar: QWidget) -> None:
        """Hide or show a sidebar."""
        if self.is_shown(sidebar):
            self._requested[sidebar] = False
        else:
            self._requested[sidebar], self._first = True, sidebar
        self._apply()

    def set_all_hidden(self, hidden: bool) -> None:
        """Hide both sidebars, or restore their visibility; `toggle` works while they are hidden."""
        if hidden:
            self._saved, self._requested = self._requested, dict.fromkeys(self._sidebars, False)
        elif self._saved is not None:
            self._saved, self._requested = None, self._saved
        self._apply()

    def set_width(self, width: int) -> None:
        """Set the width of the window, in logical pixels."""
        narrow = width < current_theme().px(left_sidebar.WIDTH + right_sidebar.WIDTH + MINIMUM_VIEW_WIDTH)
        if narrow != self._narrow:
            self._narrow = narrow
            self._apply()

    def _displaced(self, sidebar: QWidget) -> bool:
        """Whether it is requested, but only the other one fits."""
        return self._narrow and self._requested[sidebar] and sidebar is not self._first

    def _apply(self) -> None:
        for sidebar, button in zip(self._sidebars, self.open_buttons, strict=True):
            sidebar.setVisible(self.is_shown(sidebar))
            button.setVisible(self._displaced(sidebar))
        self._changed()
