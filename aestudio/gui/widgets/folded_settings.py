"""Settings of a form that are folded away below a button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import Item, aligned, boxed


class GroupHeader(Protocol):
    """A widget between the title of a group and its settings, which decides itself when it is visible."""

    def set_expanded(self, expanded: bool) -> None:
        """Called when the settings below are shown or hidden."""
        ...


@dataclass(frozen=True)
class SettingGroup:
    """Settings that are folded behind a title of their own, unless they are essential.

    header: a widget below the title, which is also a `GroupHeader`
    """

    title: str
    tip: str
    names: frozenset[str] = frozenset()
    header: QWidget | None = None


class FoldedSettings:
    """A button that shows and hides a grid of settings below it; folded at first.

    `set_expanded` must follow once its parts are laid out: a header from another form was hidden with it.
    """

    def __init__(self, group: SettingGroup) -> None:
        self.names = group.names
        self.grid = settings_grid()
        self.button = TextButton("chevron-right", group.title, tip=group.tip, role="expander")
        self.button.clicked.connect(self._toggle)
        self.panel = boxed(self.grid)
        self.header = group.header
        self._used = self._expanded = False

    @property
    def parts(self) -> tuple[Item, ...]:
        """The button and what is below it, as items of a column."""
        header = () if self.header is None else (self.header,)
        return aligned(self.button, Qt.AlignmentFlag.AlignLeft), *header, self.panel

    @property
    def is_expanded(self) -> bool:
        """Whether the grid is shown."""
        return self._expanded

    def set_used(self, used: bool) -> None:
        """Set whether the grid has any setting; without, there is no button."""
        self._used = used
        self.button.setVisible(used)
        self.panel.setVisible(used and self._expanded)

    def set_expanded(self, expanded: bool) -> None:
        self._expanded = expanded
        self.button.set_icon("chevron-down" if expanded else "chevron-right")
        self.panel.setVisible(expanded and self._used)
        if self.header is not None:
            cast("GroupHeader", self.header).set_expanded(expanded)

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
