"""Settings of a form that are folded away below a button."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import boxed


@dataclass(frozen=True)
class SettingGroup:
    """Settings that are folded behind a title of their own, unless they are essential."""

    title: str
    tip: str
    names: frozenset[str]


class FoldedSettings:
    """A button that shows and hides a grid of settings below it."""

    def __init__(self, title: str, tip: str, names: frozenset[str] = frozenset()) -> None:
        self.names = names
        self.grid = settings_grid()
        self.button = TextButton("chevron-right", title, tip=tip, role="expander")
        self.button.clicked.connect(self._toggle)
        self.panel = boxed(self.grid)
        self._expanded = False
        self._used = False

    def set_used(self, used: bool) -> None:
        """Set whether the grid has any setting; without, there is no button."""
        self._used = used
        self.button.setVisible(used)
        self.panel.setVisible(used and self._expanded)

    def set_expanded(self, expanded: bool) -> None:
        self._expanded = expanded
        self.button.set_icon("chevron-down" if expanded else "chevron-right")
        self.panel.setVisible(expanded and self._used)

    def _toggle(self) -> None:
        self.set_expanded(not self._expanded)


def settings_grid() -> QGridLayout:
    """An empty grid for titles and editors."""
    theme = current_theme()
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(theme.spacing))
    grid.setColumnStretch(1, 1)
    return grid
