"""What the commands use of the main window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.theme.holder import ThemeHolder
    from aestudio.gui.views.latent.drawer import PanelTabs
    from aestudio.gui.views.page_tabs import PageTabs
    from aestudio.gui.views.view import View
    from aestudio.gui.window.commands.command import CommandTable
    from aestudio.gui.window.dialogs import Dialogs
    from aestudio.gui.window.files.exports import Exports
    from aestudio.gui.window.files.opener import Opener
    from aestudio.gui.window.history_bar import HistoryBar
    from aestudio.gui.window.sidebars.left_sidebar import LeftSidebar
    from aestudio.gui.window.sidebars.right_sidebar import RightSidebar


class CommandTarget(Protocol):
    """The part of the main window that the commands use."""

    session: Session
    views: PageTabs[View]
    history: HistoryBar
    left: LeftSidebar
    right: RightSidebar
    theme_holder: ThemeHolder | None
    commands: CommandTable
    opener: Opener
    exports: Exports
    dialogs: Dialogs

    def show_view(self, name: str) -> None: ...
    def show_panel(self, name: str) -> None: ...
    def panels(self) -> PanelTabs | None: ...
    def toggle_panels(self) -> None: ...
    def is_open(self, sidebar: QWidget) -> bool: ...
    def toggle_sidebar(self, sidebar: QWidget) -> None: ...
    def toggle_presentation(self) -> None: ...
    def turn_view(self, places: int) -> None: ...
    def toggle_blank(self) -> None: ...
    def escape(self) -> None: ...
    def show_runs(self) -> None: ...
    def show_all_runs(self) -> None: ...
    def close(self) -> bool: ...
