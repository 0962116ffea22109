"""The bookmarks: click to go there, drag them to keyframes and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.examples.example_row import ExampleRow
from aestudio.gui.views.latent.examples.image_row import Item
from aestudio.gui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState


class BookmarkShelf(QWidget):
    """A row of bookmarks with the button that adds the current code."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._shown = session, Shown()
        workspace = session.workspace
        tip = self.tr("Bookmark the current code (Ctrl+Shift+D)")
        self.add = IconButton("bookmark", tip, role="")
        self.add.clicked.connect(lambda: workspace.bookmark())
        self.row = ExampleRow(
            self.tr("Bookmarks"),
            self.tr("No bookmarks yet: Ctrl+Shift+D adds the current code."),
            takes=False,
            orders=False,
            renames=True,
        )
        self.row.activated.connect(workspace.go_to_bookmark)
        self.row.removed.connect(workspace.remove_bookmark)
        self.row.renamed.connect(workspace.rename_bookmark)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(current_theme().px(4))
        layout.addWidget(self.add)
        layout.addWidget(self.row, 1)

    def show_state(self, state: StudioState) -> None:
        """Show the bookmarks, and whether there is a code to add."""
        self.add.setEnabled(state.exploration.decoded_code is not None)
        if self._shown.differs(state.workspace.bookmarks, state.ink_on_paper):
            items = [Item(mark.example, mark.image, mark.name) for mark in state.workspace.bookmarks]
            self.row.set_items(items, state.ink_on_paper)
