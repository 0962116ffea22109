"""Which rails stand beside the view: both where there is room for both, else one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.window.sidebars import left_sidebar as left_rail
from aestudio.gui.window.sidebars import right_sidebar as right_rail

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.window.sidebars.left_sidebar import LeftSidebar
    from aestudio.gui.window.sidebars.right_sidebar import RightSidebar

MINIMUM_VIEW_WIDTH = 692  # logical pixels that a view needs, with the margins around it


class SidebarVisibility:
    """Shows and hides the sidebars as the user wants them, if they fit.

    In a narrow window a rail that is opened takes the place of the other one, which comes back as soon as the
    window is wide enough. Until then a button beside the view (`openers`) opens it, too.
    """

    def __init__(self, left: LeftSidebar, right: RightSidebar, changed: Callable[[], object]) -> None:
        self._rails: tuple[QWidget, QWidget] = (left, right)
        self._changed = changed
        self._wanted: dict[QWidget, bool] = dict.fromkeys(self._rails, True)
        self._first: QWidget = left
        self._narrow = False
        self._before: dict[QWidget, bool] | None = None
        translate = QCoreApplication.translate
        tips = (
            translate("SidebarVisibility", "Open the recipe sidebar in the place of the inspector (Ctrl+B)"),
            translate("SidebarVisibility", "Open the inspector in the place of the recipe sidebar (Ctrl+I)"),
        )
        icons = ("fold-right", "fold-left")  # the way that the view gives way
        self.openers = tuple(IconButton(name, tip) for name, tip in zip(icons, tips, strict=True))
        for button, sidebar in zip(self.openers, self._rails, strict=True):
            button.clicked.connect(lambda _=False, sidebar=sidebar: self.fold(sidebar))
            button.hide()

    def shows(self, sidebar: QWidget) -> bool:
        """Whether this sidebar is shown now."""
        return self._wanted[sidebar] and not self._displaced(sidebar)

    def fold(self, sidebar: QWidget) -> None:
        """Hide or show a sidebar."""
        if self.shows(sidebar):
            self._wanted[sidebar] = False
        else:
            self._wanted[sidebar], self._first = True, sidebar
        self._apply()

    def put_away(self, away: bool) -> None:
        """Hide both for the view's sake, or show again what was shown before; `fold` works meanwhile, too."""
        if away:
            self._before, self._wanted = self._wanted, dict.fromkeys(self._rails, False)
        elif self._before is not None:
            self._before, self._wanted = None, self._before
        self._apply()

    def set_width(self, width: int) -> None:
        """How wide the window is, in logical pixels."""
        narrow = width < current_theme().px(left_rail.WIDTH + right_rail.WIDTH + MINIMUM_VIEW_WIDTH)
        if narrow != self._narrow:
            self._narrow = narrow
            self._apply()

    def _displaced(self, sidebar: QWidget) -> bool:
        """Whether it is wanted, but the other one has the place of both."""
        return self._narrow and self._wanted[sidebar] and sidebar is not self._first

    def _apply(self) -> None:
        for sidebar, opener in zip(self._rails, self.openers, strict=True):
            sidebar.setVisible(self.shows(sidebar))
            opener.setVisible(self._displaced(sidebar))
        self._changed()
