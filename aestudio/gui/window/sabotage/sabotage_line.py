"""The line below the header that says that the shown run was sabotaged, with the guess and the repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.layouts import fill, row
from aestudio.sabotage.diagnostics import DIAGNOSTICS
from aestudio.sabotage.sabotage_list import names, sabotages

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.state.run_state import RunState
    from aestudio.gui.state.studio_state import StudioState


class SabotageLine(QFrame):
    """In every view and in the presentation; hidden for a run that is not sabotaged.

    Its buttons are made when the first sabotaged run is shown.
    """

    def __init__(self, perform: Callable[[str], None], parent: QWidget | None = None) -> None:
        """perform: carries out the command of this id"""
        super().__init__(parent)
        self._perform = perform
        self._shown = Shown()
        self.text = ElidedLabel(parent=self)
        self._made = False
        self.hide()

    def show_state(self, state: StudioState, *, comparison: bool = False) -> None:
        """Show which sabotage the run is under. comparison: the view in front shows the compared runs"""
        run = state.shown_run
        applied = None if comparison else run.sabotage
        if not self._shown.differs(applied, run.guess):
            return
        if applied is not None:
            self._make()
            self._show(run)
        self.setVisible(applied is not None)

    def _make(self) -> None:
        if self._made:
            return
        self._made = True
        set_role(self, "raised")
        self.text.set_mode(Qt.TextElideMode.ElideRight)
        self.text.set_colour("bad")
        self.ask = TextButton("help", self.tr("What catches it?"), role="link")
        self.ask.setObjectName("sabotage.guess")
        self.ask.clicked.connect(lambda: self._perform("sabotage.guess"))
        self.fix = TextButton("undo", self.tr("Repair"), role="link")
        self.fix.setObjectName("sabotage.repair")
        self.fix.setToolTip(self.tr("Trains on from the checkpoint before, as if nothing had happened"))
        self.fix.clicked.connect(lambda: self._perform("sabotage.repair"))
        row(fill(self.text), self.ask, self.fix, gap=4, margins=(10, 1, 1, 1), on=self)

    def _show(self, run: RunState) -> None:
        assert run.sabotage is not None
        name, step = run.sabotage.name, f"{run.sabotage.step:,}"
        if name not in names():
            text = self.tr("SABOTAGED from step {} on, by a newer version of AE Studio: {}")
            self.text.set_text(text.format(step, name))
            self.ask.hide()
            return
        kind = sabotages()[name]
        text = self.tr("SABOTAGED from step {} on: {}. {}").format(step, kind.title, kind.summary)
        if run.guess:
            caught = self.tr("Caught by: {}").format(DIAGNOSTICS[kind.diagnostic].title)
            text = f"{text} {caught}."
        self.text.set_text(text)
        self.ask.setText(self.tr("Explanation") if run.guess else self.tr("What catches it?"))
        self.ask.show()
