"""One line after a removal: what is gone, and a button that brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.layouts import column, fill, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.run_list import Removal
    from aestudio.gui.state.studio_state import StudioState


class UndoLine(QFrame):
    """Hidden if nothing was removed, or once it was dismissed; the next removal shows it again."""

    def __init__(self, session: Session, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        """narrow: the text is in a line of its own, above the buttons"""
        super().__init__(parent)
        set_role(self, "raised")
        self._shown = Shown()
        self._removal: Removal | None = None
        self._dismissed: Removal | None = None
        self._text = ElidedLabel()
        self._text.set_mode(Qt.TextElideMode.ElideRight)
        self.undo = TextButton("undo", self.tr("Undo"), tip=self.tr("Bring it back into the list"))
        self.undo.clicked.connect(session.runs.undo_removal)
        self.dismiss = IconButton(
            "close", self.tr("Hide this line; the trash folder keeps what is in it"), side=14
        )
        self.dismiss.clicked.connect(self._dismiss)
        if narrow:
            buttons = row(self.undo, fill(), self.dismiss, gap=8)
            column(self._text, buttons, gap=4, margins=(8, 6, 4, 6), on=self)
        else:
            row(fill(self._text), self.undo, self.dismiss, gap=8, margins=(8, 4, 4, 4), on=self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text

    def _dismiss(self) -> None:
        self._dismissed = self._removal
        self.hide()

    def show_state(self, state: StudioState) -> None:
        """Show what was removed last."""
        removals = state.run_list.removals
        if not self._shown.differs(removals):
            return
        self._removal = removals[-1] if removals else None
        if self._removal is not None:
            self._text.set_text(self._sentence(self._removal))
        self.setVisible(self._removal is not None and self._removal is not self._dismissed)

    def _sentence(self, removal: Removal) -> str:
        if removal.replaced:
            return self.tr("Replaced: {}").format(removal.title)
        if len(removal.folders) == 1:
            return self.tr("Removed: {}").format(removal.title)
        return self.tr("{} runs removed").format(len(removal.folders))
