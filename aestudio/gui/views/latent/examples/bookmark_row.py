"""The bookmarks: click one to go there, drag it to keyframes and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.shown import Shown
from aestudio.gui.state.shown_step import other_step
from aestudio.gui.state.workspace import Example
from aestudio.gui.views.latent.examples.example_row import ExampleRow
from aestudio.gui.views.latent.examples.image_row import Cell
from aestudio.gui.views.latent.examples.other_shape import unused_reason
from aestudio.gui.views.shared.condition_text import shown_text
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import fill, row

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState


class BookmarkRow(QWidget):
    """The row of bookmarks, and the button that adds the current code."""

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
            accepts_drops=False,
            reorderable=False,
            renamable=True,
        )
        self.row.activated.connect(workspace.go_to_bookmark)
        self.row.removed.connect(workspace.remove_bookmark)
        self.row.renamed.connect(workspace.rename_bookmark)
        row(self.add, fill(self.row), gap=4, on=self)

    def show_state(self, state: StudioState) -> None:
        """Show the bookmarks, and whether there is a code to add."""
        self.add.setEnabled(state.exploration.decoded_code is not None)
        shape = shown_shape(state)
        steps = [other_step(bookmark.step, state) for bookmark in state.workspace.bookmarks]
        if self._shown.differs(state.workspace.bookmarks, state.ink_on_paper, str(shape), *steps):
            cells = [
                Cell(
                    Example.of_bookmark(bookmark),
                    bookmark.image,
                    bookmark.name,
                    unused_reason(bookmark.image, shape),
                    shown_text(state, bookmark.condition),
                    step,
                )
                for bookmark, step in zip(state.workspace.bookmarks, steps, strict=True)
            ]
            self.row.set_image_shape(shape)
            self.row.set_cells(cells, state.ink_on_paper)
